#include "harness/customer/schedule/bind_name.h"

#include <algorithm>
#include <cstddef>

#include "harness/base/text.h"

namespace startle::customer {
namespace {

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// A reader that goes once over the text: each function takes what it is named for off the front,
// and says whether it was there.
class NameReader {
 public:
  explicit NameReader(std::string_view text) : rest_(text) {}

  // relativeDistinguishedName *( ("," / ";") relativeDistinguishedName )
  bool name() {
    do {
      if (!relative_name()) return false;
    } while (taken(",;"));
    return rest_.empty();
  }

 private:
  bool relative_name() {
    do {
      blanks();
      if (!type()) return false;
      blanks();
      if (!taken("=")) return false;
      blanks();
      if (!value()) return false;
      blanks();
    } while (taken("+"));
    return true;
  }

  // descr / numericoid (RFC 4512, 1.4)
  bool type() {
    if (rest_.size() > 4 && (rest_.substr(0, 4) == "OID." || rest_.substr(0, 4) == "oid.")) {
      rest_.remove_prefix(4);
      return numeric_oid();
    }
    if (!rest_.empty() && is_digit(rest_.front())) return numeric_oid();
    if (rest_.empty() || !is_letter(rest_.front())) return false;
    run([](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
    return true;
  }

  bool numeric_oid() {
    do {
      if (run(is_digit) == 0) return false;
    } while (taken("."));
    return true;
  }

  // string / hexstring, or quoted (RFC 2253, 4). May be empty.
  bool value() {
    if (taken("#")) {
      const std::size_t digits = run(is_hex);
      return digits > 0 && digits % 2 == 0;
    }
    const bool quoted = taken("\"");
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (quoted ? c == '"' : c == ',' || c == ';' || c == '+') break;
      if (is_control(c) || (!quoted && (c == '"' || c == '<' || c == '>'))) return false;
      rest_.remove_prefix(1);
      if (c == '\\' && !escaped()) return false;
    }
    return !quoted || taken("\"");
  }

  // What stands behind a backslash: a special character or two hexadecimal digits.
  bool escaped() {
    if (rest_.size() >= 2 && is_hex(rest_[0]) && is_hex(rest_[1])) {
      rest_.remove_prefix(2);
      return true;
    }
    return taken("\\\"+,;<> #=");
  }

  bool taken(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void blanks() {
    run([](char c) { return c == ' '; });
  }
  template <class Test>
  std::size_t run(Test test) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), test);
    const auto length = static_cast<std::size_t>(end - rest_.begin());
    rest_.remove_prefix(length);
    return length;
  }

  std::string_view rest_;
};

// Two parts that are not empty around the only `separator`, nothing in them that no account has.
bool is_account(std::string_view text, char separator) {
  const std::size_t at = text.find(separator);
  if (at == 0 || at == std::string_view::npos || at + 1 == text.size()) return false;
  return text.find(separator, at + 1) == std::string_view::npos &&
         text.find_first_of("\"/[]:;|=,+*?<>") == std::string_view::npos &&
         std::none_of(text.begin(), text.end(), is_control);
}

}  // namespace

bool is_distinguished_name(std::string_view text) {
  return text.empty() || NameReader(text).name();
}

bool is_bind_name(std::string_view text) {
  if (text.empty()) return false;
  if (is_distinguished_name(text)) return true;
  const bool has_blank = text.find(' ') != std::string_view::npos;
  return (!has_blank && is_account(text, '@')) || is_account(text, '\\');
}

}  // namespace startle::customer
