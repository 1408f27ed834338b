#pragma once
// One exchange with a server before it is loaded: what it is like, whether its certificate is
// trusted, and where its name leads. A load that resolved the name each time would measure the
// resolver.

#include <optional>

#include "harness/client/outcome.h"
#include "harness/client/settings.h"
#include "harness/net/connect.h"

namespace startle::program {

struct FirstLook {
  client::Outcome seen{};             // as far as TLS
  std::optional<net::Endpoint> at{};  // nothing: it was not connected to
};

// With the settings' time-outs.
FirstLook look_at(const client::Settings& settings);

}  // namespace startle::program
