#include "certs/x509.h"

#include <algorithm>
#include <ctime>
#include <optional>

#include "certs/alternative_name.h"
#include "harness/base/printable.h"
#include "harness/tls/clock.h"

namespace startle::certs {
namespace {

using customer::Owned;
using Names = Owned<GENERAL_NAMES, GENERAL_NAMES_free>;
using Purposes = Owned<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;
using AuthorityKey = Owned<AUTHORITY_KEYID, AUTHORITY_KEYID_free>;
using Features = Owned<TLS_FEATURE, TLS_FEATURE_free>;

// Null: it has no such extension, has it twice, or it cannot be read.
template <class Handle>
Handle extension(const X509* certificate, int nid) {
  return Handle(
      static_cast<typename Handle::pointer>(X509_get_ext_d2i(certificate, nid, nullptr, nullptr)));
}

std::string bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

// In UTF-8, whatever its type; what cannot be converted as it stands.
std::string utf_8_of(const ASN1_STRING* text) {
  unsigned char* raw = nullptr;
  const int size = ASN1_STRING_to_UTF8(&raw, text);
  if (size < 0) return bytes_of(text);
  std::string made(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
  OPENSSL_free(raw);
  return made;
}

// The most specific one, which stands last.
std::string common_name_of(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  int last = -1;
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) last = at;
  if (last < 0) return "";
  return utf_8_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)));
}

std::optional<std::time_t> seconds_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return ::timegm(&parts);
}

struct SignatureAlgorithms {
  int digest = NID_undef;
  int key = NID_undef;
};
SignatureAlgorithms signature_algorithms_of(X509* certificate) {
  SignatureAlgorithms found;
  X509_get_signature_info(certificate, &found.digest, &found.key, nullptr, nullptr);
  return found;
}

}  // namespace

X509Handle read_x509(const std::string& der) {
  const customer::OpensslErrors errors;
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return X509Handle(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

bool names_as_issuer(const X509* certificate, const X509* issuer) {
  return X509_NAME_cmp(X509_get_issuer_name(certificate), X509_get_subject_name(issuer)) == 0;
}

bool is_signed_by(X509* certificate, X509* issuer) {
  const customer::OpensslErrors errors;
  EVP_PKEY* key = X509_get0_pubkey(issuer);
  return key != nullptr && X509_verify(certificate, key) == 1;
}

bool points_at_key_of(X509* certificate, X509* issuer) {
  const customer::OpensslErrors errors;
  const auto key = extension<AuthorityKey>(certificate, NID_authority_key_identifier);
  return key && key->keyid != nullptr && X509_get0_subject_key_id(issuer) != nullptr &&
         X509_check_akid(issuer, key.get()) == X509_V_OK;
}

oracle::PresentedIdentity presented_by(X509* certificate) {
  const customer::OpensslErrors errors;
  oracle::PresentedIdentity identity{.common_name = common_name_of(certificate)};
  const auto names = extension<Names>(certificate, NID_subject_alt_name);
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) {
      identity.dns_names.push_back(bytes_of(name->d.dNSName));
      continue;
    }
    const std::string octets = name->type == GEN_IPADD ? bytes_of(name->d.iPAddress) : "";
    if (octets.size() == 4 || octets.size() == 16) {
      identity.ip_addresses.push_back(ip_text(octets));
    } else {
      identity.other_names = true;
    }
  }
  return identity;
}

oracle::Validity validity_of(const X509* certificate) {
  using oracle::Validity;
  const std::time_t now = std::chrono::system_clock::to_time_t(tls::run_clock());
  const auto from = seconds_of(X509_get0_notBefore(certificate));
  const auto until = seconds_of(X509_get0_notAfter(certificate));
  const bool begun = !from || *from <= now;
  const bool ended = until && *until < now;
  if (ended) return begun ? Validity::expired : Validity::never;
  return begun ? Validity::current : Validity::not_yet_valid;
}

oracle::ServerPurpose server_purpose_of(X509* certificate) {
  const customer::OpensslErrors errors;
  const auto purposes = extension<Purposes>(certificate, NID_ext_key_usage);
  if (!purposes) return oracle::ServerPurpose::allowed;
  const auto has = [&](int nid) {
    for (int i = 0; i < sk_ASN1_OBJECT_num(purposes.get()); ++i) {
      if (OBJ_obj2nid(sk_ASN1_OBJECT_value(purposes.get(), i)) == nid) return true;
    }
    return false;
  };
  if (has(NID_server_auth)) return oracle::ServerPurpose::allowed;
  return has(NID_anyExtendedKeyUsage) ? oracle::ServerPurpose::any_only
                                      : oracle::ServerPurpose::missing;
}

int rsa_bits_of(X509* certificate) {
  const customer::OpensslErrors errors;
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr) return 0;
  const int kind = EVP_PKEY_get_base_id(key);
  return kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS ? EVP_PKEY_get_bits(key) : 0;
}

bool has_dsa_key(X509* certificate) {
  const customer::OpensslErrors errors;
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  return key != nullptr && EVP_PKEY_get_base_id(key) == EVP_PKEY_DSA;
}

bool has_dsa_signature(X509* certificate) {
  const customer::OpensslErrors errors;
  return signature_algorithms_of(certificate).key == NID_dsa;
}

oracle::Digest digest_of(X509* certificate) {
  const customer::OpensslErrors errors;
  switch (signature_algorithms_of(certificate).digest) {
    case NID_md5:
      return oracle::Digest::md5;
    case NID_sha1:
      return oracle::Digest::sha1;
    case NID_sha224:
      return oracle::Digest::sha224;
    case NID_sha384:
      return oracle::Digest::sha384;
    case NID_sha512:
    case NID_undef:  // EdDSA has its own
      return oracle::Digest::sha512;
    default:
      return oracle::Digest::sha256;
  }
}

bool must_staple(X509* certificate) {
  constexpr long kStatusRequest = 5;
  const customer::OpensslErrors errors;
  const auto features = extension<Features>(certificate, NID_tlsfeature);
  for (int i = 0; features && i < sk_ASN1_INTEGER_num(features.get()); ++i) {
    if (ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features.get(), i)) == kStatusRequest) return true;
  }
  return false;
}

}  // namespace startle::certs
