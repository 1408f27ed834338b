// Counts, findings folded by cause, and the date as reports write it.

#include "harness/report/summary.h"

#include <gtest/gtest.h>

#include "harness/report/run_for_test.h"

namespace startle::report {
namespace {

using words::Severity;

TEST(Tally, CountsEachKindOnce) {
  Tally tally;
  for (const Verdict& verdict : verdicts_for_test()) tally.add(verdict, {.id = verdict.finding});
  const Summary& s = tally.summary();
  EXPECT_EQ(s.passed, 1U);
  EXPECT_EQ(s.failed, 2U);
  EXPECT_EQ(s.skipped, 1U);
  EXPECT_EQ(s.expected_failures, 1U);
  EXPECT_EQ(s.unexpected_passes, 1U);
  EXPECT_EQ(s.errors, 1U);
  EXPECT_EQ(s.connections, 3U);
  EXPECT_EQ(s.handshakes, 2U);
  EXPECT_EQ(tally.worst(), Severity::leak);
}

Verdict failure(std::string id, Severity severity) {
  return {.id = std::move(id), .kind = VerdictKind::fail, .severity = severity};
}

TEST(Tally, FoldsByCauseWorstFirstThenBySizeThenById) {
  Tally tally;
  tally.add(failure("1", Severity::false_refuse),
            {.id = "refuses", .severity = Severity::false_refuse});
  tally.add(failure("2", Severity::leak),
            {.id = "z-leak", .severity = Severity::leak, .seen = "first"});
  tally.add(failure("3", Severity::leak), {.id = "b-leak", .severity = Severity::leak});
  tally.add(failure("4", Severity::leak), {.id = "a-leak", .severity = Severity::leak});
  tally.add(failure("5", Severity::leak),
            {.id = "z-leak", .severity = Severity::leak, .seen = "second"});
  std::vector<std::string> ids;
  for (const Finding& finding : tally.findings()) ids.push_back(finding.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"z-leak", "a-leak", "b-leak", "refuses"}));
  EXPECT_EQ(tally.findings().front().seen, "first");
  EXPECT_EQ(tally.findings().front().first_case, "2");
  EXPECT_EQ(tally.findings().front().cases, 2U);
}

TEST(Tally, NamesTheNextCasesOnceEach) {
  Tally tally;
  for (const char* id : {"1", "1", "2", "3", "2", "4", "5", "6"}) {
    tally.add(failure(id, Severity::leak), {.id = "a", .severity = Severity::leak});
  }
  const Finding finding = tally.findings().front();
  EXPECT_EQ(finding.first_case, "1");
  EXPECT_EQ(finding.further, (std::vector<std::string>{"2", "3", "4", "5"}));
  EXPECT_EQ(finding.cases, 8U);
}

// What was read from a report brings them along; a verdict of a run has them itself.
TEST(Tally, TheFirstCaseGivesAFindingItsClausesAndItsDialogue) {
  Tally tally;
  Verdict first = failure("1", Severity::leak);
  first.requirements = {"R-1"};
  first.dialogue = {"S: 220"};
  Verdict second = failure("2", Severity::leak);
  second.dialogue = {"S: 421"};
  tally.add(first, {.id = "a", .severity = Severity::leak});
  tally.add(second, {.id = "a", .severity = Severity::leak});
  tally.add(second, {.id = "b", .cases = 7, .requirements = {"R-2"}, .dialogue = {"S: 554"}});
  const auto findings = tally.findings();
  EXPECT_EQ(findings.at(0).requirements, (std::vector<std::string>{"R-1"}));
  EXPECT_EQ(findings.at(0).dialogue, (std::vector<std::string>{"S: 220"}));
  EXPECT_EQ(findings.at(1).requirements, (std::vector<std::string>{"R-2"}));
  EXPECT_EQ(findings.at(1).dialogue, (std::vector<std::string>{"S: 554"}));
  EXPECT_EQ(findings.at(1).cases, 1U);
}

TEST(Shortened, KeepsTheBeginningAndMoreOfTheEnd) {
  std::vector<std::string> lines;
  for (int i = 1; i <= 8; ++i) lines.push_back(std::to_string(i));
  EXPECT_EQ(shortened(lines, 8), lines);
  EXPECT_EQ(shortened(lines, 7),
            (std::vector<std::string>{"1", "2", ".. (2 more lines)", "5", "6", "7", "8"}));
  EXPECT_EQ(shortened(lines, 3), (std::vector<std::string>{".. (6 more lines)", "7", "8"}));
}

TEST(Tally, AFindingIsAsSevereAsItsWorstCase) {
  Tally tally;
  tally.add(failure("1", Severity::note), {.id = "same", .severity = Severity::note});
  tally.add(failure("2", Severity::false_accept),
            {.id = "same", .severity = Severity::false_accept});
  ASSERT_EQ(tally.findings().size(), 1U);
  EXPECT_EQ(tally.findings().front().severity, Severity::false_accept);
  EXPECT_EQ(tally.worst(), Severity::false_accept);
}

TEST(Tally, ANoteIsAFindingAndNoFailure) {
  Tally tally;
  tally.add(failure("1", Severity::note), {.id = "hung", .severity = Severity::note});
  EXPECT_EQ(tally.summary().failed, 0U);
  EXPECT_EQ(tally.summary().notes, 1U);
  EXPECT_EQ(tally.findings().size(), 1U);
  EXPECT_EQ(tally.worst(), Severity::note);
}

TEST(Tally, WithoutFailuresHasNoFindings) {
  Tally tally;
  tally.add({.kind = VerdictKind::pass}, {.id = "ignored"});
  tally.add({.kind = VerdictKind::error}, {.id = "ignored"});
  EXPECT_TRUE(tally.findings().empty());
  EXPECT_EQ(tally.worst(), std::nullopt);
}

}  // namespace
}  // namespace startle::report
