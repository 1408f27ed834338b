// The text of a filter to BER (RFC 4515, 3), by recursive descent.

#include "harness/wire/ldap_filter.h"

#include <algorithm>

#include "harness/base/bytes.h"
#include "harness/base/text.h"
#include "harness/wire/ldap_tags.h"

namespace startle::wire {
namespace {

// attr of an item: an OID or a name with options (RFC 4512, 2.5).
constexpr bool is_description_octet(char c) {
  return is_alphanumeric(c) || c == '-' || c == '.' || c == ';' || c == '_';
}

class FilterText {
 public:
  FilterText(std::string_view text, BerWriter& out) : text_(text), out_(out) {}

  bool whole() {
    return filter(1) &&
           (position_ == text_.size() || malformed(position_, "something follows the filter"));
  }
  const Malformed& complaint() const { return complaint_; }

 private:
  bool malformed(std::size_t offset, std::string why) {
    complaint_ = {offset, std::move(why)};
    return false;
  }
  bool at(char c) const { return position_ < text_.size() && text_[position_] == c; }

  // filter = LPAREN filtercomp RPAREN
  bool filter(std::size_t depth) {
    if (!at('(')) return malformed(position_, "a filter starts with (");
    if (depth > kDeepestFilter) {
      return malformed(position_,
                       "filters stand more than " + std::to_string(kDeepestFilter) + " deep");
    }
    ++position_;
    const bool read = at('&')   ? set(kTagAnd, depth)
                      : at('|') ? set(kTagOr, depth)
                      : at('!') ? negation(depth)
                                : item();
    if (!read) return false;
    if (!at(')')) return malformed(position_, "a filter ends with )");
    ++position_;
    return true;
  }

  bool set(unsigned char tag, std::size_t depth) {
    ++position_;
    bool read = true;
    out_.inside(tag, [&] {
      while (read && at('(')) read = filter(depth + 1);
    });
    return read;
  }

  bool negation(std::size_t depth) {
    ++position_;
    bool read = false;
    out_.inside(kTagNot, [&] { read = filter(depth + 1); });
    return read;
  }

  std::string_view description() {
    const std::size_t start = position_;
    while (position_ < text_.size() && is_description_octet(text_[position_])) ++position_;
    return text_.substr(start, position_ - start);
  }

  bool item() {
    const std::size_t start = position_;
    const std::string_view type = description();
    if (at(':')) return extensible(type);
    if (type.empty()) return malformed(start, "an attribute description is missing");
    unsigned char tag = kTagEquality;
    if (at('~')) tag = kTagApproximate;
    if (at('>')) tag = kTagGreaterOrEqual;
    if (at('<')) tag = kTagLessOrEqual;
    if (tag != kTagEquality) ++position_;
    if (!at('=')) {
      return malformed(position_, "=, ~=, >=, <= or := follows an attribute description");
    }
    ++position_;
    return tag == kTagEquality ? equality(type) : assertion(tag, type);
  }

  bool assertion(unsigned char tag, std::string_view type) {
    std::string value;
    if (!assertion_value(value)) return false;
    out_.inside(tag, [&] {
      out_.octets(kBerOctetString, type);
      out_.octets(kBerOctetString, value);
    });
    return true;
  }

  // attr=value, attr=* and everything with a star in it.
  bool equality(std::string_view type) {
    const std::size_t end = std::min(text_.find_first_of("()", position_), text_.size());
    const std::string_view value = text_.substr(position_, end - position_);
    if (value == "*") {
      ++position_;
      out_.octets(kTagPresent, type);
      return true;
    }
    if (value.find('*') == std::string_view::npos) return assertion(kTagEquality, type);
    bool read = false;
    out_.inside(kTagSubstrings, [&] {
      out_.octets(kBerOctetString, type);
      out_.inside(kBerSequence, [&] { read = substrings(); });
    });
    return read;
  }

  // [initial] * (value *).. [final] (RFC 4515, 3); between two stars stands something.
  bool substrings() {
    for (unsigned char tag = kTagInitial;; tag = kTagAny) {
      std::string value;
      const std::size_t start = position_;
      if (!assertion_value(value)) return false;
      const bool last = !at('*');
      if (!value.empty()) {
        out_.octets(last ? kTagFinal : tag, value);
      } else if (tag == kTagAny && !last) {
        return malformed(start, "two * stand side by side");
      }
      if (last) return true;
      ++position_;
    }
  }

  // attr[:dn][:rule]:=value or [:dn]:rule:=value
  bool extensible(std::string_view type) {
    const std::size_t start = position_;
    ++position_;
    std::string_view rule;
    const bool dn = ascii_upper(text_.substr(position_, 3)) == "DN:";
    if (dn) position_ += 3;
    if (!at('=')) {
      rule = description();
      if (rule.empty()) return malformed(position_, "a matching rule is missing");
      if (!at(':')) return malformed(position_, "a matching rule ends with :=");
      ++position_;
    }
    if (!at('=')) return malformed(position_, "a matching rule ends with :=");
    if (type.empty() && rule.empty()) {
      return malformed(start, "an extensible match has neither attribute nor matching rule");
    }
    ++position_;
    std::string value;
    if (!assertion_value(value)) return false;
    out_.inside(kTagExtensible, [&] {
      if (!rule.empty()) out_.octets(kTagMatchingRule, rule);
      if (!type.empty()) out_.octets(kTagType, type);
      out_.octets(kTagMatchValue, value);
      if (dn) out_.boolean(kTagDnAttributes, true);
    });
    return true;
  }

  // Up to one of ( ) *, with \XX resolved; these three, \ and NUL stand only as \XX.
  bool assertion_value(std::string& value) {
    for (; position_ < text_.size(); ++position_) {
      const char c = text_[position_];
      if (c == '(' || c == ')' || c == '*') return true;
      if (c == '\0') return malformed(position_, "NUL in a value is written as \\00");
      if (c != '\\') {
        value += c;
        continue;
      }
      const std::string_view digits = text_.substr(position_ + 1, 2);
      const auto octet = digits.size() == 2 ? from_hex(digits) : std::nullopt;
      if (!octet) {
        return malformed(position_, "two hexadecimal digits follow \\ in a value");
      }
      value += *octet;
      position_ += 2;
    }
    return true;
  }

  std::string_view text_;
  BerWriter& out_;
  std::size_t position_ = 0;
  Malformed complaint_{};
};

}  // namespace

std::variant<std::string, Malformed> parse_ldap_filter(std::string_view text) {
  std::string filter;
  BerWriter out(filter);
  FilterText reader(text, out);
  if (reader.whole()) return filter;
  return reader.complaint();
}

}  // namespace startle::wire
