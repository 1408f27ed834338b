#include "harness/customer/store/derivation.h"

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>

#include "harness/customer/store/store_crypto.h"
#include "harness/customer/store/store_reader.h"

namespace startle::customer {
namespace {

using Pbes1 = Owned<PBEPARAM, PBEPARAM_free>;
using Pbes2 = Owned<PBE2PARAM, PBE2PARAM_free>;
using Pbkdf2 = Owned<PBKDF2PARAM, PBKDF2PARAM_free>;

struct Algorithm {
  int nid = NID_undef;
  std::string text{};  // its name, or dotted
  int type = V_ASN1_UNDEF;
  const ASN1_TYPE* parameter = nullptr;
};

Algorithm read(const X509_ALGOR* algorithm) {
  Algorithm read{.parameter = algorithm->parameter};
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, &read.type, nullptr, algorithm);
  read.nid = OBJ_obj2nid(object);
  std::array<char, 80> text{};
  OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 0);
  read.text = text.data();
  return read;
}

}  // namespace

void Derivation::unknown(const std::string& what) const {
  refuse_store(StoreRefusal::unreadable, name_,
               "is protected by " + what +
                   ", which is not known here: write it anew with `keytool -importkeystore "
                   "-srckeystore " +
                   name_ + " -destkeystore NEW -deststoretype pkcs12`");
}

void Derivation::damaged(const std::string& what) const {
  refuse_store(StoreRefusal::damaged, name_,
               "is a PKCS #12 key store, but damaged: " + what +
                   ". Fetch it again, or make it anew with `keytool -importcert`");
}

void Derivation::add(const ASN1_INTEGER* iterations) {
  std::int64_t count = 1;  // DEFAULT 1 (RFC 7292, 4)
  const bool fits = iterations == nullptr || ASN1_INTEGER_get_int64(&count, iterations) == 1;
  if (fits && count < 1) damaged("it asks for " + std::to_string(count) + " iterations");
  if (!fits || count > most_ || (sum_ += count) > 2 * most_) {
    refuse_store(StoreRefusal::too_large, name_,
                 "asks for more than " + std::to_string(most_) +
                     " iterations of key derivation, which Java refuses, too: write it anew with "
                     "`keytool -importkeystore`");
  }
}

// What Java computes, too: HmacPBESHA1, HmacPBESHA224, ..
void Derivation::add_mac(const PKCS12* pfx) {
  constexpr std::array<int, 7> kDigests{NID_sha1,   NID_sha224,     NID_sha256,    NID_sha384,
                                        NID_sha512, NID_sha512_224, NID_sha512_256};
  const X509_ALGOR* digest = nullptr;
  const ASN1_INTEGER* iterations = nullptr;
  PKCS12_get0_mac(nullptr, &digest, nullptr, &iterations, pfx);
  const Algorithm algorithm = read(digest);
  if (std::find(kDigests.begin(), kDigests.end(), algorithm.nid) == kDigests.end()) {
    unknown("a MAC with " + algorithm.text);
  }
  if (algorithm.type != V_ASN1_NULL && algorithm.type != V_ASN1_UNDEF) {
    damaged("the digest of its MAC has a parameter");
  }
  add(iterations);
}

// Either of PKCS #12's own encryptions (RFC 7292, C), which are those of PBES1 in form, or PBES2
// with PBKDF2 (RFC 8018, A.4).
void Derivation::add_encryption(const X509_ALGOR* given) {
  const Algorithm outer = read(given);
  if (outer.nid != NID_pbes2) {
    int cipher = NID_undef;
    if (EVP_PBE_find(EVP_PBE_TYPE_OUTER, outer.nid, &cipher, nullptr, nullptr) != 1) {
      unknown(outer.text);
    }
    const Pbes1 parameter(static_cast<PBEPARAM*>(
        ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), outer.parameter)));
    if (!parameter) damaged("the parameter of " + outer.text + " is none");
    add(parameter->iter);
    return require_cipher(cipher);
  }
  const Pbes2 parameter(static_cast<PBE2PARAM*>(
      ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), outer.parameter)));
  if (!parameter) damaged("the parameter of PBES2 is none");
  const Algorithm function = read(parameter->keyfunc);
  if (function.nid != NID_id_pbkdf2) unknown(function.text);
  const Pbkdf2 derivation(static_cast<PBKDF2PARAM*>(
      ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), function.parameter)));
  if (!derivation) damaged("the parameter of PBKDF2 is none");
  add(derivation->iter);
  require_cipher(read(parameter->encryption).nid);
}

void Derivation::require_cipher(int nid) const {
  const char* name = nid == NID_undef ? "an unknown cipher" : OBJ_nid2sn(nid);
  const Owned<EVP_CIPHER, EVP_CIPHER_free> cipher(
      nid == NID_undef ? nullptr : EVP_CIPHER_fetch(store_library(), name, nullptr));
  if (cipher) return;
  const bool legacy =
      nid == NID_rc2_40_cbc || nid == NID_rc2_cbc || nid == NID_des_cbc || nid == NID_rc4;
  unknown(name + std::string(legacy ? " (OpenSSL's `legacy` provider is not installed)" : ""));
}

}  // namespace startle::customer
