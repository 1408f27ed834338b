#pragma once
// OpenSSL's libcrypto, which reads what GnuTLS cannot: the attribute that makes a certificate in a
// PKCS #12 file a trusted one for Java. It gets a library context of its own, so that nothing
// outside the reading of stores sees which providers are loaded, and no configuration file decides
// what is read.

#include <openssl/bio.h>
#include <openssl/pkcs12.h>

#include <memory>
#include <string>
#include <string_view>

namespace startle::customer {

template <class T, auto free>
struct FreeWith {
  void operator()(T* object) const { free(object); }
};
template <class T, auto free>
using Owned = std::unique_ptr<T, FreeWith<T, free>>;

using Bio = Owned<BIO, BIO_free_all>;

// The providers `default` and, where it is installed, `legacy`: RC2 of 40 bits, which Java up to 8
// and
// `-J-Dkeystore.pkcs12.legacy` encrypt certificates with. Made once.
OSSL_LIB_CTX* store_library();

std::string sha1(std::string_view bytes);

// Takes the errors that OpenSSL noted in this scope off the thread's queue.
class OpensslErrors {
 public:
  OpensslErrors();
  ~OpensslErrors();
  OpensslErrors(const OpensslErrors&) = delete;
  OpensslErrors& operator=(const OpensslErrors&) = delete;
};

}  // namespace startle::customer
