// startle client: the built-in client as a program, told by options where to go, or by the contract
// of `run --client`. It is for tests, in which a program has to meet a program, and so stands in no
// help.

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/program/client_connection.h"
#include "cases/program/commands.h"
#include "cases/program/contract_client.h"
#include "certs/key_pool.h"
#include "harness/base/bytes.h"
#include "harness/base/file.h"
#include "harness/net/tcp.h"
#include "harness/report/json_value.h"
#include "harness/subject/subject.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

using report::Json;

struct Options {
  std::string connect = "127.0.0.1";
  unsigned port = 0;
  std::string host{};
  std::string mode = "smtp-starttls";
  std::optional<std::string> trust{};
  std::string tls_policy = "required";
  std::string trust_model = "documented";
  std::optional<std::string> username{};
  std::optional<std::string> password{};
  std::optional<std::string> mechanism{};
  std::optional<std::string> sender{};
  std::optional<std::string> base{};
  std::optional<std::string> filter{};
  std::string anchors{};
  std::string revocation_list{};
  std::string certificate{};
  std::string key{};
  std::string defect{};
  double timeout = 20;
  bool worker = false;
};

client::Settings settings_of(const Options& options) {
  client::Settings made;
  made.mode = option_word<words::Mode>("--mode", options.mode);
  made.tls_policy = option_word<words::TlsPolicy>("--tls-policy", options.tls_policy);
  made.host = options.host;
  made.port = static_cast<std::uint16_t>(options.port);
  made.username = options.username;
  made.password = options.password;
  made.trust = options.trust;
  made.trust_model = option_word<words::TrustModel>("--trust-model", options.trust_model);
  made.mechanism = options.mechanism;
  made.store = trust_store_of(options.anchors, options.revocation_list);
  if (!options.certificate.empty()) {
    made.certificate = client_credentials_of(options.certificate, options.key);
  }
  if (options.sender) made.sender = *options.sender;
  if (options.base) made.base = *options.base;
  if (options.filter) made.filter = *options.filter;
  made.timeouts =
      client::Timeouts::all(std::chrono::milliseconds(static_cast<long>(options.timeout * 1000)));
  return made;
}

Json outcome_json(const client::Outcome& outcome) {
  return {{"ending", word(outcome.ending)},
          {"phase", word(outcome.phase)},
          {"sentence", outcome.sentence},
          {"notes", outcome.notes},
          {"tls_version", report::text_or_null(outcome.tls_version)},
          {"alert_sent", report::text_or_null(outcome.alert_sent)},
          {"alert_received", report::text_or_null(outcome.alert_received)},
          {"reply_code", outcome.reply_code},
          {"enhanced_code", report::text_or_null(outcome.enhanced_code)},
          {"reply", outcome.reply}};
}

net::Task<void> exchange(net::World& world, const subject::Subject& subject,
                         const subject::ExchangeRequest& request, client::Outcome& outcome) {
  subject::ExchangeResult result = co_await subject.exchange(world, request);
  outcome = std::move(result.outcome);
}

int client(const Options& options) {
  const std::string name = options.defect.empty() ? "builtin" : "defect:" + options.defect;
  if (options.worker) return do_worker_tasks(name);
  if (is_told_by_contract()) return do_contract_task(name);
  if (options.host.empty() || options.port == 0) {
    throw Error(Fault::usage, "client: --host and --port say where to go");
  }
  const auto subject = subject::make_subject(name);
  const client::Settings settings = settings_of(options);
  tls::set_run_clock(now());
  net::RealWorld world;
  OneAddress connector(world, options.connect);
  const subject::ExchangeRequest request{.connector = connector, .settings = settings};
  client::Outcome outcome;
  world.spawn(exchange(world, *subject, request, outcome));
  // Each of its steps has the time-out.
  constexpr int kMostSteps = 64;
  if (!world.run(world.now() + kMostSteps * settings.timeouts.command)) {
    throw Error(Fault::internal, "the client did not end");
  }
  std::cout << report::dumped(outcome_json(outcome)) << std::endl;
  const bool in_clear = outcome.ending == words::Ending::delivered_in_clear;
  const bool demanded = words::demands_tls(settings.mode) && !settings.may_do_without_tls();
  const bool as_wanted = words::is_success(outcome.ending) && !(in_clear && demanded);
  return as_wanted ? kAllAsExpected : kFindings;
}

}  // namespace

void add_client(CommandLine& startle) {
  auto options = std::make_shared<Options>();
  CommandLine sub = startle.command("client", "Run the built-in client once");
  sub.hide();
  sub.option("--connect", options->connect, "The address that every host is at")
      .value("ADDR")
      .shows_default();
  sub.option("--port", options->port, "The server's port").value("PORT");
  sub.option("--host", options->host, "The host that is configured").value("HOST");
  sub.option("--mode", options->mode, comma_separated(words::kModes)).value("MODE").shows_default();
  sub.option("--tls-policy", options->tls_policy, comma_separated(words::kTlsPolicies))
      .value("POLICY")
      .shows_default();
  sub.option("--trust", options->trust, "The value of trust [absent]").value("TEXT");
  sub.option("--trust-model", options->trust_model, comma_separated(words::kTrustModels))
      .value("MODEL")
      .shows_default();
  sub.option("--username", options->username, "[absent]").value("NAME");
  sub.option("--password", options->password, "[absent]").value("TEXT");
  sub.option("--mechanism", options->mechanism, "The one that is configured").value("NAME");
  sub.option("--sender", options->sender, "Of mail").value("ADDRESS");
  sub.option("--base", options->base, "Of the search").value("DN");
  sub.option("--filter", options->filter, "Of the search").value("FILTER");
  sub.option("--anchors", options->anchors, "Trust anchors, as PEM").value("FILE");
  sub.option("--revocation-list", options->revocation_list, "As PEM").value("FILE");
  sub.option("--certificate", options->certificate, "The client's, as PEM").value("FILE");
  sub.option("--key", options->key, "Of the client's certificate, as PEM").value("FILE");
  sub.option("--defect", options->defect, "`startle list --defects`").value("NAME");
  sub.option("--timeout", options->timeout, "Seconds for each wait")
      .value("S")
      .between(0.1, 3600.0)
      .shows_default();
  sub.flag("--worker", options->worker, "Tasks by JSON lines, one after the other");
  sub.runs([options] { return client(*options); });
}

}  // namespace startle::program
