#pragma once
// Reads one <smtp> or <ldap> element and holds it to the rules of Entry.

#include <string>
#include <vector>

#include "harness/customer/entry.h"
#include "harness/xml/document.h"

namespace startle::customer {

// Throws Error(Fault::input, "file:line: ..") where a rule is broken; what is merely doubtful goes
// to `warnings`, in the same form.
Entry read_entry(const xml::Element& element, Protocol protocol,
                 std::vector<std::string>& warnings);

}  // namespace startle::customer
