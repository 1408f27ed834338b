#include "harness/customer/store/certificate_text.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>

#include "harness/base/bytes.h"
#include "harness/base/printable.h"
#include "harness/base/text.h"
#include "harness/customer/store/store_crypto.h"

namespace startle::customer {

std::string name_text(const X509_NAME* name) {
  const OpensslErrors errors;
  const Bio out(BIO_new(BIO_s_mem()));
  // RFC 4514, but in the order of the certificate, and with UTF-8 as it is.
  constexpr unsigned long kForm =
      XN_FLAG_RFC2253 & ~static_cast<unsigned long>(XN_FLAG_DN_REV | ASN1_STRFLGS_ESC_MSB);
  if (X509_NAME_print_ex(out.get(), name, 0, kForm) < 0) return "a name that cannot be read";
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  if (size <= 0) return "an empty name";
  return printable({text, static_cast<std::size_t>(size)});
}

std::string fingerprint_text(const std::string& der) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(der.data(), der.size(), digest.data(), &size, EVP_sha256(), nullptr);
  const std::string hex = to_hex({reinterpret_cast<const char*>(digest.data()), size});
  std::string text = "SHA-256 ";
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    text += (i == 0 ? "" : ":") + ascii_upper(hex.substr(i, 2));
  }
  return text;
}

std::string subject_of(const std::string& der) {
  const OpensslErrors errors;
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const Owned<X509, X509_free> read(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return read ? name_text(X509_get_subject_name(read.get())) : "";
}

}  // namespace startle::customer
