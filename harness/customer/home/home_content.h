#pragma once
// What a file is that ought to be a key store, told from its first bytes, for people who put a
// certificate, a download or a backup in its place.

#include <string>
#include <string_view>

#include "harness/customer/home/home_encoding.h"

namespace startle::customer {

struct FileContent {
  enum class Kind {
    store,            // JKS or PKCS #12 by its first bytes: nothing further is claimed
    jceks,            // the same
    pem_certificate,  // keytool -importcert takes it as it is
    der_certificate,  // and this
    encoded,          // a store in another encoding
    garbled,          // once a store: nothing makes one of it again
    other,
  };
  Kind kind = Kind::other;
  // "a certificate in PEM", "a zip archive"; "a JKS key store in base64"; of one that is garbled
  // what stands in it for what it had; of a store ""
  std::string name{};
  Encoded encoding{};  // of one that is encoded
};

FileContent content_of(std::string_view bytes);

// keytool imports the first certificate of such a file as it stands.
constexpr bool is_for_keytool(FileContent::Kind kind) {
  return kind == FileContent::Kind::pem_certificate || kind == FileContent::Kind::der_certificate;
}

}  // namespace startle::customer
