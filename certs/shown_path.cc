#include "certs/shown_path.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "certs/certification_path.h"

namespace startle::certs {
namespace {

using oracle::Path;

class Search {
 public:
  Search(const std::vector<X509Handle>& sent, const std::vector<X509Handle>& anchors)
      : sent_(sent), anchors_(anchors) {}

  ShownPath run() {
    X509* const end_entity = sent_.front().get();
    if (is_anchor(end_entity)) {
      best_ = ShownPath{.end = Path::anchored};
    } else {
      walk(end_entity);
    }
    look_at_signature(end_entity);
    return *best_;
  }

 private:
  static constexpr std::size_t kMostAuthorities = 16;  // in a path
  static constexpr int kMostVisits = 500;              // of certificates, on all ways together
  static constexpr std::size_t kMostSignatures = 200;  // verified

  bool is_signed_by_key_of(X509* certificate, X509* issuer) {
    const auto found = verified_.find({certificate, issuer});
    if (found != verified_.end()) return found->second;
    if (verified_.size() >= kMostSignatures) return false;
    return verified_[{certificate, issuer}] = is_signed_by(certificate, issuer);
  }
  bool has_issued(X509* issuer, X509* certificate) {
    return names_as_issuer(certificate, issuer) && is_signed_by_key_of(certificate, issuer);
  }
  // Of its name, and the certificate itself says whose key signed it: the signature is wrong.
  bool seems_to_have_issued(X509* issuer, X509* certificate) {
    return names_as_issuer(certificate, issuer) && !is_signed_by_key_of(certificate, issuer) &&
           points_at_key_of(certificate, issuer);
  }
  bool is_anchor(const X509* certificate) const {
    return std::any_of(anchors_.begin(), anchors_.end(), [&](const X509Handle& anchor) {
      return X509_cmp(anchor.get(), certificate) == 0;
    });
  }
  bool in_path(const X509* certificate) const {
    return X509_cmp(sent_.front().get(), certificate) == 0 ||
           std::any_of(above_.begin(), above_.end(), [&](const ReadAuthority& one) {
             return X509_cmp(one.certificate, certificate) == 0;
           });
  }

  // The less, the better.
  auto badness(const ShownPath& path) {
    const bool flawed =
        read_authorities_flaw(path.authorities, sent_.front().get()) != oracle::Flaw::none;
    const auto outdated = std::count_if(
        path.authorities.begin(), path.authorities.end(),
        [](const auto& one) { return validity_of(one.certificate) != oracle::Validity::current; });
    return std::tuple(distance_from_anchor(path.end), flawed, outdated);
  }
  void offer(Path end, X509* anchor = nullptr, bool signed_well = true) {
    ShownPath path{.end = end, .authorities = above_, .anchor = anchor};
    if (!signed_well && !above_.empty()) path.authorities.back().signed_well = false;
    if (!best_ || badness(path) < badness(*best_)) best_ = std::move(path);
  }

  void walk(X509* from) {
    if (++visits_ > kMostVisits) return;
    bool ends = true;
    bool namesake = false;
    for (const X509Handle& anchor : anchors_) {
      if (!names_as_issuer(from, anchor.get())) continue;
      const bool signed_well = is_signed_by_key_of(from, anchor.get());
      if (signed_well || seems_to_have_issued(anchor.get(), from)) {
        offer(Path::anchored, anchor.get(), signed_well);
        ends = false;
      } else {
        namesake = true;
      }
    }
    if (has_issued(from, from)) {
      if (ends) offer(above_.empty() ? Path::self_signed : Path::unknown_anchor);
      return;
    }
    bool impostor = false;
    for (const X509Handle& one : sent_) {
      if (!names_as_issuer(from, one.get()) || in_path(one.get())) continue;
      const bool signed_well = is_signed_by_key_of(from, one.get());
      if (!signed_well && !seems_to_have_issued(one.get(), from)) {
        impostor = true;
        continue;
      }
      ends = false;
      if (above_.size() >= kMostAuthorities) continue;
      if (!above_.empty()) above_.back().signed_well = signed_well;
      above_.push_back({.certificate = one.get()});
      walk(one.get());
      above_.pop_back();
      if (!above_.empty()) above_.back().signed_well = true;
    }
    if (ends) offer(impostor ? Path::impostor : namesake ? Path::namesake : Path::unknown_anchor);
  }

  void look_at_signature(X509* end_entity) {
    if (!best_) best_.emplace();
    ShownPath& path = *best_;
    path.issuer = !path.authorities.empty() ? path.authorities.front().certificate : path.anchor;
    if (names_as_issuer(end_entity, end_entity)) {
      path.signature_checkable = true;
      path.signature_valid = is_signed_by_key_of(end_entity, end_entity) ||
                             (path.anchor != nullptr && has_issued(path.anchor, end_entity));
      return;
    }
    for (const X509Handle& one : sent_) {
      if (has_issued(one.get(), end_entity)) {
        path.signature_checkable = true;
        path.signature_valid = true;
        return;
      }
      if (!seems_to_have_issued(one.get(), end_entity)) continue;
      path.signature_checkable = true;
      path.signature_valid = false;
    }
    if (path.anchor != nullptr && path.authorities.empty()) {
      path.signature_valid = has_issued(path.anchor, end_entity);
    }
  }

  const std::vector<X509Handle>& sent_;
  const std::vector<X509Handle>& anchors_;
  std::vector<ReadAuthority> above_{};
  std::map<std::pair<X509*, X509*>, bool> verified_{};
  std::optional<ShownPath> best_{};
  int visits_ = 0;
};

}  // namespace

ShownPath find_shown_path(const std::vector<X509Handle>& sent,
                          const std::vector<X509Handle>& anchors) {
  return Search(sent, anchors).run();
}

}  // namespace startle::certs
