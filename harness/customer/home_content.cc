#include "harness/customer/home_content.h"

#include <array>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/tls/credentials.h"

namespace startle::customer {
namespace {

using namespace std::string_view_literals;
using Kind = FileContent::Kind;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kBegin = "-----BEGIN ";

bool is_certificate(std::string_view bytes) {
  try {
    tls::certificate_from_der(std::string(bytes));
    return true;
  } catch (const Error&) {
    return false;
  }
}

bool is_text(std::string_view bytes) {
  for (const char c : bytes) {
    if ((c >= 0 && c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f) return false;
  }
  return true;
}

// What stands between the first -----BEGIN and its dashes; "" where there is none.
std::string_view first_label(std::string_view bytes) {
  const std::size_t begin = bytes.find(kBegin);
  if (begin == std::string_view::npos) return "";
  const std::string_view label = bytes.substr(begin + kBegin.size());
  return label.substr(0, label.find("-----"));
}

// keytool refuses a byte order mark, and a file in which a private key stands beside the
// certificate.
FileContent pem(std::string_view bytes, std::string_view label) {
  if (bytes.find("PRIVATE KEY-----") != std::string_view::npos) {
    return {.name = "a private key in PEM"};
  }
  if (label == "CERTIFICATE") {
    if (bytes.starts_with(kByteOrderMark)) {
      return {.name = "a certificate in PEM behind a byte order mark"};
    }
    return {.kind = Kind::pem_certificate, .name = "a certificate in PEM"};
  }
  if (label == "TRUSTED CERTIFICATE") return {.name = "a certificate in OpenSSL's own PEM"};
  if (label == "PKCS7") return {.name = "a PKCS #7 file in PEM"};
  if (label.ends_with("CERTIFICATE REQUEST")) return {.name = "a certificate request in PEM"};
  return {.name = "a PEM file without a certificate"};
}

struct Magic {
  std::string_view bytes;
  const char* name;
};
constexpr std::array kMagics{Magic{"PK\x03\x04", "a zip archive"},
                             Magic{"\x1f\x8b", "a gzip archive"},
                             Magic{"\x7f"
                                   "ELF",
                                   "a program"},
                             Magic{"\0\0\0\1"sv, "a key store of Bouncy Castle (BKS)"},
                             Magic{"\0\0\0\2"sv, "a key store of Bouncy Castle (BKS)"},
                             Magic{"%PDF-", "a PDF document"}};

// PFX ::= SEQUENCE { version INTEGER (3), .. } (RFC 7292, 4), its length in any form.
bool begins_as_pkcs12(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[0] != '\x30') return false;
  const auto length = static_cast<unsigned char>(bytes[1]);
  const std::size_t head = length <= 0x80 ? 2 : 2 + (length - 0x80U);
  return bytes.size() > head && bytes.substr(head).starts_with("\x02\x01\x03"sv);
}

}  // namespace

FileContent content_of(std::string_view bytes) {
  if (bytes.starts_with("\xfe\xed\xfe\xed") || begins_as_pkcs12(bytes)) {
    return {.kind = Kind::store};
  }
  if (bytes.starts_with("\xce\xce\xce\xce")) return {.kind = Kind::jceks};
  if (is_certificate(bytes)) {
    return {.kind = Kind::der_certificate, .name = "a certificate in DER"};
  }
  for (const Magic& magic : kMagics) {
    if (bytes.starts_with(magic.bytes)) return {.name = magic.name};
  }
  if (is_text(bytes)) {
    if (const auto label = first_label(bytes); !label.empty()) return pem(bytes, label);
    const std::size_t first = bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    if (first == std::string_view::npos) return {.name = "blank text"};
    return {.name = bytes[first] == '<' ? "an HTML or XML document" : "plain text"};
  }
  const std::string_view start = bytes.substr(0, 8);
  return {.name = "something unknown (its first bytes are " + to_hex(start) + ")"};
}

}  // namespace startle::customer
