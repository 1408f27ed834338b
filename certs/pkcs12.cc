#include "certs/pkcs12.h"

#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/base/utf_16.h"
#include "harness/customer/store/store_crypto.h"

namespace startle::certs {
namespace {

using customer::Owned;

void free_bags(STACK_OF(PKCS12_SAFEBAG) * bags) {
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}
void free_parts(STACK_OF(PKCS7) * parts) {
  sk_PKCS7_pop_free(parts, PKCS7_free);
}
using Bag = Owned<PKCS12_SAFEBAG, PKCS12_SAFEBAG_free>;
using Bags = Owned<STACK_OF(PKCS12_SAFEBAG), free_bags>;
using AuthenticatedSafe = Owned<STACK_OF(PKCS7), free_parts>;

constexpr int kSaltOctets = 20;  // as keytool

[[noreturn]] void refuse(const std::string& why) {
  throw Error(Fault::usage, "key store: " + why);
}

void must(bool done, const char* call) {
  if (!done) throw Error(Fault::internal, std::string("OpenSSL: ") + call + " failed");
}

void check_password(const std::string& password) {
  for (const char c : password) {
    if (c < ' ' || c > '~') refuse("the password is ASCII, as Java takes no other in PKCS #12");
  }
}

// Oracle's trustedKeyUsage, with the purpose `any` (anyExtendedKeyUsage, RFC 5280, 4.2.1.12).
void mark_trusted(PKCS12_SAFEBAG* bag) {
  const Owned<ASN1_OBJECT, ASN1_OBJECT_free> any(OBJ_txt2obj("2.5.29.37.0", 1));
  must(any && PKCS12_add1_attr_by_txt(bag, "2.16.840.1.113894.746875.1.1", V_ASN1_OBJECT,
                                      reinterpret_cast<const unsigned char*>(any.get()), -1) == 1,
       "PKCS12_add1_attr_by_txt");
}

// The certificate's octets as they are: as an X509 object they might be refused, or put right.
Bag certificate_bag(const std::string& der) {
  const Owned<ASN1_TYPE, ASN1_TYPE_free> raw(ASN1_TYPE_new());
  Owned<ASN1_STRING, ASN1_STRING_free> octets(ASN1_STRING_type_new(V_ASN1_OTHER));
  must(
      raw && octets && ASN1_STRING_set(octets.get(), der.data(), static_cast<int>(der.size())) == 1,
      "ASN1_STRING_set");
  ASN1_TYPE_set(raw.get(), V_ASN1_OTHER, octets.release());
  Bag bag(PKCS12_item_pack_safebag(raw.get(), ASN1_ITEM_rptr(ASN1_ANY), NID_x509Certificate,
                                   NID_certBag));
  must(bag != nullptr, "PKCS12_item_pack_safebag");
  return bag;
}

bool is_one_sequence(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* end = at + der.size();
  const Owned<ASN1_TYPE, ASN1_TYPE_free> element(
      d2i_ASN1_TYPE(nullptr, &at, static_cast<long>(der.size())));
  return element && at == end && element->type == V_ASN1_SEQUENCE;
}

void name(PKCS12_SAFEBAG* bag, const std::string& utf_16) {
  must(PKCS12_add_friendlyname_uni(bag, reinterpret_cast<const unsigned char*>(utf_16.data()),
                                   static_cast<int>(utf_16.size())) == 1,
       "PKCS12_add_friendlyname_uni");
}

// The key and its certificate find each other by the same identifier (RFC 7292, 4.2).
void name_entry(PKCS12_SAFEBAG* bag, const std::string& utf_16) {
  unsigned char same = 1;
  must(PKCS12_add_localkeyid(bag, &same, 1) == 1, "PKCS12_add_localkeyid");
  name(bag, utf_16);
}

void push(const Bags& bags, Bag bag) {
  must(sk_PKCS12_SAFEBAG_push(bags.get(), bag.get()) > 0, "sk_PKCS12_SAFEBAG_push");
  bag.release();
}

Bags trusted_bags(const std::vector<std::pair<std::string, std::string>>& trusted) {
  Bags bags(sk_PKCS12_SAFEBAG_new_null());
  std::set<std::string> aliases;
  for (const auto& [alias, der] : trusted) {
    const auto bmp_alias = utf_16_of_utf_8(alias);
    if (alias.empty() || !bmp_alias) refuse("an alias is UTF-8, and not empty");
    if (!aliases.insert(ascii_lower(alias)).second) {
      refuse("the alias `" + alias + "` stands twice");
    }
    if (!is_one_sequence(der)) refuse("`" + alias + "` is no certificate in DER");
    Bag bag = certificate_bag(der);
    name(bag.get(), *bmp_alias);
    mark_trusted(bag.get());
    push(bags, std::move(bag));
  }
  return bags;
}

Bags chain_bags(const std::vector<std::string>& certificates, const std::string& utf_16) {
  Bags bags(sk_PKCS12_SAFEBAG_new_null());
  for (const std::string& der : certificates) {
    Bag bag = certificate_bag(der);
    if (&der == &certificates.front()) name_entry(bag.get(), utf_16);
    push(bags, std::move(bag));
  }
  return bags;
}

Bags key_bags(const std::string& key_pem, const std::string& password, const std::string& utf_16) {
  const customer::Bio text(BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())));
  Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> key(
      PEM_read_bio_PKCS8_PRIV_KEY_INFO(text.get(), nullptr, nullptr, nullptr));
  must(key != nullptr, "PEM_read_bio_PKCS8_PRIV_KEY_INFO");
  Bag bag(PKCS12_SAFEBAG_create_pkcs8_encrypt_ex(
      NID_aes_256_cbc, password.c_str(), static_cast<int>(password.size()), nullptr, kSaltOctets,
      kKeytoolIterations, key.get(), customer::store_library(), nullptr));
  must(bag != nullptr, "PKCS12_SAFEBAG_create_pkcs8_encrypt");
  name_entry(bag.get(), utf_16);
  Bags bags(sk_PKCS12_SAFEBAG_new_null());
  push(bags, std::move(bag));
  return bags;
}

