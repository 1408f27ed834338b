#include "certs/recipe.h"

#include <algorithm>
#include <numeric>

#include "certs/alternative_name.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

using policy::Flaw;

policy::Validity validity_now(const Validity& validity) {
  if (validity.until.count() < 0) return policy::Validity::expired;
  if (validity.from.count() > 0) return policy::Validity::not_yet_valid;
  return policy::Validity::current;
}

policy::Validity worst_of(const std::vector<CertificateRecipe>& intermediates) {
  policy::Validity worst = policy::Validity::current;
  for (const CertificateRecipe& one : intermediates) {
    const policy::Validity now = validity_now(one.validity);
    if (now == policy::Validity::expired || worst == policy::Validity::current) worst = now;
  }
  return worst;
}

bool contains(const std::vector<std::size_t>& order, std::size_t index) {
  return std::find(order.begin(), order.end(), index) != order.end();
}

policy::Path path_of(const Recipe& recipe, const std::vector<std::size_t>& order) {
  if (recipe.leaf_issuer == LeafIssuer::self) return policy::Path::self_signed;
  for (std::size_t i = 1; i <= recipe.intermediates.size(); ++i) {
    if (!contains(order, i)) return policy::Path::issuer_missing;
  }
  return recipe.root_trusted ? policy::Path::anchored : policy::Path::unknown_anchor;
}

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// RFC 5280, 4.2.1.10: any name made by adding labels to the left of the constraint satisfies it.
bool within(const std::string& dns_name, const std::string& constraint) {
  const std::string name = lower_case(dns_name);
  const std::string domain = lower_case(constraint);
  return name == domain || name.ends_with("." + domain);
}

bool permits(const CertificateRecipe& authority, const std::string& dns_name,
             const std::string& host) {
  return authority.permitted_dns.empty() ||
         std::any_of(authority.permitted_dns.begin(), authority.permitted_dns.end(),
                     [&](const std::string& p) { return within(dns_name, fill_in(p, host)); });
}

Flaw path_fault_of(const Recipe& recipe, const std::string& host,
                   const std::vector<std::string>& dns_names) {
  const auto& path = recipe.intermediates;
  for (const CertificateRecipe& one : path) {
    if (!one.is_ca) return Flaw::not_ca;
  }
  for (std::size_t i = 0; i < path.size(); ++i) {
    const std::size_t authorities_below = path.size() - 1 - i;
    if (path[i].path_length && authorities_below > static_cast<std::size_t>(*path[i].path_length)) {
      return Flaw::path_length_exceeded;
    }
  }
  for (const CertificateRecipe& one : path) {
    for (const std::string& name : dns_names) {
      if (!permits(one, name, host)) return Flaw::name_constraint_violated;
    }
  }
  return Flaw::none;
}

const CertificateRecipe& issuer_of_leaf(const Recipe& recipe) {
  if (recipe.leaf_issuer == LeafIssuer::self) return recipe.leaf;
  return recipe.intermediates.empty() ? recipe.root : recipe.intermediates.back();
}

}  // namespace

int rsa_bits(KeyKind kind) {
  switch (kind) {
    case KeyKind::rsa_1024:
      return 1024;
    case KeyKind::rsa_2048:
      return 2048;
    case KeyKind::rsa_3072:
      return 3072;
    case KeyKind::rsa_4096:
      return 4096;
    case KeyKind::ecdsa_p256:
    case KeyKind::ecdsa_p384:
    case KeyKind::ecdsa_p521:
    case KeyKind::ed25519:
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
          .is_ca = true};
}

CertificateRecipe default_intermediate(std::size_t number) {
  return {.common_name = intermediate_name(number),
          .validity = {.from = -std::chrono::days{2 * 365}, .until = std::chrono::days{3 * 365}},
          .is_ca = true};
}

Recipe valid_recipe() {
  return {.id = "valid",
          .reason = "nothing: issued to the host by an intermediate of a trusted root",
          .clause = "RFC 5280, 6.1; RFC 9525, 6.3",
          .root = default_root(),
          .intermediates = {default_intermediate(1)},
          .leaf = {.common_name = "{host}",
                   .names = {{.kind = NameKind::dns, .value = "{host}"}},
                   .purposes = {Purpose::server_auth}}};
}

std::vector<std::size_t> sent_order(const Recipe& recipe) {
  if (!recipe.sent.empty()) return recipe.sent;
  std::vector<std::size_t> order(recipe.intermediates.size() + 1);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

policy::Facts facts_of(const Recipe& recipe, const std::string& host) {
  policy::Facts facts;
  facts.presented.common_name = fill_in(recipe.leaf.common_name, host);
  for (const PresentedName& name : present(recipe.leaf.names, host)) {
    if (name.kind == NameKind::dns) {
      facts.presented.dns_names.push_back(name.bytes);
    } else {
      facts.presented.ip_addresses.push_back(ip_text(name.bytes));
    }
  }
  const std::vector<std::size_t> order = sent_order(recipe);
  const auto& purposes = recipe.leaf.purposes;
  facts.end_entity = validity_now(recipe.leaf.validity);
  facts.intermediates = worst_of(recipe.intermediates);
  facts.path = path_of(recipe, order);
  facts.authority_flaw = path_fault_of(recipe, host, facts.presented.dns_names);
  facts.signature_valid = !recipe.leaf.break_signature;
  facts.signature_checkable = recipe.leaf_issuer == LeafIssuer::self || contains(order, 1);
  facts.server_purpose =
      purposes.empty() || std::any_of(purposes.begin(), purposes.end(), [](Purpose p) {
        return p == Purpose::server_auth || p == Purpose::any;
      });
  facts.rsa_bits = rsa_bits(recipe.leaf.key);
  // Ed25519 has its digest built in (RFC 8032, 5.1).
  facts.digest =
      issuer_of_leaf(recipe).key == KeyKind::ed25519 ? policy::Digest::sha512 : recipe.leaf.digest;
  return facts;
}

std::string inapplicable(const Recipe& recipe, const std::string& host) {
  const bool constrained = std::any_of(
      recipe.intermediates.begin(), recipe.intermediates.end(),
      [](const CertificateRecipe& intermediate) { return !intermediate.permitted_dns.empty(); });
  if (!constrained || !facts_of(recipe, host).presented.dns_names.empty()) return "";
  return "dNSName constraints say nothing about an IP address (RFC 5280, 4.2.1.10)";
}

}  // namespace startle::certs
