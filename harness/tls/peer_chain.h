#pragma once
// The certificates a peer has shown, read with GnuTLS, as separate questions. Which of them matter,
// and in which order, is the client's business (harness/client/certificate_check.h).

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/tls/credentials.h"
#include "harness/tls/handle.h"

namespace startle::tls {

enum class Dates { current, expired, not_yet_valid };

// What a walk from the end entity to a trust anchor found (RFC 5280, 6.1).
struct PathReport {
  bool anchored = true;          // an anchor was reached
  bool signatures_valid = true;  // of every certificate on the way whose issuer is at hand
  bool rules_kept = true;        // CA flags, path lengths, name constraints
  Dates dates = Dates::current;  // the worst on the way
};

class PeerChain {
 public:
  // End entity first. Never throws: see readable().
  explicit PeerChain(std::span<const gnutls_datum_t> der);

  // Every certificate could be parsed, and there is one at least.
  bool readable() const { return readable_; }
  std::size_t size() const { return certificates_.size(); }

  // Of the end entity, against the run's clock.
  Dates dates() const;
  // Of the end entity, under the key of the certificate that issued it, if that was sent or is the
  // end entity itself; nullopt otherwise.
  std::optional<bool> signature_valid() const;
  // Its extended key usage is absent or allows TLS server authentication.
  bool allows_server_authentication() const;
  // As above, for client authentication (RFC 5280, 4.2.1.12).
  bool allows_client_authentication() const;
  // Its key and its signature's digest offer at least 112 bits (GnuTLS's profile "medium").
  bool strong() const;
  // Size of its RSA key; 0: not RSA.
  unsigned rsa_bits() const;
  bool signed_with_md5() const;

  PathReport path(const TrustStore& anchors) const;

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

  std::vector<Certificate> certificates_{};
  bool readable_ = false;
  mutable std::optional<Names> names_{};
};

}  // namespace startle::tls
