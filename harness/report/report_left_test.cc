// What is left of a run that did not come to its end, and how reports go on from there.

#include <gtest/gtest.h>

#include <sstream>

#include "harness/base/error.h"
#include "harness/report/json_value.h"
#include "harness/report/report_reader.h"
#include "harness/report/reports.h"
#include "harness/report/run_for_test.h"
#include "harness/report/summary.h"

namespace startle::report {
namespace {

// As a run hands them on: the first of a finding with what describes it.
std::vector<Verdict> described_verdicts() {
  std::vector<Verdict> verdicts = verdicts_for_test();
  for (Verdict& verdict : verdicts) {
    for (const Finding& finding : findings_for_test()) {
      if (finding.id == verdict.finding) verdict.described = std::make_shared<Finding>(finding);
    }
  }
  return verdicts;
}

std::string lines_of_run() {
  std::ostringstream out;
  return written(*make_json_lines_report(out), out, described_verdicts(), findings_for_test());
}

struct Left {
  ReadReport read{};
  std::vector<Verdict> verdicts{};
};

Left left_of(const std::string& text) {
  std::istringstream in(text);
  Left left;
  left.read = read_what_is_left(in, "a", [&](Verdict&& verdict, const ElementPlace&) {
    left.verdicts.push_back(std::move(verdict));
  });
  return left;
}

// Wherever a kill has cut it.
TEST(LeftReport, HasEachLineThatIsWhole) {
  const std::string text = lines_of_run();
  for (std::size_t size = text.find('\n') + 1; size < text.size(); ++size) {
    const std::string cut = text.substr(0, size);
    const std::size_t whole = cut.rfind('\n') + 1;
    const auto lines = std::count(cut.begin(), cut.end(), '\n') - 1;
    const Left left = left_of(cut);
    ASSERT_EQ(left.verdicts.size(), lines) << size;
    ASSERT_TRUE(left.read.cut_off);
    ASSERT_FALSE(left.read.complete);
    ASSERT_EQ(left.read.end_of_cases, whole) << size;
    ASSERT_EQ(left.read.info.seed, 7U);
  }
}

TEST(LeftReport, ThatIsWholeSaysWhereItsCasesEnd) {
  const std::string text = lines_of_run();
  const Left left = left_of(text);
  EXPECT_FALSE(left.read.cut_off);
  EXPECT_EQ(text.substr(left.read.end_of_cases, 11), "{\"summary\":");
  EXPECT_EQ(left.verdicts.size(), verdicts_for_test().size());
}

TEST(LeftReport, KeepsWhatNoOtherLineSays) {
  const Left left = left_of(lines_of_run());
  const std::vector<Verdict> verdicts = described_verdicts();
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    EXPECT_EQ(left.verdicts[i].client_says, verdicts[i].client_says);
    EXPECT_EQ(left.verdicts[i].connections, verdicts[i].connections);
    EXPECT_EQ(left.verdicts[i].handshakes, verdicts[i].handshakes);
    EXPECT_EQ(left.verdicts[i].dialogue, verdicts[i].dialogue);
    ASSERT_EQ(left.verdicts[i].described == nullptr, verdicts[i].described == nullptr) << i;
    if (verdicts[i].described == nullptr) continue;
    EXPECT_EQ(left.verdicts[i].described->why, verdicts[i].described->why);
    EXPECT_EQ(left.verdicts[i].described->reproduce, verdicts[i].described->reproduce);
    EXPECT_EQ(left.verdicts[i].described->clauses, verdicts[i].described->clauses);
  }
}

TEST(LeftReport, AsOneObjectSaysItToo) {
  std::ostringstream out;
  const Left left =
      left_of(written(*make_json_report(out), out, described_verdicts(), findings_for_test()));
  ASSERT_EQ(left.verdicts.size(), 7U);
  ASSERT_NE(left.verdicts[1].described, nullptr);
  EXPECT_EQ(left.verdicts[1].described->fix, "start TLS first");
  std::istringstream in(out.str());
  const RunHead head = read_run_head(in, "a");
  EXPECT_FALSE(head.is_lines);
  EXPECT_EQ(head.info.seed, 7U);
}

struct Row {
  const char* name;
  std::string (*change)(const std::string& text);
  const char* complaint;
};

TEST(LeftReport, ThatIsNoneIsRefused) {
  const Row rows[] = {
      {"empty", [](const std::string&) { return std::string(); },
       "a: is empty: the run that was to write it did not end"},
      {"head", [](const std::string& t) { return t.substr(0, 20); },
       "a: is cut off after 20 bytes: the run that wrote it, or a copy of it, was interrupted"},
      {"text", [](const std::string& t) { return t.substr(0, t.find('\n') + 1) + "hello\nx\n"; },
       "a:2: this is not JSON"},
      {"undescribed",
       [](const std::string& t) {
         const std::size_t at = t.find(",\"described\"");
         return t.substr(0, at) + "}\n";
       },
       "a:3: the case `smtp/injection/reply` belongs to the finding `secret-in-clear`, which no "
       "line before describes"},
  };
  for (const Row& row : rows) {
    try {
      left_of(row.change(lines_of_run()));
      ADD_FAILURE() << row.name;
    } catch (const Error& e) {
      EXPECT_STREQ(e.what(), row.complaint) << row.name;
    }
  }
}

// However many cases were there by then.
TEST(ContinuedLines, ComeBehindThoseThatAreThere) {
  const std::string whole = lines_of_run();
  const std::vector<Verdict> verdicts = described_verdicts();
  for (std::size_t there = 0; there <= verdicts.size(); ++there) {
    std::size_t end = 0;
    for (std::size_t line = 0; line <= there; ++line) end = whole.find('\n', end) + 1;
    std::ostringstream out;
    const auto report = continue_json_lines_report(out);
    Tally tally;
    report->begin(run_for_test());
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      if (i == there) report->go_on();
      tally.add(verdicts[i], {.id = verdicts[i].finding});
      report->add(verdicts[i]);
    }
    if (there == verdicts.size()) report->go_on();
    report->end({.findings = findings_for_test(),
                 .summary = tally.summary(),
                 .warnings = {{.where = "conf/schedule.xml:3", .text = "the attribute is ignored"}},
                 .wall_s = 1.5});
    EXPECT_EQ(whole.substr(0, end) + out.str(), whole) << there;
  }
}

TEST(InterruptedReport, SaysSoInEveryKind) {
  for (const ReportKind& kind : report_kinds()) {
    if (kind.word == "json" || kind.word == "jsonl") continue;
    std::ostringstream out;
    const auto report = kind.make(out, {});
    report->begin(run_for_test());
    report->end({.summary = {.passed = 2, .skipped = 1}, .complete = false});
    EXPECT_NE(out.str().find("the run was interrupted: 3 of 7 cases were judged"),
              std::string::npos)
        << kind.word << ": " << out.str();
  }
}

// CI systems count: one that ended early is not green.
TEST(InterruptedReport, IsAnErrorInJunit) {
  std::ostringstream out;
  const auto report = make_junit_report(out);
  report->begin(run_for_test());
  report->end({.summary = {.passed = 2}, .complete = false});
  EXPECT_NE(out.str().find("tests=\"3\" failures=\"0\" errors=\"1\""), std::string::npos)
      << out.str();
}

}  // namespace
}  // namespace startle::report
