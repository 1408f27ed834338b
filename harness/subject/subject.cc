#include "harness/subject/subject.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/shell_word.h"
#include "harness/base/words.h"
#include "harness/client/decisions.h"
#include "harness/client/ldap_client.h"
#include "harness/client/smtp_client.h"
#include "harness/subject/defect.h"
#include "harness/subject/description_reader.h"
#include "harness/subject/program.h"
#include "harness/tls/session.h"
#include "harness/xml/document.h"

namespace startle::subject {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefect = "defect:";
constexpr const char* kWorker = "worker:";
constexpr const char* kClientSchema = "clients.rng";

using Client = net::Task<client::Outcome> (*)(net::World&, net::Connector&, const client::Settings&,
                                              const client::Decisions&, client::ProcessState*);

struct ClientRow {
  words::Protocol protocol;
  Client client;
};
constexpr ClientRow kClients[] = {
    {words::Protocol::smtp, client::submit},
    {words::Protocol::ldap, client::bind_and_search},
};
static_assert(std::size(kClients) == words::kProtocols.size(), "a protocol has no client");

Client client_of(words::Protocol protocol) {
  const auto row = std::find_if(std::begin(kClients), std::end(kClients),
                                [protocol](const auto& r) { return r.protocol == protocol; });
  return row->client;
}

class BuiltIn final : public Subject {
 public:
  BuiltIn(std::string name, std::unique_ptr<client::Decisions> decisions)
      : name_(std::move(name)), decisions_(std::move(decisions)) {}
  std::string name() const override { return name_; }
  std::string version() const override { return STARTLE_VERSION; }
  std::string tls_library() const override { return tls::library_version(); }
  const Abilities& abilities() const override { return abilities_; }
  net::Task<ExchangeResult> exchange(net::World& world,
                                     const ExchangeRequest& request) const override {
    const client::Settings& settings = request.settings;
    const Client client = client_of(words::protocol_of(settings.mode));
    client::Outcome outcome =
        co_await client(world, request.connector, settings, *decisions_, request.state);
    co_return ExchangeResult{.outcome = std::move(outcome)};
  }

 private:
  std::string name_;
  std::unique_ptr<client::Decisions> decisions_;
  Abilities abilities_ = Abilities::all();
};

// Every value of an enumeration that has words.
template <Worded E>
std::vector<E> every() {
  std::vector<E> all;
  for (std::size_t i = 0; i < count_of<E>(); ++i) all.push_back(static_cast<E>(i));
  return all;
}

std::unique_ptr<Subject> make_defect(const std::string& name) {
  std::vector<std::string_view> known;
  for (const Defect& defect : defects()) {
    if (name == defect.name) {
      return std::make_unique<BuiltIn>(kDefect + name, defect.make());
    }
    known.push_back(defect.name);
  }
  throw Error(Fault::usage,
              "`" + (kDefect + name) + "` is no defect: there are " + comma_separated(known));
}

// A file of the user's own: a description, or what is to be run by the contract.
std::unique_ptr<Subject> make_from_file(const fs::path& file, Speech speech,
                                        const fs::path& clients) {
  std::error_code absent;
  if (!fs::exists(file, absent)) {
    throw Error(Fault::usage, file.string() + ": there is no such file");
  }
  if (fs::is_directory(file, absent)) {
    throw Error(Fault::usage, file.string() + ": is a folder, and no client");
  }
  if (file.extension() == ".xml") {
    const xml::Schema schema = xml::Schema::read(clients / kClientSchema);
    return make_program(read_description(file, schema), std::string(kDefaultVariant));
  }
  if (access(file.c_str(), X_OK) != 0) {
    throw Error(Fault::usage, file.string() + ": is not executable: chmod +x " + shell_path(file) +
                                  ", or describe it (cases/clients/README.md)");
  }
  return make_program(by_contract(file.string(), speech), std::string(kDefaultVariant));
}

[[noreturn]] void refuse_unknown(const std::string& name, const fs::path& clients) {
  std::string known = "builtin, defect:NAME";
  if (!clients.empty()) {
    for (const std::string& one : description_names(clients)) known += ", " + one;
  }
  throw Error(Fault::usage, "`" + name + "` is no client: there are " + known +
                                "; a program of one's own is named by a path (./" + name +
                                "), or as worker:PATH");
}

}  // namespace

TrustForm form_of(const std::optional<std::string>& trust, const std::string& host) {
  if (!trust) return TrustForm::absent;
  if (*trust == "*") return TrustForm::any;
  return *trust == host ? TrustForm::host : TrustForm::names;
}

CredentialForm credential_form_of(const client::Settings& settings) {
  if (!settings.username && !settings.password) return CredentialForm::none;
  if (!settings.password) return CredentialForm::username_only;
  if (!settings.username) return CredentialForm::password_only;
  return settings.password->empty() ? CredentialForm::empty_password : CredentialForm::password;
}

Abilities Abilities::all() {
  return {.modes = every<words::Mode>(),
          .mechanisms = every<sasl::Mechanism>(),
          .knows = every<sasl::Mechanism>(),
          .trust_forms = every<TrustForm>(),
          .credentials = every<CredentialForm>(),
          .tls_policies = every<words::TlsPolicy>(),
          .keeps_process = true};
}

const Standing& Subject::standing() const {
  static const Standing usual;
  return usual;
}

void Subject::learn(const Abilities& /*abilities*/) {}

bool Subject::take_more_privileges() {
  return false;
}

std::string Subject::cannot(const client::Settings& /*settings*/) const {
  return "";
}

std::unique_ptr<Subject> make_built_in(std::string name,
                                       std::unique_ptr<client::Decisions> decisions) {
  return std::make_unique<BuiltIn>(std::move(name), std::move(decisions));
}

std::unique_ptr<Subject> make_subject(const std::string& name,
                                      const std::filesystem::path& clients) {
  if (name == "builtin") {
    return std::make_unique<BuiltIn>(name, std::make_unique<client::Decisions>());
  }
  if (name.starts_with(kDefect)) return make_defect(name.substr(std::strlen(kDefect)));
  if (name.starts_with(kWorker)) {
    return make_from_file(name.substr(std::strlen(kWorker)), Speech::worker, clients);
  }
  if (!clients.empty()) {
    const auto all = description_names(clients);
    if (std::find(all.begin(), all.end(), name) != all.end()) {
      const xml::Schema schema = xml::Schema::read(clients / kClientSchema);
      return make_program(find_description(name, clients, schema), variant_in(name));
    }
  }
  const bool is_path = name.find('/') != std::string::npos || name.ends_with(".xml");
  if (is_path) return make_from_file(name, Speech::environment, clients);
  refuse_unknown(name, clients);
}

}  // namespace startle::subject
