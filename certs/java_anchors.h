#pragma once
// What Java makes of the certificates in a trust store, beyond RFC 5280, 6.1.1 (d).

#include <string>
#include <vector>

namespace startle::certs {

// Those of `held_der` under which Java takes what they have issued. One of version 3 without cA it
// refuses ("TrustAnchor with subject .. is not a CA certificate", measured on 17.0.15; of version 1
// it is an authority), unless it is `end_entity_der` itself: what is found is accepted as it is.
std::vector<std::string> issuing_anchors(std::vector<std::string> held_der,
                                         const std::string& end_entity_der);

}  // namespace startle::certs
