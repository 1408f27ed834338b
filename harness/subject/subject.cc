#include "harness/subject/subject.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/words.h"
#include "harness/client/decisions.h"
#include "harness/client/ldap_client.h"
#include "harness/client/smtp_client.h"
#include "harness/subject/defect.h"
#include "harness/tls/session.h"

namespace startle::subject {
namespace {

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

std::unique_ptr<Subject> make_subject(const std::string& name) {
  constexpr std::string_view kDefect = "defect:";
  if (name == "builtin") {
    return std::make_unique<BuiltIn>(name, std::make_unique<client::Decisions>());
  }
  std::vector<std::string_view> known;
  if (name.starts_with(kDefect)) {
    for (const Defect& defect : defects()) {
      if (name.substr(kDefect.size()) == defect.name) {
        return std::make_unique<BuiltIn>(name, defect.make());
      }
      known.push_back(defect.name);
    }
    throw Error(Fault::usage, "`" + name + "` is no defect: there are " + comma_separated(known));
  }
  throw Error(Fault::usage, "`" + name +
                                "` is no client: there are builtin and defect:NAME; to test "
                                "one of your own, point it at `startle serve`");
}

}  // namespace startle::subject
