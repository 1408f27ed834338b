// What a recipe may not state: contradictions, and faults that no declared fact would tell the
// oracle about, so that no expectation rests on an incomplete declaration.

#include <algorithm>

#include "certs/recipe.h"

namespace startle::certs {
namespace {

std::string about_any(const CertificateRecipe& certificate) {
  if (certificate.validity.until < certificate.validity.from) {
    return "validity ends before it begins";
  }
  if (certificate.path_length && *certificate.path_length < 0) return "a path length is 0 or more";
  if (certificate.path_length && !certificate.is_ca) {
    return "a path length says nothing unless the certificate is a CA (RFC 5280, 4.2.1.9)";
  }
  return {};
}

std::string about_authority(const CertificateRecipe& authority) {
  if (authority.common_name.empty()) return "a CA needs a subject (RFC 5280, 4.1.2.6)";
  if (!authority.names.empty() || !authority.purposes.empty() || authority.break_signature ||
      authority.digest != policy::Digest::sha256) {
    return "names, purposes, digest and a broken signature are of the end entity alone";
  }
  const int bits = rsa_bits(authority.key);
  if (bits != 0 && bits < 2048) return "a weak key is of the end entity alone";
  return {};
}

std::string about_root(const Recipe& recipe) {
  const CertificateRecipe& root = recipe.root;
  if (!root.is_ca) return "the root is a CA";
  // RFC 5280, 6.1.1 (d): a trust anchor is a name and a key; clients differ on the rest.
  if (root.path_length || !root.permitted_dns.empty()) {
    return "path length and permitted names are of an intermediate: clients differ on a root's";
  }
  if (!recipe.root_trusted && root.common_name == kRootName) {
    return "an untrusted root needs a name of its own";
  }
  return {};
}

std::string about_sent(const Recipe& recipe) {
  const std::size_t length =
      recipe.leaf_issuer == LeafIssuer::self ? 1 : recipe.intermediates.size() + 2;
  const std::vector<std::size_t> order = sent_order(recipe);
  if (order.front() != 0) return "the end entity, 0, is sent first: TLS signs with its key";
  std::vector<std::size_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    return "a certificate is sent twice";
  }
  if (sorted.back() >= length) {
    return "certificate " + std::to_string(sorted.back()) + " is sent, but the chain ends with " +
           std::to_string(length - 1);
  }
  return {};
}

std::string about_shape(const Recipe& recipe) {
  const bool has_intermediates = !recipe.intermediates.empty();
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

std::string about_leaf(const Recipe& recipe) {
  if (recipe.leaf.path_length || !recipe.leaf.permitted_dns.empty()) {
    return "path length and permitted names are of an intermediate";
  }
  if (recipe.leaf.common_name.empty() && recipe.leaf.names.empty()) {
    return "the end entity has neither a common name nor an alternative name";
  }
  if (recipe.leaf.common_name.empty() && recipe.leaf_issuer == LeafIssuer::self) {
    return "an issuer, so a self-signed end entity too, has a subject (RFC 5280, 4.1.2.4)";
  }
  return {};
}

}  // namespace

std::string contradiction(const Recipe& recipe) {
  std::string found = about_any(recipe.leaf);
  const auto note = [&](const std::string& complaint) {
    if (found.empty()) found = complaint;
  };
  note(about_leaf(recipe));
  for (const CertificateRecipe& one : recipe.intermediates) {
    note(about_any(one));
    note(about_authority(one));
  }
  note(about_any(recipe.root));
  note(about_authority(recipe.root));
  note(about_root(recipe));
  note(about_shape(recipe));
  note(about_sent(recipe));
  return found;
}

}  // namespace startle::certs
