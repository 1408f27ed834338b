#pragma once
// Reads <server>: what the fake server of a case shows and says.

#include "cases/engine/case.h"
#include "harness/xml/document.h"

namespace startle::cases {

// Throws Error(Fault::input, "file:line: ..").
void read_server(const xml::Element& server, Setup& setup);

// Nothing but these attributes and children: no text either.
void allow(const xml::Element& e, Words attributes, Words children);

}  // namespace startle::cases
