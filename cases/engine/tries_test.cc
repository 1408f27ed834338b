#include "cases/engine/tries.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "cases/engine/judge_for_test.h"
#include "cases/engine/run_for_test.h"

namespace startle::cases {
namespace {

using report::VerdictKind;
using words::Ending;
using words::Invariant;
using words::Severity;

constexpr const char* kRaces = "the wire decides";

Judgement passed(Ending ending = Ending::delivered) {
  return {.verdict = {.observed = ending, .ms = 1, .connections = 1}};
}
Judgement skipped(unsigned connections) {
  return {.verdict = {.kind = VerdictKind::skip, .ms = 1, .connections = connections}};
}
Judgement broken() {
  return {.verdict = {.kind = VerdictKind::error, .reason = "no memory", .ms = 1}};
}
Judgement failed(Severity severity, const std::string& finding,
                 std::vector<Invariant> violations = {}) {
  return {.verdict = {.kind = VerdictKind::fail,
                      .severity = severity,
                      .observed = Ending::delivered,
                      .violations = std::move(violations),
                      .finding = finding,
                      .reason = "so it did",
                      .ms = 1,
                      .connections = 1},
          .finding = {.id = finding, .severity = severity, .seen = "so it did"}};
}

struct Tried {
  Judgement judged{};
  std::size_t tries = 0;
};
// Those of `come` in their order, as often as they are asked for; then more that pass.
Tried tried(const std::vector<Judgement>& come) {
  Tried made;
  made.judged = worst_of_tries(
      [&] {
        const std::size_t at = made.tries++;
        return at < come.size() ? come[at] : passed();
      },
      kRaces);
  return made;
}

TEST(Tries, OfACaseThatPassesEachTimeSaysNothingOfThem) {
  const Tried met = tried({});
  EXPECT_EQ(met.tries, std::size_t{kTries});
  EXPECT_EQ(met.judged.verdict.kind, VerdictKind::pass);
  EXPECT_EQ(met.judged.verdict.reason, "");
  EXPECT_EQ(met.judged.verdict.ms, kTries);
  EXPECT_EQ(met.judged.verdict.connections, 1U) << "of the one that is told";
}

TEST(Tries, OneThatFailsIsEnough) {
  const Tried met =
      tried({passed(), failed(Severity::leak, "f"), passed(), failed(Severity::leak, "f")});
  EXPECT_EQ(met.judged.verdict.kind, VerdictKind::fail);
  EXPECT_EQ(met.judged.verdict.reason, "so it did; in 2 of 5 tries: the wire decides");
  EXPECT_EQ(met.judged.finding.seen, met.judged.verdict.reason);
}

TEST(Tries, TheWorstCountsInWhicheverOrderTheyCome) {
  std::vector<Judgement> come{failed(Severity::wrong_reason, "a"), passed(),
                              failed(Severity::leak, "z"), skipped(1), broken()};
  std::sort(come.begin(), come.end(), [](const Judgement& one, const Judgement& other) {
    return one.verdict.finding < other.verdict.finding;
  });
  for (std::size_t turn = 0; turn < come.size(); ++turn) {
    std::rotate(come.begin(), come.begin() + 1, come.end());
    const report::Verdict verdict = tried(come).judged.verdict;
    EXPECT_EQ(verdict.finding, "z") << turn;
    EXPECT_EQ(verdict.reason, "so it did; in 1 of 5 tries: the wire decides") << turn;
  }
}

TEST(Tries, OfThoseThatAreAsBadAlwaysTheSameIsTold) {
  const Judgement one = failed(Severity::leak, "a");
  const Judgement other = failed(Severity::leak, "b");
  EXPECT_EQ(tried({one, other}).judged.verdict.finding, "a");
  EXPECT_EQ(tried({other, one}).judged.verdict.finding, "a");
  const Ending early = std::min(Ending::protocol_error, Ending::delivered);
  const std::vector<Judgement> both{passed(Ending::protocol_error), passed(Ending::delivered)};
  EXPECT_EQ(tried(both).judged.verdict.observed, early);
  EXPECT_EQ(tried({both[1], both[0]}).judged.verdict.observed, early);
}

// Each would cost as much as the whole deadline.
TEST(Tries, EndWithAClientThatHangs) {
  const Tried met = tried({passed(), failed(Severity::note, "hung", {Invariant::hung})});
  EXPECT_EQ(met.tries, 2U);
  EXPECT_EQ(met.judged.verdict.reason, "so it did; in 1 of 2 tries: the wire decides");
}

TEST(Tries, WhatTheClientCannotBeToldIsNotToldAgain) {
  EXPECT_EQ(tried({skipped(0)}).tries, 1U);
  EXPECT_EQ(tried({skipped(1)}).tries, std::size_t{kTries});
}

// ---- of a run ----------------------------------------------------------------------------------

// Passes but for each third time, by chance of its own.
class FailsAtTimes final : public subject::Subject {
 public:
  std::string name() const override { return "at-times"; }
  std::string version() const override { return "0"; }
  std::string tls_library() const override { return "none"; }
  const subject::Abilities& abilities() const override { return sound_->abilities(); }
  net::Task<subject::ExchangeResult> exchange(
      net::World& world, const subject::ExchangeRequest& request) const override {
    return (++exchanges % 3 == 0 ? wrong_ : sound_)->exchange(world, request);
  }
  mutable int exchanges = 0;

 private:
  std::unique_ptr<subject::Subject> sound_ = subject::make_subject("builtin");
  std::unique_ptr<subject::Subject> wrong_ =
      subject::make_subject("defect:continues-after-refused-authentication");
};

Case rejected(const std::string& races) {
  Case made{.id = "smtp/rejected",
            .races = races,
            .expect = {.endings = {Ending::auth_rejected}, .reason = "r"}};
  made.setup.script.deviations = {
      {.at = fake::Point::auth,
       .steps = {fake::Send{"535 5.7.8 Authentication successful{crlf}"}}}};
  return made;
}

Ran run_rejected(const FailsAtTimes& client, const std::string& races, Transport transport) {
  RunOptions how{.jobs = 1};
  how.worker.transport = transport;
  return run_plan({.cases = {rejected(races)}}, client, how);
}

TEST(Tries, OverTcpACaseThatRacesIsTriedAndNoOther) {
  const FailsAtTimes client;
  const Ran once = run_rejected(client, "", Transport::tcp);
  EXPECT_EQ(client.exchanges, 1);
  EXPECT_EQ(once.verdicts.at(0).kind, VerdictKind::pass);
  for (int i = 0; i < 3; ++i) {
    const report::Verdict verdict = run_rejected(client, kRaces, Transport::tcp).verdicts.at(0);
    EXPECT_EQ(client.exchanges, 1 + (i + 1) * kTries);
    EXPECT_EQ(verdict.kind, VerdictKind::fail);
    EXPECT_NE(verdict.reason.find(" of 5 tries: the wire decides"), std::string::npos);
    EXPECT_FALSE(verdict.dialogue.empty());
  }
}

TEST(Tries, InMemoryNothingIsLeftToChance) {
  const FailsAtTimes client;
  run_rejected(client, kRaces, Transport::memory);
  EXPECT_EQ(client.exchanges, 1);
}

}  // namespace
}  // namespace startle::cases
