#include "cases/program/machine_anchors.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "harness/customer/store/store.h"

namespace startle::program {
namespace {

constexpr std::array kBundles{"/etc/ssl/certs/ca-certificates.crt",
                              "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};

std::string file_of_authorities() {
  const char* given = std::getenv("SSL_CERT_FILE");
  if (given != nullptr && *given != '\0') return given;
  for (const char* bundle : kBundles) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(bundle, ignored)) return bundle;
  }
  return "";
}

}  // namespace

std::shared_ptr<const cases::NamedAnchors> machine_anchors() {
  auto made = std::make_shared<cases::NamedAnchors>();
  const std::string file = file_of_authorities();
  if (file.empty()) return made;
  made->file = file;
  for (const customer::StoreEntry& entry : customer::read_store_file(file, std::nullopt).entries) {
    made->der.push_back(entry.der);
  }
  return made;
}

}  // namespace startle::program
