#include "fake-servers/smtp_sasl.h"

#include "harness/base/bytes.h"

namespace startle::fake {

std::optional<SmtpSasl> SmtpSasl::known(std::string_view mechanism) {
  if (mechanism == "PLAIN") return SmtpSasl(Mechanism::plain);
  if (mechanism == "LOGIN") return SmtpSasl(Mechanism::login);
  if (mechanism == "EXTERNAL") return SmtpSasl(Mechanism::external);
  return std::nullopt;
}

SaslStep SmtpSasl::begin(const std::optional<std::string>& initial) {
  if (!initial) {
    return SaslChallenge{mechanism_ == Mechanism::login ? to_base64("Username:") : ""};
  }
  // RFC 4954, 4: "=" is an initial response of no length. LOGIN knows none.
  if (*initial == "=" && mechanism_ != Mechanism::login) return take("");
  return answer(*initial);
}

SaslStep SmtpSasl::answer(std::string_view line) {
  const std::optional<std::string> message = from_base64(line);
  if (!message) return SaslNonsense{};
  return take(*message);
}

SaslStep SmtpSasl::take(const std::string& message) {
  if (mechanism_ == Mechanism::external) return SaslExternal{message};
  if (mechanism_ == Mechanism::login) {
    if (name_) return SaslPassword{.name = *name_, .password = message};
    name_ = message;
    return SaslChallenge{to_base64("Password:")};
  }
  // RFC 4616, 2: authzid NUL authcid NUL passwd
  const std::size_t first = message.find('\0');
  const std::size_t second = first == std::string::npos ? first : message.find('\0', first + 1);
  if (second == std::string::npos) return SaslNonsense{};
  return SaslPassword{.name = message.substr(first + 1, second - first - 1),
                      .password = message.substr(second + 1)};
}

}  // namespace startle::fake
