#include "certs/brainpool_key.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "harness/base/error.h"
#include "harness/customer/store/store_crypto.h"

namespace startle::certs {
namespace {

using Key = customer::Owned<EVP_PKEY, EVP_PKEY_free>;
using DigestContext = customer::Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

// FOR TESTS ONLY: everybody has this key. Made with `openssl ecparam -genkey -name
// brainpoolP256r1`.
constexpr std::string_view kPem = R"(-----BEGIN PRIVATE KEY-----
MIGIAgEAMBQGByqGSM49AgEGCSskAwMCCAEBBwRtMGsCAQEEIDYEYl+eGOQ6r00p
ZPtJgnyJF0s3dohzV9wRLQLkEvBMoUQDQgAEH+DuEYOjbXiQW32GEELrmpbJJ30D
RhI9nX60XRFLIHWPHamnSAOb8+f2lxwacwI01kQspWX/McX0rRW0X2GOeA==
-----END PRIVATE KEY-----
)";

[[noreturn]] void fail(const char* what) {
  throw Error(Fault::tls_library,
              std::string("libcrypto: ") + what + " failed for a Brainpool key");
}

const Key& brainpool_key() {
  static const Key key = [] {
    const customer::OpensslErrors errors;
    const customer::Bio pem(BIO_new_mem_buf(kPem.data(), static_cast<int>(kPem.size())));
    Key read(PEM_read_bio_PrivateKey_ex(pem.get(), nullptr, nullptr, nullptr,
                                        customer::store_library(), nullptr));
    if (!read) fail("PEM_read_bio_PrivateKey_ex");
    return read;
  }();
  return key;
}

}  // namespace

tls::PrivateKey brainpool_handle() {
  return tls::make<tls::PrivateKey>(gnutls_x509_privkey_init, "gnutls_x509_privkey_init");
}

bool is_brainpool(gnutls_x509_privkey_t key) {
  return gnutls_x509_privkey_get_pk_algorithm(key) == GNUTLS_PK_UNKNOWN;
}

std::string brainpool_signature(const char* digest, std::string_view bytes) {
  const customer::OpensslErrors errors;
  const DigestContext context(EVP_MD_CTX_new());
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t size = 0;
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, digest, customer::store_library(), nullptr,
                            brainpool_key().get(), nullptr) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, data, bytes.size()) != 1) {
    fail("EVP_DigestSign");
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data,
                     bytes.size()) != 1) {
    fail("EVP_DigestSign");
  }
  signature.resize(size);
  return signature;
}

std::string brainpool_public_key() {
  const customer::OpensslErrors errors;
  const int size = i2d_PUBKEY(brainpool_key().get(), nullptr);
  if (size <= 0) fail("i2d_PUBKEY");
  std::string info(static_cast<std::size_t>(size), '\0');
  auto* at = reinterpret_cast<unsigned char*>(info.data());
  if (i2d_PUBKEY(brainpool_key().get(), &at) != size) fail("i2d_PUBKEY");
  return info;
}

}  // namespace startle::certs
