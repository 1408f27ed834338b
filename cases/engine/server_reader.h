#pragma once
// Reads <server>: what the fake server of a case shows and says.

#include <optional>
#include <string>

#include "cases/engine/case.h"
#include "harness/xml/document.h"

namespace startle::cases {

// Throws Error(Fault::input, "file:line: ..").
void read_server(const xml::Element& server, Setup& setup);

// Nothing but these attributes and children: no text either.
void allow(const xml::Element& e, Words attributes, Words children);
// The text, whose placeholders are checked when the file is read, not when a case is run.
const std::string& checked(const xml::Element& where, const std::string& text);
std::optional<std::string> checked_attribute(const xml::Element& e, const char* key);

}  // namespace startle::cases
