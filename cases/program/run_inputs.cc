#include "cases/program/run_inputs.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "cases/program/commands.h"
#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/output_file.h"
#include "harness/customer/schedule/schedule.h"

namespace startle::program {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCatalogue = "the catalogue";
constexpr std::size_t kMostBytes = 256 << 20;

void add_below(const char* what, const fs::path& folder, std::string_view ending,
               std::vector<InputFile>& files) {
  std::error_code none;
  std::vector<fs::path> found;
  for (fs::recursive_directory_iterator at(folder, none), end; !none && at != end;
       at.increment(none)) {
    if (at->path().native().ends_with(ending) && at->is_regular_file(none)) {
      found.push_back(at->path());
    }
  }
  std::sort(found.begin(), found.end());
  for (fs::path& file : found) files.push_back({what, std::move(file)});
}

// The program or the description that a client is; empty: it is none of a file.
std::string file_of_client(std::string client) {
  constexpr std::string_view kWorker = "worker:";
  if (client.starts_with(kWorker)) client.erase(0, kWorker.size());
  return client.find('/') != std::string::npos || is_file(client) ? client : "";
}

std::string digest(const std::string& bytes, std::uint64_t seed = 0) {
  return to_hex(big_endian(fingerprint(bytes, seed), 8));
}

// Whoever knows the rest of the file could try passwords on a fingerprint of all of it.
std::string told_of(const customer::Entry& entry) {
  std::string text = entry.host + "\n" + std::to_string(entry.port) + "\n" +
                     std::to_string(entry.line) + "\n" + std::string(word(entry.protocol)) + "\n" +
                     std::to_string(static_cast<int>(entry.tls)) + "\n";
  for (const auto* part : {&entry.username, &entry.trust, &entry.mechanism}) {
    text += part->has_value() ? "=" + **part + "\n" : "-\n";
  }
  text += !entry.password ? "-" : entry.password->empty() ? "=" : "*";
  return text + "\n" + entry.email + "\n" + entry.base + "\n" + entry.filter + "\n";
}

}  // namespace

namespace {

// Those that the request names.
std::vector<InputFile> named_files(const RunRequest& request) {
  std::vector<InputFile> files;
  const auto add = [&](const char* what, const fs::path& file) {
    std::error_code none;
    if (!file.empty() && fs::exists(file, none)) files.push_back({what, file});
  };
  for (const std::string& what : request.what) {
    if (is_file(what)) add("a file of cases", what);
  }
  add("--client", file_of_client(request.client));
  add("--config", request.config);
  if (!request.config.empty()) {
    for (const customer::Entry& entry : customer::read_schedule(request.config).entries) {
      if (entry.certificate) {
        add("--config", fs::path(request.config).parent_path() / *entry.certificate);
      }
    }
  }
  for (const std::string& shown : request.home.shown) {
    add("--shown", shown.substr(std::min(shown.find('='), shown.size() - 1) + 1));
  }
  add("--store-password-file", request.home.password_file);
  add("--cacerts", request.home.cacerts);
  add("--cacerts-password-file", request.home.cacerts_password_file);
  add("--expected-failures", request.expected_failures);
  if (!request.home.home.empty()) {
    add_below("--home", fs::path(request.home.home) / "keystore", "", files);
  }
  return files;
}

}  // namespace

std::vector<InputFile> input_files(const RunRequest& request) {
  std::vector<InputFile> files = named_files(request);
  const fs::path cases = cases::Catalogue::clients_folder().parent_path();
  add_below(kCatalogue, cases, ".xml", files);
  add_below(kCatalogue, cases.parent_path() / "certs" / "recipes", ".xml", files);
  return files;
}

void refuse_to_replace(const std::string& option, const fs::path& output,
                       const std::vector<InputFile>& inputs) {
  for (const InputFile& input : inputs) {
    if (!are_one_file(output, input.file)) continue;
    throw Error(Fault::usage, option + " would replace " + input.file.string() +
                                  ", which is read (" + input.what + "): name another file");
  }
}

void refuse_to_replace(const std::vector<WantedReport>& reports,
                       const std::vector<InputFile>& inputs) {
  for (const WantedReport& wanted : reports) {
    if (wanted.path) refuse_to_replace("--report " + wanted.said, *wanted.path, inputs);
  }
}

std::vector<std::pair<std::string, std::string>> noted_inputs(const RunRequest& request,
                                                              const cases::Catalogue& catalogue) {
  std::map<std::string, std::uint64_t> digests;
  std::vector<InputFile> inputs = named_files(request);
  for (const fs::path& file : catalogue.files()) inputs.push_back({kCatalogue, file});
  for (const InputFile& input : inputs) {
    if (input.what == "--config" || input.what.ends_with("-password-file")) continue;
    std::uint64_t& seed = digests[input.what];
    seed = fingerprint(input.file.filename().string() + "\n", seed);
    std::error_code none;
    if (fs::is_regular_file(input.file, none)) {
      seed = fingerprint(read_file(input.file, kMostBytes), seed);
    }
  }
  std::vector<std::pair<std::string, std::string>> noted;
  for (const auto& [what, seed] : digests) noted.emplace_back(what, digest("", seed));
  if (!request.config.empty()) {
    std::string all;
    for (const customer::Entry& entry : customer::read_schedule(request.config).entries) {
      all += told_of(entry);
    }
    noted.emplace_back("--config", digest(all));
  }
  if (request.deadline > 0) noted.emplace_back("--deadline", std::to_string(request.deadline));
  if (request.dialogue) noted.emplace_back("--dialogue", "yes");
  return noted;
}

}  // namespace startle::program
