// What `serve` says of a client and what `run` says of it are one judgement: the built-in client,
// as a program, meets the servers of `serve` over TCP, and the verdict is that of `run`.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "cases/engine/judge_process.h"
#include "cases/engine/run_for_test.h"
#include "cases/program/seen_defects_for_test.h"
#include "cases/program/served_for_test.h"
#include "certs/recipe.h"
#include "harness/subject/defect.h"

namespace startle::cases {
namespace {

using Strings = std::vector<std::string>;

constexpr const char* kCertificates = "matrix/certificates/mode=smtp-starttls/trust=host/";

// By the model that `serve` has unless another is stated.
Plan plan_of(Strings globs) {
  return {.cases = tree_catalogue().cases(),
          .matrices = tree_catalogue().matrices(),
          .globs = std::move(globs),
          .models = {words::TrustModel::pkix}};
}

std::vector<Exchange> exchanges_of(const Plan& plan) {
  std::vector<Exchange> all;
  Selection selection(plan);
  while (auto next = selection.next()) all.push_back(*std::move(next));
  return all;
}

// The server says nothing for so long that a client is better told not to wait for it.
bool is_long_silence(const fake::Step& step) {
  constexpr std::chrono::seconds kLong{10};
  const auto* pause = std::get_if<fake::Pause>(&step);
  return std::holds_alternative<fake::Silence>(step) || (pause && pause->how_long >= kLong);
}

// In seconds. A client whose farewell is not answered waits as long as it is told to.
const char* time_out_of(const Exchange& exchange, const Ready& server) {
  if (server.ready().at("expected").dump().find("timeout") != std::string::npos) return "1";
  for (const fake::Deviation& deviation : exchange.script.deviations) {
    if (std::any_of(deviation.steps.begin(), deviation.steps.end(), is_long_silence)) return "5";
  }
  return "50";
}

// What the exchange tells its client, and the server its user.
Strings client_of(const Exchange& exchange, const Ready& server, const std::string& defect) {
  const Json& ready = server.ready();
  const bool has_dn = !exchange.mechanism && ready.at("bind_dn").is_string();
  Strings command{STARTLE_PROGRAM, "client",      "--port",    server.port(),
                  "--host",        exchange.host, "--mode",    ready.at("mode"),
                  "--anchors",     server.ca(),   "--sender",  exchange.sender,
                  "--base",        exchange.base, "--filter",  exchange.filter,
                  "--trust-model", "pkix",        "--timeout", time_out_of(exchange, server)};
  const auto add = [&command](const std::string& option, const std::string& value) {
    command.push_back(option + "=" + value);
  };
  add("--tls-policy", std::string(word(exchange.tls_policy)));
  if (exchange.trust) add("--trust", *exchange.trust);
  if (exchange.mechanism) add("--mechanism", *exchange.mechanism);
  if (exchange.username) add("--username", has_dn ? server.bind_dn() : server.user());
  if (exchange.password) add("--password", server.password());
  if (ready.contains("crl")) add("--revocation-list", ready.at("crl"));
  if (ready.contains("client_key")) {
    add("--certificate", ready.at("client_certificate"));
    add("--key", ready.at("client_key"));
  }
  if (!defect.empty()) add("--defect", defect);
  return command;
}

std::string word_or_null(const Json& value) {
  return value.is_string() ? value.get<std::string>() : "null";
}

// Many servers in one process; each meets one client.
class Servers {
 public:
  // "pass", "fail" or "null", in the order of `exchanges`.
  Strings verdicts(const std::vector<Exchange>& exchanges, const std::string& defect = "") {
    constexpr std::size_t kAtOnce = 16;  // what waits, waits beside others
    Strings all;
    for (std::size_t from = 0; from < exchanges.size(); from += kAtOnce) {
      const std::size_t end = std::min(from + kAtOnce, exchanges.size());
      meet(
          {exchanges.begin() + static_cast<long>(from), exchanges.begin() + static_cast<long>(end)},
          defect, all);
    }
    return all;
  }
  const std::string& reasons() const { return reasons_; }

 private:
  void meet(const std::vector<Exchange>& exchanges, const std::string& defect, Strings& all) {
    std::vector<Ready> servers;
    std::vector<std::unique_ptr<Process>> clients;
    for (const Exchange& exchange : exchanges) {
      servers.push_back(
          control_.start({{"case", exchange.id}, {"trust_model", "pkix"}, {"as_told", true}}));
    }
    for (std::size_t i = 0; i < servers.size(); ++i) {
      clients.push_back(std::make_unique<Process>(client_of(exchanges[i], servers[i], defect)));
    }
    for (const auto& client : clients) {
      const ProcessEnd end = client->wait();
      EXPECT_LE(end.status, 1) << end.output << end.errors;
    }
    std::map<Json, std::string> seen;
    while (seen.size() < servers.size()) {
      if (!note(control_.next_event(), seen)) return;
    }
    for (const Ready& server : servers) {
      const Json id = server.ready().at("id");
      Json event = control_.ask(Json{{"stop", id}}.dump());
      while (note(event, seen)) event = control_.next_event();
      all.push_back(seen.at(id));
    }
  }

  // False: it is of no connection. A client that was referred has two.
  bool note(const Json& event, std::map<Json, std::string>& seen) {
    if (event.value("event", "") != "connection") return false;
    std::string& verdict = seen[event.at("id")];
    if (verdict != "fail") {
      const std::string one = word_or_null(event.at("verdict"));
      if (verdict.empty() || one == "fail") verdict = one;
    }
    reasons_ +=
        event.at("case").get<std::string>() + ": " + event.at("reason").get<std::string>() + "\n";
    return true;
  }

