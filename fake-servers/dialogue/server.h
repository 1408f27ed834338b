#pragma once
// What a fake server is made of, whichever protocol it speaks: plain data, shared by its dialogues.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "fake-servers/dialogue/script.h"
#include "harness/base/words.h"
#include "harness/sasl/salted_passwords.h"
#include "harness/tls/credentials.h"
#include "harness/tls/key_log.h"
#include "harness/tls/peer_chain.h"
#include "harness/tls/priority.h"
#include "harness/tls/session.h"
#include "harness/words/words.h"

namespace startle::fake {

// The two LDAP servers that customers have, where a client can tell them apart.
enum class Persona { openldap, active_directory };
inline constexpr auto kPersonas = word_table<Persona>({
    {Persona::openldap, "openldap"},
    {Persona::active_directory, "active-directory"},
});
constexpr Words words_of(Persona) {
  return kPersonas;
}

// What a server has that is a directory; no other looks at it.
struct Directory {
  Persona persona = Persona::openldap;
  std::string base = "dc=example,dc=test";
  std::string referral{};             // {referral} of a script: the URL of the second listener
  bool anonymous_may_search = false;  // it is open to who is not bound, too
};

struct User {
  std::string name{};                  // SMTP: as in SASL; LDAP: a DN, in SASL its first value
  std::string password{};              // or token
  std::vector<std::string> senders{};  // addresses this user may send from
};

struct Server {
  std::string name = "smtp.example.test";
  Script script{};
  std::shared_ptr<const tls::ServerCredentials> credentials{};  // null: there is no TLS to be had
  tls::Versions versions = tls::Versions::all;
  std::shared_ptr<const tls::TicketKey> tickets{};  // null: sessions cannot be resumed
  tls::KeyLog key_log{};                            // none: secrets of TLS are told to nobody
  std::vector<User> users{};
  // Offered and played inside TLS, beside what a server here always has; a script's list replaces
  // both.
  std::vector<std::string> sasl_mechanisms{};
  // Of the same worker, since it is not for several threads. Null: computed each time.
  std::shared_ptr<sasl::SaltedPasswords> salted_passwords{};
  std::string secret{};  // the canary to look for and to blot out
  std::chrono::milliseconds patience = std::chrono::minutes(30);  // with a silent client
  words::Mode mode = words::Mode::smtp_starttls;
  // Not null: clients are asked for a certificate, and one that chains to these identifies a user.
  std::shared_ptr<const tls::TrustStore> client_anchors{};
  Directory directory{};
};

// The user whose name, or the first value of whose DN, the certificate's common name is: for whom
// it stands in SASL EXTERNAL (RFC 4422, A). Null: there is none, or the certificate does not chain
// to `anchors`, is not within its dates, or is not meant for client authentication.
const User* user_of(const tls::PeerChain& chain, const tls::TrustStore& anchors,
                    const std::vector<User>& users);

// How its sessions are; `server` outlives them.
tls::ServerOptions tls_options(const Server& server);

}  // namespace startle::fake
