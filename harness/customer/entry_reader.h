#pragma once
// Reads one <smtp> or <ldap> element and holds it to the rules of Entry.

#include <string>
#include <vector>

#include "harness/customer/entry.h"
#include "harness/xml/document.h"

namespace startle::customer {

// "file:line: .."
struct Mistake {
  std::string text{};
  bool refused = false;  // no product can start with it; otherwise it is merely doubtful
  bool slight = false;   // it says something of the file, and keeps nothing from working
};
using Mistakes = std::vector<Mistake>;

// Every mistake of the element goes to `mistakes`. Where one is `refused`, the entries are not to
// be used. Two entries where Java reads the element otherwise than it is meant.
std::vector<Entry> read_entries(const xml::Element& element, Protocol protocol, Mistakes& mistakes);

}  // namespace startle::customer
