#pragma once
// One exchange, ready to run: a Setup with its placeholders filled in, for one trust model.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cases/engine/case.h"
#include "fake-servers/dialogue/server.h"
#include "harness/oracle/oracle.h"
#include "harness/words/words.h"

namespace startle::cases {

// What both ends are told has no placeholders left.
struct Exchange : Setup {
  std::string id{};
  words::TrustModel trust_model = words::TrustModel::documented;
  words::StoreModel store_model = words::StoreModel::documented;
  std::string client_name{};  // the name in the client's certificate
  std::vector<fake::User> users{};
  // The canary, or a password that the case states; empty: none that could be told from other
  // words.
  std::string secret{};

  // A single case states its expectation; for a matrix the oracle is asked.
  std::optional<Expectation> stated{};
  std::string summary{};
  std::string why{};
  std::string fix{};
  std::string bug_class{};
  std::string races{};  // as Case has it
  std::vector<std::string> requirements{};
  std::string left_out{};        // why it is not to be run; empty: it is
  std::vector<Exchange> then{};  // further connections of the same client process
  std::string subject_to{};      // "schedule.xml:4" where a customer's configuration is run
  std::shared_ptr<const CustomerHost> customer{};  // what else is theirs; null: nothing
};

// How the customer's configuration is read.
struct Reading {
  words::TrustModel trust = words::TrustModel::documented;
  words::StoreModel store = words::StoreModel::documented;
};

struct Fill {
  std::string host = "smtp.example.test";
  std::string secret = "canary";
};

// {host}, {HOST} (in upper case), {user}, {secret}, {secret:N} (repeated to N bytes), {crlf},
// {hex:..}.
std::string fill_in_exchange(const std::string& text, const Fill& fill);
// The reverse: text that stands for itself.
std::string literally(const std::string& text);

// A user's name as an LDAP server of that kind has it: a DN, and what Active Directory takes for
// one (user@domain, DOMAIN\user), as it stands; any other name as an entry below ou=people (RFC
// 4514, 2.4). An empty one is none. An empty base: that of Setup.
std::string user_dn(const std::string& name, const std::string& base, fake::Persona persona);

// `seed` and the id make the canary, so that it is unique to the exchange and the same every time.
// Where SCRAM may be used, `seed` alone makes it: 4096 iterations of a hash cost more than a
// handshake, and so a worker computes them once. Such exchanges share their canary with no other.
Exchange make_exchange(const Setup& setup, std::string id, const std::string& host,
                       const Reading& reading, std::uint64_t seed);

// What is true of the exchange's credential, from what both ends are told.
oracle::CredentialFacts credential_facts(const Exchange& exchange);

}  // namespace startle::cases
