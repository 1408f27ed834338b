#include "certs/pkcs12.h"

#include <gnutls/pkcs12.h>

#include <array>

#include "harness/tls/handle.h"

namespace startle::certs {
namespace {

using Store = tls::Handle<gnutls_pkcs12_t, gnutls_pkcs12_deinit>;
using Bag = tls::Handle<gnutls_pkcs12_bag_t, gnutls_pkcs12_bag_deinit>;

constexpr unsigned kEncryption = GNUTLS_PKCS_PBES2_AES_256;

gnutls_datum_t datum(const std::string& bytes) {
  return {.data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data())),
          .size = static_cast<unsigned>(bytes.size())};
}

Bag make_bag() {
  return tls::make<Bag>(gnutls_pkcs12_bag_init, "gnutls_pkcs12_bag_init");
}

// The key and its certificate find each other by the same identifier (RFC 7292, 4.2).
void name_entry(const Bag& bag, unsigned index, const std::string& name) {
  std::array<unsigned char, 1> same{1};
  const gnutls_datum_t id{.data = same.data(), .size = static_cast<unsigned>(same.size())};
  tls::check(gnutls_pkcs12_bag_set_key_id(bag.get(), index, &id), "gnutls_pkcs12_bag_set_key_id");
  tls::check(gnutls_pkcs12_bag_set_friendly_name(bag.get(), index, name.c_str()),
             "gnutls_pkcs12_bag_set_friendly_name");
}

void add_certificates(const Store& store, const std::vector<std::string>& certificates,
                      const std::string& name) {
  const Bag bag = make_bag();
  for (const std::string& der : certificates) {
    const gnutls_datum_t bytes = datum(der);
    const int index =
        tls::check(gnutls_pkcs12_bag_set_data(bag.get(), GNUTLS_BAG_CERTIFICATE, &bytes),
                   "gnutls_pkcs12_bag_set_data");
    if (index == 0) name_entry(bag, 0, name);
  }
  tls::check(gnutls_pkcs12_set_bag(store.get(), bag.get()), "gnutls_pkcs12_set_bag");
}

void add_key(const Store& store, const std::string& key_pem, const std::string& password,
             const std::string& name) {
  const auto key = tls::make<tls::PrivateKey>(gnutls_x509_privkey_init, "gnutls_x509_privkey_init");
  const gnutls_datum_t pem = datum(key_pem);
  tls::check(gnutls_x509_privkey_import2(key.get(), &pem, GNUTLS_X509_FMT_PEM, nullptr, 0),
             "gnutls_x509_privkey_import2");
  gnutls_datum_t encrypted{};
  tls::check(gnutls_x509_privkey_export2_pkcs8(key.get(), GNUTLS_X509_FMT_DER, password.c_str(),
                                               kEncryption, &encrypted),
             "gnutls_x509_privkey_export2_pkcs8");
  const Bag bag = make_bag();
  const int index =
      gnutls_pkcs12_bag_set_data(bag.get(), GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &encrypted);
  gnutls_free(encrypted.data);
  tls::check(index, "gnutls_pkcs12_bag_set_data");
  name_entry(bag, static_cast<unsigned>(index), name);
  tls::check(gnutls_pkcs12_set_bag(store.get(), bag.get()), "gnutls_pkcs12_set_bag");
}

}  // namespace

std::string write_pkcs12(const std::string& key_pem,
                         const std::vector<std::string>& certificates_der,
                         const std::string& password, const std::string& name) {
  const Store store = tls::make<Store>(gnutls_pkcs12_init, "gnutls_pkcs12_init");
  add_certificates(store, certificates_der, name);
  add_key(store, key_pem, password, name);
  tls::check(gnutls_pkcs12_generate_mac2(store.get(), GNUTLS_MAC_SHA256, password.c_str()),
             "gnutls_pkcs12_generate_mac2");
  gnutls_datum_t der{};
  tls::check(gnutls_pkcs12_export2(store.get(), GNUTLS_X509_FMT_DER, &der),
             "gnutls_pkcs12_export2");
  std::string bytes(reinterpret_cast<const char*>(der.data), der.size);
  gnutls_free(der.data);
  return bytes;
}

}  // namespace startle::certs
