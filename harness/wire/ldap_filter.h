#pragma once
// LDAP search filters: from their text (RFC 4515) to BER (RFC 4511, 4.5.1.7), and what a BER filter
// says of an entry. The directory behind a fake server has no schema, hence a single way to
// compare: values by ASCII letters of either case, ordered as numbers where both are.

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/wire/ldap_message.h"

namespace startle::wire {

// Filters inside filters; a single item has depth 1.
inline constexpr std::size_t kDeepestFilter = 64;

// The BER of one filter, to be sent as LdapSearchRequest::filter. `(&)` and `(|)` are the absolute
// filters of RFC 4526. Never NeedMore: the offset of a text that ends too early is its length.
std::variant<std::string, Malformed> parse_ldap_filter(std::string_view text);

// The three values of X.511 (RFC 4511, 4.5.1.7).
enum class LdapTruth : unsigned char { false_, undefined, true_ };

// Reads one Filter, which has to be well formed, and says whether `entry` matches it. An attribute
// that the entry lacks is known and has no values: false. Undefined are kinds of filter and
// matching rules that are not known, and whether a DN, which is not at hand, has an attribute.
LdapTruth read_ldap_filter(BerReader& in, const std::vector<LdapAttribute>& entry);

// The same of a whole filter, as a parsed search request holds it; undefined if it is not one.
LdapTruth ldap_filter_matches(std::string_view filter, const std::vector<LdapAttribute>& entry);

}  // namespace startle::wire