  Controlled control_{Strings{"--listen", "127.0.0.1:0"}};
  std::string reasons_{};
};

// ---- the correct client -------------------------------------------------------------------------

constexpr int kParts = 8;

class ServeVerdictTest : public testing::TestWithParam<int> {};

// Every case of one connection, and every certificate.
TEST_P(ServeVerdictTest, IsThatOfRun) {
  const Plan plan = plan_of({"smtp", "ldap", kCertificates + std::string("*")});
  std::vector<Exchange> all = exchanges_of(plan);
  std::erase_if(all, [](const Exchange& one) { return is_of_a_process(one); });
  ASSERT_GT(all.size(), 390U);
  std::vector<Exchange> part;
  Strings ids;
  for (std::size_t i = static_cast<std::size_t>(GetParam()); i < all.size(); i += kParts) {
    ids.push_back(all[i].id);
  }
  const Ran ran = run_plan(plan_of(ids), *subject::make_subject("builtin"));
  ASSERT_EQ(ran.verdicts.size(), ids.size());
  Strings expected;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const report::Verdict& verdict = ran.verdicts[i];
    if (verdict.connections != 1) {
      // Without a password that can be sent there is nothing to judge.
      EXPECT_EQ(verdict.observed, words::Ending::configuration_error) << verdict.id;
      continue;
    }
    part.push_back(all[static_cast<std::size_t>(GetParam()) + i * kParts]);
    ASSERT_EQ(part.back().id, verdict.id);
    // `run` has stopped the clock; the client of `serve` has its own.
    const certs::Recipe& recipe = tree_catalogue().recipe(part.back().certificate);
    expected.emplace_back(certs::bound_to_the_clock(recipe).empty() ? word(verdict.kind) : "null");
  }
  Servers servers;
  const Strings verdicts = servers.verdicts(part);
  ASSERT_EQ(verdicts.size(), expected.size());
  for (std::size_t i = 0; i < part.size(); ++i) {
    EXPECT_EQ(verdicts[i], expected[i]) << part[i].id << '\n' << servers.reasons();
  }
}

INSTANTIATE_TEST_SUITE_P(All, ServeVerdictTest, testing::Range(0, kParts));

// ---- defective clients --------------------------------------------------------------------------

// Where a defect shows in the words of the client alone, which end in another reason: the server
// sees the same as of the correct client.
const std::map<std::string, std::string> kToldByClientsAlone{
    {"answers-broken-base64", "smtp/sasl/challenge/base64-alphabet"},
    {"calls-every-refusal-wrong-credentials", "ldap/bind/result-51"},
    {"ignores-starttls-result", "ldap/starttls/result-1"},
    {"keeps-capabilities", "ldap/sasl/challenge/challenge-for-success"},
};

std::string id_of(const std::string& what) {
  return what.find('/') != std::string::npos ? what : kCertificates + ("certificate=" + what);
}

Plan plan_of_seeing(const Strings& what) {
  Strings ids;
  for (const std::string& one : what) ids.push_back(id_of(one));
  return plan_of(ids);
}

TEST(ServeVerdict, EveryDefectShowsOrHasAReasonNotTo) {
  std::set<std::string> known;
  for (const subject::Defect& defect : subject::defects()) known.emplace(defect.name);
  std::set<std::string> listed;
  for (const auto& [name, seen_by] : seen_by_case()) listed.insert(name);
  for (const auto& [name, why] : unseen_by_serve()) EXPECT_TRUE(listed.insert(name).second) << name;
  EXPECT_EQ(listed, known);
}

class DefectVerdictTest : public testing::TestWithParam<int> {};

TEST_P(DefectVerdictTest, IsThatOfRun) {
  Servers servers;
  int number = 0;
  for (const auto& [defect, seen_by] : seen_by_case()) {
    if (number++ % kParts != GetParam()) continue;
    const Plan plan = plan_of_seeing(seen_by);
    const std::vector<Exchange> exchanges = exchanges_of(plan);
    ASSERT_EQ(exchanges.size(), seen_by.size()) << defect;
    const Ran ran = run_plan(plan, *subject::make_subject("defect:" + defect));
    for (const report::Verdict& verdict : ran.verdicts) {
      EXPECT_EQ(verdict.kind, report::VerdictKind::fail) << defect << ": " << verdict.id;
    }
    EXPECT_EQ(servers.verdicts(exchanges, defect), Strings(seen_by.size(), "fail"))
        << defect << '\n'
        << servers.reasons();
  }
}

INSTANTIATE_TEST_SUITE_P(All, DefectVerdictTest, testing::Range(0, kParts));

TEST(ServeVerdict, AnotherReasonInTheClientsOwnWordsDoesNotShow) {
  Servers servers;
  for (const auto& [defect, id] : kToldByClientsAlone) {
    const Plan plan = plan_of({id});
    const Ran ran = run_plan(plan, *subject::make_subject("defect:" + defect));
    ASSERT_EQ(ran.verdicts.size(), 1U) << id;
    EXPECT_EQ(ran.verdicts.front().severity, words::Severity::wrong_reason) << id;
    EXPECT_TRUE(ran.verdicts.front().violations.empty()) << id;
    // Of a lie that it was never told, nothing shows at all.
    const bool began = id.find("/challenge-for-success") == std::string::npos;
    EXPECT_EQ(servers.verdicts(exchanges_of(plan), defect), Strings{began ? "pass" : "null"}) << id;
  }
}

}  // namespace
}  // namespace startle::cases
