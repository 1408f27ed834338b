#pragma once
// Reads <sasl>: what the fake server of a case offers, and how it lies in a SASL exchange.

#include "fake-servers/dialogue/script.h"
#include "harness/words/words.h"
#include "harness/xml/document.h"

namespace startle::cases {

// Throws Error(Fault::input, "file:line: ..").
fake::SaslScript read_sasl(const xml::Element& sasl);

// Whether the protocol has a place for `lie`.
bool has_lie(words::Protocol protocol, fake::SaslLie lie);

// What <sasl> states against what the client's mode makes of it.
void check_sasl(const xml::Element& sasl, words::Mode mode);

}  // namespace startle::cases
