#pragma once
// Reads one <smtp> or <ldap> element and holds it to the rules of Entry.

#include <vector>

#include "harness/customer/schedule/entry.h"
#include "harness/customer/schedule/mistake.h"
#include "harness/xml/document.h"

namespace startle::customer {

// Every mistake of the element goes to `mistakes`. Where one is Weight::refused, the entries are
// not to be used. Two entries where Java reads the element otherwise than it is meant.
std::vector<Entry> read_entries(const xml::Element& element, Protocol protocol, Mistakes& mistakes);

}  // namespace startle::customer
