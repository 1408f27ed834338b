#pragma once
// Finds a secret in what a client sent, in every form a client gives it: raw, or anywhere inside
// base64 (SASL PLAIN and LOGIN, tokens), and in what logs and other protocols make of it.

#include <string>
#include <string_view>
#include <vector>

#include "fake-servers/dialogue/secret_forms.h"

namespace startle::fake {

class Secret {
 public:
  // An empty secret has no canary: it is nowhere.
  explicit Secret(std::string_view text) : forms_(forms_of(text)) {}

  bool is_in(std::string_view bytes) const;
  // `line` with the secret, and whole base64 words that hold it, replaced by "<secret>".
  std::string blotted(std::string_view line) const;

 private:
  std::vector<SecretForm> forms_;
};

bool holds_secret(std::string_view bytes, std::string_view secret);
std::string blotted(std::string_view line, std::string_view secret);

}  // namespace startle::fake
