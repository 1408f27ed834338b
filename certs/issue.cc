#include "certs/issue.h"

#include <array>
#include <cstdint>
#include <memory>

#include "certs/alternative_name.h"
#include "certs/der.h"
#include "harness/base/bytes.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

using tls::check;

struct FreeNameConstraints {
  void operator()(gnutls_name_constraints_st* constraints) const noexcept {
    gnutls_x509_name_constraints_deinit(constraints);
  }
};
using NameConstraints = std::unique_ptr<gnutls_name_constraints_st, FreeNameConstraints>;

constexpr const char* kSubjectAltName = "2.5.29.17";

unsigned size_of(std::string_view bytes) {
  return static_cast<unsigned>(bytes.size());
}

std::time_t at(std::chrono::sys_seconds clock, std::chrono::seconds offset) {
  constexpr std::chrono::sys_seconds kFirst{};  // 1970: GnuTLS writes no earlier year
  constexpr std::chrono::sys_seconds kLast =
      std::chrono::sys_days{std::chrono::year{9999} / 12 / 31};
  const std::chrono::sys_seconds time = clock + offset;
  if (time < kFirst || time > kLast) {
    throw Error(Fault::input,
                "a certificate's validity lies between the years 1970 and 9999: move "
                "the clock");
  }
  return time.time_since_epoch().count();
}

const char* oid(Purpose purpose) {
  switch (purpose) {
    case Purpose::server_auth:
      return GNUTLS_KP_TLS_WWW_SERVER;
    case Purpose::client_auth:
      return GNUTLS_KP_TLS_WWW_CLIENT;
    case Purpose::email_protection:
      return GNUTLS_KP_EMAIL_PROTECTION;
    case Purpose::any:
      return GNUTLS_KP_ANY;
  }
  throw Error(Fault::internal, "a Purpose without an OID");
}

gnutls_digest_algorithm_t algorithm(policy::Digest digest) {
  switch (digest) {
    case policy::Digest::md5:
      return GNUTLS_DIG_MD5;
    case policy::Digest::sha1:
      return GNUTLS_DIG_SHA1;
    case policy::Digest::sha224:
      return GNUTLS_DIG_SHA224;
    case policy::Digest::sha256:
      return GNUTLS_DIG_SHA256;
    case policy::Digest::sha384:
      return GNUTLS_DIG_SHA384;
    case policy::Digest::sha512:
      return GNUTLS_DIG_SHA512;
  }
  throw Error(Fault::internal, "a Digest without an algorithm");
}

// RFC 5280, 4.1.2.2: positive, at most 20 octets; the first is neither 0 nor above 127.
void set_serial(gnutls_x509_crt_t crt, const std::string& identity) {
  std::array<unsigned char, 16> serial{};
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t digest = fingerprint(identity, half + 1);
    for (std::size_t i = 0; i < 8; ++i, digest >>= 8) {
      serial[half * 8 + i] = static_cast<unsigned char>(digest);
    }
  }
  serial[0] = static_cast<unsigned char>((serial[0] & 0x3f) | 0x40);
  check(gnutls_x509_crt_set_serial(crt, serial.data(), serial.size()),
        "gnutls_x509_crt_set_serial");
}

void set_names(gnutls_x509_crt_t crt, const CertificateRecipe& recipe, const std::string& host) {
  const std::string common_name = fill_in(recipe.common_name, host);
  if (!common_name.empty()) {
    check(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, common_name.data(),
                                        size_of(common_name)),
          "gnutls_x509_crt_set_dn_by_oid");
  }
  if (recipe.names.empty()) return;
  const std::string san = subject_alt_name(present(recipe.names, host));
  const unsigned critical = common_name.empty() ? 1 : 0;  // RFC 5280, 4.2.1.6
  check(gnutls_x509_crt_set_extension_by_oid(crt, kSubjectAltName, san.data(), size_of(san),
                                             critical),
        "gnutls_x509_crt_set_extension_by_oid");
}

void set_name_constraints(gnutls_x509_crt_t crt, const CertificateRecipe& recipe,
                          const std::string& host) {
  if (recipe.permitted_dns.empty()) return;
  const auto constraints = tls::make<NameConstraints>(gnutls_x509_name_constraints_init,
                                                      "gnutls_x509_name_constraints_init");
  for (const std::string& permitted : recipe.permitted_dns) {
    const std::string domain = fill_in(permitted, host);
    // GnuTLS only reads through this pointer.
    const gnutls_datum_t name{
        .data = reinterpret_cast<unsigned char*>(const_cast<char*>(domain.data())),
        .size = size_of(domain)};
    check(gnutls_x509_name_constraints_add_permitted(constraints.get(), GNUTLS_SAN_DNSNAME, &name),
          "gnutls_x509_name_constraints_add_permitted");
  }
  check(gnutls_x509_crt_set_name_constraints(crt, constraints.get(), 1),
        "gnutls_x509_crt_set_name_constraints");
}

