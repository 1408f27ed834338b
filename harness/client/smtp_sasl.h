#pragma once
// What an SMTP client says to authenticate (RFC 4954): the command and the answers to the server's
// challenges, in order. No mechanism here needs to read a challenge.

#include <string>
#include <vector>

#include "harness/client/decisions.h"
#include "harness/client/settings.h"

namespace startle::client {

struct SaslExchange {
  std::string command{};
  std::vector<std::string> answers{};  // one for each 334
};

SaslExchange sasl_exchange(Mechanism mechanism, const Settings& settings);

}  // namespace startle::client
