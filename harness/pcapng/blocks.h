#pragma once
// The blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, each whole: a file is one
// section_header(), one interface_of_ip(), then any of the others in any number, so it can be
// written as it goes and read however it ends.

#include <chrono>
#include <string>
#include <string_view>

namespace startle::pcapng {

// Of the machine's epoch, as capture files have it.
using Time = std::chrono::sys_time<std::chrono::nanoseconds>;

// Comments are UTF-8, and what is longer than 65535 octets is cut off; empty: none.
std::string section_header(std::string_view application, std::string_view comment);

// What carries IPv4 and IPv6 packets and nothing around them (LINKTYPE_RAW), with times in
// nanoseconds.
std::string interface_of_ip(std::string_view name);

// Of the first interface.
std::string enhanced_packet(Time at, std::string_view packet, std::string_view comment = {});

// Lines of a TLS key log. They stand before the packets that they decrypt.
std::string tls_secrets(std::string_view key_log);

}  // namespace startle::pcapng