void add_plain(const AuthenticatedSafe& parts, const Bags& bags) {
  Owned<PKCS7, PKCS7_free> part(PKCS12_pack_p7data(bags.get()));
  must(part && sk_PKCS7_push(parts.get(), part.get()) > 0, "PKCS12_pack_p7data");
  part.release();
}

void add_encrypted(const AuthenticatedSafe& parts, const Bags& bags, const std::string& password,
                   int iterations) {
  Owned<PKCS7, PKCS7_free> part(PKCS12_pack_p7encdata_ex(
      NID_aes_256_cbc, password.c_str(), static_cast<int>(password.size()), nullptr, kSaltOctets,
      iterations, bags.get(), customer::store_library(), nullptr));
  must(part && sk_PKCS7_push(parts.get(), part.get()) > 0, "PKCS12_pack_p7encdata");
  part.release();
}

std::string authenticated(const AuthenticatedSafe& parts, const std::string& password,
                          int iterations) {
  const Owned<PKCS12, PKCS12_free> store(
      PKCS12_add_safes_ex(parts.get(), NID_pkcs7_data, customer::store_library(), nullptr));
  must(store != nullptr, "PKCS12_add_safes");
  must(PKCS12_set_mac(store.get(), password.c_str(), static_cast<int>(password.size()), nullptr,
                      kSaltOctets, iterations, EVP_sha256()) == 1,
       "PKCS12_set_mac");
  unsigned char* raw = nullptr;
  const int size = i2d_PKCS12(store.get(), &raw);
  must(size > 0, "i2d_PKCS12");
  std::string bytes(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
  OPENSSL_free(raw);
  return bytes;
}

}  // namespace

std::string write_pkcs12(const std::string& key_pem,
                         const std::vector<std::string>& certificates_der,
                         const std::string& password, const std::string& name) {
  const customer::OpensslErrors errors;
  check_password(password);
  const auto utf_16 = utf_16_of_utf_8(name);
  if (!utf_16) refuse("a name is UTF-8");
  const AuthenticatedSafe parts(sk_PKCS7_new_null());
  add_plain(parts, chain_bags(certificates_der, *utf_16));
  add_plain(parts, key_bags(key_pem, password, *utf_16));
  return authenticated(parts, password, kKeytoolIterations);
}

std::string write_pkcs12_truststore(const std::vector<std::pair<std::string, std::string>>& trusted,
                                    const std::string& password, int iterations) {
  const customer::OpensslErrors errors;
  check_password(password);
  const AuthenticatedSafe parts(sk_PKCS7_new_null());
  add_encrypted(parts, trusted_bags(trusted), password, iterations);
  return authenticated(parts, password, iterations);
}

}  // namespace startle::certs
