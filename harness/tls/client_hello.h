#pragma once
// The ClientHello as it came, before GnuTLS has an opinion about it.

#include <cstdint>
#include <optional>
#include <string_view>

namespace startle::tls {

// The content of the extension of this type in a ClientHello's body (RFC 8446, 4.1.2): a part of
// `body`. nullopt: there is none, or the body is malformed.
std::optional<std::string_view> extension_in(std::string_view body, std::uint16_t type);

// The host name of the server_name extension (RFC 6066, 3) in a ClientHello's body: a part of
// `body`, whatever octets it has. nullopt: there is none, or the body is malformed.
std::optional<std::string_view> server_name_in(std::string_view body);

}  // namespace startle::tls
