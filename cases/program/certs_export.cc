#include "cases/program/certs_export.h"

#include <iostream>

#include "cases/program/certs_json.h"
#include "cases/program/progress.h"
#include "certs/jks.h"
#include "certs/pkcs12.h"
#include "harness/base/bytes.h"
#include "harness/base/date.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/output_file.h"
#include "harness/report/verdict.h"

namespace startle::program {
namespace {

namespace fs = std::filesystem;

constexpr const char* kIndex = "index.json";
constexpr std::size_t kLongestIndex = 64 << 20;
constexpr const char* kPassword = "changeit";

// What an earlier export into this folder wrote; null: there was none.
Json earlier_index(const fs::path& folder) {
  if (!fs::is_regular_file(folder / kIndex)) return {};
  const Json index = Json::parse(read_file(folder / kIndex, kLongestIndex), nullptr, false);
  const bool ours =
      index.is_object() && index.contains("startle") && index.contains("certificates");
  return ours ? index : Json();
}

// Only what its index names goes.
void remove_earlier(const fs::path& folder, const Json& index) {
  for (const Json& one : index.at("certificates")) {
    if (!one.is_object() || !one.contains("files") || !one.contains("id")) continue;
    for (const auto& [what, file] : one.at("files").items()) {
      if (!file.is_string()) continue;
      const fs::path path = fs::path(file.get<std::string>()).lexically_normal();
      if (path.is_absolute() || *path.begin() == "..") continue;
      std::error_code kept;
      fs::remove(folder / path, kept);
      fs::remove((folder / path).parent_path(), kept);  // once it is empty
    }
  }
}

void make_ready(const fs::path& folder) {
  std::error_code failed;
  if (fs::exists(folder, failed) && !fs::is_directory(folder)) {
    throw Error(Fault::usage, folder.string() + " is no folder: name one that is new or empty");
  }
  fs::create_directories(folder, failed);
  if (failed) throw Error(Fault::usage, folder.string() + ": " + failed.message());
  if (fs::is_empty(folder)) return;
  const Json earlier = earlier_index(folder);
  if (earlier.is_null()) {
    throw Error(Fault::usage, folder.string() +
                                  " holds other files: name a folder that is new or empty, or one "
                                  "of an earlier export");
  }
  remove_earlier(folder, earlier);
}

// The files of one chain, and their names by what they are.
class Files {
 public:
  Files(const fs::path& folder, std::string id) : folder_(folder), id_(std::move(id)) {
    fs::create_directories(folder_ / id_);
  }
  void add(const char* what, const std::string& name, const std::string& content,
           bool secret = false) {
    const std::string file = id_ + "/" + name;
    write_file(folder_ / file, content, secret);
    names_[what] = file;
  }
  const Json& names() const { return names_; }

 private:
  const fs::path& folder_;
  std::string id_;
  Json names_ = Json::object();
};

// A chain of one is a certificate that signed itself: its authority is itself, and the anchors are
// what a client holds who does not know it.
std::vector<std::pair<std::string, std::string>> trusted_in(const certs::Chain& chain) {
  std::vector<std::pair<std::string, std::string>> trusted;
  for (const std::string& der : chain.all_der.size() == 1 ? chain.all_der : chain.anchors_der) {
    trusted.emplace_back("startle-" + std::to_string(trusted.size() + 1), der);
  }
  return trusted;
}

// JKS encrypts a private key in a way of Java's own: the key is PKCS #12 beside either trust store.
void write_for_java(ExportFormat format, const certs::Chain& chain, std::chrono::sys_seconds clock,
                    Files& files) {
  const std::string& id = chain.recipe_id;
  files.add("pkcs12", id + ".p12",
            certs::write_pkcs12(chain.leaf_key_pem, chain.sent_der, kPassword, id), true);
  const auto trusted = trusted_in(chain);
  if (format == ExportFormat::jks) {
    files.add("truststore", "truststore.jks", certs::write_jks(trusted, kPassword, clock));
  } else {
    files.add("truststore", "truststore.p12", certs::write_pkcs12_truststore(trusted, kPassword));
  }
}

Json write_chain(const ExportRequest& request, const certs::Chain& chain,
                 std::chrono::sys_seconds clock) {
  const std::string& id = chain.recipe_id;
  Files files(request.folder, id);
  if (request.format != ExportFormat::pem) {
    write_for_java(request.format, chain, clock, files);
  } else {
    files.add("chain", "chain.pem", certs::to_pem(chain.sent_der));
    files.add("key", "key.pem", chain.leaf_key_pem, true);
  }
  files.add("ca", "ca.pem", certs::to_pem(chain.anchors_der));
  if (!chain.revocation_list_der.empty()) {
    files.add("crl", "crl.pem", to_pem("X509 CRL", chain.revocation_list_der));
  }
  if (!chain.staple_der.empty()) files.add("staple", "staple.der", chain.staple_der);
  return files.names();
}

void write_index(const ExportRequest& request, std::chrono::sys_seconds clock, Json certificates,
                 Json skipped) {
  Json index{{"format", 1},
             {"startle", STARTLE_VERSION},
             {"name", request.host},
             {"clock", time_text(clock)}};
  if (request.format != ExportFormat::pem) index["password"] = kPassword;
  index["certificates"] = std::move(certificates);
  index["skipped"] = std::move(skipped);
  OutputFile file(request.folder / kIndex);
  file.stream() << index.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
  file.finish();
}

}  // namespace

void export_certificates(const ExportRequest& request, const cases::Catalogue& catalogue,
                         certs::Mint& mint) {
  make_ready(request.folder);
  // An export that is interrupted can be begun again in the same folder.
  write_index(request, mint.clock(), Json::array(), Json::array());
  Json certificates = Json::array();
  Json skipped = Json::array();
  Progress progress(request.ids.size(), "certificates");
  std::size_t done = 0;
  for (const std::string& id : request.ids) {
    const certs::Recipe& recipe = catalogue.recipe(id);
    progress.show(done++);
    if (const std::string why = certs::inapplicable(recipe, request.host); !why.empty()) {
      skipped.push_back({{"id", id}, {"reason", why}});
      progress.clear();
      std::cerr << "startle: " << id << " is left out for " << request.host << ": " << why << '\n';
      continue;
    }
    Json one = recipe_json(recipe, catalogue.kind(id), request.host);
    one["files"] = write_chain(request, *mint.chain(recipe, request.host), mint.clock());
    if (recipe.tls_1_2_only) one["tls"] = "1.2";
    certificates.push_back(std::move(one));
  }
  progress.clear();
  write_index(request, mint.clock(), std::move(certificates), std::move(skipped));
}

}  // namespace startle::program
