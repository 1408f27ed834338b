// startle run --expected-failures and --write-expected, from outside: exit codes, complaints, and
// that every kind of report says the same.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

using Arguments = std::vector<std::string>;
using Json = nlohmann::json;

constexpr std::size_t kMost = 16 << 20;

class KnownFailures : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path() / name; }
  std::string text_of(const std::string& name) const { return read_file(path(name), kMost); }
  // A client with a known bug, held to some cases of which it fails one.
  ProgramRun run(const Arguments& more, const std::string& what = "smtp/starttls",
                 const std::string& client = "defect:goes-on-without-starttls") const {
    Arguments arguments{"run", what, "--client", client};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_startle(arguments);
  }
  // With a file of these lines.
  ProgramRun run_expecting(const std::string& lines, Arguments more = {}) const {
    write_file(path("k.txt"), lines);
    more.insert(more.begin(), {"--expected-failures", path("k.txt")});
    return run(more);
  }
  // What is complained of, without the folder.
  std::string complaint(const ProgramRun& run) const {
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.out, "");
    std::string text = run.err;
    const std::string folder = folder_.path().string() + "/";
    for (std::size_t at = 0; (at = text.find(folder, at)) != text.npos;) {
      text.erase(at, folder.size());
    }
    return text;
  }
  static bool ends_with(const ProgramRun& run, const std::string& last) {
    return run.out.ends_with(last);
  }

  TemporaryFolder folder_{};
};

constexpr const char* kLine = "smtp/starttls/not-offered secret-in-clear issue 9\n";

TEST_F(KnownFailures, DoNotFailTheRunAndAreCounted) {
  const ProgramRun expected = run_expecting(kLine);
  EXPECT_EQ(expected.status, 0) << expected.err;
  EXPECT_NE(expected.out.find(", 1 expected failures\n"), std::string::npos) << expected.out;
  EXPECT_EQ(expected.out.find("reproduce"), std::string::npos) << "there is no finding";
  EXPECT_TRUE(ends_with(expected, " passed, 0 failed, 0 skipped\n"));
}

TEST_F(KnownFailures, AnotherFailureOfTheCaseFailsTheRun) {
  const ProgramRun run = run_expecting("smtp/starttls/not-offered timeout issue 9\n");
  EXPECT_EQ(run.status, 1);
  EXPECT_NE(run.out.find("leak  secret-in-clear  (1 case)"), std::string::npos) << run.out;
}

TEST_F(KnownFailures, AListedCaseThatPassesFailsTheRun) {
  write_file(path("k.txt"), kLine);
  const ProgramRun fixed = run({"--expected-failures", path("k.txt")}, "smtp/starttls", "builtin");
  EXPECT_EQ(fixed.status, 1);
  EXPECT_NE(fixed.out.find("xpass smtp/starttls/not-offered: passed, where " + path("k.txt") +
                           ":1 expects secret-in-clear (issue 9): take the line away\n"),
            std::string::npos)
      << fixed.out;
}

TEST_F(KnownFailures, WhatIsWrittenIsWhatTheNextRunExpects) {
  const ProgramRun first = run({"--write-expected", path("k.txt")});
  EXPECT_EQ(first.status, 1);
  const std::string lines = text_of("k.txt");
  EXPECT_TRUE(
      lines.starts_with("smtp/starttls/not-offered secret-in-clear expected starttls-not-"
                        "supported"))
      << lines;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);
  const ProgramRun second =
      run({"--expected-failures", path("k.txt"), "--write-expected", path("k.txt")});
  EXPECT_EQ(second.status, 0) << second.err;
  EXPECT_EQ(text_of("k.txt"), lines);
}

// The matrix has cells that it fails under some of the models alone.
TEST_F(KnownFailures, WhatIsWrittenIsExpectedUnderEveryModelToo) {
  const Arguments all{"--trust-model", "all"};
  const auto with = [&](const char* option) {
    Arguments more = all;
    more.insert(more.end(), {option, path("k.txt"), "--report", "json=" + path("k.json")});
    return run(more, "matrix/trust/mode=smtps/trust=host/*/credential=valid",
               "defect:accepts-any-name");
  };
  EXPECT_EQ(with("--write-expected").status, 1);
  const std::size_t failed = Json::parse(text_of("k.json")).at("summary").at("failed");
  EXPECT_GT(failed, 0U);
  const ProgramRun second = with("--expected-failures");
  EXPECT_EQ(second.status, 0) << second.out;
  EXPECT_EQ(Json::parse(text_of("k.json")).at("summary").at("expected_failures"), failed);
}

TEST_F(KnownFailures, OfAClientWithoutAnyThereAreNone) {
  EXPECT_EQ(run({"--write-expected", path("k.txt")}, "smtp/starttls", "builtin").status, 0);
  EXPECT_EQ(text_of("k.txt"), "");
  EXPECT_EQ(run({"--expected-failures", path("k.txt")}, "smtp/starttls", "builtin").status, 0);
}

