#include "harness/tls/client_certificate.h"

#include <gnutls/pkcs12.h>

#include <array>
#include <utility>
#include <vector>

#include "harness/base/file.h"

namespace startle::tls {
namespace {

constexpr std::size_t kLongestFile = 1 << 20;

using Pkcs12 = Handle<gnutls_pkcs12_t, gnutls_pkcs12_deinit>;
using Bag = Handle<gnutls_pkcs12_bag_t, gnutls_pkcs12_bag_deinit>;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw Error(Fault::input, file.string() + ": " + why);
}

gnutls_datum_t datum(const std::string& bytes) {
  // GnuTLS only reads through this pointer.
  return {.data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data())),
          .size = static_cast<unsigned>(bytes.size())};
}

// A list of certificates as GnuTLS allocates it.
class CertificateList {
 public:
  CertificateList() = default;
  ~CertificateList() {
    for (unsigned i = 0; i < size; ++i) gnutls_x509_crt_deinit(list[i]);
    gnutls_free(list);
  }
  CertificateList(const CertificateList&) = delete;
  CertificateList& operator=(const CertificateList&) = delete;

  std::vector<std::string> ders() const {
    std::vector<std::string> all;
    for (unsigned i = 0; i < size; ++i) {
      gnutls_datum_t der{};
      check(gnutls_x509_crt_export2(list[i], GNUTLS_X509_FMT_DER, &der), "gnutls_x509_crt_export2");
      all.emplace_back(reinterpret_cast<const char*>(der.data), der.size);
      gnutls_free(der.data);
    }
    return all;
  }

  gnutls_x509_crt_t* list = nullptr;
  unsigned size = 0;
};

using KeyId = std::array<unsigned char, 20>;  // SHA-1 of the public key

bool matches(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key) {
  KeyId of_certificate{};
  KeyId of_key{};
  std::size_t size = of_certificate.size();
  check(
      gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA1, of_certificate.data(), &size),
      "gnutls_x509_crt_get_key_id");
  size = of_key.size();
  check(gnutls_x509_privkey_get_key_id(key, GNUTLS_KEYID_USE_SHA1, of_key.data(), &size),
        "gnutls_x509_privkey_get_key_id");
  return of_certificate == of_key;
}

PrivateKey key_from_pem(const std::filesystem::path& file, const std::string& pem,
                        const std::optional<std::string>& password) {
  if (pem.find("PRIVATE KEY-----") == std::string::npos) refuse(file, "holds no private key (PEM)");
  auto key = make<PrivateKey>(gnutls_x509_privkey_init, "gnutls_x509_privkey_init");
  const gnutls_datum_t bytes = datum(pem);
  const int rc = gnutls_x509_privkey_import2(key.get(), &bytes, GNUTLS_X509_FMT_PEM,
                                             password ? password->c_str() : nullptr, 0);
  if (rc >= 0) return key;
  const bool locked = pem.find("ENCRYPTED") != std::string::npos;
  if (locked && !password) refuse(file, "the private key is encrypted: it needs its password");
  if (locked) refuse(file, "the password does not open the private key");
  refuse(file, std::string("the private key cannot be read: ") + gnutls_strerror(rc));
}

// What is missing from a store out of which GnuTLS could make no pair of key and certificate.
std::string what_is_missing(gnutls_pkcs12_t store, const std::string& password) {
  bool has_key = false;
  bool has_certificate = false;
  for (int i = 0;; ++i) {
    const auto bag = make<Bag>(gnutls_pkcs12_bag_init, "gnutls_pkcs12_bag_init");
    if (gnutls_pkcs12_get_bag(store, i, bag.get()) < 0) break;
    if (gnutls_pkcs12_bag_get_type(bag.get(), 0) == GNUTLS_BAG_ENCRYPTED) {
      gnutls_pkcs12_bag_decrypt(bag.get(), password.c_str());
    }
    for (int n = 0; n < gnutls_pkcs12_bag_get_count(bag.get()); ++n) {
      const int type = gnutls_pkcs12_bag_get_type(bag.get(), static_cast<unsigned>(n));
      has_key |= type == GNUTLS_BAG_PKCS8_KEY || type == GNUTLS_BAG_PKCS8_ENCRYPTED_KEY;
      has_certificate |= type == GNUTLS_BAG_CERTIFICATE;
    }
  }
  if (!has_key) return "holds no private key";
  return has_certificate ? "the private key does not belong to a certificate"
                         : "holds no certificate";
}

}  // namespace

