#pragma once
// How a client ended, as far as its server can tell: it has seen what was said, and not why. What
// that is worth is the judge's business (judge.h).

#include <optional>
#include <string>
#include <vector>

#include "cases/engine/exchange.h"
#include "fake-servers/dialogue/observation.h"
#include "harness/words/words.h"

namespace startle::cases {

struct Witnessed {
  // The endings that what was seen leaves open.
  std::vector<words::Ending> possible{};
  // The one it was, where that shows: `refused` where the client refused the certificate and named
  // no reason.
  std::optional<words::Ending> ending{};
  // It has refused the certificate, and by its alert for one of these reasons; empty: for any.
  bool refused_certificate = false;
  std::vector<words::Ending> named{};
  bool silent = false;  // it has said nothing that a client would: perhaps it was none
  // It left where both a client that refuses the certificate and one that has accepted it may leave
  // (RFC 3207, 4.1).
  bool left_untold = false;
  std::vector<words::Ending> shown{};  // and yet it is seen to have come to one of these, if any
  // It authenticated and left, refused nothing: it may have wanted no more.
  bool only_logged_in = false;
  std::string what{};  // "the client left before TLS", a clause behind "but"
};

Witnessed witnessed(const Exchange& exchange, const fake::Observation& seen);

}  // namespace startle::cases
