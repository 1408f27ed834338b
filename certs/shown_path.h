#pragma once
// The path from the end entity of a chain that was read to a trust anchor (RFC 5280, 6.1): by names
// and signatures, where certification_path.h goes by what a recipe declares.

#include <vector>

#include "certs/shown_flaws.h"
#include "certs/x509.h"
#include "harness/oracle/facts.h"

namespace startle::certs {

struct ShownPath {
  oracle::Path end = oracle::Path::unknown_anchor;
  std::vector<ReadAuthority> authorities{};  // the end entity's issuer first, the anchor excluded
  X509* anchor = nullptr;                    // null: none was reached, or the end entity is one
  // Of the end entity: `issuer` is its own, null where nobody at hand is it.
  X509* issuer = nullptr;
  bool signature_valid = true;
  bool signature_checkable = false;  // the issuer was sent, or is the end entity itself
};

// Of several that lead to an anchor, the one whose authorities have the fewest flaws. Bounded: a
// list made to have very many paths is not searched through. `sent` is not empty, and all outlive
// what is returned.
ShownPath find_shown_path(const std::vector<X509Handle>& sent,
                          const std::vector<X509Handle>& anchors);

}  // namespace startle::certs
