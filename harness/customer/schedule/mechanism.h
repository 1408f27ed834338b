#pragma once
// The attribute `mechanism`: which SASL mechanism an element asks for.

#include <optional>

#include "harness/customer/schedule/entry.h"
#include "harness/sasl/mechanism.h"
#include "harness/xml/document.h"

namespace startle::customer {

// In any letter case (RFC 4422, 3.1 has upper case only; files have both). nullopt: the attribute
// is absent. Throws Error(Fault::input) for a name that is none, or none of this protocol.
std::optional<sasl::Mechanism> read_mechanism(const xml::Element& element, Protocol protocol);

}  // namespace startle::customer
