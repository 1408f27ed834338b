#pragma once
// `startle certs export DIR`: chains as files for servers and clients of one's own, a folder for
// each recipe, and an index of what they are.

#include <filesystem>
#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "certs/mint.h"

namespace startle::program {

enum class ExportFormat { pem, pkcs12, jks };
inline constexpr auto kExportFormats = word_table<ExportFormat>({
    {ExportFormat::pem, "pem"},
    {ExportFormat::pkcs12, "pkcs12"},
    {ExportFormat::jks, "jks"},
});
constexpr Words words_of(ExportFormat) {
  return kExportFormats;
}

struct ExportRequest {
  std::filesystem::path folder{};
  std::string host{};
  ExportFormat format = ExportFormat::pem;
  std::vector<std::string> ids{};
};

// DIR/ID/chain.pem (as sent), key.pem (readable by its owner alone), with ca.pem, crl.pem and
// staple.der where they count; DIR/index.json. For Java, key and chain as ID.p12 (readable by its
// owner alone) and, as PKCS #12 or JKS, truststore.p12 or truststore.jks: what a customer imports
// to reach this server, its authority or, where it signed itself, the certificate. An earlier
// export in DIR is replaced. A recipe that cannot be shown to this host, and why, stands in the
// index and on stderr. Throws Error(Fault::usage) where DIR holds anything else.
void export_certificates(const ExportRequest& request, const cases::Catalogue& catalogue,
                         certs::Mint& mint);

}  // namespace startle::program
