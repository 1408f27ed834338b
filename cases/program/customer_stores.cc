#include "cases/program/customer_stores.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <ostream>
#include <utility>

#include "cases/program/machine_anchors.h"
#include "cases/program/password_file.h"
#include "cases/program/store_as_found.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/printable.h"
#include "harness/base/text.h"
#include "harness/customer/home/home_remedy.h"
#include "harness/customer/home/shown_file.h"

namespace startle::program {
namespace {

// "mail.example.com=FILE"
std::pair<std::string, std::string> host_and_file(const std::string& shown) {
  const std::size_t equals = shown.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == shown.size()) {
    throw Error(Fault::usage, "--shown " + shown + " is not HOST=FILE");
  }
  return {shown.substr(0, equals), shown.substr(equals + 1)};
}

// "a, b, c and 7 more", each once
std::string some_of(const std::vector<std::string>& all) {
  constexpr std::size_t kMost = 3;
  const std::set<std::string> each(all.begin(), all.end());
  const std::vector<std::string> hosts(each.begin(), each.end());
  std::string list;
  for (std::size_t i = 0; i < std::min(hosts.size(), kMost); ++i) {
    list += (i > 0 ? ", " : "") + printable(hosts[i]);
  }
  return hosts.size() <= kMost ? list
                               : list + " and " + std::to_string(hosts.size() - kMost) + " more";
}

using State = oracle::KeptStore::State;

}  // namespace

void check_home(const HomeOptions& options, const std::string& config) {
  const bool is_configured = !config.empty() || !options.hosts.empty();
  constexpr const char* kOrHost = ", or --host HOST:PORT where there is none";
  if (!options.shown.empty() && !is_configured) {
    throw Error(Fault::usage,
                "--shown needs --config FILE, the customer's schedule.xml" + std::string(kOrHost) +
                    ": it is the first row of its table (`startle certs show FILE.pem --name "
                    "HOST` needs neither)");
  }
  if (!options.cacerts.empty() && !is_configured) {
    throw Error(Fault::usage, "--cacerts needs --config FILE, the customer's schedule.xml" +
                                  std::string(kOrHost) + ": their table goes by what it holds");
  }
  if (!options.cacerts_password_file.empty() && options.cacerts.empty()) {
    throw Error(Fault::usage, "--cacerts-password-file opens the store of --cacerts: give both");
  }
  if (options.cacerts == "NONE") {
    throw Error(Fault::usage,
                "--cacerts NONE: with javax.net.ssl.trustStore=NONE Java opens no file and trusts "
                "nobody: name the file that is to be trusted");
  }
  if (options.home.empty()) {
    if (options.password_file.empty()) return;
    throw Error(Fault::usage, "--store-password-file opens the stores of --home DIR: give both");
  }
  if (!is_configured) {
    throw Error(Fault::usage, "--home needs --config FILE, the customer's schedule.xml" +
                                  std::string(kOrHost) +
                                  ": the stores of its hosts are looked for in DIR/keystore");
  }
  std::error_code ignored;
  if (!std::filesystem::is_directory(options.home, ignored)) {
    throw Error(Fault::usage, "--home " + options.home + ": there is no such folder");
  }
  std::filesystem::path folder = std::filesystem::path(options.home).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  if (folder.filename() == "keystore" && !std::filesystem::exists(folder / "keystore", ignored)) {
    throw Error(Fault::usage, "--home " + options.home +
                                  " is the folder of the stores itself: name TRACKPLUS_HOME, the "
                                  "folder that it stands in");
  }
}

// ---- what is given -----------------------------------------------------------------------------

CustomerStores::CustomerStores(const HomeOptions& options, const customer::Schedule& schedule)
    : home_(options.home) {
  for (const customer::Entry& entry : schedule.entries) hosts_.push_back(entry.host);
  const auto password_of = [this](const std::string& file) {
    const PasswordFile read = read_password_file(file);
    if (!read.note.empty()) notes_.push_back(file + ": note: " + read.note);
    return read;
  };
  if (!options.password_file.empty()) {
    const PasswordFile read = password_of(options.password_file);
    password_ = read.password;
    bare_password_ = read.bare;
    password_name_ = options.password_file;
  } else if (const char* given = std::getenv("STARTLE_STORE_PASSWORD"); given != nullptr) {
    password_ = given;
  }
  for (const std::string& path : {options.home, options.cacerts}) {
    if (shell_for(path) == Shell::cmd) shell_ = Shell::cmd;
  }
  if (!options.cacerts.empty()) {
    std::optional<std::string> password;
    if (!options.cacerts_password_file.empty()) {
      password = password_of(options.cacerts_password_file).password;
    }
    read_java(options.cacerts, password);
  }
  if (!options.store.empty()) read_given(options.store);
  for (const std::string& shown : options.shown) read_shown(shown);
}

