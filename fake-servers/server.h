#pragma once
// What a fake server is made of, whichever protocol it speaks: plain data, shared by its dialogues.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "fake-servers/script.h"
#include "harness/policy/words.h"
#include "harness/tls/credentials.h"

namespace startle::fake {

struct User {
  std::string name{};  // SMTP: as in SASL; LDAP: a DN
  std::string password{};
  std::vector<std::string> senders{};  // addresses this user may send from
};

struct Server {
  std::string name = "smtp.example.test";
  Script script{};
  std::shared_ptr<const tls::ServerCredentials> credentials{};  // null: there is no TLS to be had
  std::vector<User> users{};
  std::string secret{};  // the canary to look for and to blot out
  std::chrono::milliseconds patience = std::chrono::minutes(30);  // with a silent client
  policy::Mode mode = policy::Mode::smtp_starttls;
  // Not null: clients are asked for a certificate, and one that chains to these identifies a user.
  std::shared_ptr<const tls::TrustStore> client_anchors{};
};

}  // namespace startle::fake
