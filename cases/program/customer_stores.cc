#include "cases/program/customer_stores.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <utility>

#include "cases/program/machine_anchors.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/customer/shown_file.h"

namespace startle::program {
namespace {

constexpr std::size_t kLongestPassword = 4096;

// A file of passwords ends its line as editors do.
std::string password_in(const std::string& file) {
  std::string password = read_file(file, kLongestPassword);
  if (password.ends_with('\n')) password.pop_back();
  if (password.ends_with('\r')) password.pop_back();
  return password;
}

// "mail.example.com=FILE"
std::pair<std::string, std::string> host_and_file(const std::string& shown) {
  const std::size_t equals = shown.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == shown.size()) {
    throw Error(Fault::usage, "--shown " + shown + " is not HOST=FILE");
  }
  return {shown.substr(0, equals), shown.substr(equals + 1)};
}

using State = oracle::KeptStore::State;

// What the table says of a store that Java does not open; the sentence of a diagnosis is longer.
struct Unopened {
  State state = State::absent;
  std::string sentence{};
};
std::optional<Unopened> unopened(customer::StoreProblem problem) {
  switch (problem) {
    case customer::StoreProblem::missing:
      return Unopened{State::absent, "the host has no key store"};
    case customer::StoreProblem::misnamed:
    case customer::StoreProblem::wrong_extension:
      return Unopened{State::absent, "the key store's file has not the host's name"};
    case customer::StoreProblem::unreadable:
      return Unopened{State::absent,
                      "the host's key store cannot be read here, and counts as missing"};
    case customer::StoreProblem::empty:
      return Unopened{State::unusable, "the host's key store is an empty file"};
    case customer::StoreProblem::not_a_store:
      return Unopened{State::unusable, "the host's key store is a file of another kind"};
    case customer::StoreProblem::wrong_format:
      return Unopened{State::unusable,
                      "the host's key store is in JCEKS, which Java does not open unless told"};
    case customer::StoreProblem::damaged:
      return Unopened{State::unusable, "the host's key store is damaged"};
    case customer::StoreProblem::wrong_password:
      return Unopened{State::unusable,
                      "the host's key store is not opened by the password that is tried"};
    case customer::StoreProblem::world_writable:
    case customer::StoreProblem::locked:
    case customer::StoreProblem::no_certificate:
    case customer::StoreProblem::not_trusted:
    case customer::StoreProblem::expired:
    case customer::StoreProblem::renewed:
    case customer::StoreProblem::other_certificate:
      break;
  }
  return std::nullopt;
}

cases::CustomerStore as_it_is(const customer::FoundStore& found) {
  cases::CustomerStore store{.kind = *from_word<words::HostStore>(customer::axis_value(found)),
                             .state = State::opened};
  if (found.store) {
    for (const customer::StoreEntry& entry : found.store->entries) {
      if (entry.trusted) store.trusted_der.push_back(entry.der);
    }
    return store;
  }
  for (const customer::StoreDiagnosis& diagnosis : found.diagnoses) {
    if (auto why = unopened(diagnosis.problem)) {
      store.state = why->state;
      store.sentence = std::move(why->sentence);
      return store;
    }
  }
  throw Error(Fault::internal, "a key store that is not opened, and no diagnosis says why");
}

}  // namespace

void check_home(const HomeOptions& options, const std::string& config) {
  if (options.home.empty()) {
    if (!options.shown.empty() && config.empty()) {
      throw Error(Fault::usage,
                  "--shown needs --config FILE, the customer's schedule.xml: it is the first row "
                  "of its table (`startle certs show FILE.pem --name HOST` needs none)");
    }
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

CustomerStores::CustomerStores(const HomeOptions& options, const customer::Schedule& schedule)
    : home_(options.home) {
  for (const customer::Entry& entry : schedule.entries) hosts_.push_back(entry.host);
  if (!options.password_file.empty()) {
    password_ = password_in(options.password_file);
  } else if (const char* given = std::getenv("STARTLE_STORE_PASSWORD"); given != nullptr) {
    password_ = given;
  }
  for (const std::string& shown : options.shown) {
    const auto [host, file] = host_and_file(shown);
    if (std::find(hosts_.begin(), hosts_.end(), host) == hosts_.end()) {
      throw Error(Fault::usage, "--shown " + shown + ": the configuration has no host " + host);
    }
    if (shown_.count(host) > 0) {
      throw Error(Fault::usage, "--shown " + shown + ": what " + host +
                                    " shows is given twice: a host has one certificate here");
    }
    if (!machine_) machine_ = machine_anchors();
    shown_[host] = {.file = file, .der = customer::read_shown_file(file), .machine = machine_};
  }
}

std::optional<customer::FoundStore> CustomerStores::of(const customer::Entry& entry) const {
  if (home_.empty() || entry.tls == words::Tls::none) return std::nullopt;
  customer::StoreUse use = customer::use_of(entry);
  use.other_hosts = hosts_;
  customer::FoundStore found = customer::find_host_store(home_, entry.host, password_, use);
  if (const auto shown = shown_.find(entry.host); shown != shown_.end()) {
    for (auto& diagnosis : customer::compare_with_shown(found, shown->second.der, entry.host)) {
      found.diagnoses.push_back(std::move(diagnosis));
    }
  }
  return found;
}

std::shared_ptr<const cases::CustomerHost> CustomerStores::host(
    const customer::Entry& entry) const {
  auto made = std::make_shared<cases::CustomerHost>();
  if (const auto found = of(entry)) made->store = as_it_is(*found);
  if (const auto shown = shown_.find(entry.host); shown != shown_.end()) {
    made->shown = shown->second;
  }
  return made;
}

std::vector<report::Warning> CustomerStores::warn(const customer::Entry& entry, std::ostream& out) {
  std::vector<report::Warning> warnings;
  const auto found = of(entry);
  if (!found) return warnings;
  const std::string where = entry.file + ":" + std::to_string(entry.line);
  for (const customer::StoreDiagnosis& diagnosis : found->diagnoses) {
    if (!told_.insert(diagnosis.sentence).second) continue;
    const bool note = customer::is_note(diagnosis.problem);
    out << where << ": " << (note ? "note" : "warning") << ": " << diagnosis.sentence << '\n';
    if (!diagnosis.remedy.empty()) out << "  " << diagnosis.remedy << '\n';
    if (!note) warnings.push_back({.where = where, .text = diagnosis.sentence});
  }
  return warnings;
}

}  // namespace startle::program
