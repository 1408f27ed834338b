#include "fake-servers/dialogue/secret.h"

#include <algorithm>

#include "harness/base/text.h"

namespace startle::fake {
namespace {

constexpr std::string_view kBlot = "<secret>";

bool is_of_word(char c, std::string_view others) {
  return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
}

// Replaces every `found`, grown to the whole base64 word around it.
void blot_out(std::string& line, const SecretForm& form) {
  const std::string& found = form.text;
  const bool word = !form.word.empty();
  for (std::size_t at = line.find(found); at != std::string::npos; at = line.find(found, at)) {
    std::size_t end = at + found.size();
    while (word && at > 0 && is_of_word(line[at - 1], form.word)) --at;
    while (word && end < line.size() && is_of_word(line[end], form.word)) ++end;
    while (word && end < line.size() && line[end] == '=') ++end;
    line.replace(at, end - at, kBlot);
    at += kBlot.size();
  }
}

}  // namespace

bool Secret::is_in(std::string_view bytes) const {
  return std::any_of(forms_.begin(), forms_.end(), [bytes](const SecretForm& form) {
    return bytes.find(form.text) != std::string_view::npos;
  });
}

std::string Secret::blotted(std::string_view line) const {
  std::string clean(line);
  if (!is_in(line)) return clean;
  for (const SecretForm& form : forms_) blot_out(clean, form);
  return clean;
}

bool holds_secret(std::string_view bytes, std::string_view secret) {
  return Secret(secret).is_in(bytes);
}

std::string blotted(std::string_view line, std::string_view secret) {
  return Secret(secret).blotted(line);
}

}  // namespace startle::fake