TEST_F(KnownFailures, EveryReportSaysTheSame) {
  Arguments reports;
  for (const char* one :
       {"json=k.json", "jsonl=k.jsonl", "junit=k.xml", "markdown=k.md", "sarif=k.sarif"}) {
    const std::string kind = one;
    const std::size_t name = kind.find('=') + 1;
    reports.insert(reports.end(), {"--report", kind.substr(0, name) + path(kind.substr(name))});
  }
  EXPECT_EQ(run_expecting(kLine, reports).status, 0);
  const Json json = Json::parse(text_of("k.json"));
  EXPECT_EQ(json.at("summary").at("expected_failures"), 1);
  EXPECT_EQ(json.at("summary").at("failed"), 0);
  EXPECT_EQ(json.at("findings"), Json::array());
  for (const Json& one : json.at("cases")) {
    const bool listed = one.at("id") == "smtp/starttls/not-offered";
    EXPECT_EQ(one.at("verdict"), listed ? "xfail" : "pass") << one.at("id");
    EXPECT_EQ(one.at("finding"), nullptr);
    if (listed) {
      EXPECT_TRUE(one.at("reason").get<std::string>().starts_with("as " + path("k.txt") +
                                                                  ":1 expects (issue 9): expected"))
          << one.at("reason");
    }
  }
  EXPECT_NE(text_of("k.xml").find("failures=\"0\" errors=\"0\" skipped=\"1\""), std::string::npos);
  EXPECT_NE(text_of("k.xml").find("<skipped message=\"as "), std::string::npos);
  EXPECT_NE(text_of("k.md").find("**, 1 expected failure\n"), std::string::npos);
  EXPECT_EQ(Json::parse(text_of("k.sarif")).at("runs")[0].at("results"), Json::array());

  // A merged report counts them too.
  const ProgramRun merged = run_startle({"merge", path("k.jsonl"), "--report", "json"});
  EXPECT_EQ(merged.status, 0) << merged.err;
  EXPECT_EQ(Json::parse(merged.out).at("summary"), json.at("summary"));
  EXPECT_EQ(Json::parse(merged.out).at("cases").size(), json.at("cases").size());
}

TEST_F(KnownFailures, EachBadLineIsToldBeforeAnythingIsRun) {
  EXPECT_EQ(complaint(run_expecting("smtp/x\n\nsmtp/x deliverd i\n# c\nsmtp/x hung\n",
                                    {"--report", "json=" + path("none.json")})),
            "startle: k.txt:1: `smtp/x` states no ending and no invariant: a line is CASE-GLOB "
            "ENDING|INVARIANT reason\n"
            "startle: k.txt:3: `deliverd` is no ending and no invariant (did you mean delivered?): "
            "a line is CASE-GLOB ENDING|INVARIANT reason\n"
            "startle: k.txt:5: states no reason, such as the number of the bug's report: a line is "
            "CASE-GLOB ENDING|INVARIANT reason\n");
  EXPECT_FALSE(std::filesystem::exists(path("none.json")));
}

TEST_F(KnownFailures, AStaleLineIsToldBeforeAnythingIsRun) {
  EXPECT_EQ(complaint(run_expecting(std::string(kLine) + "ldap/bind hung i\nsmtp/gone hung i\n")),
            "startle: k.txt:3: `smtp/gone` matches no case: take the line away, or name one "
            "(`startle list` shows all)\n");
}

TEST_F(KnownFailures, ALineOfAnotherPartIsNoMistake) {
  const ProgramRun run =
      run_expecting(std::string(kLine) + "ldap/* hung issue 10\nmatrix/full/* hung issue 11\n");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.err, "");
}

TEST_F(KnownFailures, ALineWhoseCasesWereAllSkippedIsAWarning) {
  const std::string cell =
      "matrix/trust/mode=smtps/trust=host/certificate=name-constraint-violated/credential=valid";
  write_file(path("k.txt"), cell + " delivered issue 9\n");
  const ProgramRun skipped = run({"--name", "127.0.0.1", "--expected-failures", path("k.txt"),
                                  "--report", "json=" + path("k.json")},
                                 cell, "builtin");
  EXPECT_EQ(skipped.status, 3) << "nothing was judged";
  const std::string text =
      "every case that `" + cell + "` matches was skipped: whether it still fails does not show";
  EXPECT_EQ(skipped.err, "startle: " + path("k.txt") + ":1: warning: " + text + "\n");
  const Json warning = Json::parse(text_of("k.json")).at("warnings").at(0);
  EXPECT_EQ(warning.at("where"), path("k.txt") + ":1");
  EXPECT_EQ(warning.at("text"), text);
}

TEST_F(KnownFailures, WhatIsWrittenHasAFileOfItsOwn) {
  EXPECT_EQ(
      complaint(run({"--write-expected", path("k.txt"), "--report", "json=" + path("k.txt")})),
      "startle: --write-expected k.txt: a --report goes to the same file: give each its own\n");
  EXPECT_EQ(complaint(run({"--write-expected", path("none/k.txt")})),
            "startle: --write-expected none/k.txt: cannot be written: name a file in a folder that "
            "is there and that you may write to\n");
  EXPECT_EQ(complaint(run({"--expected-failures", path("none.txt")})),
            "startle: none.txt: cannot be read: No such file or directory\n");
}

// A reproduced case is judged as it is, without the list.
TEST_F(KnownFailures, AreNoPartOfTheCommandThatReproducesAnother) {
  const ProgramRun run =
      run_expecting("smtp/auth/rejected-535 hung i\n", {"--report", "json=" + path("k.json")});
  EXPECT_EQ(run.status, 1);
  const std::string command = Json::parse(text_of("k.json")).at("findings")[0].at("reproduce");
  EXPECT_EQ(command.find("expected-failures"), command.npos) << command;
}

}  // namespace
}  // namespace startle::cases
