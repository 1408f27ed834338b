#pragma once
// What a session needs besides a stream, built once and shared read-only by every session of every
// thread.

#include <memory>
#include <string>
#include <vector>

#include "harness/tls/handle.h"

namespace startle::tls {

// A server's certificate list, exactly in the order given, and the private key of the first.
class ServerCredentials {
 public:
  // `sent_der`: certificates, end entity first, sent as they are, whether or not they can be read.
  // `staple`: a DER OCSP response for clients that ask (RFC 6066, 8); empty: none. Throws
  // Error(Fault::tls_library).
  ServerCredentials(const std::vector<std::string>& sent_der, gnutls_x509_privkey_t key,
                    std::string staple = {});
  ServerCredentials(const ServerCredentials&) = delete;  // GnuTLS knows where the staple is
  ServerCredentials& operator=(const ServerCredentials&) = delete;
  gnutls_certificate_credentials_t get() const { return handle_.get(); }

 private:
  std::string staple_;
  CredentialsHandle handle_;
};

// A client's certificate list, end entity first, with its private key: shown to a server that asks
// (RFC 8446, 4.3.2).
class ClientCredentials {
 public:
  // Throws Error(Fault::tls_library).
  ClientCredentials(const std::vector<std::string>& sent_der, gnutls_x509_privkey_t key);
  gnutls_certificate_credentials_t get() const { return handle_.get(); }

 private:
  CredentialsHandle handle_;
};

// Trust anchors, and certificate revocation lists (RFC 5280, 5) of the authorities below them.
class TrustStore {
 public:
  // Lists that are out of date are kept: what that means is the client's business. Throws
  // Error(Fault::tls_library).
  explicit TrustStore(const std::vector<std::string>& anchors_der,
                      const std::vector<std::string>& revocation_lists_der = {});
  gnutls_x509_trust_list_t get() const { return handle_.get(); }
  const std::vector<std::string>& anchors_der() const { return anchors_der_; }
  const std::vector<Certificate>& anchors() const { return anchors_; }
  // Each anchor has a key that GnuTLS knows, and none an RSA key below 2048 bits.
  bool all_strong() const { return all_strong_; }
  const std::vector<RevocationList>& revocation_lists() const { return revocation_lists_; }
  const std::vector<std::string>& revocation_lists_der() const { return revocation_lists_der_; }

 private:
  std::vector<std::string> anchors_der_;
  std::vector<std::string> revocation_lists_der_;
  std::vector<Certificate> anchors_{};
  std::vector<RevocationList> revocation_lists_{};
  bool all_strong_ = true;
  TrustListHandle handle_;
};

// Imports one DER certificate.
Certificate certificate_from_der(const std::string& der);

}  // namespace startle::tls
