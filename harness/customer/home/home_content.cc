#include "harness/customer/home/home_content.h"

#include <array>
#include <utility>

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

FileContent encoded(Encoded encoding, std::string_view bytes) {
  if (encoding.format.empty()) {
    // With its BEGIN and END lines it is PEM.
    if (const auto label = first_label(bytes); !label.empty()) return pem(bytes, label);
    return {.name = "a certificate in base64 without its BEGIN and END lines"};
  }
  std::string name = "a " + encoding.format + " key store in " + encoding.how;
  if (!encoding.whole) name += " that is cut off or changed";
  return {.kind = Kind::encoded, .name = std::move(name), .encoding = std::move(encoding)};
}

}  // namespace

FileContent content_of(std::string_view bytes) {
  const std::string format = format_of(bytes);
  if (!format.empty()) return {.kind = format == "JCEKS" ? Kind::jceks : Kind::store};
  if (is_certificate(bytes)) {
    return {.kind = Kind::der_certificate, .name = "a certificate in DER"};
  }
  for (const Magic& magic : kMagics) {
    if (bytes.starts_with(magic.bytes)) return {.name = magic.name};
  }
  if (auto filter = filtered_with(bytes)) return {.kind = Kind::garbled, .name = *filter};
  if (auto encoding = read_encoded(bytes)) return encoded(std::move(*encoding), bytes);
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
