#pragma once
// Reads <server>: what the fake server of a case shows and says.

#include "cases/engine/case.h"
#include "harness/xml/document.h"

namespace startle::cases {

// seconds="0.5", or an attribute of another name: above 0, at most an hour.
std::chrono::milliseconds seconds_of(const xml::Element& e, const char* key = "seconds");
// times="3": how often a step is done; once, unless stated.
std::size_t times_of(const xml::Element& e);

// Throws Error(Fault::input, "file:line: ..").
void read_server(const xml::Element& server, Setup& setup);

// Nothing but these attributes and children: no text either.
void allow(const xml::Element& e, Words attributes, Words children);

}  // namespace startle::cases
