#include "certs/certification_path.h"

#include <algorithm>

#include "certs/flaws.h"

namespace startle::certs {
namespace {

using oracle::Path;

const std::string kAnchorsKey = "the trust anchor's";
const std::string kUnknownRootsKey = "the unknown root's";

// The keys of a chain are called by their place, but for the anchor that recipes share.
std::string key_at(const Recipe& recipe, std::size_t place) {
  const bool shared = recipe.leaf_issuer != LeafIssuer::self && place + 1 == chain_length(recipe) &&
                      recipe.root_trusted && recipe.root == default_root();
  return shared ? kAnchorsKey : std::to_string(place);
}

Certified at(const Recipe& recipe, std::size_t place, const std::string& host) {
  const std::size_t issuer = std::min(place + 1, chain_length(recipe) - 1);
  return {.recipe = at_place(recipe, place),
          .subject = fill_in(at_place(recipe, place).common_name, host),
          .key = key_at(recipe, place),
          .issuer = fill_in(at_place(recipe, issuer).common_name, host),
          .issuer_key = key_at(recipe, issuer)};
}

Certified beside(const Recipe& recipe, std::size_t index, const std::string& host) {
  using Issuer = ExtraCertificate::Issuer;
  const ExtraCertificate& extra = recipe.extras[index];
  Certified made{.recipe = certificate_of(extra, recipe)};
  made.subject = fill_in(made.recipe.common_name, host);
  made.key = extra.same_key ? key_at(recipe, *extra.subject_of)
                            : std::string("of ") + static_cast<char>('a' + index);
  const auto issued_by = [&](std::size_t place) {
    made.issuer = fill_in(at_place(recipe, place).common_name, host);
    made.issuer_key = key_at(recipe, place);
  };
  switch (extra.issuer) {
    case Issuer::anchor_itself:
      made.key = kAnchorsKey;
      [[fallthrough]];
    case Issuer::self:
      made.issuer = made.subject;
      made.issuer_key = made.key;
      break;
    case Issuer::root:
      issued_by(chain_length(recipe) - 1);
      break;
    case Issuer::unknown_root:
      made.issuer = kUnknownRootName;
      made.issuer_key = kUnknownRootsKey;
      break;
    case Issuer::leafs_issuer:
      issued_by(1);
      break;
  }
  return made;
}

class Search {
 public:
  Search(const Recipe& recipe, const std::string& host) : recipe_(recipe), host_(host) {
    const std::size_t chain = chain_length(recipe);
    std::vector<std::size_t> places = sent_order(recipe);
    std::sort(places.begin(), places.end());  // what is sent twice leads nowhere else
    places.erase(std::unique(places.begin(), places.end()), places.end());
    for (const std::size_t place : places) {
      sent_.push_back(place < chain ? at(recipe, place, host)
                                    : beside(recipe, place - chain, host));
    }
    const bool holds_root = recipe.root_trusted && recipe.leaf_issuer != LeafIssuer::self;
    anchor_ = fill_in(holds_root ? recipe.root.common_name : std::string(kRootName), host);
    anchor_key_ = holds_root ? key_at(recipe, chain - 1) : kAnchorsKey;
  }

  CertificationPath run() {
    const Certified leaf = at(recipe_, 0, host_);
    walk(leaf, {});
    best_.signature_checkable =
        signed_itself(leaf) || std::any_of(sent_.begin(), sent_.end(),
                                           [&](const Certified& one) { return issued(one, leaf); });
    return best_;
  }

 private:
  static bool signed_itself(const Certified& one) { return issued(one, one); }
  static bool issued(const Certified& issuer, const Certified& subject) {
    return issuer.subject == subject.issuer && issuer.key == subject.issuer_key;
  }

  void walk(const Certified& from, const std::vector<Certified>& above) {
    if (from.issuer == anchor_ && from.issuer_key == anchor_key_) {
      offer(Path::anchored, above);
      return;
    }
    if (signed_itself(from)) {
      offer(above.empty() ? Path::self_signed : Path::unknown_anchor, above);
      return;
    }
    bool found = false;
    bool namesake = false;
    for (const Certified& one : sent_) {
      const bool met = std::any_of(above.begin(), above.end(), [&](const Certified& other) {
        return other.subject == one.subject && other.key == one.key;
      });
      if (met || (one.subject == from.subject && one.key == from.key)) continue;
      if (one.subject == from.issuer && one.key != from.issuer_key) namesake = true;
      if (!issued(one, from)) continue;
      found = true;
      std::vector<Certified> further = above;
      further.push_back(one);
      walk(one, further);
    }
    if (!found) offer(namesake ? Path::impostor : end_without(from), above);
  }

  // The issuer was not sent: a root needs not be.
  Path end_without(const Certified& last) const {
    const bool by_root = last.issuer_key == kUnknownRootsKey ||
                         last.issuer_key == key_at(recipe_, chain_length(recipe_) - 1);
    return by_root ? Path::unknown_anchor : Path::issuer_missing;
  }

  void offer(Path end, const std::vector<Certified>& authorities) {
    const int flaws = flaws_of(authorities);
    const bool better = !offered_ || distance_from_anchor(end) < distance_from_anchor(best_.end) ||
                        (end == best_.end && flaws < best_flaws_);
    if (!better) return;
    offered_ = true;
    best_.end = end;
    best_.authorities = authorities;
    best_flaws_ = flaws;
  }

  int flaws_of(const std::vector<Certified>& authorities) const {
    int flaws = authorities_flaw(authorities, recipe_.leaf, host_) == oracle::Flaw::none ? 0 : 1;
    for (const Certified& one : authorities) {
      if (validity_now(one.recipe.validity) != oracle::Validity::current) ++flaws;
    }
    return flaws;
  }

  const Recipe& recipe_;
  const std::string& host_;
  std::vector<Certified> sent_{};
  std::string anchor_{};
  std::string anchor_key_{};
  bool offered_ = false;
  CertificationPath best_{};
  int best_flaws_ = 0;
};

}  // namespace

int distance_from_anchor(Path end) {
  switch (end) {
    case Path::anchored:
      return 0;
    case Path::self_signed:
      return 1;
    case Path::unknown_anchor:
      return 2;
    case Path::namesake:  // of a customer's store alone, whose certificates no recipe has
      return 3;
    case Path::impostor:
      return 4;
    case Path::issuer_missing:
      return 5;
  }
  return 6;
}

CertificationPath find_path(const Recipe& recipe, const std::string& host) {
  return Search(recipe, host).run();
}

}  // namespace startle::certs
