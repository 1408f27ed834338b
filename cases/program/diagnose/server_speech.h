#pragma once
// What speaks on a port, by the first octets that came from it: a client that met no SMTP and no
// LDAP there says what it met instead.

#include <string>
#include <string_view>

namespace startle::program {

enum class Speech {
  nothing,  // no octet came
  unknown,
  tls,  // a record
  smtp,
  lmtp,
  ldap,
  http,
  imap,
  pop3,
  ssh,
  ftp,
  nntp,
  sieve,
  xmpp,
  mysql,
  vnc,
};

Speech speech_of(std::string_view first_octets);
// "TLS", "an IMAP server"; "nothing", "something unknown".
std::string_view title_of(Speech speech);

// Something on the way has put another word in the place of STARTTLS: what, for a person; empty:
// nothing that is known. `offer`: a line of EHLO's answer.
std::string rewriter_of_starttls(std::string_view offer);
// So, of the text of a greeting.
std::string rewriter_of_greeting(std::string_view text);

}  // namespace startle::program
