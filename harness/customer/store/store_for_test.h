#pragma once
// Small stores made in the test, with one thing about them unlike what keytool writes.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/customer/store/store.h"

namespace startle::customer {

// Self-signed certificates, CN=one.example.test and two.example.test.
const std::string& certificate_one();
const std::string& certificate_two();

struct JksForTest {
  std::string magic = "feedfeed";  // hex
  std::uint32_t version = 2;
  std::vector<std::string> entries{};  // see the functions below
  std::string password = "changeit";
  int claimed = -1;  // entries; -1: as many as there are
};
std::string trusted_entry(const std::string& alias, const std::string& der,
                          const std::string& type = "X.509");
std::string version_1_entry(const std::string& alias, const std::string& der);
std::string key_entry(const std::string& alias, const std::vector<std::string>& chain);
std::string write(const JksForTest& store);

struct Pkcs12ForTest {
  std::vector<StoreEntry> entries{};
  std::string password = "changeit";
  bool encrypted = true;
  bool with_mac = true;
  int encryption = 0;  // an OpenSSL NID; 0: PBES2 with AES-256
  int iterations = 2;
  int mac_iterations = 3;
};
std::string write(const Pkcs12ForTest& store);

// "REFUSAL: what()"; "none".
std::string complaint_about(const std::string& bytes, const std::optional<std::string>& password);

std::string to_pem_for_test(const std::string& der, const char* label = "CERTIFICATE");

}  // namespace startle::customer
