// Lines of expected failures: which are read, what they match, and what becomes of a verdict.

#include "cases/engine/expected_failures.h"

#include <gtest/gtest.h>

#include "cases/engine/catalogue_for_test.h"
#include "harness/base/error.h"

namespace startle::cases {
namespace {

using report::Verdict;
using report::VerdictKind;
using words::Ending;
using words::Invariant;
using Strings = std::vector<std::string>;

void apply(ExpectedFailures& expected, Verdict& verdict) {
  std::vector<Verdict*> readings{&verdict};
  expected.apply(readings);
}

struct BadRow {
  const char* name;
  std::string line;
  const char* complaint;
};

TEST(ExpectedFailures, EachBadLineIsTold) {
  for (const BadRow& row :
       {BadRow{"a glob alone", "smtp/*",
               "`smtp/*` states no ending and no invariant: a line is CASE-GLOB ENDING|INVARIANT "
               "reason"},
        {"an unknown word", "smtp/* tiemout issue 9",
         "`tiemout` is no ending and no invariant (did you mean timeout?): a line is CASE-GLOB "
         "ENDING|INVARIANT reason"},
        {"a word like none", "a \x1b[31m b",
         "`\\x1b[31m` is no ending and no invariant: a line is CASE-GLOB ENDING|INVARIANT reason"},
        {"no reason", "smtp/* timeout \t\r",
         "states no reason, such as the number of the bug's report: a line is CASE-GLOB "
         "ENDING|INVARIANT reason"}}) {
    const ExpectedFailures read("k.txt", "# ok\n\n" + row.line + "\nsmtp/x hung issue 9\n");
    EXPECT_EQ(read.complaints(), Strings{std::string("k.txt:3: ") + row.complaint}) << row.name;
    EXPECT_EQ(read.lines().size(), 1U) << row.name;
  }
}

TEST(ExpectedFailures, CommentsBlanksAndLineEndsOfWindowsAreNoMistake) {
  const ExpectedFailures read("k.txt",
                              "# one\r\n \t\r\n  # two\n\tsmtp/x \t hung  issue  9: it waits \r\n"
                              "ldap/* bound last line");
  EXPECT_EQ(read.complaints(), Strings{});
  ASSERT_EQ(read.lines().size(), 2U);
  EXPECT_EQ(read.lines()[0].glob, "smtp/x");
  EXPECT_EQ(word_of(read.lines()[0]), "hung");
  EXPECT_EQ(read.lines()[0].reason, "issue  9: it waits");
  EXPECT_EQ(read.lines()[0].line, 4U);
  EXPECT_EQ(word_of(read.lines()[1]), "bound");
  EXPECT_EQ(read.lines()[1].line, 5U);
  EXPECT_TRUE(ExpectedFailures("k.txt", "").lines().empty());
}

struct Row {
  const char* name;
  const char* line;
  Verdict verdict;
  VerdictKind kind;
};

Verdict failed(std::optional<Ending> observed, std::vector<Invariant> violations = {}) {
  return {.id = "smtp/auth/x",
          .kind = VerdictKind::fail,
          .severity = words::Severity::leak,
          .observed = observed,
          .violations = std::move(violations),
          .finding = "f",
          .reason = "r"};
}

Verdict of_kind(VerdictKind kind) {
  return {.id = "smtp/auth/x", .kind = kind, .observed = Ending::timeout, .reason = "r"};
}

TEST(ExpectedFailures, ALineMeansThatFailureAlone) {
  using enum VerdictKind;
  const Row rows[] = {
      {"its ending", "smtp/auth/x timeout i", failed(Ending::timeout), xfail},
      {"another ending", "smtp/auth/x timeout i", failed(Ending::delivered), fail},
      {"its invariant", "smtp/auth/x hung i", failed({}, {Invariant::hung}), xfail},
      {"one of several invariants", "smtp/auth/x hung i",
       failed({}, {Invariant::secret_in_clear, Invariant::hung}), xfail},
      {"another invariant", "smtp/auth/x hung i",
       failed(Ending::delivered, {Invariant::secret_in_clear}), fail},
      {"hung has no ending", "smtp/auth/x timeout i", failed({}, {Invariant::hung}), fail},
      {"all below an id", "smtp timeout i", failed(Ending::timeout), xfail},
      {"an id that begins so", "smtp/au timeout i", failed(Ending::timeout), fail},
      {"a glob", "smtp/*/? timeout i", failed(Ending::timeout), xfail},
      {"another case", "smtp/auth/y timeout i", failed(Ending::timeout), fail},
      {"the second line", "smtp/auth/x delivered i\n* timeout j", failed(Ending::timeout), xfail},
      {"a pass", "smtp/auth/x timeout i", of_kind(pass), xpass},
      {"a pass of another case", "smtp/auth/y timeout i", of_kind(pass), pass},
      {"a skipped case", "smtp/auth/x timeout i", of_kind(skip), skip},
      {"an error", "smtp/auth/x timeout i", of_kind(error), error},
  };
  for (const Row& row : rows) {
    ExpectedFailures expected("k.txt", row.line);
    ASSERT_EQ(expected.complaints(), Strings{}) << row.name;
    Verdict verdict = row.verdict;
    apply(expected, verdict);
    EXPECT_EQ(verdict.kind, row.kind) << row.name;
    EXPECT_EQ(verdict.finding, row.kind == fail ? "f" : "") << row.name;
    EXPECT_EQ(verdict.reason == "r", row.kind == row.verdict.kind) << row.name;
  }
}

TEST(ExpectedFailures, TheVerdictSaysByWhichLine) {
  ExpectedFailures expected("k.txt", "# c\nsmtp/auth/x timeout issue 9\n");
  Verdict verdict = failed(Ending::timeout);
  apply(expected, verdict);
  EXPECT_EQ(verdict.reason, "as k.txt:2 expects (issue 9): r");
  verdict = of_kind(VerdictKind::pass);
  apply(expected, verdict);
  EXPECT_EQ(verdict.reason, "passed, where k.txt:2 expects timeout (issue 9): take the line away");
}

// It fails under one model: that it passes under another is nothing new.
TEST(ExpectedFailures, ACasePassesWhereItPassesUnderEveryModel) {
  const auto kinds = [](std::vector<Verdict> verdicts) {
    ExpectedFailures expected("k.txt", "smtp/auth/x timeout i");
    std::vector<Verdict*> readings;
    for (Verdict& verdict : verdicts) readings.push_back(&verdict);
    expected.apply(readings);
    std::string text;
    for (const Verdict& verdict : verdicts) text += std::string(word(verdict.kind)) + " ";
    return text;
  };
  const Verdict passed = of_kind(VerdictKind::pass);
  EXPECT_EQ(kinds({passed, failed(Ending::timeout), passed}), "pass xfail pass ");
  EXPECT_EQ(kinds({failed(Ending::timeout), failed(Ending::delivered)}), "xfail fail ");
  EXPECT_EQ(kinds({passed, of_kind(VerdictKind::skip), passed}), "xpass skip xpass ");
  EXPECT_EQ(kinds({passed, failed(Ending::delivered)}), "xpass fail ");
}

TEST(ExpectedFailures, ALineWhoseCasesWereAllSkippedIsAWarning) {
  ExpectedFailures expected("k.txt", "smtp timeout i\nsmtp/auth/x timeout i\nldap timeout i\n");
  Verdict skipped = of_kind(VerdictKind::skip);
  apply(expected, skipped);
  Verdict other = of_kind(VerdictKind::pass);
  other.id = "smtp/auth/y";
  apply(expected, other);
  EXPECT_EQ(expected.warnings(),
            (std::vector<report::Warning>{
                {"k.txt:2",
                 "every case that `smtp/auth/x` matches was skipped: whether it still fails does "
                 "not show"}}));
  const auto left = expected.not_judged();
  ASSERT_EQ(left.size(), 2U);
  EXPECT_EQ(left[0]->line, 2U);
  EXPECT_EQ(left[1]->line, 3U);
}

// ---- lines that match nothing ------------------------------------------------------------------

Strings stale(const std::string& glob, const Plan& plan) {
  return ExpectedFailures("k.txt", glob + " timeout i").stale(plan, tree_catalogue());
}

Plan whole(Suite suite) {
  return {
      .cases = tree_catalogue().cases(), .matrices = tree_catalogue().matrices(), .suite = suite};
}

TEST(ExpectedFailures, OfAWholeRunALineHasToMatchACaseOfIt) {
  const Strings left_out{
      "k.txt:1: `matrix/full/*` matches no case of this suite: take the line away, or run --suite "
      "full"};
  EXPECT_EQ(stale("matrix/full/*", whole(Suite::standard)), left_out);
  EXPECT_EQ(stale("matrix/full/*", whole(Suite::full)), Strings{});
  for (const char* one : {"smtp/auth/rejected-535", "smtp", "matrix/trust",
                          "*/certificate=expired/*", "matrix/trust/mode=smtps"}) {
    EXPECT_EQ(stale(one, whole(Suite::standard)), Strings{}) << one;
  }
}

TEST(ExpectedFailures, OfAPartALineHasToMatchACaseOfTheCatalogue) {
  std::vector<Plan> parts(6, whole(Suite::standard));
  parts[0].globs = {"ldap"};
  parts[1].mode = words::Mode::ldaps;
  parts[2].sample = 3;
  parts[3].shard = Shard{.index = 1, .total = 2};
  parts[4].suite = Suite::quick;
  parts[5].cases.clear();  // a customer's configuration
  parts[5].matrices.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const char* one : {"smtp/auth/rejected-535", "matrix/full", "matrix/full/*"}) {
      EXPECT_EQ(stale(one, parts[i]), Strings{}) << one << " of part " << i;
    }
    for (const char* none :
         {"smtp/auth/none", "smtp/au", "matrix/full/mode=imaps", "smtp/*no-such-thing*"}) {
      EXPECT_EQ(stale(none, parts[i]),
                Strings{"k.txt:1: `" + std::string(none) +
                        "` matches no case: take the line away, or name one (`startle list` shows "
                        "all)"})
          << "of part " << i;
    }
  }
}

TEST(ExpectedFailures, ACellIsFoundByItsId) {
  const Matrix& matrix = trust_matrix();
  EXPECT_EQ(stale(matrix.cell_id(0), whole(Suite::full)), Strings{});
  EXPECT_EQ(stale(matrix.cell_id(0) + "x", whole(Suite::full)).size(), 1U);
}

TEST(ExpectedFailures, AFileThatIsNotThereIsTold) {
  try {
    ExpectedFailures::read("/nowhere/k.txt");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    EXPECT_STREQ(e.what(), "/nowhere/k.txt: cannot be read: No such file or directory");
  }
}

}  // namespace
}  // namespace startle::cases
