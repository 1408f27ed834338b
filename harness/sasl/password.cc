#include "harness/sasl/password.h"

#include <gnutls/crypto.h>

#include <algorithm>
#include <array>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/sasl/gsasl.h"

namespace startle::sasl {
namespace {

// Neither mapped nor forbidden: the profile leaves such text as it is.
bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

std::optional<std::string> prepared(std::string_view text) {
  if (is_plain_ascii(text)) return std::string(text);
  const std::string given(text);
  if (given.find('\0') != std::string::npos) return std::nullopt;
  char* made = nullptr;
  // GSASL_ALLOW_UNASSIGNED of 2.2.0 has the opposite effect of its name: it refuses them.
  const int status = gsasl_saslprep(given.c_str(), Gsasl_saslprep_flags{}, &made, nullptr);
  const GsaslString owned(made);
  if (status != GSASL_OK || *owned == '\0') return std::nullopt;
  return std::string(owned.get());
}

bool is_same_prepared(std::string_view kept, std::string_view given) {
  if (kept == given) return true;
  if (is_plain_ascii(kept) && is_plain_ascii(given)) return false;
  const auto form = prepared(kept);
  return form && form == prepared(given);
}

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
