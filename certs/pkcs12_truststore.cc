// GnuTLS has no attributes for a bag but name and key identifier: OpenSSL writes this.

#include <openssl/objects.h>
#include <openssl/pkcs12.h>

#include <set>

#include "certs/pkcs12.h"
#include "harness/base/error.h"
#include "harness/base/utf_16.h"
#include "harness/customer/store_crypto.h"

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
using Parts = Owned<STACK_OF(PKCS7), free_parts>;

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
Bag bag_of(const std::string& alias, const std::string& bmp_alias, const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const Owned<ASN1_TYPE, ASN1_TYPE_free> raw(
      d2i_ASN1_TYPE(nullptr, &at, static_cast<long>(der.size())));
  const bool whole = at == reinterpret_cast<const unsigned char*>(der.data()) + der.size();
  if (!raw || !whole || raw->type != V_ASN1_SEQUENCE) {
    refuse("`" + alias + "` is no certificate in DER");
  }
  Bag bag(PKCS12_item_pack_safebag(raw.get(), ASN1_ITEM_rptr(ASN1_ANY), NID_x509Certificate,
                                   NID_certBag));
  must(bag != nullptr, "PKCS12_item_pack_safebag");
  must(PKCS12_add_friendlyname_uni(bag.get(),
                                   reinterpret_cast<const unsigned char*>(bmp_alias.data()),
                                   static_cast<int>(bmp_alias.size())) == 1,
       "PKCS12_add_friendlyname_uni");
  mark_trusted(bag.get());
  return bag;
}

std::string in_lower_case(std::string alias) {
  for (char& c : alias) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return alias;
}

Bags bags_of(const std::vector<std::pair<std::string, std::string>>& trusted) {
  Bags bags(sk_PKCS12_SAFEBAG_new_null());
  std::set<std::string> aliases;
  for (const auto& [alias, der] : trusted) {
    const auto bmp_alias = utf_16_of_utf_8(alias);
    if (alias.empty() || !bmp_alias) refuse("an alias is UTF-8, and not empty");
    if (!aliases.insert(in_lower_case(alias)).second) {
      refuse("the alias `" + alias + "` stands twice");
    }
    Bag bag = bag_of(alias, *bmp_alias, der);
    must(sk_PKCS12_SAFEBAG_push(bags.get(), bag.get()) > 0, "sk_PKCS12_SAFEBAG_push");
    bag.release();
  }
  return bags;
}

Parts encrypted(const Bags& bags, const std::string& password, int iterations) {
  Parts parts(sk_PKCS7_new_null());
  Owned<PKCS7, PKCS7_free> part(PKCS12_pack_p7encdata_ex(
      NID_aes_256_cbc, password.c_str(), static_cast<int>(password.size()), nullptr, kSaltOctets,
      iterations, bags.get(), customer::store_library(), nullptr));
  must(part != nullptr, "PKCS12_pack_p7encdata");
  must(sk_PKCS7_push(parts.get(), part.get()) > 0, "sk_PKCS7_push");
  part.release();
  return parts;
}

}  // namespace

std::string write_pkcs12_truststore(const std::vector<std::pair<std::string, std::string>>& trusted,
                                    const std::string& password, int iterations) {
  const customer::OpensslErrors errors;
  check_password(password);
  const Parts parts = encrypted(bags_of(trusted), password, iterations);
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

}  // namespace startle::certs
