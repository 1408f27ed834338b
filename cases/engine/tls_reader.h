#pragma once
// Reads <tls> and <tap>, the faults of a fake server's TLS and of the wire beneath it, and the
// steps <alert> and <tls-message>.

#include "fake-servers/dialogue/script.h"
#include "harness/words/words.h"
#include "harness/xml/document.h"

namespace startle::cases {

// Each throws Error(Fault::input, "file:line: ..").
tls::ServerProfile read_tls(const xml::Element& tls);
fake::WireTap read_tap(const xml::Element& tap);
fake::SayTls read_alert(const xml::Element& alert);
// As often as it says.
std::vector<fake::Step> read_tls_messages(const xml::Element& message);

// What they state against what the client's mode makes of it.
void check_tls(const xml::Element& root, words::Mode mode);

}  // namespace startle::cases
