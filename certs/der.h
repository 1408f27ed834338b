#pragma once
// As much of DER (X.690, 10) as certificates that must lie need: elements written byte for byte,
// and read again. GnuTLS's own setters correct what they are given.

#include <chrono>
#include <string>
#include <string_view>

namespace startle::certs::der {

inline constexpr unsigned char kBoolean = 0x01;
inline constexpr unsigned char kInteger = 0x02;
inline constexpr unsigned char kBitString = 0x03;
inline constexpr unsigned char kOctetString = 0x04;
inline constexpr unsigned char kNull = 0x05;
inline constexpr unsigned char kEnumerated = 0x0a;
inline constexpr unsigned char kUtf8String = 0x0c;
inline constexpr unsigned char kIa5String = 0x16;
inline constexpr unsigned char kUtcTime = 0x17;
inline constexpr unsigned char kGeneralizedTime = 0x18;
inline constexpr unsigned char kBmpString = 0x1e;
inline constexpr unsigned char kSequence = 0x30;
inline constexpr unsigned char kSet = 0x31;

// Tag, shortest definite length, content.
std::string element(unsigned char tag, std::string_view content);

std::string sequence(std::string_view content);

// Of 0 .. 2^31-1.
std::string integer(int value);

// "1.3.6.1.5.5.7.3.1". Throws Error(Fault::internal) on anything else.
std::string object_identifier(std::string_view dotted);

// `content` in whole octets.
std::string bit_string(std::string_view content);

// The NamedBitList of `bits`, bit 0 the highest of the first octet, without trailing zeros
// (X.690, 11.2.2).
std::string named_bits(unsigned bits);

// As tag says: UTCTime has two digits of the year, GeneralizedTime four (RFC 5280, 4.1.2.5).
std::string time(unsigned char tag, std::chrono::sys_seconds time);

// The first element of some bytes, as views into them.
struct Tlv {
  unsigned char tag = 0;
  std::string_view content{};
  std::string_view rest{};  // what follows it
};

// Throws Error(Fault::internal) on anything but a whole DER element of a one-byte tag.
Tlv read(std::string_view bytes);

}  // namespace startle::certs::der
