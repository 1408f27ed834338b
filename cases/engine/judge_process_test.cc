// Cases of several connections: what stands in them, and what is said of who fails.

#include "cases/engine/judge_process.h"

#include <gtest/gtest.h>

#include "cases/engine/judge_for_test.h"
#include "cases/engine/run_for_test.h"

namespace startle::cases {
namespace {

using enum words::Ending;
using report::VerdictKind;
using words::Severity;

report::Verdict verdict_on(const Case& one, const std::string& client = "builtin",
                           Transport transport = Transport::memory) {
  const Ran ran = run_plan({.cases = {one}}, *subject::make_subject(client),
                           {.worker = {.transport = transport}});
  EXPECT_EQ(ran.verdicts.size(), 1U);
  return ran.verdicts.empty() ? report::Verdict{} : ran.verdicts.front();
}

// Unverified, then to be verified; the certificate has expired.
Case stricter() {
  Case made{.id = "x"};
  made.setup.certificate = "expired";
  made.setup.trust = "*";
  Setup strict = made.setup;
  strict.trust = "{host}";
  made.then.push_back({.setup = strict});
  return made;
}

TEST(JudgeProcess, TheOracleSaysOfEachConnectionWhatItWouldOfOneAlone) {
  for (const Transport transport : {Transport::memory, Transport::tcp}) {
    const report::Verdict verdict = verdict_on(stricter(), "builtin", transport);
    EXPECT_EQ(verdict.kind, VerdictKind::pass) << verdict.reason;
    EXPECT_EQ(verdict.expected, std::vector{certificate_expired});
    EXPECT_EQ(verdict.observed, certificate_expired);
    EXPECT_EQ(verdict.connections, 2U);
    EXPECT_TRUE(verdict.reason.starts_with("connection 2 of 2: ")) << verdict.reason;
  }
}

TEST(JudgeProcess, AFailureSaysOfWhichConnection) {
  const report::Verdict verdict = verdict_on(stricter(), "defect:reuses-across-trust");
  EXPECT_EQ(verdict.kind, VerdictKind::fail);
  EXPECT_EQ(verdict.severity, Severity::leak);
  EXPECT_EQ(verdict.finding, "accepts/certificate-expired");
  EXPECT_EQ(verdict.connections, 1U);
  EXPECT_TRUE(verdict.reason.starts_with("connection 2 of 2: expected certificate-expired ("))
      << verdict.reason;
  EXPECT_FALSE(verdict.dialogue.empty());
}

TEST(JudgeProcess, TheWorstConnectionStandsForAll) {
  Case both = stricter();
  both.expect = {{certificate_host_mismatch}, "wrong on purpose"};
  both.then.push_back({.setup = both.setup, .expect = {{delivered, bound}, "r"}});
  const report::Verdict verdict = verdict_on(both);
  EXPECT_EQ(verdict.kind, VerdictKind::fail);
  EXPECT_TRUE(verdict.reason.starts_with("connection 1 of 3: ")) << verdict.reason;
}

TEST(JudgeProcess, EveryCaseOfStateIsPassedByTheCorrectClientOverTcpToo) {
  Plan plan = plan_of_single_cases();
  plan.globs = {"smtp/state", "ldap/state"};
  RunOptions options;
  options.worker.transport = Transport::tcp;
  const Ran ran = run_plan(plan, *subject::make_subject("builtin"), options);
  EXPECT_GE(ran.verdicts.size(), 12U);
  expect_all_pass(ran);
}

TEST(JudgeProcess, AConnectionThatTimesOutIsFollowedByTheNext) {
  Case silent{.id = "x"};
  silent.setup.script.deviations = {{.at = fake::Point::ehlo, .steps = {fake::Silence{}}}};
  silent.expect = {{timeout}, "every wait has a limit"};
  cases::Setup sound = silent.setup;
  sound.script = {};
  silent.then.push_back({.setup = sound});
  const report::Verdict verdict = verdict_on(silent);
  EXPECT_EQ(verdict.kind, VerdictKind::pass) << verdict.reason;
  EXPECT_EQ(verdict.observed, delivered);
}

// A program that connected twice; what came of its connections.
ProcessRun process_of(std::vector<words::Ending> endings) {
  ProcessRun process;
  for (const words::Ending ending : endings) {
    Run run = ended(ending);
    run.seen.connections = 1;
    run.seen.tls_version = "TLS1.3";
    process.runs.push_back(std::move(run));
  }
  return process;
}
Exchange twice() {
  Exchange made = exchange();
  made.then.push_back(exchange());
  return made;
}
const std::vector<Expectation> kBoth{{{delivered}, "r"}, {{delivered}, "r"}};

TEST(JudgeProcess, WhatOneConnectionDidNotShowIsNoPass) {
  ProcessRun process = process_of({delivered, delivered});
  EXPECT_EQ(judge_process(twice(), kBoth, process).verdict.kind, VerdictKind::pass);
  process.runs.back().cannot = "no second one";
  EXPECT_EQ(judge_process(twice(), kBoth, process).verdict.kind, VerdictKind::skip);
  process.runs.front().outcome.ending = refused;
  EXPECT_EQ(judge_process(twice(), kBoth, process).verdict.kind, VerdictKind::fail);
}

TEST(JudgeProcess, AProgramIsJudgedAsForOneConnection) {
  ProcessRun process = process_of({delivered, delivered});
  process.runs.back().seen.tls_version = "";
  const subject::Standing program{.is_program = true};
  const Judgement made = judge_process(twice(), kBoth, process, program);
  EXPECT_EQ(made.verdict.kind, VerdictKind::fail);
  EXPECT_EQ(made.verdict.observed, delivered_in_clear);
}

}  // namespace
}  // namespace startle::cases
