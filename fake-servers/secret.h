#pragma once
// Finds a secret in what a client sent, in every form a mail client gives it: raw, or anywhere
// inside base64 (SASL PLAIN and LOGIN, tokens), whatever it is glued to.

#include <array>
#include <string>
#include <string_view>

namespace startle::fake {

class Secret {
 public:
  // An empty secret has no canary: it is nowhere.
  explicit Secret(std::string text);

  bool is_in(std::string_view bytes) const;
  // `line` with the secret, and whole base64 words that hold it, replaced by "<secret>".
  std::string blotted(std::string_view line) const;

 private:
  std::string raw_;
  // What stands in base64 for the bytes of the secret, for each of its three places within a group
  // of three bytes, without the characters that depend on its neighbours (RFC 4648, 4).
  std::array<std::string, 3> encoded_{};
};

bool holds_secret(std::string_view bytes, std::string_view secret);
std::string blotted(std::string_view line, std::string_view secret);

}  // namespace startle::fake
