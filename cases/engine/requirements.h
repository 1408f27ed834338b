#pragma once
// What the clauses demand: cases/requirements.xml, one element each. A case names by id those that
// it covers.

#include <optional>
#include <string>
#include <vector>

#include "harness/xml/document.h"

namespace startle::cases {

// The word of the clause (RFC 2119); `derived`: it has none, and the demand follows from it.
enum class Level { must, should, may, derived };
inline constexpr auto kLevels = word_table<Level>({
    {Level::must, "MUST"},
    {Level::should, "SHOULD"},
    {Level::may, "MAY"},
    {Level::derived, "derived"},
});
constexpr Words words_of(Level) {
  return kLevels;
}

// What the clause is about.
enum class Layer { smtp, ldap, sasl, tls, x509 };
inline constexpr auto kLayers = word_table<Layer>({
    {Layer::smtp, "smtp"},
    {Layer::ldap, "ldap"},
    {Layer::sasl, "sasl"},
    {Layer::tls, "tls"},
    {Layer::x509, "x509"},
});
constexpr Words words_of(Layer) {
  return kLayers;
}

// Whose duty it is. Where it is the server's, a client is to stand a server that neglects it.
enum class Party { client, server };
inline constexpr auto kParties = word_table<Party>({
    {Party::client, "client"},
    {Party::server, "server"},
});
constexpr Words words_of(Party) {
  return kParties;
}

struct Requirement {
  std::string id{};      // "RFC3207-4.2-a"
  std::string clause{};  // "RFC 3207, 4.2"
  Level level = Level::derived;
  Layer protocol = Layer::smtp;
  Party party = Party::client;
  std::string rule{};
  std::string exposed_by{};                   // what a fake server does to see whether it is kept
  std::string safe_outcome{};                 // what a client does that keeps it
  std::optional<std::string> out_of_scope{};  // why no case is to cover it
};

// One for each child of <requirements>, in their order; texts are on one line each. Ids are not
// compared with one another. Throws Error(Fault::input, "file:line: ..").
std::vector<Requirement> read_requirements(const xml::Element& root);

}  // namespace startle::cases
