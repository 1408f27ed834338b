#include "harness/tls/certification_path.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "harness/base/date.h"
#include "harness/tls/clock.h"
#include "harness/tls/issuance.h"

namespace startle::tls {
namespace {

using NameConstraints = Handle<gnutls_x509_name_constraints_t, gnutls_x509_name_constraints_deinit>;

// What GnuTLS processes, or at least reads: key usage, subjectAltName, basicConstraints, name
// constraints, certificate policies, extended key usage, TLS feature and the like (RFC
// 5280, 4.2.1).
constexpr std::array<std::string_view, 12> kKnownExtensions{
    "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.18", "2.5.29.19",         "2.5.29.30",
    "2.5.29.31", "2.5.29.32", "2.5.29.35", "2.5.29.37", "1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.1.24"};

constexpr std::array kConstrainedForms{GNUTLS_SAN_DNSNAME, GNUTLS_SAN_RFC822NAME,
                                       GNUTLS_SAN_IPADDRESS, GNUTLS_SAN_URI, GNUTLS_SAN_DN};

bool keeps_constraints(gnutls_x509_crt_t certificate, gnutls_x509_name_constraints_t constraints) {
  return std::all_of(kConstrainedForms.begin(), kConstrainedForms.end(), [&](auto form) {
    return gnutls_x509_name_constraints_check_crt(constraints, form, certificate) != 0;
  });
}

// Null: it has none. Those that cannot be read permit nothing.
struct Constraints {
  NameConstraints names{};
  bool readable = true;
};
Constraints constraints_of(gnutls_x509_crt_t authority) {
  auto names =
      make<NameConstraints>(gnutls_x509_name_constraints_init, "gnutls_x509_name_constraints_init");
  unsigned critical = 0;
  const int rc = gnutls_x509_crt_get_name_constraints(authority, names.get(), 0, &critical);
  if (rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) return {};
  if (rc < 0) return {.readable = false};
  return {.names = std::move(names)};
}

bool is_self_issued(gnutls_x509_crt_t certificate) {
  return names_as_issuer(certificate, certificate);
}

// One path: the end entity first, the last one issued by `anchor`, if there is one.
struct Walked {
  std::vector<gnutls_x509_crt_t> path{};
  std::vector<bool> signed_well{};     // path[i], under the key of its issuer
  gnutls_x509_crt_t anchor = nullptr;  // null: none, or the end entity is one itself
  bool anchored = false;
};

// What `path[at]` breaks as an authority (RFC 5280, 6.1.4).
Rule broken_rule_of(const Walked& walked, std::size_t at) {
  gnutls_x509_crt_t authority = walked.path[at];
  if (!walked.signed_well[at]) return Rule::signature;
  if (gnutls_x509_crt_get_version(authority) != 3) return Rule::version;
  unsigned critical = 0;
  unsigned is_ca = 0;
  int path_length = -1;
  if (gnutls_x509_crt_get_basic_constraints(authority, &critical, &is_ca, &path_length) < 0 ||
      is_ca == 0) {
    return Rule::ca_flag;
  }
  unsigned usage = 0;
  if (gnutls_x509_crt_get_key_usage(authority, &usage, &critical) >= 0 &&
      (usage & GNUTLS_KEY_KEY_CERT_SIGN) == 0) {
    return Rule::key_usage;
  }
  // RFC 5280, 4.2.1.9: non-self-issued intermediates between it and the end entity.
  const auto below =
      std::count_if(walked.path.begin() + 1, walked.path.begin() + static_cast<std::ptrdiff_t>(at),
                    [](gnutls_x509_crt_t one) { return !is_self_issued(one); });
  if (path_length >= 0 && below > path_length) return Rule::path_length;
  const Constraints constraints = constraints_of(authority);
  for (std::size_t i = 0; i < at; ++i) {
    if (i != 0 && is_self_issued(walked.path[i])) continue;  // 6.1.3 (b)
    if (!constraints.readable ||
        (constraints.names && !keeps_constraints(walked.path[i], constraints.names.get()))) {
      return Rule::name_constraints;
    }
  }
  return has_unknown_critical_extension(authority) ? Rule::critical_extension : Rule::none;
}

PathReport report_on(const Walked& walked, bool beginning_first) {
  PathReport report{.anchored = walked.anchored,
                    .signature_valid = walked.signed_well.front(),
                    .extensions_known = !has_unknown_critical_extension(walked.path.front())};
  for (std::size_t i = 1; i < walked.path.size(); ++i) {
    if (report.authority_dates == Dates::current) {
      report.authority_dates = dates_of(walked.path[i], beginning_first);
    }
    if (report.broken_rule == Rule::none) report.broken_rule = broken_rule_of(walked, i);
    add_key_of(walked.path[i], report.links);
    if (!is_self_issued(walked.path[i]) || i + 1 < walked.path.size() || walked.anchored) {
      add_signature_of(walked.path[i], report.links);
    }
  }
  if (walked.anchor != nullptr) add_key_of(walked.anchor, report.links);
  return report;
}

auto goodness(const PathReport& report) {
  return std::tuple(report.anchored, report.signature_valid, report.broken_rule == Rule::none,
                    report.authority_dates == Dates::current, report.links.is_strong());
}

class Search {
 public:
  Search(std::span<const Certificate> sent, const TrustStore& anchors, bool beginning_first)
      : sent_(sent), anchors_(anchors), beginning_first_(beginning_first) {}