std::shared_ptr<const ClientCredentials> client_certificate_from_pem(
    const std::filesystem::path& certificates, const std::filesystem::path& key,
    const std::optional<std::string>& password) {
  const Identity read = identity_from_pem(certificates, key, password);
  return std::make_shared<const ClientCredentials>(read.der, read.key.get());
}

Identity identity_from_pem(const std::filesystem::path& certificates,
                           const std::filesystem::path& key,
                           const std::optional<std::string>& password) {
  const std::string pem = read_file(certificates, kLongestFile);
  CertificateList chain;
  const gnutls_datum_t bytes = datum(pem);
  const int rc =
      gnutls_x509_crt_list_import2(&chain.list, &chain.size, &bytes, GNUTLS_X509_FMT_PEM, 0);
  if (rc == GNUTLS_E_NO_CERTIFICATE_FOUND || (rc >= 0 && chain.size == 0)) {
    refuse(certificates, "holds no certificate (PEM)");
  }
  if (rc < 0) {
    refuse(certificates, std::string("a certificate cannot be read: ") + gnutls_strerror(rc));
  }
  const std::filesystem::path& key_file = key.empty() ? certificates : key;
  PrivateKey own =
      key_from_pem(key_file, key.empty() ? pem : read_file(key, kLongestFile), password);
  if (!matches(chain.list[0], own.get())) {
    const std::string whose = key.empty() ? "" : " of " + certificates.string();
    for (unsigned i = 1; i < chain.size; ++i) {
      if (!matches(chain.list[i], own.get())) continue;
      refuse(key_file, "the private key belongs to certificate " + std::to_string(i + 1) + whose +
                           ", and not to the first: its own certificate stands first");
    }
    refuse(key_file, "the private key does not belong to the first certificate" + whose);
  }
  return {.der = chain.ders(), .key = std::move(own)};
}

std::shared_ptr<const ClientCredentials> client_certificate_from_pkcs12(
    const std::filesystem::path& file, const std::string& password) {
  const std::string content = read_file(file, kLongestFile);
  const auto store = make<Pkcs12>(gnutls_pkcs12_init, "gnutls_pkcs12_init");
  const gnutls_datum_t bytes = datum(content);
  if (gnutls_pkcs12_import(store.get(), &bytes, GNUTLS_X509_FMT_DER, 0) < 0) {
    refuse(file, "is not a PKCS#12 file");
  }
  const int mac = gnutls_pkcs12_verify_mac(store.get(), password.c_str());
  if (mac == GNUTLS_E_MAC_VERIFY_FAILED) refuse(file, "the password does not open it");
  gnutls_x509_privkey_t raw = nullptr;
  CertificateList chain;
  const int rc = gnutls_pkcs12_simple_parse(store.get(), password.c_str(), &raw, &chain.list,
                                            &chain.size, nullptr, nullptr, nullptr, 0);
  const PrivateKey key(raw);
  if (rc == GNUTLS_E_DECRYPTION_FAILED) refuse(file, "the password does not open it");
  if (rc < 0 && rc != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
    refuse(file, std::string("cannot be read: ") + gnutls_strerror(rc));
  }
  if (!key || chain.size == 0 || !matches(chain.list[0], key.get())) {
    refuse(file, what_is_missing(store.get(), password));
  }
  return std::make_shared<const ClientCredentials>(chain.ders(), key.get());
}

}  // namespace startle::tls
