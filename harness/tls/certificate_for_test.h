#pragma once
// Small certificates, for tests of what stands below the certificate factory.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "harness/tls/credentials.h"
#include "harness/tls/handle.h"

namespace startle::tls {

struct CertificateForTest {
  std::string common_name = "smtp.example.test";
  std::vector<std::string> dns_names{};
  std::vector<std::string> ip_addresses{};  // 4 or 16 bytes each
  std::string purpose{};                    // an OID; empty: no extended key usage
  std::chrono::sys_days from = std::chrono::year{2030} / 1 / 1;
  std::chrono::sys_days until = std::chrono::year{2031} / 1 / 1;
  bool second_key = false;           // its own key is another than key_for_test()
  std::string issuer_common_name{};  // who signs it, with key_for_test(); empty: itself
};

// P-256; made once.
gnutls_x509_privkey_t key_for_test();

// DER; self-signed unless it has an issuer.
std::string self_signed(const CertificateForTest& certificate = {});

std::shared_ptr<const ServerCredentials> credentials_for_test();

}  // namespace startle::tls
