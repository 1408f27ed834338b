#include "cases/commands/customer_stores.h"

#include <cstdlib>
#include <filesystem>
#include <ostream>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::commands {
namespace {

constexpr std::size_t kLongestPassword = 4096;

// A file of passwords ends its line as editors do.
std::string password_in(const std::string& file) {
  std::string password = read_file(file, kLongestPassword);
  if (password.ends_with('\n')) password.pop_back();
  if (password.ends_with('\r')) password.pop_back();
  return password;
}

}  // namespace

void check_home(const HomeOptions& options, const std::string& config) {
  if (options.home.empty()) {
    if (options.password_file.empty()) return;
    throw Error(Fault::usage, "--store-password-file opens the stores of --home DIR: give both");
  }
  if (config.empty()) {
    throw Error(Fault::usage,
                "--home needs --config FILE, the customer's schedule.xml: the stores of its hosts "
                "are looked for in DIR/keystore");
  }
  std::error_code ignored;
  if (!std::filesystem::is_directory(options.home, ignored)) {
    throw Error(Fault::usage, "--home " + options.home + ": there is no such folder");
  }
}

CustomerStores::CustomerStores(const HomeOptions& options, const config::Schedule& schedule)
    : home_(options.home) {
  for (const config::Entry& entry : schedule.entries) hosts_.push_back(entry.host);
  if (!options.password_file.empty()) {
    password_ = password_in(options.password_file);
  } else if (const char* given = std::getenv("STARTLE_STORE_PASSWORD"); given != nullptr) {
    password_ = given;
  }
}

std::optional<config::HostStore> CustomerStores::of(const config::Entry& entry) const {
  if (home_.empty() || entry.tls == config::Tls::none) return std::nullopt;
  config::StoreUse use = config::use_of(entry);
  use.other_hosts = hosts_;
  return config::find_host_store(home_, entry.host, password_, use);
}

std::optional<policy::HostStore> CustomerStores::value(const config::Entry& entry) const {
  const auto found = of(entry);
  return found ? from_word<policy::HostStore>(config::axis_value(*found)) : std::nullopt;
}

void CustomerStores::warn(const config::Entry& entry, std::ostream& out) {
  const auto found = of(entry);
  if (!found) return;
  for (const config::StoreDiagnosis& diagnosis : found->diagnoses) {
    if (!told_.insert(diagnosis.sentence).second) continue;
    out << entry.file << ":" << entry.line << ": "
        << (config::is_note(diagnosis.problem) ? "note" : "warning") << ": " << diagnosis.sentence
        << '\n';
    if (!diagnosis.remedy.empty()) out << "  " << diagnosis.remedy << '\n';
  }
}

}  // namespace startle::commands
