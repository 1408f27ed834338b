#include "harness/customer/store/store_for_test.h"

#include <openssl/objects.h>
#include <openssl/pkcs12.h>

#include "harness/base/bytes.h"
#include "harness/base/utf_16.h"
#include "harness/customer/store/store_crypto.h"

namespace startle::customer {
namespace {

std::string utf(const std::string& modified) {
  return big_endian(modified.size(), 2) + modified;
}

std::string sized(const std::string& bytes) {
  return big_endian(bytes.size(), 4) + bytes;
}

constexpr std::uint64_t kCreated = 1'900'000'000'000;

void must(bool done) {
  if (!done) throw Error(Fault::internal, "OpenSSL refuses to write a store");
}

PKCS12_SAFEBAG* bag_of(const StoreEntry& entry) {
  const auto* at = reinterpret_cast<const unsigned char*>(entry.der.data());
  const Owned<ASN1_TYPE, ASN1_TYPE_free> raw(
      d2i_ASN1_TYPE(nullptr, &at, static_cast<long>(entry.der.size())));
  PKCS12_SAFEBAG* bag = PKCS12_item_pack_safebag(raw.get(), ASN1_ITEM_rptr(ASN1_ANY),
                                                 NID_x509Certificate, NID_certBag);
  must(bag != nullptr);
  if (!entry.alias.empty()) {
    must(PKCS12_add_friendlyname_utf8(bag, entry.alias.data(),
                                      static_cast<int>(entry.alias.size())) == 1);
  }
  if (entry.trusted) {
    const Owned<ASN1_OBJECT, ASN1_OBJECT_free> any(OBJ_txt2obj("2.5.29.37.0", 1));
    must(PKCS12_add1_attr_by_txt(bag, "2.16.840.1.113894.746875.1.1", V_ASN1_OBJECT,
                                 reinterpret_cast<const unsigned char*>(any.get()), -1) == 1);
  }
  return bag;
}

void free_bags(STACK_OF(PKCS12_SAFEBAG) * bags) {
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}
void free_parts(STACK_OF(PKCS7) * parts) {
  sk_PKCS7_pop_free(parts, PKCS7_free);
}

}  // namespace

const std::string& certificate_one() {
  static const std::string der = *from_base64(
      "MIIBjjCCATOgAwIBAgIUVvSXclPY7EZLyRFbMpICm+UKj/QwCgYIKoZIzj0EAwIwGzEZMBcGA1UEAwwQb25lLmV4"
      "YW1wbGUudGVzdDAgFw0yNjExMjIxMTQ2MzRaGA8yMTA5MDExMTExNDYzNFowGzEZMBcGA1UEAwwQb25lLmV4YW1w"
      "bGUudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMWiDmWJWvCp1PtCyGdeBsM79AGyeVDbTSDi6Iup1nZv"
      "C7M3etPeKl5ZX2r6/94ZDORhME99jaF1VlNJ2oyJf0yjUzBRMB0GA1UdDgQWBBS7DzCc3ZNffdKlQQWJnd2+w+2U"
      "NjAfBgNVHSMEGDAWgBS7DzCc3ZNffdKlQQWJnd2+w+2UNjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kA"
      "MEYCIQDFVruDfS4FTp/3kd8vD7J4cuXDW++92vFosReVSipn7gIhAKcsw6d46jJRIdJ3IMSNoMLmVWuUdn24h5tm"
      "yKI3py56");
  return der;
}

const std::string& certificate_two() {
  static const std::string der = *from_base64(
      "MIIBjTCCATOgAwIBAgIUJhu0lmFEv0A60EpCyrGn6gntOEMwCgYIKoZIzj0EAwIwGzEZMBcGA1UEAwwQdHdvLmV4"
      "YW1wbGUudGVzdDAgFw0yNjExMjIxMTQ2MzRaGA8yMTA5MDExMTExNDYzNFowGzEZMBcGA1UEAwwQdHdvLmV4YW1w"
      "bGUudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFIV6k/QsXSS77mrwMs3ILw0/dfx1N9oSMDsteD0kzRt"
      "PY/6KMYP87qAGdE6kPqjlSdB+7wdHF9tjmd5CP1ViUijUzBRMB0GA1UdDgQWBBRW5Kg0BytSPaV2R+LC79+AGcZO"
      "lTAfBgNVHSMEGDAWgBRW5Kg0BytSPaV2R+LC79+AGcZOlTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gA"
      "MEUCIQD2Ei9ZCQWOe79dFbCWrt/3FJp7K5s7rddBXgNV0dswagIgdIaddcGmaiSYqtGZUH8bFDjo/bZf2CtYDDW5"
      "6tq/PCQ=");
  return der;
}

std::string trusted_entry(const std::string& alias, const std::string& der,
                          const std::string& type) {
  return big_endian(2, 4) + utf(alias) + big_endian(kCreated, 8) + utf(type) + sized(der);
}

std::string version_1_entry(const std::string& alias, const std::string& der) {
  return big_endian(2, 4) + utf(alias) + big_endian(kCreated, 8) + sized(der);
}

std::string key_entry(const std::string& alias, const std::vector<std::string>& chain) {
  std::string entry = big_endian(1, 4) + utf(alias) + big_endian(kCreated, 8) + sized("encrypted") +
                      big_endian(chain.size(), 4);
  for (const std::string& der : chain) entry += utf("X.509") + sized(der);
  return entry;
}

std::string write(const JksForTest& store) {
  const std::uint64_t count =
      store.claimed < 0 ? store.entries.size() : static_cast<std::uint64_t>(store.claimed);
  std::string bytes = *from_hex(store.magic) + big_endian(store.version, 4) + big_endian(count, 4);
  for (const std::string& entry : store.entries) bytes += entry;
  return bytes + sha1(*utf_16_of_utf_8(store.password) + "Mighty Aphrodite" + bytes);
}

std::string write(const Pkcs12ForTest& store) {
  const Owned<STACK_OF(PKCS12_SAFEBAG), free_bags> bags(sk_PKCS12_SAFEBAG_new_null());
  for (const StoreEntry& entry : store.entries) {
    must(sk_PKCS12_SAFEBAG_push(bags.get(), bag_of(entry)) > 0);
  }
  const Owned<STACK_OF(PKCS7), free_parts> parts(sk_PKCS7_new_null());
  const int encryption = store.encryption == 0 ? NID_aes_256_cbc : store.encryption;
  const char* password = store.password.c_str();
  const int size = static_cast<int>(store.password.size());
  std::string salt = "12345678";
  auto* salt_octets = reinterpret_cast<unsigned char*>(salt.data());
  PKCS7* part = store.encrypted ? PKCS12_pack_p7encdata_ex(encryption, password, size, salt_octets,
                                                           8, store.iterations, bags.get(),
                                                           store_library(), nullptr)
                                : PKCS12_pack_p7data(bags.get());
  must(part != nullptr && sk_PKCS7_push(parts.get(), part) > 0);
  const Owned<PKCS12, PKCS12_free> pfx(
      PKCS12_add_safes_ex(parts.get(), NID_pkcs7_data, store_library(), nullptr));
  must(pfx != nullptr);
  if (store.with_mac) {
    must(PKCS12_set_mac(pfx.get(), password, size, salt_octets, 8, store.mac_iterations,
                        EVP_sha256()) == 1);
  }
  unsigned char* raw = nullptr;
  const int octets = i2d_PKCS12(pfx.get(), &raw);
  must(octets > 0);
  std::string bytes(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(octets));
  OPENSSL_free(raw);
  return bytes;
}

std::string complaint_about(const std::string& bytes, const std::optional<std::string>& password) {
  constexpr std::array<const char*, 7> kRefusals{
      "missing", "unreadable", "empty", "not_a_store", "damaged", "wrong_password", "too_large"};
  try {
    read_store(bytes, password, "F");
  } catch (const StoreError& e) {
    return std::string(kRefusals[static_cast<std::size_t>(e.refusal())]) + ": " + e.what();
  }
  return "none";
}

std::string to_pem_for_test(const std::string& der, const char* label) {
  std::string body = to_base64(der);
  for (std::size_t at = 64; at < body.size(); at += 65) body.insert(at, "\n");
  return std::string("-----BEGIN ") + label + "-----\n" + body + "\n-----END " + label + "-----\n";
}

}  // namespace startle::customer
