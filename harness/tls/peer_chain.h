#pragma once
// The certificates a peer has shown, read with GnuTLS, as separate questions. Which of them matter,
// and in which order, is the client's business (harness/client/certificate_check.h).

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/tls/certification_path.h"
#include "harness/tls/credentials.h"
#include "harness/tls/handle.h"
#include "harness/tls/staple.h"

namespace startle::tls {

// What the client's revocation lists say of a path (RFC 5280, 6.3).
enum class RevocationStatus { none, revoked, out_of_date };

// Of DER; null where that cannot be read.
Certificate read_certificate(const gnutls_datum_t& der);
// Whether the key usage of a certificate is absent or lets its key sign (RFC 5280, 4.2.1.3).
bool may_sign(gnutls_x509_crt_t certificate);

class PeerChain {
 public:
  // What the handshake asks of the end entity's key.
  enum class KeyUse {
    signature,
    transport,  // TLS 1.2 alone: a secret is encrypted to it (RFC 5246, 7.4.7.1)
  };

  // End entity first. `staple`: the OCSP response sent with it; empty: none. `end_entity`: the
  // first of `der`, where it has been read before. See readable().
  explicit PeerChain(std::span<const gnutls_datum_t> der, std::string_view staple = {},
                     KeyUse use = KeyUse::signature, Certificate end_entity = nullptr);

  // The end entity could be parsed: ask nothing else where it could not.
  bool readable() const { return readable_; }
  // So could every other; those that could not are left out of everything below.
  bool all_readable() const { return certificates_.size() == sent_; }
  std::size_t size() const { return certificates_.size(); }
  // How many were sent, and the length of the TLS 1.3 message that holds them (RFC 8446, 4.4.2).
  std::size_t sent() const { return sent_; }
  std::size_t message_bytes() const { return message_bytes_; }

  // Of the end entity, against the run's clock; see dates_of().
  Dates dates(bool beginning_first = false) const;
  // Of the end entity, under the key of a certificate of its issuer's name, if one was sent or it
  // is its own issuer; nullopt otherwise.
  std::optional<bool> signature_valid() const;
  // Its extended key usage is absent or allows TLS server authentication.
  bool allows_server_authentication() const;
  // As above, for client authentication (RFC 5280, 4.2.1.12).
  bool allows_client_authentication() const;
  // Its key usage is absent or lets its key be used as the handshake does (RFC 8446, 4.4.2.2).
  bool allows_key_use() const;
  // Its key and its signature's digest offer at least 112 bits (GnuTLS's profile "medium").
  bool strong() const;
  // Size of its RSA key; 0: not RSA.
  unsigned rsa_bits() const;
  bool signed_with_md5() const;
  // Of every certificate sent that can be read: Java's algorithm constraints, where it looks for no
  // path.
  LinkStrength strength_of_all() const;

  bool has_unknown_critical_extension() const;
  // Its subject is empty and its subjectAltName not critical (RFC 5280, 4.2.1.6).
  bool is_named_without_force() const;

  // Whether GnuTLS accepts the path, and where it does not, what is wrong with the best there is.
  PathReport path(const TrustStore& anchors, bool beginning_first = false) const;
  // One of those sent is itself an anchor, whomever it issued.
  bool shows_anchor(const TrustStore& anchors) const;
  // The end entity is itself an anchor.
  bool end_entity_is_in(const TrustStore& anchors) const;
  // It, or another certificate of its name and key, is.
  bool end_entity_key_is_in(const TrustStore& anchors) const;
  // An anchor has the end entity's subject, whatever its key.
  bool end_entity_is_named_in(const TrustStore& anchors) const;
  // By the lists of `store` that the end entity's issuer has signed.
  RevocationStatus revocation(const TrustStore& store) const;
  // nullopt: none was sent.
  std::optional<StapleStatus> staple(const TrustStore& anchors) const;
  bool demands_staple() const;
  // In DER; empty: none was sent.
  const std::string& staple_der() const { return staple_; }

  // Presented identities of the end entity, as raw bytes.
  const std::vector<std::string>& dns_names() const;
  bool has_san() const;
  std::string common_name() const;
  // A dNSName matches by GnuTLS's rules (wildcards included); the common name never counts.
  bool presents_dns(const std::string& name) const;
  // An iPAddress entry equals this address, given as text.
  bool presents_ip(const std::string& address) const;

  // For a person: "smtp.example.test, mail.example.test", "only the common name x", ...
  std::string described_names() const;
  // "2026-11-20"
  std::string not_before() const;
  std::string not_after() const;

 private:
  struct Names {
    std::vector<std::string> dns{};
    bool any = false;
  };
  gnutls_x509_crt_t leaf() const { return certificates_.front().get(); }
  const Names& names() const;
  // Who signed the end entity, of the sent certificates and the anchors; null: nobody there.
  gnutls_x509_crt_t issuer(const TrustStore& anchors) const;

  std::vector<Certificate> certificates_{};
  std::string staple_{};
  KeyUse use_ = KeyUse::signature;
  std::size_t sent_ = 0;
  std::size_t message_bytes_ = 0;
  bool readable_ = false;
  mutable std::optional<Names> names_{};
};

}  // namespace startle::tls
