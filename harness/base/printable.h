#pragma once
// Bytes from a peer, made fit to be shown: on a terminal, in JSON and in XML alike.

#include <string>
#include <string_view>

namespace startle {

// Keeps printable ASCII and well-formed UTF-8 (RFC 3629); writes every other byte as \xNN: control
// characters (C0, DEL, C1), the non-characters U+FFFE and U+FFFF, broken sequences.
std::string printable(std::string_view bytes);

}  // namespace startle
