#include "harness/tls/certificate_for_test.h"

namespace startle::tls {
namespace {

std::time_t seconds(std::chrono::sys_days day) {
  return std::chrono::system_clock::to_time_t(day);
}

PrivateKey make_key() {
  auto made = make<PrivateKey>(gnutls_x509_privkey_init, "gnutls_x509_privkey_init");
  check(gnutls_x509_privkey_generate(made.get(), GNUTLS_PK_ECDSA,
                                     GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
        "gnutls_x509_privkey_generate");
  return made;
}

gnutls_x509_privkey_t second_key() {
  static const PrivateKey key = make_key();
  return key.get();
}

void set_common_name(gnutls_x509_crt_t crt, const std::string& name) {
  if (name.empty()) return;
  check(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, name.data(),
                                      static_cast<unsigned>(name.size())),
        "set_dn_by_oid");
}

}  // namespace

gnutls_x509_privkey_t key_for_test() {
  static const PrivateKey key = make_key();
  return key.get();
}

std::string self_signed(const CertificateForTest& c) {
  const auto made = make<Certificate>(gnutls_x509_crt_init, "gnutls_x509_crt_init");
  gnutls_x509_crt_t crt = made.get();
  check(gnutls_x509_crt_set_version(crt, 3), "set_version");
  check(gnutls_x509_crt_set_serial(crt, "\1", 1), "set_serial");
  check(gnutls_x509_crt_set_activation_time(crt, seconds(c.from)), "set_activation_time");
  check(gnutls_x509_crt_set_expiration_time(crt, seconds(c.until)), "set_expiration_time");
  set_common_name(crt, c.common_name);
  const auto add = [crt](gnutls_x509_subject_alt_name_t kind, const std::string& name) {
    check(gnutls_x509_crt_set_subject_alt_name(
              crt, kind, name.data(), static_cast<unsigned>(name.size()), GNUTLS_FSAN_APPEND),
          "set_subject_alt_name");
  };
  for (const std::string& name : c.dns_names) add(GNUTLS_SAN_DNSNAME, name);
  for (const std::string& bytes : c.ip_addresses) add(GNUTLS_SAN_IPADDRESS, bytes);
  if (!c.purpose.empty()) {
    check(gnutls_x509_crt_set_key_purpose_oid(crt, c.purpose.c_str(), 0), "set_key_purpose_oid");
  }
  gnutls_x509_privkey_t key = c.second_key ? second_key() : key_for_test();
  check(gnutls_x509_crt_set_key(crt, key), "set_key");
  if (c.issuer_common_name.empty()) {
    check(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), "sign2");
  } else {
    const auto issuer = make<Certificate>(gnutls_x509_crt_init, "gnutls_x509_crt_init");
    set_common_name(issuer.get(), c.issuer_common_name);
    check(gnutls_x509_crt_set_key(issuer.get(), key_for_test()), "set_key");
    check(gnutls_x509_crt_sign2(crt, issuer.get(), key_for_test(), GNUTLS_DIG_SHA256, 0), "sign2");
  }
  gnutls_datum_t der{};
  check(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der), "export2");
  std::string bytes(reinterpret_cast<const char*>(der.data), der.size);
  gnutls_free(der.data);
  return bytes;
}

std::shared_ptr<const ServerCredentials> credentials_for_test() {
  static const auto credentials = std::make_shared<const ServerCredentials>(
      std::vector<std::string>{self_signed()}, key_for_test());
  return credentials;
}

}  // namespace startle::tls
