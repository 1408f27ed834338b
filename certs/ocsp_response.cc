#include <gnutls/crypto.h>
#include <libtasn1.h>

#include <array>
#include <memory>

#include "certs/der.h"
#include "certs/signature.h"
#include "certs/status.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

#include <ocsp_table.inc>  // kOcspModule, made from ocsp.asn by the build

void check(int rc, const std::string& what) {
  if (rc == ASN1_SUCCESS) return;
  throw Error(Fault::internal, "libtasn1, " + what + ": " + asn1_strerror(rc));
}

struct FreeNode {
  void operator()(asn1_node node) const noexcept { asn1_delete_structure(&node); }
};
using Node = std::unique_ptr<asn1_node_st, FreeNode>;

// The module, once: libtasn1 only reads it.
asn1_node module() {
  static const Node parsed = [] {
    asn1_node node = nullptr;
    std::array<char, ASN1_MAX_ERROR_DESCRIPTION_SIZE> why{};
    check(asn1_array2tree(kOcspModule, &node, why.data()), why.data());
    return Node(node);
  }();
  return parsed.get();
}

// A value of one of its types, to be filled in and encoded.
class Value {
 public:
  explicit Value(const char* type) {
    asn1_node node = nullptr;
    check(asn1_create_element(module(), (std::string("OCSP.") + type).c_str(), &node), type);
    node_.reset(node);
  }

  void write(const std::string& field, const std::string& bytes) {
    set(field, bytes.data(), static_cast<int>(bytes.size()));
  }
  void write_bits(const std::string& field, const std::string& bytes) {
    set(field, bytes.data(), static_cast<int>(bytes.size() * 8));
  }
  // An object identifier, a number, the name of a choice; NEW, an element of a SEQUENCE OF.
  void write_word(const std::string& field, const char* word) { set(field, word, 1); }
  void leave_out(const std::string& field) { set(field, nullptr, 0); }

  // Of the whole, or of a field.
  std::string encoded(const char* field = "") const {
    int size = 0;
    std::array<char, ASN1_MAX_ERROR_DESCRIPTION_SIZE> why{};
    if (const int rc = asn1_der_coding(node_.get(), field, nullptr, &size, why.data());
        rc != ASN1_MEM_ERROR) {
      check(rc, why.data());
    }
    std::string bytes(static_cast<std::size_t>(size), '\0');
    check(asn1_der_coding(node_.get(), field, bytes.data(), &size, why.data()), why.data());
    bytes.resize(static_cast<std::size_t>(size));
    return bytes;
  }

 private:
  void set(const std::string& field, const void* value, int length) {
    check(asn1_write_value(node_.get(), field.c_str(), value, length), field);
  }
  Node node_{};
};

std::string sha1(std::string_view bytes) {
  std::array<char, 20> digest{};
  tls::check(gnutls_hash_fast(GNUTLS_DIG_SHA1, bytes.data(), bytes.size(), digest.data()),
             "gnutls_hash_fast");
  return {digest.data(), digest.size()};
}

// "20300615120000Z": the content of a GeneralizedTime (RFC 6960, 4.2.2.1).
std::string time_text(std::chrono::sys_seconds time) {
  const std::string element = der::time(der::kGeneralizedTime, time);
  return std::string(der::read(element).content);
}

// RFC 6960, 4.1.1: SHA-1 names the issuer, as every client asks.
void write_certificate_id(Value& value, const std::string& id, const Signer& issuer,
                          const std::string& serial) {
  const std::string sha1_identifier =
      der::sequence(der::object_identifier("1.3.14.3.2.26") + der::element(der::kNull, ""));
  value.write(id + ".hashAlgorithm", sha1_identifier);
  value.write(id + ".issuerNameHash", sha1(distinguished_name(issuer.common_name)));
  value.write(id + ".issuerKeyHash", key_identifier(issuer.key));
  value.write(id + ".serialNumber", serial);
}

// Another certificate's.
std::string next_serial(std::string serial) {
  serial.back() = static_cast<char>(static_cast<unsigned char>(serial.back()) ^ 1U);
  return serial;
}

}  // namespace

std::string ocsp_response(const StapleRecipe& staple, const Signer& issuer,
                          const std::string& serial, std::chrono::sys_seconds clock) {
  const std::string since = time_text(clock + staple.validity.from);
  const std::string data = "tbsResponseData";
  const std::string answer = data + ".responses.?LAST";
  Value basic("BasicOCSPResponse");
  basic.write_word(data + ".responderID", "byKey");
  basic.write(data + ".responderID.byKey", key_identifier(issuer.key));
  basic.write(data + ".producedAt", since);
  basic.write_word(data + ".responses", "NEW");
  write_certificate_id(basic, answer + ".certID", issuer,
                       staple.of_another ? next_serial(serial) : serial);
  basic.write_word(answer + ".certStatus", staple.revoked ? "revoked" : "good");
  if (staple.revoked) {
    basic.write(answer + ".certStatus.revoked.revocationTime", since);
  }
  basic.write(answer + ".thisUpdate", since);
  basic.write(answer + ".nextUpdate", time_text(clock + staple.validity.until));

  const SignatureScheme scheme = scheme_of(issuer.key, oracle::Digest::sha256);
  basic.write("signatureAlgorithm", scheme.identifier);
  basic.write_bits("signature", sign(issuer.key, scheme, basic.encoded(data.c_str())));

  Value response("OCSPResponse");
  response.write("responseStatus", std::string(1, '\0'));                     // successful
  response.write_word("responseBytes.responseType", "1.3.6.1.5.5.7.48.1.1");  // id-pkix-ocsp-basic
  response.write("responseBytes.response", basic.encoded());
  return response.encoded();
}

}  // namespace startle::certs
