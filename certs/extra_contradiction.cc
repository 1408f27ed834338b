#include "certs/extra_contradiction.h"

#include "certs/flaws.h"

namespace startle::certs {
namespace {

using Issuer = ExtraCertificate::Issuer;

std::string about_own(const ExtraCertificate& extra, const Recipe& recipe) {
  const CertificateRecipe& own = extra.certificate;
  if (certificate_of(extra, recipe).common_name.empty()) return "has no subject";
  if (!own.names.empty() || own.names_critical || own.must_staple || own.path_length ||
      !own.name_constraints.empty() || !own.template_name.empty() || own.timestamps != 0) {
    return "has names, constraints or a path length: those are of the chain";
  }
  const int bits = rsa_bits(own.key);
  if ((bits != 0 && bits < 2048) || own.key == KeyKind::dsa_2048 ||
      own.key == KeyKind::rsa_exponent_3 || own.key == KeyKind::rsa_8192 ||
      own.key == KeyKind::brainpool_p256 || own.pss_signature ||
      own.digest < oracle::Digest::sha224) {
    return "has an odd or weak key or signature: that is of the chain";
  }
  if (own.version != 3 || own.serial != Serial::digest || own.damage != Damage::none ||
      !own.validity.until_date.empty() || own.validity.from_type != TimeType::by_rule ||
      own.validity.until_type != TimeType::by_rule) {
    return "is encoded otherwise than it should be: that is of the chain";
  }
  return {};
}

std::string about(const ExtraCertificate& extra, const Recipe& recipe) {
  const std::size_t chain = chain_length(recipe);
  if (extra.issuer == Issuer::anchor_itself) {
    return extra == ExtraCertificate{.issuer = Issuer::anchor_itself}
               ? std::string()
               : "is the trust anchor itself: nothing more to state";
  }
  if (extra.subject_of && *extra.subject_of >= chain) {
    return "has the subject of place " + std::to_string(*extra.subject_of) +
           ", but the chain ends with " + std::to_string(chain - 1);
  }
  if (extra.same_key && !extra.subject_of)
    return "has the same key as which place? State subject-of";
  if (extra.same_key && extra.certificate.key != default_intermediate(1).key) {
    return "has the key of a place: it states no key of its own";
  }
  const bool by_chain = extra.issuer == Issuer::root || extra.issuer == Issuer::leafs_issuer;
  if (by_chain && recipe.leaf_issuer == LeafIssuer::self) {
    return "is issued by the " + std::string(word(extra.issuer)) +
           " of an end entity that signed itself";
  }
  const std::size_t issuer = extra.issuer == Issuer::root ? chain - 1 : 1;
  if (by_chain && extra.same_key && extra.subject_of == issuer) {
    return "is its own issuer, by a loop: same subject, same key; write issuer=\"self\"";
  }
  return about_own(extra, recipe);
}

}  // namespace

std::string about_extras(const Recipe& recipe) {
  for (std::size_t i = 0; i < recipe.extras.size(); ++i) {
    const std::string why = about(recipe.extras[i], recipe);
    if (!why.empty()) {
      return std::string("the extra certificate ") + static_cast<char>('a' + i) + " " + why;
    }
  }
  return {};
}

}  // namespace startle::certs
