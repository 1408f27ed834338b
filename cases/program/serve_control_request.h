#pragma once
// One line of `startle serve --control`, as serve_control.h has them: what is asked for.

#include <string>
#include <variant>

#include "cases/program/serve_offer.h"
#include "harness/net/line_input.h"
#include "harness/report/json_value.h"

namespace startle::program {

struct StopRequest {
  report::Json id{};  // whatever stands there
};

// `defaults` is what a start does not state. Throws Error(Fault::usage) with a sentence in which at
// most a line of the request stands.
std::variant<ServeRequest, StopRequest> control_request(const net::Line& line,
                                                        const ServeRequest& defaults);

// As a complaint has it: the value, or its beginning.
std::string shown(const report::Json& value);

}  // namespace startle::program
