#include "cases/program/contract_client.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "cases/program/client_connection.h"
#include "cases/program/commands.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/report/json_value.h"
#include "harness/subject/contract.h"
#include "harness/subject/subject.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

using report::Json;

// By their names in a worker's line: "password_file".
using Told = std::map<std::string, std::string>;

constexpr std::string_view kPrefix = "STARTLE_";

Told told_by_environment() {
  Told told;
  for (char** at = environ; *at != nullptr; ++at) {
    const std::string_view one = *at;
    const std::size_t equals = one.find('=');
    if (!one.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    told[ascii_lower(std::string(one.substr(kPrefix.size(), equals - kPrefix.size())))] =
        one.substr(equals + 1);
  }
  return told;
}

Told told_by_line(const std::string& line) {
  Told told;
  const auto read = report::read_json(line);
  if (const auto* wrong = std::get_if<report::NotJson>(&read)) {
    throw Error(Fault::input, "the line of a task " + wrong->why);
  }
  for (const auto& [name, value] : std::get<Json>(read).items()) {
    told[name] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return told;
}

std::optional<std::string> maybe(const Told& told, const std::string& name) {
  const auto found = told.find(name);
  if (found == told.end()) return std::nullopt;
  return found->second;
}

std::string needed(const Told& told, const std::string& name) {
  if (auto value = maybe(told, name)) return *value;
  throw Error(Fault::usage, "the contract tells no " + name);
}

std::optional<std::string> content(const Told& told, const std::string& name) {
  constexpr std::size_t kMost = 4 << 20;
  const auto file = maybe(told, name);
  if (!file) return std::nullopt;
  return read_file(*file, kMost);
}

// By what stands in their files: one that trusts the same as before trusts the same store.
using Stores = std::map<std::string, std::shared_ptr<const tls::TrustStore>>;

std::shared_ptr<const tls::TrustStore> store_in(Stores& stores, const Told& told) {
  auto& store = stores[content(told, "ca").value_or("") + content(told, "crl").value_or("")];
  if (!store)
    store = trust_store_of(maybe(told, "ca").value_or(""), maybe(told, "crl").value_or(""));
  return store;
}

client::Settings settings_of(const Told& told, Stores& stores) {
  client::Settings made;
  made.mode = option_word<words::Mode>("mode", needed(told, "mode"));
  made.host = needed(told, "host");
  made.port = static_cast<std::uint16_t>(std::stoul(needed(told, "port")));
  made.trust_model = words::TrustModel::pkix;
  made.trust = maybe(told, "trust");
  if (!maybe(told, "ca")) {  // nothing is to be verified
    made.trust_model = words::TrustModel::documented;
    made.trust = "*";
  }
  if (const auto policy = maybe(told, "tls_policy")) {
    made.tls_policy = option_word<words::TlsPolicy>("tls_policy", *policy);
  }
  made.username = maybe(told, maybe(told, "bind_dn") ? "bind_dn" : "username");
  made.password = content(told, "password_file");
  made.mechanism = maybe(told, "mechanism");
  made.store = store_in(stores, told);
  if (const auto certificate = maybe(told, "client_certificate")) {
    made.certificate = client_credentials_of(*certificate, needed(told, "client_key"));
  }
  if (const auto sender = maybe(told, "sender")) made.sender = *sender;
  if (const auto recipient = maybe(told, "recipient")) made.recipient = *recipient;
  if (const auto message = content(told, "message_file")) made.message = *message;
  if (const auto base = maybe(told, "base")) made.base = *base;
  if (const auto filter = maybe(told, "filter")) made.filter = *filter;
  const std::chrono::seconds deadline(std::stoul(maybe(told, "deadline").value_or("30")));
  constexpr int kSteps = 4;  // that may each have to be waited for
  made.timeouts = client::Timeouts::all(std::chrono::milliseconds(deadline) / kSteps);
  return made;
}

// One client process: it may do one task or many.
class ContractClient {
 public:
  explicit ContractClient(const std::string& client) : subject_(subject::make_subject(client)) {}

  client::Outcome perform(const Told& told) {
    const client::Settings settings = settings_of(told, stores_);
    OneAddress connector(world_, needed(told, "address"));
    // Of a process that does more than one exchange for its user.
    const bool more = maybe(told, "more") == "true";
    subject::ExchangeRequest request{.connector = connector, .settings = settings};
    if (std::exchange(of_many_, more) || more) request.state = &state_;
    tls::set_run_clock(now());
    client::Outcome outcome;
    world_.spawn(exchange(request, more, outcome));
    constexpr int kMostSteps = 64;
    if (world_.run(world_.now() + kMostSteps * settings.timeouts.command)) return outcome;
    throw Error(Fault::internal, "the client did not end");
  }

 private:
  // `more`: what may be kept for the next task is kept.
  net::Task<void> exchange(const subject::ExchangeRequest& request, bool more,
                           client::Outcome& outcome) {
    subject::ExchangeResult result = co_await subject_->exchange(world_, request);
    outcome = std::move(result.outcome);
    if (!more) co_await state_.close();
  }

  std::unique_ptr<subject::Subject> subject_;
  net::RealWorld world_{};
  client::ProcessState state_{};
  Stores stores_{};
  bool of_many_ = false;  // the last task was not the last of its process
};

}  // namespace

bool is_told_by_contract() {
  const char* version = std::getenv("STARTLE_CONTRACT");
  return version != nullptr && std::string_view(version) == "1";
}

int do_contract_task(const std::string& client) {
  const client::Outcome outcome = ContractClient(client).perform(told_by_environment());
  std::cout << outcome.sentence << "\nstartle: " << word(outcome.ending) << std::endl;
  return words::is_success(outcome.ending) ? subject::kDone : kFindings;
}

int do_worker_tasks(const std::string& client) {
  ContractClient performing(client);
  std::cout << R"({"startle": 1})" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    const Told told = told_by_line(line);
    const client::Outcome outcome = performing.perform(told);
    const bool done = words::is_success(outcome.ending);
    const Json answer{{"task", std::stoul(needed(told, "task"))},
                      {"result", done ? "done" : "refused"},
                      {"ending", word(outcome.ending)},
                      {"reason", outcome.sentence}};
    std::cout << report::dumped(answer) << std::endl;
  }
  return kAllAsExpected;
}

}  // namespace startle::program
