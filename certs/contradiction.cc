// What a recipe may not state: contradictions, and flaws that no declared fact would tell the
// oracle about, so that no expectation rests on an incomplete declaration.

#include <algorithm>

#include "certs/certification_path.h"
#include "certs/duration.h"
#include "certs/extra_contradiction.h"
#include "certs/flaws.h"
#include "certs/recipe.h"
#include "harness/base/date.h"

namespace startle::certs {
namespace {

using oracle::Flaw;

const std::string kSampleHost = "host.example.test";

bool has_extensions(const CertificateRecipe& one) {
  return !one.names.empty() || one.names_critical || !one.purposes.empty() || one.key_usage ||
         one.basic_constraints != BasicConstraints::absent || one.path_length ||
         !one.name_constraints.empty() || one.unknown_extension || one.must_staple ||
         !one.template_name.empty() || one.timestamps != 0;
}

std::string about_dates(const ValidityPeriod& validity) {
  const bool two_digits = validity.until_type == TimeType::utc_time;
  if (validity.until_date.empty()) return {};
  const auto date = read_time(validity.until_date);
  if (!date) return "until-date is no moment of the calendar";
  constexpr std::chrono::sys_days kFrom2050 = std::chrono::year{2050} / 1 / 1;
  if (*date < kFrom2050) {
    return "until-date is in 2050 or later: an earlier one is a matter of the clock, so write "
           "until";
  }
  const int year{std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(*date)}.year()};
  if (two_digits && year % 100 < 50) {
    return "until-date with two digits of the year, which mean 20" +
           validity.until_date.substr(2, 2) + ", is a matter of the clock";
  }
  return {};
}

std::string about_any(const CertificateRecipe& certificate) {
  if (std::string why = about_dates(certificate.validity); !why.empty()) return why;
  if (certificate.version < 1 || certificate.version > 3) return "a version is 1, 2 or 3";
  if (certificate.version != 3 && has_extensions(certificate)) {
    return "a certificate of version " + std::to_string(certificate.version) +
           " has no extensions (RFC 5280, 4.1.2.9)";
  }
  if (certificate.version != 3 && (certificate.damage == Damage::duplicate_extension ||
                                   certificate.damage == Damage::wrong_authority_key ||
                                   certificate.damage == Damage::empty_names)) {
    return "damage=\"" + std::string(word(certificate.damage)) + "\" is of an extension";
  }
  if (certificate.path_length && *certificate.path_length < 0) return "a path length is 0 or more";
  if (certificate.path_length && !certificate.is_ca()) {
    return "a path length says nothing unless the certificate is a CA (RFC 5280, 4.2.1.9)";
  }
  if (certificate.purposes_critical && certificate.purposes.empty()) {
    return "purposes-critical=\"true\" says nothing without purposes";
  }
  return {};
}

std::string about_issuing(const CertificateRecipe& authority) {
  if (authority.key == KeyKind::rsa_exponent_3) {
    return "there is one key of exponent 3, and it is the end entity's";
  }
  if (authority.key == KeyKind::rsa_8192) {
    return "there is one key of 8192 bits, and it is the end entity's";
  }
  if (!authority.names.empty() || authority.names_critical || authority.must_staple) {
    return "alternative names and must-staple are of the end entity alone";
  }
  if (!authority.template_name.empty() || authority.timestamps != 0) {
    return "a template and timestamps are of the end entity alone";
  }
  return {};
}

std::string two_flaws(std::string_view whose, const std::vector<Flaw>& flaws) {
  if (flaws.size() < 2) return {};
  return std::string(whose) + " has two flaws, " + std::string(word(flaws[0])) + " and " +
         std::string(word(flaws[1])) + ": a recipe is wrong in one way";
}

// What the facts tell of an authority's own certificate.
bool is_told(Flaw flaw) {
  switch (flaw) {
    case Flaw::unreadable:
    case Flaw::trailing_bytes:
    case Flaw::not_minimal:
    case Flaw::algorithms_differ:
    case Flaw::misused_time:
    case Flaw::negative_serial:
    case Flaw::zero_serial:
    case Flaw::long_serial:
    case Flaw::empty_names:
      return false;
    default:
      return true;
  }
}

std::string about_intermediate(const CertificateRecipe& authority) {
  if (authority.common_name.empty()) return "a CA needs a subject (RFC 5280, 4.1.2.6)";
  if (authority.pss_signature) return "an RSASSA-PSS signature is of the end entity alone";
  const std::vector<Flaw> flaws = authority_flaws(authority);
  if (std::string why = two_flaws("an intermediate", flaws); !why.empty()) return why;
  if (!flaws.empty() && !is_told(flaws.front())) {
    return std::string(word(flaws.front())) + " is of the end entity alone";
  }
  const auto dotted = std::find_if(authority.name_constraints.begin(),
                                   authority.name_constraints.end(), [](const NameConstraint& one) {
                                     return one.kind == NameKind::dns && !one.permitted &&
                                            one.value.starts_with('.');
                                   });
  if (dotted != authority.name_constraints.end()) {
    return "a leading dot is of a permitted domain: nobody defines an excluded one";
  }
  return {};
}

std::string about_root(const Recipe& recipe) {
  const CertificateRecipe& root = recipe.root;
  if (root.common_name.empty()) return "a CA needs a subject (RFC 5280, 4.1.2.6)";
  // RFC 5280, 6.1.1 (d): a trust anchor is a name and a key; clients differ on the rest.
  CertificateRecipe anchor = default_root();
  anchor.common_name = root.common_name;
  anchor.key = root.key;
  anchor.digest = root.digest;
  anchor.validity.from = root.validity.from;
  anchor.validity.until = root.validity.until;
  anchor.path_length = root.path_length;
  if (!(root == anchor)) {
    return "a root states its name, key, digest, path-length, from and until alone: clients differ "
           "on the rest";
  }
  if (!recipe.root_trusted && root.common_name == kRootName) {
    return "an untrusted root needs a name of its own";
  }
  const int bits = rsa_bits(root.key);
  if (!recipe.root_trusted && (root.path_length || (bits != 0 && bits < 2048))) {
    return "a weak key and a path length say nothing of a root that nobody trusts";
  }
  return {};
}

// What the facts tell of the anchor they tell where nothing above the end entity is wrong.
std::string about_anchor(const Recipe& recipe) {
  const CertificateRecipe& root = recipe.root;
  const std::vector<Flaw> flaws = anchor_flaws(root, find_path(recipe, kSampleHost).authorities);
  if (std::string why = two_flaws("the root", flaws); !why.empty()) return why;
  const auto has_the_one = [](const CertificateRecipe& one) {
    return one.key == KeyKind::brainpool_p256;
  };
  if (std::ranges::count_if(recipe.intermediates, has_the_one) + (has_the_one(root) ? 1 : 0) > 1) {
    return "there is one Brainpool key, and one authority that has it";
  }
  for (const CertificateRecipe& one : recipe.intermediates) {
    const std::vector<Flaw> below = authority_flaws(one);
    if (flaws.empty() || below.empty()) continue;
    return "the root has the flaw " + std::string(word(flaws.front())) + " and an intermediate " +
           std::string(word(below.front())) + ": a recipe is wrong in one way";
  }
  return {};
}

// What signs with which key: a DSA authority is told of the end entity alone.
std::string about_signatures(const Recipe& recipe) {
  const std::size_t chain = chain_length(recipe);
  for (std::size_t place = 0; place < chain; ++place) {
    const CertificateRecipe& signed_by = at_place(recipe, std::min(place + 1, chain - 1));
    const CertificateRecipe& one = at_place(recipe, place);
    const bool rsa = rsa_bits(signed_by.key) != 0;
    const bool root = place != 0 && place + 1 == chain;
    if (!root && place != 0 && signed_by.key == KeyKind::dsa_2048) {
      return "a DSA key issues the end entity alone";
    }
    if (one.digest == oracle::Digest::md5 &&
        (!rsa || one.pss_signature || signed_by.key == KeyKind::rsa_pss_2048)) {
      return "only RSA with PKCS #1 v1.5 signs an MD5 digest: its issuer's key is " +
             std::string(word(signed_by.key));
    }
    const bool eddsa = signed_by.key == KeyKind::ed25519 || signed_by.key == KeyKind::ed448;
    if (place != 0 && !root && eddsa && one.digest < oracle::Digest::sha224) {
      return "an EdDSA key signs over a digest of its own, not " + std::string(word(one.digest));
    }
    if (one.pss_signature && !rsa) {
      return "pss-signature needs an issuer with an RSA key, not " +
             std::string(word(signed_by.key));
    }
  }
  return {};
}

std::string about_sent(const Recipe& recipe) {
  const std::size_t chain = chain_length(recipe);
  const std::size_t length = chain + recipe.extras.size();
  const std::vector<std::size_t> order = sent_order(recipe);
  if (order.front() != 0) return "the end entity, 0, is sent first: TLS signs with its key";
  for (const std::size_t place : order) {
    if (place >= length) {
      return "certificate " + std::to_string(place) + " is sent, but the chain ends with " +
             std::to_string(chain - 1);
    }
  }
  for (std::size_t i = chain; i < length; ++i) {
    if (std::find(order.begin(), order.end(), i) == order.end()) {
      return std::string("the extra certificate ") + static_cast<char>('a' + (i - chain)) +
             " is not sent: <sent order=\"..\"/> names it";
    }
  }
  return {};
}

std::string about_shape(const Recipe& recipe) {
  const bool has_intermediates = !recipe.intermediates.empty();
  if (recipe.intermediates.size() > kMostIntermediates) {
    return "a chain has at most " + std::to_string(kMostIntermediates) + " intermediates";
  }
  if (recipe.leaf_issuer == LeafIssuer::intermediate && !has_intermediates) {
    return "the end entity is issued by an intermediate, but there is none";
  }
  if (recipe.leaf_issuer != LeafIssuer::intermediate && has_intermediates) {
    return "the end entity is issued by " +
           std::string(recipe.leaf_issuer == LeafIssuer::self ? "itself" : "the root") +
           ": an intermediate has no place";
  }
  return {};
}

// TLS carries 2^24 bytes at most (RFC 8446, 4.4.2); clients give up long before.
bool are_too_many(const std::vector<AlternativeName>& names) {
  constexpr std::size_t kMost = 1 << 20;
  std::size_t bytes = 0;
  for (const AlternativeName& name : names) {
    if (name.count > kMost || name.value.size() > kMost) return true;
    bytes += name.count * (name.value.size() + 2);  // tag and length
    if (bytes > kMost) return true;
  }
  return false;
}

std::string about_leaf(const Recipe& recipe) {
  const CertificateRecipe& leaf = recipe.leaf;
  if (are_too_many(leaf.names)) return "the alternative names are longer than 1 MiB";
  if (leaf.path_length || !leaf.name_constraints.empty()) {
    return "path length and name constraints are of an intermediate";
  }
  if (leaf.common_name.empty() && leaf.names.empty() && leaf.damage != Damage::empty_names) {
    return "the end entity has neither a common name nor an alternative name";
  }
  if (leaf.common_name.empty() && recipe.leaf_issuer == LeafIssuer::self) {
    return "an issuer, so a self-signed end entity too, has a subject (RFC 5280, 4.1.2.4)";
  }
  if (leaf.names_critical && leaf.names.empty()) {
    return "names-critical says nothing without alternative names";
  }
  if (leaf.damage == Damage::empty_names && !leaf.names.empty()) {
    return "damage=\"empty-names\" and names contradict each other";
  }
  if (leaf.damage == Damage::duplicate_extension && leaf.names.empty()) {
    return "damage=\"duplicate-extension\" is of the alternative names: there are none";
  }
  if (leaf.damage == Damage::wrong_authority_key && recipe.leaf_issuer == LeafIssuer::self) {
    return "a self-signed end entity has no authority's key to be wrong about";
  }
  if (leaf.key == KeyKind::brainpool_p256) {
    return "GnuTLS has no Brainpool curve, so that no server here signs a handshake on one: such a "
           "key is of an intermediate or the root";
  }
  return two_flaws("the end entity", end_entity_flaws(leaf, kSampleHost));
}

std::string about_status(const Recipe& recipe) {
  const bool issued = recipe.leaf_issuer != LeafIssuer::self;
  const auto backwards = [](const ValidityPeriod& validity) {
    return validity.until < validity.from;
  };
  if (const auto& list = recipe.revocation_list) {
    if (!issued) return "a self-signed end entity has no issuer to revoke it";
    if (backwards(list->validity)) return "a revocation list begins, and then ends";
    if (list->revokes_leaf && list->validity.is_out_of_date()) {
      return "a list that is out of date and revokes is wrong in two ways: revokes=\"nothing\"";
    }
    if (list->by_a_stranger && list->validity.is_out_of_date()) {
      return "a list is out of date or a stranger's: one of them";
    }
  }
  if (const auto& staple = recipe.staple) {
    if (!issued) return "a self-signed end entity has no issuer to vouch for it";
    if (backwards(staple->validity)) return "a staple begins, and then ends";
    const bool old = staple->validity.is_out_of_date();
    if (staple->revoked + staple->of_another + staple->by_a_stranger + old > 1) {
      return "a staple is revoked, of another, a stranger's or out of date: one of them";
    }
  }
  return {};
}

}  // namespace

std::string contradiction(const Recipe& recipe) {
  // The shape first: places mean nothing without it.
  std::string found = about_shape(recipe);
  if (found.empty()) found = about_sent(recipe);
  if (!found.empty()) return found;
  const auto note = [&](const std::string& complaint) {
    if (found.empty()) found = complaint;
  };
  note(about_any(recipe.leaf));
  note(about_leaf(recipe));
  for (const CertificateRecipe& one : recipe.intermediates) {
    note(about_any(one));
    note(about_issuing(one));
    note(about_intermediate(one));
  }
  note(about_any(recipe.root));
  note(about_issuing(recipe.root));
  note(about_root(recipe));
  note(about_extras(recipe));
  note(about_signatures(recipe));
  note(about_status(recipe));
  if (found.empty()) note(about_anchor(recipe));
  return found;
}

}  // namespace startle::certs
