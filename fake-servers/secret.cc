#include "fake-servers/secret.h"

#include <algorithm>
#include <utility>

#include "harness/base/bytes.h"

namespace startle::fake {
namespace {

constexpr std::string_view kBlot = "<secret>";

bool is_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

// Replaces every `found`, grown to the whole base64 word around it where `word` is true.
void blot_out(std::string& line, std::string_view found, bool word) {
  for (std::size_t at = line.find(found); at != std::string::npos; at = line.find(found, at)) {
    std::size_t end = at + found.size();
    while (word && at > 0 && is_base64(line[at - 1])) --at;
    while (word && end < line.size() && is_base64(line[end])) ++end;
    while (word && end < line.size() && line[end] == '=') ++end;
    line.replace(at, end - at, kBlot);
    at += kBlot.size();
  }
}

}  // namespace

Secret::Secret(std::string text) : raw_(std::move(text)) {
  for (std::size_t before = 0; before < encoded_.size() && !raw_.empty(); ++before) {
    const std::string bytes = std::string(before, '\0') + raw_;
    const std::string whole_groups = to_base64(bytes.substr(0, bytes.size() / 3 * 3));
    constexpr std::array<std::size_t, 3> kForeign{0, 2, 3};  // characters with bits of a neighbour
    encoded_[before] = whole_groups.substr(std::min(kForeign[before], whole_groups.size()));
  }
}

bool Secret::is_in(std::string_view bytes) const {
  const auto holds = [bytes](const std::string& form) {
    return !form.empty() && bytes.find(form) != std::string_view::npos;
  };
  return holds(raw_) || std::any_of(encoded_.begin(), encoded_.end(), holds);
}

std::string Secret::blotted(std::string_view line) const {
  std::string clean(line);
  if (!is_in(line)) return clean;
  for (const std::string& form : encoded_) {
    if (!form.empty()) blot_out(clean, form, true);
  }
  blot_out(clean, raw_, false);
  return clean;
}

bool holds_secret(std::string_view bytes, std::string_view secret) {
  return Secret(std::string(secret)).is_in(bytes);
}

std::string blotted(std::string_view line, std::string_view secret) {
  return Secret(std::string(secret)).blotted(line);
}

}  // namespace startle::fake
