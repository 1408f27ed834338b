#pragma once
// What Java makes of the certificates in a trust store, beyond RFC 5280, 6.1.1 (d), and of those
// that are sent (all measured on 17.0.15).

#include <string>
#include <vector>

#include "harness/oracle/facts.h"

namespace startle::certs {

// Why Java takes nothing that this anchor has issued: `not_ca` ("TrustAnchor with subject .. is not
// a CA certificate"), `no_cert_sign` (".. does not have keyCertSign bit set in KeyUsage
// extension"). One of version 1 is an authority.
oracle::Flaw anchor_flaw(const std::string& der);

// Those of `held_der` under which Java takes what they have issued: without a flaw, or
// `end_entity_der` itself, as what is found is accepted as it is.
std::vector<std::string> issuing_anchors(std::vector<std::string> held_der,
                                         const std::string& end_entity_der);

// Those that Java finds for the certificates that are sent: not one whose key identifier is another
// than those name of their issuer ("Path does not chain with any of the trust anchors").
std::vector<std::string> found_anchors(std::vector<std::string> held_der,
                                       const std::vector<std::string>& sent_der);

// What Java's parser refuses of the certificates behind the first, wherever a path leads.
oracle::Flaw unread_authority(const std::vector<std::string>& sent_der);

}  // namespace startle::certs
