#pragma once
// Reads the settings that an element states, by their rows in setting.cc. Every complaint is
// "file:line: ...".

#include <string>
#include <vector>

#include "cases/engine/setting.h"
#include "harness/xml/document.h"

namespace startle::cases {

// Nothing but the attributes of that place, and these children: no text either.
void allow(const xml::Element& e, Place place, Words children);

// What a <client>, <server> or <value> states, those that absent=".." names included.
std::vector<AnyAssignment> read_settings(const xml::Element& e, Place place);

// One of values=".." of an <axis>, which is its own id.
AnyAssignment read_own_id(const xml::Element& axis, const Setting& setting,
                          const std::string& text);

// The text, whose placeholders are checked when the file is read, not when a case is run.
const std::string& checked(const xml::Element& where, const std::string& text);

}  // namespace startle::cases