  PathReport best() {
    go_on_from(sent_.front().get());
    return *best_;
  }

 private:
  static constexpr int kMostCertificates = 16;         // in a path
  static constexpr std::size_t kMostSignatures = 100;  // verified
  static constexpr int kMostVisits = 1000;             // of certificates, on all ways together

  bool is_anchor(gnutls_x509_crt_t certificate) const {
    return std::any_of(anchors_.anchors().begin(), anchors_.anchors().end(),
                       [&](const Certificate& anchor) { return same(anchor.get(), certificate); });
  }
  bool in_path(gnutls_x509_crt_t certificate) const {
    return std::any_of(walked_.path.begin(), walked_.path.end(),
                       [&](gnutls_x509_crt_t one) { return same(one, certificate); });
  }
  bool is_done() const {
    return verified_.size() >= kMostSignatures || visits_ >= kMostVisits ||
           (best_ && goodness(*best_) == goodness(PathReport{}));
  }

  // Each signature is verified once.
  bool is_signed_by(gnutls_x509_crt_t certificate, gnutls_x509_crt_t issuer) {
    const auto [found, is_new] = verified_.try_emplace({certificate, issuer});
    if (is_new) found->second = signed_by(certificate, issuer);
    return found->second;
  }
  bool signed_itself(gnutls_x509_crt_t certificate) {
    return is_self_issued(certificate) && is_signed_by(certificate, certificate);
  }

  void end_here(gnutls_x509_crt_t anchor, bool anchored, bool signed_well) {
    walked_.anchor = anchor;
    walked_.anchored = anchored;
    walked_.signed_well.push_back(signed_well);
    const PathReport report = report_on(walked_, beginning_first_);
    walked_.signed_well.pop_back();
    if (!best_ || goodness(report) > goodness(*best_)) best_ = report;
  }

  // Those of `candidates` that go by the issuer's name of `certificate`; of them those whose key
  // signed it, if there is one, or if it has signed itself: then no other has.
  std::vector<std::pair<gnutls_x509_crt_t, bool>> issuers(gnutls_x509_crt_t certificate,
                                                          std::span<const Certificate> candidates) {
    std::vector<std::pair<gnutls_x509_crt_t, bool>> found;
    for (const Certificate& candidate : candidates) {
      if (!names_as_issuer(certificate, candidate.get())) continue;
      found.emplace_back(candidate.get(), is_signed_by(certificate, candidate.get()));
    }
    const auto well = [](const auto& one) { return one.second; };
    if (std::any_of(found.begin(), found.end(), well) || signed_itself(certificate)) {
      std::erase_if(found, [&](const auto& one) { return !well(one); });
    }
    return found;
  }

