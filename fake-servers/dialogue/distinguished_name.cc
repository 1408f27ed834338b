#include "fake-servers/dialogue/distinguished_name.h"

#include <algorithm>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/base/text.h"

namespace startle::fake {
namespace {

struct Rdn {
  std::string type{};
  std::string value{};  // unescaped
};

// Text without the spaces around it that are not escaped.
class Trimmed {
 public:
  void add(char c) {
    if (c == ' ' && text_.empty()) return;
    text_ += c;
    if (c != ' ') kept_ = text_.size();
  }
  void add_escaped(const std::string& bytes) {
    text_ += bytes;
    kept_ = text_.size();
  }
  std::string take() {
    text_.resize(std::exchange(kept_, 0));
    return std::exchange(text_, "");
  }

 private:
  std::string text_{};
  std::size_t kept_ = 0;  // up to here nothing is to be cut off
};

// RFC 4514, 2.4: behind a backslash stands a character, or two hex digits.
std::string unescaped(std::string_view text, std::size_t& at) {
  const auto byte = at + 2 < text.size() ? from_hex(text.substr(at + 1, 2)) : std::nullopt;
  at += byte ? 2 : 1;
  return byte ? *byte : std::string(1, text[at]);
}

std::optional<std::vector<Rdn>> split(std::string_view dn) {
  std::vector<Rdn> rdns;
  Rdn rdn;
  Trimmed text;
  bool in_value = false;
  const auto finish = [&] {
    rdn.value = text.take();
    rdns.push_back(std::exchange(rdn, {}));
    return std::exchange(in_value, false);
  };
  if (dn.empty()) return rdns;
  for (std::size_t i = 0; i < dn.size(); ++i) {
    const char c = dn[i];
    if (c == '\\') {
      if (i + 1 == dn.size()) return std::nullopt;
      text.add_escaped(unescaped(dn, i));
    } else if (c == ',') {
      if (!finish()) return std::nullopt;
    } else if (c == '=' && !in_value) {
      rdn.type = text.take();
      if (rdn.type.empty()) return std::nullopt;
      in_value = true;
    } else {
      text.add(c);
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
  for (const Rdn& rdn : *parts) rdns.push_back(ascii_upper(rdn.type + "=" + rdn.value));
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
    if (c == '\0') {
      text += "\\00";
      continue;
    }
    if (std::string_view("\\,+\"<>;= #").find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return text;
}

}  // namespace startle::fake
