#pragma once
// Whether a certificate names the server that is looked for: RFC 9525, 6.3 and 6.4, as `documented`
// and `pkix` want it.

#include <string_view>

#include "harness/oracle/facts.h"

namespace startle::oracle {

enum class Match {
  no,
  // A wildcard over a whole top-level domain (`*.test` for `example.test`) would match by 6.3, but
  // 7.1 leaves such wildcards open, and libraries differ: a client may go either way.
  debatable,
  yes,
};

// The best match of any presented identity with `reference`: a host name (one final dot does not
// count, U-labels count as A-labels) or an IP literal. Anything else matches nothing.
Match match(std::string_view reference, const PresentedIdentity& presented);

}  // namespace startle::oracle
