#pragma once
// The attributes of an <smtp> or <ldap> element, and the sentences about those that are absent,
// empty or misspelt. A value is quoted only where the caller says so.

#include <string>
#include <string_view>

#include "harness/customer/schedule/entry.h"
#include "harness/customer/schedule/mistake.h"
#include "harness/xml/document.h"

namespace startle::customer {

// What an element of one protocol has of its own.
struct ElementRow {
  Protocol protocol{};
  Words attributes{};              // that it knows, in the order of the documentation
  std::string_view host{};         // what `url` is to name
  std::string_view behind_host{};  // where what stands behind the host in a URL belongs
};
const ElementRow& element_row(Protocol protocol);
Words known_attributes(Protocol protocol);
bool is_known(std::string_view attribute, Protocol protocol);

// True for nothing but blanks and control characters.
bool is_blank(std::string_view text);
// Also control characters, and the no-break space, which comes along when a name is copied from a
// page.
bool has_white_space(std::string_view text);

// " (`usrname` is not known)" if `missing` seems to stand there misspelt; otherwise nothing.
std::string misspelling(const xml::Element& element, Protocol protocol, std::string_view missing);

// The value of an attribute that must be there with something in it; `meaning` says what to write.
std::string required(const xml::Element& element, Protocol protocol, const char* key,
                     const std::string& meaning);

// Refuse a value with a character that looks like another, or like nothing (strange_character.h),
// by its name and place. In a list of names a blank that is none for Java is a warning.
void refuse_strange(const xml::Element& element, const char* key, std::string_view value);
void refuse_strange_list(const xml::Element& element, const char* key, std::string_view value,
                         Mistakes& mistakes);
// Warns of a letter of another script in a host's name.
void warn_of_look_alike(const xml::Element& element, const char* key, std::string_view value,
                        Mistakes& mistakes);

// One "unknown attribute `x` is ignored: .." for each that `said` has not named as misspelling().
void warn_of_unknown(const xml::Element& element, Protocol protocol, std::string_view said,
                     Mistakes& mistakes);

}  // namespace startle::customer
