#pragma once
// How the client reads the configured value of `trust`. Written apart from the oracle's reading on
// purpose: one bug cannot hide in both.

#include <optional>
#include <string>
#include <vector>

#include "harness/client/settings.h"

namespace startle::client {

// Who compares the names of a certificate with those to accept.
enum class NameMatcher {
  rfc9525,
  jsse,      // the endpoint identification of Java's TLS
  javamail,  // letter by letter, in any case; addresses are names
};

struct Trust {
  bool check_nothing = false;  // every certificate is good
  bool check_path = false;     // RFC 5280, up to a trust anchor
  bool check_name = false;
  NameMatcher matcher = NameMatcher::rfc9525;
  bool name_behind_handshake = false;    // looked at once TLS stands: no alert tells the server
  std::vector<std::string> names{};      // DNS names to accept (without a final dot)
  std::vector<std::string> addresses{};  // IP addresses to accept
  bool host_must_be_listed = false;      // Java: the configured host stands in the list, verbatim
  bool host_is_listed = false;
};

// Null: the configuration is wrong; `why` says how.
std::optional<Trust> read_trust(const Settings& settings, std::string& why);

}  // namespace startle::client
