#pragma once
// The server's half of the SASL mechanisms that AUTH offers (RFC 4954): PLAIN (RFC 4616), LOGIN and
// EXTERNAL (RFC 4422, A). Answers go in, challenges and credentials come out; no I/O.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace startle::fake {

// To be sent behind "334 ".
struct SaslChallenge {
  std::string text{};  // base64
};
struct SaslPassword {
  std::string name{};
  std::string password{};
};
struct SaslExternal {
  std::string name{};  // the authorization identity; empty: whomever the certificate stands for
};
struct SaslNonsense {};  // not base64, cancelled, not the mechanism's form

using SaslStep = std::variant<SaslChallenge, SaslPassword, SaslExternal, SaslNonsense>;

class SmtpSasl {
 public:
  // Nothing: the mechanism is not known. `mechanism` is upper-cased, `initial` as AUTH has it.
  static std::optional<SmtpSasl> known(std::string_view mechanism);

  SaslStep begin(const std::optional<std::string>& initial);
  // The client's line behind a challenge.
  SaslStep answer(std::string_view line);

 private:
  enum class Mechanism { plain, login, external };
  explicit SmtpSasl(Mechanism mechanism) : mechanism_(mechanism) {}
  SaslStep take(const std::string& message);

  Mechanism mechanism_;
  std::optional<std::string> name_{};  // of LOGIN, once it is known
};

}  // namespace startle::fake
