#include "fake-servers/distinguished_name.h"

#include <algorithm>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/wire/ascii.h"

namespace startle::fake {
namespace {

struct Rdn {
  std::string type{};
  std::string value{};  // unescaped
};

void trim(std::string& text) {
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  text.erase(text.find_last_not_of(' ') + 1);
}

// RFC 4514, 2.4: behind a backslash stands a character, or two hex digits.
std::string unescaped(std::string_view text, std::size_t& at) {
  const auto byte = at + 2 < text.size() ? from_hex(text.substr(at + 1, 2)) : std::nullopt;
  at += byte ? 2 : 1;
  return byte ? *byte : std::string(1, text[at]);
}

std::optional<std::vector<Rdn>> split(std::string_view dn) {
  std::vector<Rdn> rdns;
  Rdn rdn;
  std::string text;
  bool in_value = false;
  const auto finish = [&] {
    trim(text);
    rdn.value = std::exchange(text, "");
    rdns.push_back(std::exchange(rdn, {}));
    return std::exchange(in_value, false);
  };
  if (dn.empty()) return rdns;
  for (std::size_t i = 0; i < dn.size(); ++i) {
    const char c = dn[i];
    if (c == '\\') {
      if (i + 1 == dn.size()) return std::nullopt;
      text += unescaped(dn, i);
    } else if (c == ',') {
      if (!finish()) return std::nullopt;
    } else if (c == '=' && !in_value) {
      trim(text);
      rdn.type = std::exchange(text, "");
      if (rdn.type.empty()) return std::nullopt;
      in_value = true;
    } else {
      text += c;
    }
  }
  if (!finish()) return std::nullopt;
  return rdns;
}

}  // namespace

std::optional<Rdns> rdns_of(std::string_view dn) {
  const auto parts = split(dn);
  if (!parts) return std::nullopt;
  Rdns rdns;
  for (const Rdn& rdn : *parts) rdns.push_back(wire::upper_case(rdn.type + "=" + rdn.value));
  return rdns;
}

bool is_at_or_below(const Rdns& entry, const Rdns& base) {
  return entry.size() >= base.size() && std::equal(base.rbegin(), base.rend(), entry.rbegin());
}

bool same_dn(std::string_view a, std::string_view b) {
  const std::optional<Rdns> left = rdns_of(a);
  return left && left == rdns_of(b);
}

std::string first_value(std::string_view name) {
  const auto parts = split(name);
  return parts && !parts->empty() ? parts->front().value : std::string(name);
}

std::string escaped_value(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (std::string_view("\\,+\"<>;= #").find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return text;
}

}  // namespace startle::fake
