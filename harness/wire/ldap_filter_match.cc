// What a BER filter says of an entry (RFC 4511, 4.5.1.7), found while it is read.

#include <algorithm>
#include <cstdint>
#include <optional>

#include "harness/base/text.h"
#include "harness/wire/ldap_filter.h"
#include "harness/wire/ldap_tags.h"

namespace startle::wire {
namespace {

using EntryAttributes = std::vector<LdapAttribute>;

constexpr bool same_letter(char a, char b) {
  return ascii_upper(a) == ascii_upper(b);
}
bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same_letter);
}

LdapTruth truth(bool known) {
  return known ? LdapTruth::true_ : LdapTruth::false_;
}

// A description selects its attribute and those with more options (RFC 4512, 2.5.2.1).
bool selects(std::string_view description, const LdapAttribute& attribute) {
  const std::string_view type = attribute.type;
  return same(description, type.substr(0, description.size())) &&
         (type.size() == description.size() || type[description.size()] == ';');
}

template <class Matches>
LdapTruth any_value(const EntryAttributes& entry, std::string_view description, Matches matches) {
  for (const LdapAttribute& attribute : entry) {
    if (!description.empty() && !selects(description, attribute)) continue;
    if (std::any_of(attribute.values.begin(), attribute.values.end(), matches)) {
      return LdapTruth::true_;
    }
  }
  return LdapTruth::false_;
}

// Without leading zeros; nullopt for what is no number.
std::optional<std::string_view> digits(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  return text.substr(std::min(text.find_first_not_of('0'), text.size() - 1));
}

bool less(std::string_view a, std::string_view b) {
  const auto first = digits(a);
  const auto second = digits(b);
  if (first && second) {
    return first->size() != second->size() ? first->size() < second->size() : *first < *second;
  }
  const auto before = [](char x, char y) {
    return static_cast<unsigned char>(ascii_upper(x)) < static_cast<unsigned char>(ascii_upper(y));
  };
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), before);
}

struct Substrings {
  std::optional<std::string_view> initial{};
  std::vector<std::string_view> any{};
  std::optional<std::string_view> final_{};
};

bool matches(const Substrings& wanted, std::string_view value) {
  if (wanted.initial) {
    if (!same(value.substr(0, wanted.initial->size()), *wanted.initial)) return false;
    value.remove_prefix(wanted.initial->size());
  }
  for (const std::string_view part : wanted.any) {
    const auto* at = std::search(value.data(), value.data() + value.size(), part.begin(),
                                 part.end(), same_letter);
    const auto skipped = static_cast<std::size_t>(at - value.data());
    if (value.size() - skipped < part.size()) return false;
    value.remove_prefix(skipped + part.size());
  }
  return !wanted.final_ ||
         (value.size() >= wanted.final_->size() &&
          same(value.substr(value.size() - wanted.final_->size()), *wanted.final_));
}

// At most one initial, in front, and one final, at the end (4.5.1.7.2).
bool read_substring(BerReader& in, Substrings& wanted, bool first) {
  const auto tag = in.next();
  if (in.failed()) return false;
  if (wanted.final_) return in.malformed(in.position(), "a substring follows the final one");
  switch (tag.value_or(kTagInitial)) {
    case kTagInitial:
      if (!first) return in.malformed(in.position(), "the initial substring is not the first");
      return in.octets(kTagInitial, "a substring", wanted.initial.emplace());
    case kTagAny:
      return in.octets(kTagAny, "a substring", wanted.any.emplace_back());
    case kTagFinal:
      return in.octets(kTagFinal, "a substring", wanted.final_.emplace());
    default:
      return in.malformed(in.position(),
                          "the tag of a substring is 0x80 to 0x82, not " + ber_tag_text(*tag));
  }
}

LdapTruth read_substrings(BerReader& in, const EntryAttributes& entry) {
  std::string_view type;
  Substrings wanted;
  const bool read = in.inside(kTagSubstrings, "a substring filter", [&] {
    return in.octets(kBerOctetString, "an attribute description", type) &&
           in.inside(kBerSequence, "the substrings",
                     [&] {
                       bool first = true;
                       do {
                         if (!read_substring(in, wanted, first)) return false;
                         first = false;
                       } while (in.more());
                       return !in.failed();
                     }) &&
           in.skip_unknown("\x04\x30");
  });
  if (!read || type.empty()) return LdapTruth::undefined;
  return any_value(entry, type, [&](std::string_view value) { return matches(wanted, value); });
}

LdapTruth read_assertion(BerReader& in, unsigned char tag, const EntryAttributes& entry) {
  std::string_view type;
  std::string_view wanted;
  const bool read = in.inside(tag, "an assertion", [&] {
    return in.octets(kBerOctetString, "an attribute description", type) &&
           in.octets(kBerOctetString, "an assertion value", wanted) && in.skip_unknown("\x04");
  });
  if (!read || type.empty()) return LdapTruth::undefined;
  return any_value(entry, type, [&](std::string_view value) {
    if (tag == kTagGreaterOrEqual) return !less(value, wanted);
    if (tag == kTagLessOrEqual) return !less(wanted, value);
    return same(value, wanted);
  });
}

