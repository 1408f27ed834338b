#pragma once
// As much of DER (X.690, 10) as certificates that must lie need: writing an element byte for byte,
// and finding the signature of a certificate. GnuTLS's own setters correct what they are given.

#include <string>
#include <string_view>

namespace startle::certs::der {

inline constexpr unsigned char kBitString = 0x03;
inline constexpr unsigned char kSequence = 0x30;

// Tag, shortest definite length, content.
std::string element(unsigned char tag, std::string_view content);

// The first element of some bytes, as views into them.
struct Element {
  unsigned char tag = 0;
  std::string_view content{};
  std::string_view rest{};  // what follows it
};

// Throws Error(Fault::internal) on anything but a whole DER element of a one-byte tag.
Element read(std::string_view bytes);

// `certificate` with the last bit of its signature inverted. Signatures of every kind stay
// well-formed: that bit is inside ECDSA's second integer, RSA's number, EdDSA's S.
std::string with_broken_signature(std::string certificate);

}  // namespace startle::certs::der