  void go_on_from(gnutls_x509_crt_t certificate) {
    ++visits_;
    walked_.path.push_back(certificate);
    extend(certificate);
    walked_.path.pop_back();
  }

  void extend(gnutls_x509_crt_t certificate) {
    if (is_anchor(certificate)) {
      // One above the end entity has ended the path already, as the issuer of the one below it.
      if (walked_.path.size() == 1) end_here(nullptr, true, true);
      return;
    }
    bool ends = false;
    for (const auto& [anchor, signed_well] : issuers(certificate, anchors_.anchors())) {
      end_here(anchor, true, signed_well);
      ends = true;
    }
    for (const auto& [issuer, signed_well] : issuers(certificate, sent_)) {
      if (is_done()) break;
      if (in_path(issuer) || walked_.path.size() >= kMostCertificates) continue;
      ends = true;
      walked_.signed_well.push_back(signed_well);
      go_on_from(issuer);
      walked_.signed_well.pop_back();
    }
    // There is nobody's key to check the signature with, unless it is its own.
    if (!ends) end_here(nullptr, false, !is_self_issued(certificate) || signed_itself(certificate));
  }

  std::span<const Certificate> sent_;
  const TrustStore& anchors_;
  bool beginning_first_;
  Walked walked_{};
  int visits_ = 0;
  std::map<std::pair<gnutls_x509_crt_t, gnutls_x509_crt_t>, bool> verified_{};
  std::optional<PathReport> best_{};
};

std::string day(std::time_t when) {
  const std::chrono::sys_seconds time{std::chrono::seconds{when}};
  return day_text(std::chrono::floor<std::chrono::days>(time));
}

}  // namespace

Dates dates_of(gnutls_x509_crt_t certificate, bool beginning_first) {
  const std::time_t now = std::chrono::system_clock::to_time_t(run_clock());
  const bool over = now > gnutls_x509_crt_get_expiration_time(certificate);
  const bool before = now < gnutls_x509_crt_get_activation_time(certificate);
  if (before && (beginning_first || !over)) return Dates::not_yet_valid;
  return over ? Dates::expired : Dates::current;
}

std::string first_day_of(gnutls_x509_crt_t certificate) {
  return day(gnutls_x509_crt_get_activation_time(certificate));
}

std::string last_day_of(gnutls_x509_crt_t certificate) {
  return day(gnutls_x509_crt_get_expiration_time(certificate));
}

bool has_unknown_critical_extension(gnutls_x509_crt_t certificate) {
  for (unsigned i = 0;; ++i) {
    std::array<char, 128> oid{};
    std::size_t size = oid.size();
    unsigned critical = 0;
    const int rc = gnutls_x509_crt_get_extension_info(certificate, i, oid.data(), &size, &critical);
    if (rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) return false;
    if (critical == 0 && rc >= 0) continue;
    if (rc < 0 || std::find(kKnownExtensions.begin(), kKnownExtensions.end(),
                            std::string_view(oid.data())) == kKnownExtensions.end()) {
      return true;
    }
  }
}

void add_key_of(gnutls_x509_crt_t authority, LinkStrength& links) {
  if (!has_known_key(authority)) links.key_unknown = true;
  const unsigned bits = rsa_bits_of(authority);
  if (bits == 0) return;
  links.least_rsa_bits = links.least_rsa_bits == 0 ? bits : std::min(links.least_rsa_bits, bits);
}

void add_signature_of(gnutls_x509_crt_t authority, LinkStrength& links) {
  const gnutls_digest_algorithm_t digest = digest_of(authority);
  links.md5 = links.md5 || digest == GNUTLS_DIG_MD5;
  links.sha1 = links.sha1 || digest == GNUTLS_DIG_SHA1;
}

PathReport best_path(std::span<const Certificate> sent, const TrustStore& anchors,
                     bool beginning_first) {
  return Search(sent, anchors, beginning_first).best();
}

}  // namespace startle::tls
