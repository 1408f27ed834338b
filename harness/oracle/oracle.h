#pragma once
// The oracle: which endings are right, from declared facts, the client's settings and the trust
// model. A pure function: it parses no certificate and calls no TLS library, so a bug of the client
// cannot hide in it. Every decision is a row of README.md beside this file.

#include <optional>
#include <string>
#include <vector>

#include "harness/oracle/facts.h"
#include "harness/sasl/mechanism.h"
#include "harness/words/words.h"

namespace startle::oracle {

// What is true of the credential the client is told to use.
struct CredentialFacts {
  bool username_present = true;
  bool username_empty = false;  // in LDAP an empty one is none
  bool password_present = true;
  bool password_empty = false;
  // As configured; nullopt: the strongest that is offered (LDAP: a simple bind).
  std::optional<sasl::Mechanism> mechanism{};
  bool offered = true;               // inside TLS, it or (SMTP) any that the client takes
  bool certificate_present = false;  // EXTERNAL: there is one to show
  // The server knows this name with this password or token; EXTERNAL: this certificate.
  bool accepted = true;
  bool sender_authorized = true;  // the user may send from the configured address
};

// What a key store that a customer keeps for the host is to the certificates that a server shows:
// stated by whoever has read both.
struct KeptStore {
  enum class State { absent, unusable, opened };
  State state = State::absent;
  // It holds the end entity's certificate; read as `documented`, or one of its name and key.
  bool holds_shown = false;
  // Facts::path was found with the anchors that count beside such a store: it needs no other look.
  bool is_in_path = false;
  // The Java runtime's own: nothing counts beside it, as StoreModel::jsse has it of a host's.
  bool is_system = false;
  std::string sentence{};  // what it is, no full stop; never empty where it is unusable
};

struct Question {
  words::TrustModel model = words::TrustModel::documented;
  words::Mode mode = words::Mode::smtp_starttls;
  std::string host{};                  // the configured `url`
  std::optional<std::string> trust{};  // the value as configured; nullopt: absent
  CredentialFacts credential{};
  Facts facts{};
  words::StoreModel store_model = words::StoreModel::documented;
  words::HostStore store = words::HostStore::system;
  std::optional<KeptStore> kept{};  // a customer's own, in place of `store`
};

struct Answer {
  std::vector<words::Ending>
      endings{};         // never empty; more than one only where two readings are legal
  std::string reason{};  // one sentence for a person: which rule decided
};

// The ending of a well-behaved server's exchange with a correct client.
Answer expect(const Question& question);

// One sentence for each token of `trust` that has no effect under `model`, for example "`a,b` is
// neither a host name nor an IP address: it matches nothing; names are separated by blanks"; or one
// for the whole value.
std::vector<std::string> trust_warnings(words::TrustModel model, const std::string& host,
                                        const std::optional<std::string>& trust);

// Whether a presented identity matches a reference identity (RFC 9525, 6.3): DNS-IDs compare
// case-insensitively, one wildcard as the whole left-most label matches exactly one label, an IP
// address matches an iPAddress entry only, the common name never counts.
bool matches(const std::string& reference, const PresentedIdentity& presented);

}  // namespace startle::oracle
