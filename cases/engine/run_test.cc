#include "cases/engine/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cases/engine/run_for_test.h"

namespace startle::cases {
namespace {

using namespace std::chrono_literals;
using report::VerdictKind;

const std::vector<words::TrustModel> kEveryModel(words::kEveryTrustModel.begin(),
                                                 words::kEveryTrustModel.end());

const subject::Subject& builtin() {
  static const auto subject = subject::make_subject("builtin");
  return *subject;
}

Plan under_every_model(Plan plan) {
  plan.models = kEveryModel;
  return plan;
}

// ---- the correct client passes -----------------------------------------------------------------

TEST(Run, EverySingleCasePassesInMemory) {
  const Ran ran = run_plan(under_every_model(plan_of_single_cases()), builtin());
  std::size_t exchanges = 0;  // of those that fit the protocol there are five, or three
  for (const Case& one : tree_catalogue().cases()) {
    exchanges += words::protocol_of(one.setup.mode) == words::Protocol::smtp ? 5U : 3U;
  }
  EXPECT_EQ(ran.verdicts.size(), exchanges);
  expect_all_pass(ran);
}

TEST(Run, ASampleOfCellsPassesInMemory) {
  expect_all_pass(run_plan(under_every_model(plan_of_cells(100, 1)), builtin(), {.jobs = 2}));
}

// Shorter than what suits: some cases wait until the client's time-out, a quarter of it; hence
// the jobs.
const RunOptions kOverTcp{.worker = {.transport = Transport::tcp, .deadline = 8s}, .jobs = 4};

// In memory fake-servers/outside_tls_test.cc puts it everywhere.
TEST(Run, ASecretBesideTlsIsALeakOverTcpToo) {
  const Ran ran = run_plan({.cases = tree_catalogue().cases(),
                            .globs = {"smtp/go-ahead/slow-handshake", "ldap/bind/result-49"}},
                           *subject::make_subject("defect:authenticates-beside-tls"), kOverTcp);
  ASSERT_EQ(ran.verdicts.size(), 2U);
  for (const report::Verdict& v : ran.verdicts) {
    EXPECT_EQ(v.finding, "secret-in-clear") << v.id << ": " << v.reason;
    EXPECT_TRUE(std::any_of(v.dialogue.begin(), v.dialogue.end(), [](const std::string& line) {
      return line.starts_with("C: AUTH ") || line.starts_with("C: bind ");
    })) << v.id;
  }
}

TEST(Run, EverySingleCasePassesOverTcp) {
  expect_all_pass(run_plan(plan_of_single_cases(), builtin(), kOverTcp));
}

TEST(Run, ASampleOfCellsPassesOverTcp) {
  expect_all_pass(run_plan(under_every_model(plan_of_cells(15, 2)), builtin(), kOverTcp));
}

TEST(Run, ThePlainModeDeliversInClear) {
  const customer::Entry entry{.line = 1, .host = "relay.test", .email = "m@relay.test"};
  const Ran ran = run_plan({.matrices = {for_customer(trust_matrix(), entry)}}, builtin());
  expect_all_pass(ran);
  for (const report::Verdict& v : ran.verdicts) {
    EXPECT_EQ(v.observed, words::Ending::delivered_in_clear);
    EXPECT_EQ(v.tls_version, "");
  }
}

TEST(Run, ThePlainModeAsksADirectoryInClear) {
  customer::Entry entry{.line = 1,
                        .protocol = words::Protocol::ldap,
                        .host = "ldap.test",
                        .port = 389,
                        .base = "dc=test"};
  const auto endings = [&] {
    const Ran ran = run_plan(under_every_model({.matrices = {for_customer(trust_matrix(), entry)},
                                                .globs = {"*/certificate=valid/*"}}),
                             builtin());
    EXPECT_EQ(ran.verdicts.size(), 3U);  // of which LDAP knows
    expect_all_pass(ran);
    return ran.verdicts.at(0).observed;
  };
  EXPECT_EQ(endings(), words::Ending::delivered_in_clear);
  entry.username = "cn=reader,dc=test";
  entry.password = "theirs";
  EXPECT_EQ(endings(), words::Ending::auth_unavailable);
}

// What stands in a customer's file goes on the wire: name, base, filter, and for EXTERNAL a
// certificate that stands for theirs.
TEST(Run, ACustomersDirectoryIsAskedAsTheyAskIt) {
  customer::Entry entry{.line = 1,
                        .protocol = words::Protocol::ldap,
                        .host = "ldap.test",
                        .username = "cn=reader,dc=customer",
                        .password = "theirs",
                        .trust = "ldap.test",
                        .base = "ou=staff,dc=customer"};
  for (const words::Tls tls : {words::Tls::starttls, words::Tls::implicit}) {
    entry.tls = tls;
    for (const bool external : {false, true}) {
      customer::Entry one = entry;
      if (external) {
        one.password.reset();
        one.mechanism = "EXTERNAL";
        one.certificate = "theirs.pem";
      }
      const Ran ran = run_plan(
          {.matrices = {for_customer(trust_matrix(), one)}, .globs = {"*/certificate=valid/*"}},
          builtin(), {.keep_dialogue = true});
      ASSERT_EQ(ran.verdicts.size(), 1U);
      expect_all_pass(ran);
      std::string dialogue;
      for (const std::string& line : ran.verdicts[0].dialogue) dialogue += line + "\n";
      EXPECT_NE(dialogue.find("search \"ou=staff,dc=customer\""), std::string::npos) << dialogue;
      const char* bind = external ? "EXTERNAL" : "bind \"cn=reader,dc=customer\"";
      EXPECT_NE(dialogue.find(bind), std::string::npos) << dialogue;
    }
  }
}

// Where the matrix has no value, the oracle and the client agree too.
TEST(Run, HalvesOfCredentialsPass) {
  using certs::ClientCertificate;
  Matrix matrix = trust_matrix();
  for (const words::Mode mode : {words::Mode::smtp_plain, words::Mode::ldap_plain}) {
    matrix.axes[0].values.push_back(Change{.id = std::string(word(mode))}.set(&Setup::mode, mode));
  }
  matrix.axes[3].values.clear();
  const std::optional<std::string> absent;
  const std::optional<std::string> mechanisms[] = {absent, "EXTERNAL", "PLAIN", "SCRAM-SHA-256",
                                                   "OAUTHBEARER"};
  for (const auto& username : {absent, std::optional<std::string>(""), {"reader"}}) {
    for (const auto& password : {absent, std::optional<std::string>(""), {"{secret}"}}) {
      for (const ClientCertificate shown : {ClientCertificate::none, ClientCertificate::valid}) {
        for (const auto& mechanism : mechanisms) {
          Change& change = matrix.axes[3].values.emplace_back();
          change.id = std::to_string(matrix.axes[3].values.size());
          change.set(&Setup::username, username)
              .set(&Setup::password, password)
              .set(&Setup::client_certificate, shown)
              .set(&Setup::mechanism, mechanism);
        }
      }
    }
  }
  const Ran ran = run_plan(
      under_every_model({.matrices = {matrix}, .globs = {"*/trust=host/certificate=valid/*"}}),
      builtin(), {.jobs = 2});
  EXPECT_EQ(ran.verdicts.size(), 6U * 90 * 4);
  expect_all_pass(ran);
}

// ---- the same again ----------------------------------------------------------------------------

// Both ends of SCRAM take a new nonce each time, CRAM-MD5 a new challenge.
std::string without_challenge(const std::string& line) {
  constexpr std::string_view kChallenge = "S (tls): 334 ";
  return line.starts_with(kChallenge) ? std::string(kChallenge) : line;
}

std::string what_counts(const report::Verdict& v) {
  std::string text = v.id + " " + std::string(word(v.trust_model)) + " " +
                     std::string(word(v.kind)) + " " +
                     (v.observed ? std::string(word(*v.observed)) : "-") + " " + v.alert + " " +
                     v.tls_version + " " + v.reason + " " + v.client_says;
  for (const std::string& line : v.dialogue) text += "\n" + without_challenge(line);
  return text;
}

// Nothing is said before implicit TLS, nor to a server that it refuses.
bool says_nothing(const report::Verdict& v) {
  const bool implicit = v.id.find("/mode=smtps/") != std::string::npos ||
                        v.id.find("/mode=ldaps/") != std::string::npos;
  return v.connections == 0 || (implicit && words::is_certificate_ending(*v.observed));
}

TEST(Run, ACellByItselfIsAsWithinTheMatrix) {
  Plan together = plan_of_cells(40, 3);
  const Ran ran = run_plan(together, builtin(), {.keep_dialogue = true});
  for (std::size_t i = 0; i < ran.verdicts.size(); i += 5) {
    Plan alone{.matrices = {trust_matrix()}, .globs = {ran.verdicts[i].id}};
    const Ran again = run_plan(alone, builtin(), {.keep_dialogue = true});
    ASSERT_EQ(again.verdicts.size(), 1U);
    EXPECT_EQ(what_counts(again.verdicts[0]), what_counts(ran.verdicts[i]));
    EXPECT_EQ(again.verdicts[0].dialogue.empty(), says_nothing(again.verdicts[0]));
  }
}

TEST(Run, ACellOfEachModeByItsIdAloneIsAsWithinItsMode) {
  for (const char* mode : {"smtp-starttls", "smtps", "ldap-starttls", "ldaps"}) {
    const std::string of = "matrix/trust/mode=" + std::string(mode) + "/trust=host/certificate=";
    const Plan together{.matrices = {trust_matrix()}, .globs = {of + "valid", of + "expired"}};
    const Ran ran = run_plan(together, builtin(), {.keep_dialogue = true});
    const std::size_t credentials = mode[0] == 's' ? 19 : 20;
    ASSERT_EQ(ran.verdicts.size(), 2 * credentials) << mode;
    expect_all_pass(ran);
    for (const std::size_t i : {std::size_t{0}, std::size_t{10}, credentials - 6, credentials}) {
      const Plan alone{.matrices = {trust_matrix()}, .globs = {ran.verdicts[i].id}};
      const Ran again = run_plan(alone, builtin(), {.keep_dialogue = true});
      ASSERT_EQ(again.verdicts.size(), 1U);
      EXPECT_EQ(what_counts(again.verdicts[0]), what_counts(ran.verdicts[i]));
      EXPECT_EQ(again.verdicts[0].dialogue.empty(), says_nothing(again.verdicts[0]));
    }
  }
}

nlohmann::json without_times(const std::string& text) {
  nlohmann::json json = nlohmann::json::parse(text);
  EXPECT_EQ(json.erase("wall_s"), 1U);
  for (nlohmann::json& one : json.at("cases")) EXPECT_EQ(one.erase("ms"), 1U);
  return json;
}

nlohmann::json json_of(const Plan& plan, const subject::Subject& subject, unsigned jobs) {
  std::ostringstream out;
  const auto report = report::make_json_report(out);
  run_plan(plan, subject, {.jobs = jobs}, {report.get()});
  return without_times(out.str());
}

TEST(Run, TheSameSeedGivesTheSameReport) {
  Plan plan = plan_of_single_cases();
  plan.matrices = {trust_matrix()};
  plan.globs = {"smtp", "ldap"};
  plan.globs.emplace_back("*/trust=host/certificate=expired/credential=valid");
  plan.globs.emplace_back("*/trust=host/certificate=valid/credential=wrong-password");
  // One that passes everything, one with findings.
  for (const char* name : {"builtin", "defect:accepts-any-certificate"}) {
    const auto subject = subject::make_subject(name);
    const nlohmann::json first = json_of(plan, *subject, 1);
    EXPECT_EQ(first, json_of(plan, *subject, 1));
    EXPECT_EQ(first, json_of(plan, *subject, 2));
    EXPECT_EQ(first.at("findings").empty(), name == std::string("builtin"));
  }
}

TEST(Run, AnotherSeedMakesOtherCanaries) {
  Plan plan = plan_of_single_cases();
  Selection first(plan);
  plan.seed = 2;
  Selection second(plan);
  while (const auto a = first.next()) {
    const auto b = second.next();
    ASSERT_TRUE(b);
    EXPECT_EQ(a->id, b->id);
    if (a->password.value_or("").empty()) {
      EXPECT_EQ(a->secret + b->secret, "") << a->id;
    } else {
      EXPECT_NE(a->secret, b->secret) << a->id;
    }
  }
}

}  // namespace
}  // namespace startle::cases
