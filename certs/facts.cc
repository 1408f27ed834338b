// What a recipe declares to the oracle, and where it declares nothing.

#include <algorithm>

#include "certs/alternative_name.h"
#include "certs/certification_path.h"
#include "certs/flaws.h"
#include "certs/name_constraint.h"
#include "certs/recipe.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

using oracle::Flaw;

oracle::PresentedIdentity identity_of(const CertificateRecipe& leaf, const std::string& host) {
  oracle::PresentedIdentity identity{.common_name = fill_in(leaf.common_name, host)};
  for (const PresentedName& name : present(names_of(leaf), host)) {
    if (name.kind == NameKind::dns) {
      identity.dns_names.push_back(name.bytes);
    } else if (name.kind == NameKind::ip) {
      identity.ip_addresses.push_back(ip_text(name.bytes));
    } else {
      identity.other_names = true;
    }
  }
  return identity;
}

oracle::Validity worst_of(const std::vector<Certified>& authorities) {
  using oracle::Validity;
  const auto rank = [](Validity validity) {
    switch (validity) {
      case Validity::current:
        return 0;
      case Validity::not_yet_valid:
        return 1;
      case Validity::expired:
        return 2;
      case Validity::never:
        return 3;
    }
    return 4;
  };
  Validity worst = Validity::current;
  for (const Certified& one : authorities) {
    const Validity now = validity_now(one.recipe.validity);
    if (rank(now) > rank(worst)) worst = now;
  }
  return worst;
}

oracle::ServerPurpose purpose_of(const CertificateRecipe& leaf) {
  const auto has = [&leaf](Purpose purpose) {
    return std::find(leaf.purposes.begin(), leaf.purposes.end(), purpose) != leaf.purposes.end();
  };
  if (leaf.purposes.empty() || has(Purpose::server_auth)) return oracle::ServerPurpose::allowed;
  return has(Purpose::any) ? oracle::ServerPurpose::any_only : oracle::ServerPurpose::missing;
}

oracle::Digest digest_of(const CertificateRecipe& certificate, const CertificateRecipe& issuer) {
  // Built in: SHA-512 with Ed25519, SHAKE256 with Ed448 (RFC 8032, 5.1 and 5.2).
  const bool eddsa = issuer.key == KeyKind::ed25519 || issuer.key == KeyKind::ed448;
  return eddsa ? oracle::Digest::sha512 : certificate.digest;
}

oracle::Revocation revocation_of(const Recipe& recipe) {
  if (!recipe.revocation_list) return oracle::Revocation::none;
  if (recipe.revocation_list->by_a_stranger) return oracle::Revocation::list_of_stranger;
  if (recipe.revocation_list->validity.is_out_of_date()) return oracle::Revocation::list_expired;
  return recipe.revocation_list->revokes_leaf ? oracle::Revocation::revoked
                                              : oracle::Revocation::none;
}

oracle::Staple staple_of(const Recipe& recipe) {
  if (!recipe.staple) return oracle::Staple::none;
  if (recipe.staple->by_a_stranger) return oracle::Staple::of_stranger;
  if (recipe.staple->of_another) return oracle::Staple::of_another;
  if (recipe.staple->validity.is_out_of_date()) return oracle::Staple::expired;
  return recipe.staple->revoked ? oracle::Staple::revoked : oracle::Staple::good;
}

// The end entity's list of names is all that grows without bound.
bool is_oversized(const CertificateRecipe& leaf, const std::string& host) {
  constexpr std::size_t kLimit = 32 * 1024;
  return subject_alt_name(present(names_of(leaf), host)).size() > kLimit;
}

// Of the authorities above the end entity; where they have none, of the anchor.
Flaw flaw_above(const Recipe& recipe, const CertificationPath& path, const std::string& host) {
  const Flaw flaw = authorities_flaw(path.authorities, recipe.leaf, host);
  if (flaw != Flaw::none || path.end != oracle::Path::anchored) return flaw;
  if (!recipe.root_trusted || recipe.leaf_issuer == LeafIssuer::self) return flaw;
  const std::vector<Flaw> of_anchor = anchor_flaws(recipe.root, path.authorities);
  return of_anchor.empty() ? Flaw::none : of_anchor.front();
}

}  // namespace

oracle::Facts facts_of(const Recipe& recipe, const std::string& host) {
  const CertificateRecipe& leaf = recipe.leaf;
  const CertificateRecipe& issuer =
      at_place(recipe, std::min<std::size_t>(1, chain_length(recipe) - 1));
  const CertificationPath path = find_path(recipe, host);
  const std::vector<Flaw> flaws = end_entity_flaws(leaf, host);
  return {
      .presented = identity_of(leaf, host),
      .end_entity = validity_now(leaf.validity),
      .intermediates = worst_of(path.authorities),
      .anchor = recipe.leaf_issuer == LeafIssuer::self ? oracle::Validity::current
                                                       : validity_now(recipe.root.validity),
      .path = path.end,
      .end_entity_flaw = flaws.empty() ? Flaw::none : flaws.front(),
      .authority_flaw = flaw_above(recipe, path, host),
      .signature_valid = leaf.damage != Damage::broken_signature,
      .signature_checkable = path.signature_checkable,
      .server_purpose = purpose_of(leaf),
      .rsa_bits = rsa_bits(leaf.key),
      .dsa_key = leaf.key == KeyKind::dsa_2048,
      .dsa_signature = issuer.key == KeyKind::dsa_2048,
      .digest = digest_of(leaf, issuer),
      .certificates = sent_order(recipe).size(),
      .oversized = is_oversized(leaf, host),
      .revocation = revocation_of(recipe),
      .must_staple = leaf.must_staple,
      .staple = staple_of(recipe),
  };
}

}  // namespace startle::certs
