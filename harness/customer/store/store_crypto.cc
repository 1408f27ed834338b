#include "harness/customer/store/store_crypto.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <array>

#include "harness/base/error.h"

namespace startle::customer {
namespace {

class LibraryContext {
 public:
  LibraryContext() {
    // Before the context, so that OpenSSL's own clean-up at exit comes after it.
    OPENSSL_init_crypto(0, nullptr);
    context_.reset(OSSL_LIB_CTX_new());
    default_.reset(OSSL_PROVIDER_load(context_.get(), "default"));
    legacy_.reset(OSSL_PROVIDER_load(context_.get(), "legacy"));
    ERR_clear_error();
    if (!context_ || !default_) throw Error(Fault::internal, "OpenSSL: no default provider");
  }
  OSSL_LIB_CTX* context() const { return context_.get(); }

 private:
  Owned<OSSL_LIB_CTX, OSSL_LIB_CTX_free> context_{};
  Owned<OSSL_PROVIDER, OSSL_PROVIDER_unload> default_{};
  Owned<OSSL_PROVIDER, OSSL_PROVIDER_unload> legacy_{};
};

}  // namespace

OSSL_LIB_CTX* store_library() {
  static const LibraryContext library;
  return library.context();
}

std::string sha1(std::string_view bytes) {
  const OpensslErrors errors;
  std::array<char, 20> digest{};
  if (EVP_Q_digest(store_library(), "SHA1", nullptr, bytes.data(), bytes.size(),
                   reinterpret_cast<unsigned char*>(digest.data()), nullptr) != 1) {
    throw Error(Fault::internal, "OpenSSL: SHA-1 failed");
  }
  return {digest.data(), digest.size()};
}

OpensslErrors::OpensslErrors() {
  ERR_set_mark();
}

OpensslErrors::~OpensslErrors() {
  ERR_pop_to_mark();
}

}  // namespace startle::customer
