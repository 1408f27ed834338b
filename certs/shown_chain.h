#pragma once
// Certificates that a real server shows, read into what the oracle is told of a recipe's: what
// somebody has fetched with `openssl s_client -showcerts` is judged by the same rules. And what a
// store that somebody keeps for the server is to the certificates that it shows.

#include <string>
#include <utility>
#include <vector>

#include "harness/oracle/facts.h"

namespace startle::certs {

// Of a chain as it is sent, end entity first, for a client with these trust anchors, at the run's
// clock: what facts_of() declares of a recipe. The path is found by names and signatures. No
// revocation list and no staple is known of, and a demand for a staple is left out. An end entity
// that libcrypto cannot read is `unreadable`, which of one with a name in broken UTF-8 is not so.
oracle::Facts read_facts(const std::vector<std::string>& sent_der,
                         const std::vector<std::string>& anchors_der);

// What certificates that are held for a server are to those that it shows.
struct StoreMatch {
  bool holds = false;         // the end entity's certificate
  bool holds_key = false;     // that, or another of its name and key
  bool has_issued = false;    // the issuer of one on the way is held: its name, and its key
  bool has_namesake = false;  // one of an issuer's name is held, and no key of that name fits
};
StoreMatch match_store(const std::vector<std::string>& sent_der,
                       const std::vector<std::string>& held_der);

// For a person, in order: ("subject", "CN=mail.example.com"), then names, valid, issuer, key,
// signature, fingerprint; of one that cannot be read the last alone. Fit to be shown.
std::vector<std::pair<std::string, std::string>> described(const std::string& der);

// The subject of one certificate, as described() has it; "a certificate that cannot be read".
std::string subject_text(const std::string& der);

}  // namespace startle::certs
