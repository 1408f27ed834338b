#pragma once
// A server that a command is told by its URL: `startle bench URL`, `startle diagnose URL`.

#include <string>

#include "harness/words/words.h"

namespace startle::program {

struct GivenUrl {
  words::Mode mode = words::Mode::smtp_starttls;
  std::string host{};  // a name or an address, without brackets
  std::uint16_t port = 0;
};

// "smtp://mail.example.com", "ldaps://[::1]:1636": smtp and ldap with STARTTLS. Throws
// Error(Fault::usage) with what to write instead.
GivenUrl parse_given_url(const std::string& text);

// An address of loopback, or "localhost".
bool is_here(const std::string& host);

}  // namespace startle::program
