#pragma once
// A small self-signed certificate, for tests of what stands below the certificate factory.

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
};

// P-256; made once.
gnutls_x509_privkey_t key_for_test();

// DER, signed with key_for_test().
std::string self_signed(const CertificateForTest& certificate = {});

std::shared_ptr<const ServerCredentials> credentials_for_test();

}  // namespace startle::tls