// Java opens its own store without a password, one of PKCS #12 that keytool has made with the
// password that it is told, and nobody else knows that one.
void CustomerStores::read_given(const std::string& file) {
  const std::string name = std::filesystem::path(file).filename().string();
  const bool is_of_host = std::ranges::any_of(
      hosts_, [&](const std::string& host) { return equal_ignoring_case(name, host + ".ks"); });
  if (is_of_host) {
    read_file(file, customer::kLargestStore);
    store_ = file;
    return;
  }
  const auto is_locked = [](const customer::FoundStore& found) {
    return std::ranges::any_of(found.diagnoses, [](const customer::StoreDiagnosis& one) {
      return one.problem == customer::StoreProblem::locked;
    });
  };
  read_java(file, password_);
  if (password_ || !is_locked(*java_)) return;
  const customer::FoundStore locked = *java_;
  read_java(file, "changeit");
  if (java_->store) return;
  java_ = locked;
  java_anchors_ = std::make_shared<cases::NamedAnchors>(
      cases::NamedAnchors{.file = file, .whose = "the Java runtime's"});
}

void CustomerStores::read_java(const std::string& file,
                               const std::optional<std::string>& password) {
  java_ = customer::find_java_store(file, password, {.shell = shell_});
  auto anchors = std::make_shared<cases::NamedAnchors>();
  anchors->file = file;
  anchors->whose = "the Java runtime's";
  for (const customer::StoreEntry& entry : java_->store.value_or(customer::Store{}).entries) {
    if (is_anchor(entry)) anchors->der.push_back(entry.der);
  }
  java_anchors_ = std::move(anchors);
}

void CustomerStores::read_shown(const std::string& said) {
  const auto [given, file] = host_and_file(said);
  const auto same = [&given = given](const std::string& one) { return one == given; };
  const auto alike = [&given = given](const std::string& one) {
    return equal_ignoring_case(one, given);
  };
  auto configured = std::ranges::find_if(hosts_, same);
  if (configured == hosts_.end()) configured = std::ranges::find_if(hosts_, alike);
  if (configured == hosts_.end()) {
    throw Error(Fault::usage, "--shown " + said + ": the configuration has no host " + given +
                                  ", but " + some_of(hosts_));
  }
  const std::string& host = *configured;
  if (shown_.count(host) > 0) {
    throw Error(Fault::usage, "--shown " + said + ": what " + host +
                                  " shows is given twice: a host has one certificate here");
  }
  anchors();
  const std::string bytes = read_file(file, customer::kLargestStore);
  Shown shown{
      .chain = {.file = file, .der = customer::read_shown(bytes, file), .machine = machine_}};
  shown.anchor = customer::anchor_of(shown.chain.der, file, customer::is_pem_as_it_stands(bytes));
  shown_[host] = std::move(shown);
}

void CustomerStores::show(const std::string& host, cases::ShownChain chain,
                          customer::ShownAnchor anchor) {
  anchors();
  chain.machine = machine_;
  found_.clear();  // what was found before it was known
  shown_[host] = {.chain = std::move(chain), .anchor = std::move(anchor)};
}

const cases::NamedAnchors& CustomerStores::anchors() {
  if (!machine_) machine_ = java_anchors_ ? java_anchors_ : machine_anchors();
  return *machine_;
}

// ---- what is found -----------------------------------------------------------------------------

// As it is opened by the password that is given; where that opens it without the blanks and quotes
// around it alone, so.
customer::FoundStore CustomerStores::host_store(const customer::Entry& entry,
                                                const customer::StoreUse& use) const {
  using customer::StoreProblem;
  const auto is_closed = [](const customer::FoundStore& found) {
    return std::ranges::any_of(found.diagnoses, [](const customer::StoreDiagnosis& one) {
      return one.problem == StoreProblem::wrong_password;
    });
  };
  const auto read = [&](const std::optional<std::string>& password) {
    return is_store_of(entry) ? customer::find_given_store(store_, entry.host, password, use)
                              : customer::find_host_store(home_, entry.host, password, use);
  };
  customer::FoundStore found = read(password_);
  if (!bare_password_ || !is_closed(found)) return found;
  customer::FoundStore opened = read(bare_password_);
  if (is_closed(opened)) return found;
  opened.diagnoses.push_back(
      {.problem = StoreProblem::padded_password,
       .file = password_name_,
       .sentence = password_name_ +
                   " has blanks or quotes around the password, as `echo PASSWORD >FILE` of "
                   "cmd.exe leaves them: without them it opens " +
                   path_for(shell_, opened.file)});
  return opened;
}

