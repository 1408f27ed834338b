// No secret gets out: not into a report, a dialogue, stdout or stderr, whoever the client is and
// whatever it does.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "cases/engine/run_for_test.h"
#include "cases/engine/startle_for_test.h"
#include "harness/base/bytes.h"
#include "harness/base/file.h"
#include "harness/subject/defect.h"

namespace startle::cases {
namespace {

// How every canary begins (a test below), whichever exchange it belongs to.
const std::string kCanary = "canary";

// The part of the base64 of any text that has `secret` behind `before` (0, 1, 2) bytes of a group
// of three which depends on `secret` alone (RFC 4648, 4).
std::string base64_core(const std::string& secret, std::size_t before) {
  constexpr std::array<std::size_t, 3> kForeign{0, 2, 3};  // characters with bits of a neighbour
  const std::size_t whole = (before + secret.size()) / 3 * 3;
  const std::string encoded = to_base64((std::string(before, '.') + secret).substr(0, whole));
  return encoded.substr(kForeign.at(before));
}

// What a secret leaves: its bytes, in hexadecimal too, and what base64 makes of them wherever they
// stand, as in the messages of PLAIN and LOGIN and in tokens.
std::vector<std::string> traces() {
  std::vector<std::string> all{kCanary, to_hex(kCanary)};
  for (std::size_t before = 0; before < 3; ++before) all.push_back(base64_core(kCanary, before));
  return all;
}

bool holds_trace(const std::string& text) {
  const auto all = traces();
  return std::any_of(all.begin(), all.end(), [&](const std::string& trace) {
    return text.find(trace) != std::string::npos;
  });
}

void expect_no_trace(const std::string& text, const std::string& what) {
  for (const std::string& trace : traces()) {
    const std::size_t at = text.find(trace);
    EXPECT_EQ(at, std::string::npos)
        << what << ": "
        << text.substr(std::min(at, text.size()) - std::min<std::size_t>(at, 80), 160);
  }
}

// The single cases, with every mechanism and lie, and every credential.
Plan plan_of_secrets() {
  Plan plan{
      .cases = tree_catalogue().cases(), .matrices = {trust_matrix()}, .globs = {"smtp", "ldap"}};
  for (const char* mode : {"smtp-starttls", "smtps", "ldap-starttls", "ldaps"}) {
    const std::string of = "matrix/trust/mode=" + std::string(mode);
    plan.globs.push_back(of + "/trust=host/certificate=valid");
    plan.globs.push_back(of + "/trust=host/certificate=expired/credential=valid");
    plan.globs.push_back(of + "/trust=other/certificate=self-signed/credential=scram-sha-256");
  }
  return plan;
}

TEST(Secrets, EveryCanaryBeginsAlike) {
  Selection selection(plan_of_secrets());
  std::size_t with = 0;
  while (const auto exchange = selection.next()) {
    if (exchange->secret.empty()) continue;
    ++with;
    EXPECT_TRUE(exchange->secret.starts_with(kCanary)) << exchange->id;
    EXPECT_NE(exchange->password.value_or("").find(exchange->secret), std::string::npos);
  }
  EXPECT_GT(with, 250U);
}

TEST(Secrets, TheSearchFindsThemInEveryForm) {
  const std::string secret = "canary0011223344556677";
  const std::string nul(1, '\0');
  EXPECT_TRUE(holds_trace("password=" + secret));
  EXPECT_TRUE(holds_trace(to_hex(secret)));
  EXPECT_TRUE(holds_trace("334 " + to_base64(secret)));  // LOGIN
  for (const std::string name : {"a", "ab", "abc"}) {
    EXPECT_TRUE(holds_trace(to_base64(nul + name + nul + secret)));  // PLAIN
    EXPECT_TRUE(holds_trace(to_base64("user=" + name + "\1auth=Bearer " + secret + "\1\1")));
    EXPECT_TRUE(holds_trace(
        to_base64("n,a=" + name + ",\1host=h\1port=25\1auth=Bearer " + secret + "\1\1")));
  }
  EXPECT_FALSE(holds_trace("AUTH PLAIN <initial response>"));
}

// The reports of one run, with every dialogue.
struct Written {
  std::string text{};
  std::string json{};
  std::string junit{};
  std::string markdown{};
  std::string sarif{};
};

Written write_reports(const Plan& plan, const std::string& client) {
  std::ostringstream text;
  std::ostringstream json;
  std::ostringstream junit;
  std::ostringstream markdown;
  std::ostringstream sarif;
  const auto as_text =
      report::make_text_report(text, {.verbose = true, .dialogue = true, .table = true});
  const auto as_json = report::make_json_report(json);
  const auto as_junit = report::make_junit_report(junit);
  const auto as_markdown = report::make_markdown_report(markdown);
  const auto as_sarif = report::make_sarif_report(sarif);
  run_plan(plan, *subject::make_subject(client), {.jobs = 2, .keep_dialogue = true},
           {as_text.get(), as_json.get(), as_junit.get(), as_markdown.get(), as_sarif.get()});
  return {text.str(), json.str(), junit.str(), markdown.str(), sarif.str()};
}

void expect_no_trace_in_any(const Written& written) {
  expect_no_trace(written.text, "text");
  expect_no_trace(written.json, "json");
  expect_no_trace(written.junit, "junit");
  expect_no_trace(written.markdown, "markdown");
  expect_no_trace(written.sarif, "sarif");
}

void expect_no_trace(const Written& written) {
  EXPECT_NE(written.text.find("      C (tls): "), std::string::npos) << "no dialogue is shown";
  expect_no_trace_in_any(written);
}

TEST(Secrets, NoneStandsInAReportOfTheCorrectClient) {
  const Written written = write_reports(plan_of_secrets(), "builtin");
  for (const char* mechanism : {"SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN", "OAUTHBEARER"}) {
    EXPECT_NE(written.text.find("      C (tls): AUTH " + std::string(mechanism)), std::string::npos)
        << mechanism;
  }
  expect_no_trace(written);
}

class SecretTest : public testing::TestWithParam<std::size_t> {
 protected:
  const subject::Defect& defect() const { return subject::defects().at(GetParam()); }
  std::string client() const { return "defect:" + std::string(defect().name); }
};

// In the rest a defect does what the correct client does: of that a part, another for each.
TEST_P(SecretTest, StandsInNoReport) {
  Plan plan = plan_of_secrets();
  plan.sample = Selection(plan).count() / 10;
  plan.seed = 1 + GetParam();
  expect_no_trace(write_reports(plan, client()));
}

TEST_P(SecretTest, StandsInNoReportOfWhatIsMeantForIt) {
  Plan plan{.globs = {"smtp", "ldap"}};
  for (const Case& one : tree_catalogue().cases()) {
    if (one.bug_class == defect().bug_class) plan.cases.push_back(one);
  }
  if (plan.cases.empty()) return;  // certificates alone are meant for it
  expect_no_trace_in_any(write_reports(plan, client()));
}

INSTANTIATE_TEST_SUITE_P(All, SecretTest, testing::Range<std::size_t>(0, subject::defects().size()),
                         [](const auto& row) {
                           std::string name(subject::defects()[row.param].name);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// The program as it is called, with one client that passes and two that fail.
TEST(Secrets, NoneStandsInWhatTheProgramWrites) {
  const TemporaryFolder folder;
  const auto json = folder.path() / "report.json";
  const auto junit = folder.path() / "report.xml";
  constexpr std::size_t kMost = 16 << 20;
  for (const char* client :
       {"builtin", "defect:authenticates-in-clear", "defect:accepts-wrong-signature"}) {
    const ProgramRun run = run_startle(
        {"run", "smtp/sasl", "ldap/sasl", "--client", client, "--dialogue", "--verbose", "--seed",
         "7", "--report", "json=" + json.string(), "--report", "junit=" + junit.string()});
    EXPECT_EQ(run.status, client == std::string("builtin") ? 0 : 1) << run.err;
    EXPECT_NE(run.out.find("AUTH PLAIN"), std::string::npos);
    expect_no_trace(run.out, "stdout");
    expect_no_trace(run.err, "stderr");
    expect_no_trace(read_file(json, kMost), "json");
    expect_no_trace(read_file(junit, kMost), "junit");
  }
}

}  // namespace
}  // namespace startle::cases
