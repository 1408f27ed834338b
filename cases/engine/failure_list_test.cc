// The failures of a run as lines that the next run takes.

#include "cases/engine/failure_list.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

using report::Verdict;
using report::VerdictKind;
using words::Ending;
using words::Invariant;

Verdict failed(std::string id, std::optional<Ending> observed,
               std::vector<Invariant> violations = {}, std::string reason = "r") {
  return {.id = std::move(id),
          .kind = VerdictKind::fail,
          .observed = observed,
          .violations = std::move(violations),
          .reason = std::move(reason)};
}

void apply(ExpectedFailures& expected, Verdict& verdict) {
  std::vector<Verdict*> readings{&verdict};
  expected.apply(readings);
}

class FailureListTest : public testing::Test {
 protected:
  std::string path() const { return folder_.path() / "k.txt"; }
  std::string text() const { return read_file(path(), 1 << 20); }
  // What is written of these verdicts, as `expected` makes them.
  std::string written(std::vector<Verdict> verdicts, ExpectedFailures* expected = nullptr,
                      bool is_same_file = false, bool complete = true) {
    FailureList list(path(), expected, is_same_file);
    for (Verdict& verdict : verdicts) {
      if (expected != nullptr) apply(*expected, verdict);
      list.add(verdict);
    }
    list.end({.complete = complete});
    return text();
  }

  TemporaryFolder folder_{};
};

TEST_F(FailureListTest, HasALineForEachFailureInTheOrderOfTheRun) {
  EXPECT_EQ(
      written({failed("b", Ending::delivered, {}, "it must not"),
               {.id = "x", .kind = VerdictKind::pass},
               failed("a/c", Ending::delivered, {Invariant::secret_in_clear, Invariant::hung}),
               {.id = "y", .kind = VerdictKind::error},
               failed("a/b", {}, {Invariant::hung}, "two\nlines\x1b"),
               {.id = "z", .kind = VerdictKind::skip}}),
      "b delivered it must not\n"
      "a/c secret-in-clear r\n"
      "a/b hung two lines\\x1b\n");
}

TEST_F(FailureListTest, TheReadingsOfACaseAreOneLineForEachWord) {
  EXPECT_EQ(written({failed("a", Ending::delivered), failed("a", Ending::delivered),
                     failed("a", Ending::timeout), failed("b", Ending::delivered)}),
            "a delivered r\na timeout r\nb delivered r\n");
}

TEST_F(FailureListTest, AnIdIsOneWord) {
  const std::string lines = written({failed("#my own\tcase", Ending::timeout)});
  EXPECT_EQ(lines, "?my?own?case timeout r\n");
  ExpectedFailures expected("k.txt", lines);
  Verdict again = failed("#my own\tcase", Ending::timeout);
  apply(expected, again);
  EXPECT_EQ(again.kind, VerdictKind::xfail);
}

TEST_F(FailureListTest, WhatItWritesIsExpectedByTheNextRun) {
  const std::vector<Verdict> verdicts{failed("a", Ending::delivered, {Invariant::secret_in_clear}),
                                      failed("b", {}, {Invariant::hung}),
                                      failed("c", Ending::timeout)};
  ExpectedFailures expected("k.txt", written(verdicts));
  EXPECT_TRUE(expected.complaints().empty());
  for (Verdict verdict : verdicts) {
    apply(expected, verdict);
    EXPECT_EQ(verdict.kind, VerdictKind::xfail) << verdict.id;
  }
}

// Who has written down a reason does not want it replaced.
TEST_F(FailureListTest, AnExpectedFailureKeepsItsWordAndItsReason) {
  ExpectedFailures expected("k.txt", "a* delivered issue 9\nb timeout issue 10\n");
  EXPECT_EQ(written({failed("a1", Ending::delivered, {Invariant::secret_in_clear}),
                     failed("a2", Ending::timeout),
                     {.id = "b", .kind = VerdictKind::pass}},
                    &expected),
            "a1 delivered issue 9\na2 timeout r\n");
}

// Of the file that was read, a run of a part must lose nothing.
TEST_F(FailureListTest, TheSameFileKeepsLinesThatWereNotJudged) {
  const std::string before = "z/1 timeout issue 1\nz/2 timeout issue 2\na timeout issue 3\n";
  ExpectedFailures expected("k.txt", before);
  const std::vector<Verdict> verdicts{failed("a", Ending::timeout),
                                      {.id = "z/2", .kind = VerdictKind::skip}};
  EXPECT_EQ(written(verdicts, &expected, true),
            "a timeout issue 3\nz/1 timeout issue 1\nz/2 timeout issue 2\n");
  ExpectedFailures once_more("k.txt", before);
  EXPECT_EQ(written(verdicts, &once_more, false), "a timeout issue 3\n");
}

TEST_F(FailureListTest, AnInterruptedRunLeavesTheFileAsItWas) {
  write_file(path(), "a timeout issue 3\n");
  EXPECT_EQ(written({failed("b", Ending::timeout)}, nullptr, true, false), "a timeout issue 3\n");
}

TEST_F(FailureListTest, WhereItCannotBeWrittenIsTold) {
  const auto complaint = [](const std::string& file) -> std::string {
    try {
      FailureList(file, nullptr, false);
      return "";
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::usage);
      return e.what();
    }
  };
  const std::string folder = folder_.path();
  EXPECT_EQ(complaint(folder), "--write-expected " + folder + ": is a folder: name a file in it");
  EXPECT_EQ(complaint(folder + "/none/k.txt"),
            "--write-expected " + folder +
                "/none/k.txt: cannot be written: name a file in a folder that is there and that "
                "you may write to");
}

}  // namespace
}  // namespace startle::cases