bool CustomerStores::is_store_of(const customer::Entry& entry) const {
  return !store_.empty() &&
         equal_ignoring_case(std::filesystem::path(store_).filename().string(), entry.host + ".ks");
}

customer::StoreUse CustomerStores::use_of(const customer::Entry& entry) const {
  customer::StoreUse use = customer::use_of(entry);
  use.other_hosts = hosts_;
  use.shell = shell_;
  if (java_) use.cacerts = java_->file;
  const auto shown = shown_.find(entry.host);
  if (shown != shown_.end()) use.shown = shown->second.anchor;
  return use;
}

customer::Commands CustomerStores::import_commands(const customer::Entry& entry) {
  customer::StoreUse use = use_of(entry);
  if (!use.shown) return {};
  const Found& found = of(entry);
  if (found.store && found.store->store) {
    return customer::Remedy(found.store->file, entry.host, use).add(*found.store->store);
  }
  // Without a home the product's Java reads its own store, whatever the kind of TLS.
  if (!found.store) use.tls = words::Tls::starttls;
  const std::filesystem::path file =
      found.store ? found.store->file : std::filesystem::path(entry.host + ".ks");
  return customer::Remedy(file, entry.host, use).make_missing();
}

CustomerStores::Found CustomerStores::look(const customer::Entry& entry) const {
  Found found;
  if (entry.tls == words::Tls::none) return found;
  customer::StoreUse use = use_of(entry);
  const auto shown = shown_.find(entry.host);
  if (!home_.empty() || is_store_of(entry)) found.store = host_store(entry, use);
  if (found.store && shown != shown_.end()) {
    for (auto& diagnosis :
         customer::compare_with_shown(*found.store, shown->second.chain.der, entry.host)) {
      found.store->diagnoses.push_back(std::move(diagnosis));
    }
  }
  // Where the host has a store, Java looks into that one alone.
  if (!java_ || (found.store && as_found(*found.store).state != State::absent)) return found;
  found.of_java = java_->diagnoses;
  if (shown == shown_.end() || !java_->store) return found;
  customer::FoundStore java = *java_;
  java.use = use;
  auto compared = customer::compare_with_shown(java, shown->second.chain.der, entry.host);
  found.java_leads = compared.empty() && !java_anchors_->der.empty();
  std::ranges::move(compared, std::back_inserter(found.of_java));
  return found;
}

const CustomerStores::Found& CustomerStores::of(const customer::Entry& entry) {
  const std::pair key(entry.line, entry.nth_of_line);
  const auto known = found_.find(key);
  return known != found_.end() ? known->second : found_[key] = look(entry);
}

std::shared_ptr<const cases::CustomerHost> CustomerStores::host(const customer::Entry& entry) {
  auto made = std::make_shared<cases::CustomerHost>();
  const Found& found = of(entry);
  if (found.store) made->store = as_found(*found.store);
  if (java_ && entry.tls != words::Tls::none) {
    if (made->store && made->store->state == State::opened) {
      made->store->system = java_anchors_;
    } else if (!made->store || made->store->state == State::absent) {
      made->store = javas_as_found(*java_, java_anchors_->der);
    }
  }
  if (const auto shown = shown_.find(entry.host); shown != shown_.end()) {
    made->shown = shown->second.chain;
  }
  return made;
}

std::vector<report::Warning> CustomerStores::warn(const customer::Entry& entry, std::ostream& out) {
  std::vector<report::Warning> warnings;
  for (const std::string& note : notes_) {
    if (told_.insert(note).second) out << note << '\n';
  }
  const Found& found = of(entry);
  const std::string where = entry.file + ":" + std::to_string(entry.line);
  std::vector<customer::StoreDiagnosis> all;
  if (found.store) all = found.store->diagnoses;
  all.insert(all.end(), found.of_java.begin(), found.of_java.end());
  for (const customer::StoreDiagnosis& diagnosis : all) {
    // Nobody needs it.
    if (found.java_leads && diagnosis.problem == customer::StoreProblem::missing) continue;
    if (!told_.insert(diagnosis.sentence).second) continue;
    const bool note = customer::is_note(diagnosis.problem);
    out << where << ": " << (note ? "note" : "warning") << ": " << diagnosis.sentence << '\n';
    for (const std::string& line : diagnosis.remedy) out << "  " << line << '\n';
    if (!note) warnings.push_back({.where = where, .text = diagnosis.sentence});
  }
  return warnings;
}

}  // namespace startle::program
