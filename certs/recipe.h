#pragma once
// What a server shows, as plain data: a chain of certificates and the order they are sent in. Every
// member has a default, and the defaults make a chain that every client accepts; a recipe states
// only its fault. The factory (certs/mint.h) is the only one that knows how GnuTLS spells them.
//
// Text of a recipe may hold placeholders, filled in when the chain is made; see fill_in().

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"
#include "harness/policy/facts.h"

namespace startle::certs {

enum class KeyKind {
  ecdsa_p256,
  ecdsa_p384,
  ecdsa_p521,
  ed25519,
  rsa_1024,
  rsa_2048,
  rsa_3072,
  rsa_4096
};
inline constexpr std::array<std::string_view, 8> kKeyKinds{"ecdsa-p256", "ecdsa-p384", "ecdsa-p521",
                                                           "ed25519",    "rsa-1024",   "rsa-2048",
                                                           "rsa-3072",   "rsa-4096"};
inline Words words_of(KeyKind) {
  return kKeyKinds;
}

// Modulus size of an RSA key; 0: not RSA.
int rsa_bits(KeyKind kind);

enum class Purpose { server_auth, client_auth, email_protection, any };
inline constexpr std::array<std::string_view, 4> kPurposes{"server-auth", "client-auth",
                                                           "email-protection", "any"};
inline Words words_of(Purpose) {
  return kPurposes;
}

enum class NameKind { dns, ip };
inline constexpr std::array<std::string_view, 2> kNameKinds{"dns", "ip"};
inline Words words_of(NameKind) {
  return kNameKinds;
}

struct AlternativeName {
  NameKind kind = NameKind::dns;
  std::string value{};  // with placeholders; an IP address in text form
  bool operator==(const AlternativeName&) const = default;
};

// Relative to the run's clock, so that nothing ever rots. Both ends belong to it (RFC
// 5280, 4.1.2.5).
struct Validity {
  std::chrono::seconds from = -std::chrono::days{30};
  std::chrono::seconds until = std::chrono::days{365};
  bool operator==(const Validity&) const = default;
};

struct CertificateRecipe {
  std::string common_name{};             // empty: the subject is empty
  std::vector<AlternativeName> names{};  // empty: no subjectAltName
  Validity validity{};
  KeyKind key = KeyKind::ecdsa_p256;
  policy::Digest digest = policy::Digest::sha256;  // of the signature on it
  std::vector<Purpose> purposes{};                 // empty: no extended key usage
  bool is_ca = false;
  std::optional<int> path_length{};          // CA only; nullopt: no limit
  std::vector<std::string> permitted_dns{};  // name constraints (RFC 5280, 4.2.1.10)
  bool break_signature = false;              // one bit of the signature is flipped
  bool operator==(const CertificateRecipe&) const = default;
};

// Who issued the end entity.
enum class LeafIssuer { intermediate, root, self };
inline constexpr std::array<std::string_view, 3> kLeafIssuers{"intermediate", "root", "self"};
inline Words words_of(LeafIssuer) {
  return kLeafIssuers;
}

struct Recipe {
  std::string id{};
  std::string reason{};  // what is wrong, in one line
  std::string clause{};  // the rule it breaks or keeps: "RFC 5280, 4.2.1.6"
  bool root_trusted = true;
  CertificateRecipe root{};
  std::vector<CertificateRecipe> intermediates{};  // from the root's side to the end entity's
  CertificateRecipe leaf{};
  LeafIssuer leaf_issuer = LeafIssuer::intermediate;
  // Indices into the chain counted from the end entity: 0 is the leaf, 1 its issuer, ... Empty:
  // 0 .. intermediates.size(), everything but the root.
  std::vector<std::size_t> sent{};
  bool operator==(const Recipe&) const = default;
};

// Names of the default chain. A certificate authority that differs from the default has a name of
// its own, so that a client that remembers intermediates does not mistake one for the other.
inline constexpr std::string_view kRootName = "Startle Root CA";
inline constexpr std::string_view kUntrustedRootName = "Startle Untrusted Root CA";
inline constexpr std::string_view kServerName = "Startle Test Server";  // matches no host
std::string intermediate_name(std::size_t number);                      // 1: next to the root

// The chain every client accepts, for {host}: the starting point of every recipe.
Recipe valid_recipe();

// The defaults of one certificate authority: the root, an intermediate.
CertificateRecipe default_root();
CertificateRecipe default_intermediate(std::size_t number);

// `sent`, or its default where it is empty.
std::vector<std::size_t> sent_order(const Recipe& recipe);

// Why the recipe contradicts itself, or states what policy::Facts cannot tell the oracle; empty
// when it can be made.
std::string contradiction(const Recipe& recipe);

// The facts the oracle judges by, for a client told to reach `host`. Throws Error(Fault::input) on
// an unknown placeholder or an impossible name.
policy::Facts facts_of(const Recipe& recipe, const std::string& host);

// Why a chain made for `host` cannot show the recipe's fault; empty: it can. For example, dNSName
// constraints say nothing about an IP address (RFC 5280, 4.2.1.10).
std::string inapplicable(const Recipe& recipe, const std::string& host);

// Fills in the placeholders of a recipe's text:
//   {host}              the name the client is told to reach, without a final dot
//   {wildcard}          {host} with its first label replaced by `*`; a host of a single label or
//                       an IP address has `*.` in front, as no wildcard covers it
//   {top-level-domain}  the last label of {host}
//   {hex:00ff}          these bytes
// Throws Error(Fault::input) on an unknown placeholder.
std::string fill_in(std::string_view text, std::string_view host);

}  // namespace startle::certs
