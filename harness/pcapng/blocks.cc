#include "harness/pcapng/blocks.h"

#include <algorithm>
#include <cstdint>

namespace startle::pcapng {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kDecryptionSecrets = 10;

constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kComment = 1;
constexpr std::uint16_t kApplication = 4;     // of a section
constexpr std::uint16_t kName = 2;            // of an interface
constexpr std::uint16_t kTimeResolution = 9;  // so

constexpr std::uint16_t kLinkTypeRaw = 101;
constexpr std::uint32_t kTlsKeyLog = 0x544c534b;  // "TLSK"

std::string little_endian(std::uint64_t value, unsigned octets) {
  std::string bytes;
  for (unsigned i = 0; i < octets; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

// To a multiple of four.
std::string padded(std::string_view bytes) {
  return std::string(bytes).append((4 - bytes.size() % 4) % 4, '\0');
}

// None where there is no value.
std::string option(std::uint16_t code, std::string_view value) {
  if (value.empty()) return "";
  constexpr std::size_t kLongest = 0xffff;
  if (value.size() > kLongest) {
    value = value.substr(0, kLongest);
    // A character is not cut in two.
    const auto goes_on = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; };
    while (!value.empty() && goes_on(value.back())) value.remove_suffix(1);
    value.remove_suffix(value.empty() ? 0 : 1);
  }
  return little_endian(code, 2) + little_endian(value.size(), 2) + padded(value);
}

std::string ended(std::string options) {
  return options.empty() ? options : options + little_endian(kEndOfOptions, 4);
}

std::string block(std::uint32_t type, const std::string& body) {
  const std::string length = little_endian(body.size() + 12, 4);
  return little_endian(type, 4) + length + body + length;
}

}  // namespace

std::string section_header(std::string_view application, std::string_view comment) {
  const std::string byte_order = little_endian(0x1a2b3c4d, 4);
  const std::string version = little_endian(1, 2) + little_endian(0, 2);
  const std::string length(8, '\xff');  // not stated: it is written as it goes
  return block(kSectionHeader,
               byte_order + version + length +
                   ended(option(kComment, comment) + option(kApplication, application)));
}

std::string interface_of_ip(std::string_view name) {
  const std::string no_limit(4, '\0');
  return block(
      kInterfaceDescription,
      little_endian(kLinkTypeRaw, 4) + no_limit +
          ended(option(kName, name) + option(kTimeResolution, std::string_view("\x09", 1))));
}

std::string enhanced_packet(Time at, std::string_view packet, std::string_view comment) {
  const auto time = static_cast<std::uint64_t>(at.time_since_epoch().count());
  const std::string length = little_endian(packet.size(), 4);
  const std::string interface(4, '\0');
  return block(kEnhancedPacket, interface + little_endian(time >> 32U, 4) +
                                    little_endian(time & 0xffffffffU, 4) + length + length +
                                    padded(packet) + ended(option(kComment, comment)));
}

std::string tls_secrets(std::string_view key_log) {
  return block(kDecryptionSecrets,
               little_endian(kTlsKeyLog, 4) + little_endian(key_log.size(), 4) + padded(key_log));
}

}  // namespace startle::pcapng
