#include "harness/sasl/cram_md5.h"

#include <gnutls/crypto.h>

#include <array>

#include "harness/base/bytes.h"
#include "harness/base/error.h"

namespace startle::sasl {

std::string cram_md5_digest(std::string_view password, std::string_view challenge) {
  std::array<char, 16> made{};
  const int status = gnutls_hmac_fast(GNUTLS_MAC_MD5, password.data(), password.size(),
                                      challenge.data(), challenge.size(), made.data());
  if (status < 0) {
    throw Error(Fault::system, std::string("GnuTLS does not compute: ") + gnutls_strerror(status));
  }
  return to_hex({made.data(), made.size()});
}

}  // namespace startle::sasl
