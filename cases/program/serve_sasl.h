#pragma once
// `--mechanisms LIST` and `--sasl-lie LIE`: what a server offers inside TLS, and how it lies when
// it is taken up on that.

#include <string>

#include "cases/engine/exchange.h"
#include "harness/words/words.h"

namespace startle::program {

// Names parted by spaces; "": none. Only such as a server here plays: a case in a FILE may offer
// others. With EXTERNAL the server asks for a certificate, and has one for its client. `option`
// names it in complaints. Throws Error(Fault::usage).
void set_mechanisms(cases::Exchange& exchange, const std::string& list, const std::string& option);

// Behind set_mechanisms: what is offered has to have a place for the lie. `mechanisms_option` is
// what could mend that. Throws Error(Fault::usage).
void set_lie(cases::Exchange& exchange, const std::string& lie, const std::string& option,
             const std::string& mechanisms_option);

// "no-signature, wrong-signature, .."
std::string lies_of(words::Protocol protocol);

}  // namespace startle::program
