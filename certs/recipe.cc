#include "certs/recipe.h"

#include <numeric>

#include "harness/base/error.h"

namespace startle::certs {

int rsa_bits(KeyKind kind) {
  switch (kind) {
    case KeyKind::rsa_512:
      return 512;
    case KeyKind::rsa_1024:
      return 1024;
    case KeyKind::rsa_2047:
      return 2047;
    case KeyKind::rsa_2048:
    case KeyKind::rsa_pss_2048:
    case KeyKind::rsa_exponent_3:
      return 2048;
    case KeyKind::rsa_3072:
      return 3072;
    case KeyKind::rsa_4096:
      return 4096;
    case KeyKind::rsa_8192:
      return 8192;
    case KeyKind::ecdsa_p256:
    case KeyKind::ecdsa_p384:
    case KeyKind::ecdsa_p521:
    case KeyKind::ed25519:
    case KeyKind::ed448:
    case KeyKind::dsa_2048:
    case KeyKind::brainpool_p256:
      return 0;
  }
  throw Error(Fault::internal, "a KeyKind without a size");
}

std::string intermediate_name(std::size_t number) {
  return "Startle Intermediate CA " + std::to_string(number);
}

CertificateRecipe default_root() {
  return {.common_name = std::string(kRootName),
          .validity = {.from = -std::chrono::days{10 * 365}, .until = std::chrono::days{10 * 365}},
          .basic_constraints = BasicConstraints::ca};
}

CertificateRecipe default_intermediate(std::size_t number) {
  return {.common_name = intermediate_name(number),
          .validity = {.from = -std::chrono::days{2 * 365}, .until = std::chrono::days{3 * 365}},
          .basic_constraints = BasicConstraints::ca};
}

Recipe valid_recipe() {
  return {.id = "valid",
          .reason = "nothing: issued to the host by an intermediate of a trusted root",
          .clause = "RFC 5280, 6.1; RFC 9525, 6.3",
          .root = default_root(),
          .intermediates = {default_intermediate(1)},
          .leaf = {.common_name = "{host}",
                   .names = {{.kind = NameKind::dns, .value = "{host}"}},
                   .purposes = {Purpose::server_auth}},
          .expected = {.stated = {{words::TrustModel::pkix, {words::Ending::delivered}}}}};
}

const std::vector<words::Ending>& ExpectedEndings::of(words::TrustModel model) const {
  static const std::vector<words::Ending> kNone;
  const auto found = stated.find(model);
  if (found != stated.end()) return found->second;
  return words::is_root(model) ? kNone : of(words::base_of(model));
}

std::vector<std::size_t> sent_order(const Recipe& recipe) {
  if (!recipe.sent.empty()) return recipe.sent;
  std::vector<std::size_t> order(recipe.intermediates.size() + 1);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

std::size_t chain_length(const Recipe& recipe) {
  return recipe.leaf_issuer == LeafIssuer::self ? 1 : recipe.intermediates.size() + 2;
}

const CertificateRecipe& at_place(const Recipe& recipe, std::size_t place) {
  if (place == 0) return recipe.leaf;
  if (place + 1 == chain_length(recipe)) return recipe.root;
  if (place + 1 > chain_length(recipe)) {
    throw Error(Fault::internal, "a place that the chain does not have");
  }
  return recipe.intermediates[recipe.intermediates.size() - place];
}

CertificateRecipe certificate_of(const ExtraCertificate& extra, const Recipe& recipe) {
  if (extra.issuer == ExtraCertificate::Issuer::anchor_itself) return default_root();
  CertificateRecipe certificate = extra.certificate;
  if (extra.subject_of) certificate.common_name = at_place(recipe, *extra.subject_of).common_name;
  return certificate;
}

}  // namespace startle::certs