// Whoever signs others may sign certificates, whether or not it is a CA: the flag alone is wrong.
void set_uses(gnutls_x509_crt_t crt, const CertificateRecipe& recipe, bool signs_others) {
  check(gnutls_x509_crt_set_basic_constraints(crt, recipe.is_ca ? 1 : 0,
                                              recipe.path_length.value_or(-1)),
        "gnutls_x509_crt_set_basic_constraints");
  unsigned usage = GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN;
  if (!signs_others) {
    usage = GNUTLS_KEY_DIGITAL_SIGNATURE;
    if (rsa_bits(recipe.key) != 0) usage |= GNUTLS_KEY_KEY_ENCIPHERMENT;
    if (recipe.is_ca) usage |= GNUTLS_KEY_KEY_CERT_SIGN;
  }
  check(gnutls_x509_crt_set_key_usage(crt, usage), "gnutls_x509_crt_set_key_usage");
  for (const Purpose purpose : recipe.purposes) {
    check(gnutls_x509_crt_set_key_purpose_oid(crt, oid(purpose), 0),
          "gnutls_x509_crt_set_key_purpose_oid");
  }
}

// Subject and authority key identifiers: a digest of the public key (RFC 5280, 4.2.1.2).
std::string key_identifier(gnutls_x509_privkey_t key) {
  std::array<unsigned char, 64> id{};
  std::size_t size = id.size();
  check(gnutls_x509_privkey_get_key_id(key, 0, id.data(), &size), "gnutls_x509_privkey_get_key_id");
  return {reinterpret_cast<const char*>(id.data()), size};
}

void set_key_identifiers(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key,
                         gnutls_x509_privkey_t issuer_key) {
  const std::string own = key_identifier(key);
  check(gnutls_x509_crt_set_subject_key_id(crt, own.data(), own.size()),
        "gnutls_x509_crt_set_subject_key_id");
  const std::string issuers = key_identifier(issuer_key);
  check(gnutls_x509_crt_set_authority_key_id(crt, issuers.data(), issuers.size()),
        "gnutls_x509_crt_set_authority_key_id");
}

std::string exported(gnutls_x509_crt_t crt) {
  gnutls_datum_t der{};
  check(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der), "gnutls_x509_crt_export2");
  std::string bytes(reinterpret_cast<const char*>(der.data), der.size);
  gnutls_free(der.data);
  return bytes;
}

}  // namespace

std::string issue(const Request& request, std::chrono::sys_seconds clock) {
  const CertificateRecipe& recipe = request.recipe;
  const auto made = tls::make<tls::Certificate>(gnutls_x509_crt_init, "gnutls_x509_crt_init");
  gnutls_x509_crt_t crt = made.get();
  const Signer issuer = request.issuer.certificate != nullptr
                            ? request.issuer
                            : Signer{.certificate = crt, .key = request.key};
  check(gnutls_x509_crt_set_version(crt, 3), "gnutls_x509_crt_set_version");
  set_serial(crt, request.identity + std::to_string(clock.time_since_epoch().count()));
  check(gnutls_x509_crt_set_activation_time(crt, at(clock, recipe.validity.from)),
        "gnutls_x509_crt_set_activation_time");
  check(gnutls_x509_crt_set_expiration_time(crt, at(clock, recipe.validity.until)),
        "gnutls_x509_crt_set_expiration_time");
  check(gnutls_x509_crt_set_key(crt, request.key), "gnutls_x509_crt_set_key");
  set_names(crt, recipe, request.host);
  set_uses(crt, recipe, request.signs_others);
  set_name_constraints(crt, recipe, request.host);
  set_key_identifiers(crt, request.key, issuer.key);
  // Ed25519 has its digest built in; GnuTLS wants it named.
  const bool eddsa = gnutls_x509_privkey_get_pk_algorithm(issuer.key) == GNUTLS_PK_EDDSA_ED25519;
  check(gnutls_x509_crt_sign2(crt, issuer.certificate, issuer.key,
                              eddsa ? GNUTLS_DIG_SHA512 : algorithm(recipe.digest), 0),
        "gnutls_x509_crt_sign2");
  std::string der = exported(crt);
  return recipe.break_signature ? der::with_broken_signature(std::move(der)) : der;
}

}  // namespace startle::certs
