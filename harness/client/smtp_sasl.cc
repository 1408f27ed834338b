#include "harness/client/smtp_sasl.h"

#include "harness/base/bytes.h"
#include "harness/wire/smtp_command.h"

namespace startle::client {
namespace {

// RFC 4616, 2. Without initial response where the line would be too long (RFC 4954, 4).
SaslExchange plain(const std::string& username, const std::string& password) {
  std::string secret = to_base64(std::string(1, '\0') + username + std::string(1, '\0') + password);
  std::string one_line = "AUTH PLAIN " + secret;
  if (one_line.size() + 2 <= wire::kCommandLine) return {.command = std::move(one_line)};
  return {.command = "AUTH PLAIN", .answers = {std::move(secret)}};
}

}  // namespace

SaslExchange sasl_exchange(Mechanism mechanism, const Settings& settings) {
  const std::string username = settings.username.value_or("");
  const std::string password = settings.password.value_or("");
  switch (mechanism) {
    case Mechanism::plain:
      return plain(username, password);
    case Mechanism::login:
      // draft-murchison-sasl-login-00: the answers go by position, whatever the prompts say.
      return {.command = "AUTH LOGIN", .answers = {to_base64(username), to_base64(password)}};
    case Mechanism::external:
      break;
  }
  // RFC 4422, A.1: an empty authorization identity leaves it to the server whom the certificate
  // stands for. RFC 4954, 4: "=" is an initial response of no octets.
  return {.command = "AUTH EXTERNAL ="};
}

}  // namespace startle::client
