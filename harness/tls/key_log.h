#pragma once
// The secrets of TLS sessions as other programs take them, Wireshark among them: lines of the NSS
// key log format (draft-ietf-tls-keylogfile), each with its end.

#include <functional>
#include <string>
#include <string_view>

namespace startle::tls {

using KeyLog = std::function<void(const std::string& line)>;

// "CLIENT_RANDOM 00.. 00..\n", with both in hex.
std::string key_log_line(std::string_view label, std::string_view client_random,
                         std::string_view secret);

}  // namespace startle::tls
