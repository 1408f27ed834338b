#pragma once
// How a handshake came to its end, from what the peer, the network or GnuTLS says.

#include <optional>
#include <string>
#include <string_view>

#include "harness/tls/session.h"

namespace startle::tls {

// The first byte of a TLS record, from change_cipher_spec(20) to application_data(23): whether one
// may open a handshake is for GnuTLS to say.
bool opens_record(char first);

// The alert that is the last of `records`, when it stands there in plain text (RFC 8446, 5.1). A
// TLS 1.3 client that refuses a certificate before it has begun to encrypt, as OpenSSL does, says
// so in plain text, and GnuTLS sees no more in it than a record that does not decrypt.
std::optional<unsigned> plain_alert(std::string_view records);

// A failure of GnuTLS, for a person.
std::string text_of_error(int error);

// What a server's GnuTLS stumbles over by itself: names in SNI that it does not like (RFC 6066, 3
// has a server pass over them), keys it cannot sign with.
bool is_own_failure(int error);

// Of a status that is not ok.
HandshakeEnd end_of(net::IoStatus status);
const char* text_of(net::IoStatus status);

}  // namespace startle::tls
