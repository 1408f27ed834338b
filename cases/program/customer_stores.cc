#include "cases/program/customer_stores.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <ostream>
#include <utility>

#include "cases/program/machine_anchors.h"
#include "cases/program/password_file.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/printable.h"
#include "harness/base/text.h"
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
    case customer::StoreProblem::misplaced:
    case customer::StoreProblem::wrong_extension:
      return Unopened{State::absent, "the key store's file has not the host's name"};
    case customer::StoreProblem::unreadable:
      return Unopened{State::absent,
                      "the host's key store cannot be read here, and counts as missing"};
    case customer::StoreProblem::unread:
      return Unopened{State::absent, "with STARTTLS no key store of the host is read"};
    case customer::StoreProblem::empty:
      return Unopened{State::unusable, "the host's key store is an empty file"};
    case customer::StoreProblem::not_a_store:
      return Unopened{State::unusable, "the host's key store is a file of another kind"};
    case customer::StoreProblem::encoded:
      return Unopened{State::unusable, "the host's key store was not decoded"};
    case customer::StoreProblem::garbled:
      return Unopened{State::unusable, "a text filter has destroyed the host's key store"};
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
    case customer::StoreProblem::expired_path:
    case customer::StoreProblem::octets_behind:
    case customer::StoreProblem::padded_password:
      break;
  }
  return std::nullopt;
}

cases::CustomerStore as_it_is(const customer::FoundStore& found) {
  cases::CustomerStore store{.kind = *from_word<words::HostStore>(customer::axis_value(found)),
                             .state = State::opened};
  if (found.store) {
    for (const customer::StoreEntry& entry : found.store->entries) {
      if (is_anchor(entry)) store.trusted_der.push_back(entry.der);
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

// The Java runtime's own store, where the host has none.
cases::CustomerStore of_java(const customer::FoundStore& found,
                             const std::vector<std::string>& trusted_der) {
  cases::CustomerStore store{.kind = words::HostStore::cacerts,
                             .state = State::opened,
                             .trusted_der = trusted_der,
                             .is_system = true};
  if (found.store) return store;
  store.state = State::unusable;
  store.sentence = "the Java runtime's own store cannot be opened";
  return store;
}

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
  for (const std::string& shown : options.shown) read_shown(shown);
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
  if (!machine_) machine_ = java_anchors_ ? java_anchors_ : machine_anchors();
  const std::string bytes = read_file(file, customer::kLargestStore);
  Shown shown{
      .chain = {.file = file, .der = customer::read_shown(bytes, file), .machine = machine_}};
  shown.anchor = customer::anchor_of(shown.chain.der, file, customer::is_pem_as_it_stands(bytes));
  shown_[host] = std::move(shown);
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
  customer::FoundStore found = customer::find_host_store(home_, entry.host, password_, use);
  if (!bare_password_ || !is_closed(found)) return found;
  customer::FoundStore opened = customer::find_host_store(home_, entry.host, bare_password_, use);
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

CustomerStores::Found CustomerStores::look(const customer::Entry& entry) const {
  Found found;
  if (entry.tls == words::Tls::none) return found;
  customer::StoreUse use = customer::use_of(entry);
  use.other_hosts = hosts_;
  use.shell = shell_;
  if (java_) use.cacerts = java_->file;
  const auto shown = shown_.find(entry.host);
  if (shown != shown_.end()) use.shown = shown->second.anchor;
  if (!home_.empty()) found.store = host_store(entry, use);
  if (found.store && shown != shown_.end()) {
    for (auto& diagnosis :
         customer::compare_with_shown(*found.store, shown->second.chain.der, entry.host)) {
      found.store->diagnoses.push_back(std::move(diagnosis));
    }
  }
  // Where the host has a store, Java looks into that one alone.
  if (!java_ || (found.store && as_it_is(*found.store).state != State::absent)) return found;
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
  if (found.store) made->store = as_it_is(*found.store);
  if (java_ && entry.tls != words::Tls::none) {
    if (made->store && made->store->state == State::opened) {
      made->store->system = java_anchors_;
    } else if (!made->store || made->store->state == State::absent) {
      made->store = of_java(*java_, java_anchors_->der);
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
