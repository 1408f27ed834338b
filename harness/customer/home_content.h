#pragma once
// What a file is that ought to be a key store, told from its first bytes, for people who put a
// certificate, a download or a backup in its place.

#include <string>
#include <string_view>

namespace startle::customer {

struct FileContent {
  enum class Kind {
    store,            // JKS or PKCS #12 by its first bytes: nothing further is claimed
    jceks,            // the same
    pem_certificate,  // keytool -importcert takes it as it is
    der_certificate,  // and this
    other,
  };
  Kind kind = Kind::other;
  std::string name{};  // "a certificate in PEM", "a zip archive"; of a store ""
};

FileContent content_of(std::string_view bytes);

}  // namespace startle::customer