LdapTruth read_presence(BerReader& in, const EntryAttributes& entry) {
  std::string_view type;
  if (!in.octets(kTagPresent, "an attribute description", type)) return LdapTruth::undefined;
  return truth(std::any_of(entry.begin(), entry.end(),
                           [&](const LdapAttribute& a) { return selects(type, a); }));
}

// MatchingRuleAssertion (4.5.1.7.7). Known are no rule, and ignoring or respecting case.
LdapTruth read_extensible(BerReader& in, const EntryAttributes& entry) {
  std::string_view rule;
  std::string_view type;
  std::string_view wanted;
  bool dn_attributes = false;
  const bool read = in.inside(kTagExtensible, "an extensible match", [&] {
    if (in.next() == kTagMatchingRule && !in.octets(kTagMatchingRule, "a matching rule", rule)) {
      return false;
    }
    if (in.next() == kTagType && !in.octets(kTagType, "an attribute description", type)) {
      return false;
    }
    if (!in.octets(kTagMatchValue, "a match value", wanted)) return false;
    if (in.next() == kTagDnAttributes &&
        !in.boolean(kTagDnAttributes, "DN attributes", dn_attributes)) {
      return false;
    }
    return in.skip_unknown("\x81\x82\x83\x84");
  });
  if (!read) return LdapTruth::undefined;
  const bool exact = same(rule, "caseExactMatch") || rule == "2.5.13.5";
  const bool ignoring = rule.empty() || same(rule, "caseIgnoreMatch") || rule == "2.5.13.2";
  if ((!exact && !ignoring) || (rule.empty() && type.empty())) return LdapTruth::undefined;
  const LdapTruth found = any_value(entry, type, [&](std::string_view value) {
    return exact ? value == wanted : same(value, wanted);
  });
  return found == LdapTruth::false_ && dn_attributes ? LdapTruth::undefined : found;
}

LdapTruth read_filter(BerReader& in, const EntryAttributes& entry, std::size_t depth);

// The worst of an `and`, the best of an `or`: false < undefined < true.
LdapTruth read_set(BerReader& in, unsigned char tag, const EntryAttributes& entry,
                   std::size_t depth) {
  const bool all = tag == kTagAnd;
  LdapTruth found = truth(all);  // of no filter (RFC 4526)
  in.each(tag, "a set of filters", [&] {
    const LdapTruth next = read_filter(in, entry, depth + 1);
    found = all ? std::min(found, next) : std::max(found, next);
    return !in.failed();
  });
  return found;
}

LdapTruth read_not(BerReader& in, const EntryAttributes& entry, std::size_t depth) {
  LdapTruth found = LdapTruth::undefined;
  in.inside(kTagNot, "a negation", [&] {
    found = read_filter(in, entry, depth + 1);
    return !in.failed();
  });
  if (found == LdapTruth::undefined) return found;
  return truth(found == LdapTruth::false_);
}

// A kind of filter that RFC 4511 does not know.
LdapTruth read_unknown(BerReader& in, unsigned char tag) {
  constexpr std::string_view kDefined("\xa0\xa1\xa2\xa3\xa4\xa5\xa6\x87\xa8\xa9");
  const bool other_form =
      kDefined.find(static_cast<char>(tag ^ kBerConstructed)) != std::string_view::npos;
  if ((tag & 0xc0U) != 0x80 || other_form) {
    in.malformed(in.position(), "no filter has the tag " + ber_tag_text(tag));
    return LdapTruth::undefined;
  }
  std::string_view content;
  in.any("a filter", tag, content);
  return LdapTruth::undefined;
}

LdapTruth read_filter(BerReader& in, const EntryAttributes& entry, std::size_t depth) {
  const auto tag = in.next();
  if (in.failed()) return LdapTruth::undefined;
  if (tag && depth > kDeepestFilter) {
    in.malformed(in.position(),
                 "filters stand more than " + std::to_string(kDeepestFilter) + " deep");
    return LdapTruth::undefined;
  }
  if (!tag) {
    in.null(0, "a filter");  // it is missing
    return LdapTruth::undefined;
  }
  switch (*tag) {
    case kTagAnd:
    case kTagOr:
      return read_set(in, *tag, entry, depth);
    case kTagNot:
      return read_not(in, entry, depth);
    case kTagEquality:
    case kTagGreaterOrEqual:
    case kTagLessOrEqual:
    case kTagApproximate:
      return read_assertion(in, *tag, entry);
    case kTagSubstrings:
      return read_substrings(in, entry);
    case kTagPresent:
      return read_presence(in, entry);
    case kTagExtensible:
      return read_extensible(in, entry);
    default:
      return read_unknown(in, *tag);
  }
}

}  // namespace

LdapTruth read_ldap_filter(BerReader& in, const EntryAttributes& entry) {
  return read_filter(in, entry, 1);
}

LdapTruth ldap_filter_matches(std::string_view filter, const EntryAttributes& entry) {
  BerReader in(filter, filter.size());
  const LdapTruth found = read_ldap_filter(in, entry);
  return in.failed() || in.position() != filter.size() ? LdapTruth::undefined : found;
}

}  // namespace startle::wire
