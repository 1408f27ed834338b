#pragma once
// A secret in the encodings that a client, its log or a protocol gives it.

#include <string>
#include <string_view>
#include <vector>

namespace startle::fake {

struct SecretForm {
  std::string text{};
  // The characters that go on with the word it stands in, beside letters and digits; empty: it is
  // no word of base64.
  std::string_view word{};
};

// Raw; anywhere inside base64 of either alphabet (RFC 4648, 4 and 5); prepared (RFC 4013); hex;
// UTF-16 of both byte orders; percent-encoded (RFC 3986, 2.1) and as a form has it; escaped for
// JSON and XML. Each once, what base64 has of it first; of those that encode it, none so
// short that it stands everywhere. Of an empty secret: none.
std::vector<SecretForm> forms_of(std::string_view secret);

}  // namespace startle::fake
