#include "certs/der.h"

#include <cstddef>

#include "harness/base/error.h"

namespace startle::certs::der {
namespace {

[[noreturn]] void refuse(const char* why) {
  throw Error(Fault::internal, std::string("DER: ") + why);
}

}  // namespace

std::string element(unsigned char tag, std::string_view content) {
  std::string length;
  for (std::size_t left = content.size(); left > 0; left >>= 8) {
    length.insert(length.begin(), static_cast<char>(left & 0xff));
  }
  std::string out(1, static_cast<char>(tag));
  if (content.size() < 0x80) {
    out += static_cast<char>(content.size());
  } else {
    out += static_cast<char>(0x80 | length.size());
    out += length;
  }
  out += content;
  return out;
}

Element read(std::string_view bytes) {
  if (bytes.size() < 2) refuse("an element is cut off");
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if ((octet(0) & 0x1f) == 0x1f) refuse("a tag of several bytes");
  std::size_t header = 2;
  std::size_t length = octet(1);
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7f;
    if (octets == 0 || octets > 4) refuse("an indefinite or absurd length");
    if (bytes.size() < 2 + octets) refuse("an element is cut off");
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8 | octet(2 + i);
    if (length < 0x80 || octet(2) == 0) refuse("a length that is not the shortest");
    header += octets;
  }
  if (bytes.size() - header < length) refuse("an element is cut off");
  return {.tag = octet(0),
          .content = bytes.substr(header, length),
          .rest = bytes.substr(header + length)};
}

std::string with_broken_signature(std::string certificate) {
  // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue BIT STRING }
  const Element whole = read(certificate);
  if (whole.tag != kSequence || !whole.rest.empty()) refuse("not a certificate");
  const Element signature = read(read(read(whole.content).rest).rest);
  if (signature.tag != kBitString || signature.content.size() < 2 || !signature.rest.empty()) {
    refuse("a certificate without a signature");
  }
  certificate.back() = static_cast<char>(static_cast<unsigned char>(certificate.back()) ^ 1U);
  return certificate;
}

}  // namespace startle::certs::der
