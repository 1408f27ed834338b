#pragma once
// What the steps of a script at one point amount to for whoever waits for the answer there.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/engine/exchange.h"

namespace startle::cases {

struct SmtpReplyText {
  int code = 0;
  std::vector<std::string> lines{};  // behind the code
  std::size_t octets = 0;
};
// The reply that `bytes` begin with, if it is one to the letter (RFC 5321, 4.2): of a code of 200
// to 559, in lines of printable text, CRLF and at most 512 octets. Shares nothing with the client's
// parser.
std::optional<SmtpReplyText> strict_reply(std::string_view bytes);

struct Said {
  enum class First {
    nothing,
    usual,   // as a well-behaved server
    reply,   // whole and right in form
    notice,  // LDAP: of disconnection
    odd,     // anything else
  };
  First first = First::nothing;
  std::int64_t code = 0;               // of a reply or notice
  std::vector<std::string> lines{};    // SMTP: of a reply
  bool lists_extensions = false;       // LDAP: an entry before it does
  bool offers_starttls = false;        // and StartTLS is among them
  bool more = false;                   // something was said behind it
  std::chrono::milliseconds before{};  // pauses until it was whole
  std::chrono::milliseconds after{};
  enum class Tail { none, close, reset, silence, tls, clear };
  Tail tail = Tail::none;
  bool behind_tail = false;  // steps stand behind it
};

Said said_at(const Exchange& exchange, const fake::Deviation& deviation);

}  // namespace startle::cases
