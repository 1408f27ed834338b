#pragma once
// What comes of a client where a server, or somebody on the way to it, keeps it from STARTTLS: by
// what the client was told to demand. Measured with JavaMail 1.6, Jakarta Mail 2.0 and Angus Mail
// 2.0 (mail.smtp.starttls.required, mail.smtp.starttls.enable) and with Java's LDAP client, which
// has no such properties: whoever uses it goes on after a refused StartTLS, or does not.

#include <string_view>
#include <vector>

#include "harness/words/protocol.h"

namespace startle::oracle {

struct Consequence {
  std::string_view server{};    // what it does, such as "does not offer STARTTLS"
  std::string_view required{};  // what happens where TLS is demanded
  std::string_view enabled{};   // where it is taken if it is to be had
  bool gives_away = false;      // then a password goes out in clear
};

// A row for each thing that a server does. `authenticates`: there is a user with a password.
// Empty for a mode in which no server is asked for TLS.
std::vector<Consequence> consequences(words::Mode mode, bool authenticates);

}  // namespace startle::oracle
