#pragma once
// The Certificate message of a TLS handshake: what a peer sends of itself, before anybody has an
// opinion about it.

#include <string>
#include <string_view>
#include <vector>

namespace startle::tls {

// The certificates of a message's body as they were sent, whether or not they can be read: of TLS
// 1.3 (RFC 8446, 4.4.2: behind a context, each with extensions) or earlier (RFC 5246, 7.4.2). Where
// the body is malformed, those before that place.
std::vector<std::string> certificates_of(std::string_view body, bool tls_1_3);

}  // namespace startle::tls
