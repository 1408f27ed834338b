// No report takes the place of what is read, and none lands in another's file, whatever of stdin,
// stdout and stderr is closed.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"
#include "harness/base/program_for_test.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

class SafeFiles : public testing::Test {
 protected:
  void SetUp() override {
    write("schedule.xml",
          "<schedule><smtp url=\"mail.example.com\" port=\"25\" email=\"a@example.com\" "
          "starttls=\"true\" username=\"u\" password=\"p\" trust=\"*\"/></schedule>\n");
    write("known.txt", "smtp/auth/rejected-535 timeout why\n");
    fs::create_directories(folder_.path() / "home" / "keystore");
    write("home/keystore/mail.example.com.ks", "no key store");
    write("shown.pem", "no certificate");
    write("password", "changeit\n");
    write("client.sh", "#!/bin/sh\nexit 89\n");
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string content(const std::string& name) const { return read_file(path(name), 1 << 24); }
  void write(const std::string& name, const std::string& text) const {
    write_file(path(name), text);
  }
  // Refused, in one sentence that has `why`; and nothing was changed.
  void expect_refused(const Words& words, const std::string& input, const std::string& why) const {
    const std::string before = content(input);
    const ProgramRun run = run_startle(words);
    EXPECT_EQ(run.status, 2) << input << ": " << run.out << run.err;
    EXPECT_NE(run.err.find(why), std::string::npos) << run.err;
    EXPECT_EQ(content(input), before);
  }
  TemporaryFolder folder_{};
};

TEST_F(SafeFiles, NoReportReplacesTheConfiguration) {
  fs::create_symlink("schedule.xml", path("link"));
  fs::create_hard_link(path("schedule.xml"), path("hard"));
  for (const char* name : {"schedule.xml", "link", "hard"}) {
    for (const char* kind : {"json", "jsonl", "junit", "text"}) {
      expect_refused({"run", "--config", path("schedule.xml"), "--report",
                      std::string(kind) + "=" + path(name)},
                     "schedule.xml",
                     "would replace " + path("schedule.xml") + ", which is read (--config)");
    }
  }
}

TEST_F(SafeFiles, NoReportReplacesAnyOtherInput) {
  const auto report = [&](const std::string& name) { return "json=" + path(name); };
  expect_refused({"run", "smtp/auth", "--expected-failures", path("known.txt"), "--report",
                  report("known.txt")},
                 "known.txt", "(--expected-failures)");
  write("case.xml", read_file(STARTLE_TREE "/cases/smtp/auth/rejected-535.xml", 1 << 20));
  expect_refused({"run", path("case.xml"), "--report", report("case.xml")}, "case.xml",
                 "(a file of cases)");
  fs::permissions(path("client.sh"), fs::perms::owner_all);
  expect_refused(
      {"run", "smtp/auth", "--client", path("client.sh"), "--report", report("client.sh")},
      "client.sh", "(--client)");
  expect_refused(
      {"run", "smtp/auth", "--write-expected", path("client.sh"), "--client", path("client.sh")},
      "client.sh", "(--client)");
  expect_refused(
      {"run", "--config", path("schedule.xml"), "--home", path("home"), "--store-password-file",
       path("password"), "--report", report("home/keystore/mail.example.com.ks")},
      "home/keystore/mail.example.com.ks", "(--home)");
  expect_refused({"run", "--config", path("schedule.xml"), "--home", path("home"),
                  "--store-password-file", path("password"), "--report", report("password")},
                 "password", "(--store-password-file)");
}

TEST_F(SafeFiles, TwoReportsDoNotShareAFile) {
  write("a", "");
  fs::create_hard_link(path("a"), path("b"));
  expect_refused(
      {"run", "smtp/auth", "--report", "json=" + path("a"), "--report", "junit=" + path("b")}, "a",
      "go to the same file: give each its own");
  const ProgramRun run = run_startle({"run", "smtp/auth", "--report", "json=" + path("new"),
                                      "--report", "junit=" + folder_.path().string() + "/./new"});
  EXPECT_EQ(run.status, 2);
  EXPECT_FALSE(fs::exists(path("new")));
}

TEST_F(SafeFiles, MergeAndCompareKeepWhatTheyRead) {
  for (const char* name : {"1.jsonl", "2.jsonl"}) {
    const std::string shard = std::string(1, name[0]) + "/2";
    run_startle({"run", "smtp/auth", "--shard", shard, "--report", "jsonl=" + path(name)});
  }
  expect_refused(
      {"merge", path("1.jsonl"), path("2.jsonl"), "--report", "jsonl=" + path("2.jsonl")},
      "2.jsonl", "(a report that is merged)");
  expect_refused(
      {"compare", path("1.jsonl"), path("2.jsonl"), "--report", "json=" + path("1.jsonl")},
      "1.jsonl", "would replace");
}

// ---- what is closed ----------------------------------------------------------------------------

ProgramResult shell(const std::string& redirections, const std::string& words) {
  return run_program("( " + std::string(STARTLE_PROGRAM) + " " + words + " " + redirections + " )");
}

TEST_F(SafeFiles, WhatIsClosedIsNoReportsFile) {
  for (const char* closed : {"<&-", "2>&-", "<&- 2>&-", ">&-", "<&- >&- 2>&-"}) {
    const std::string file = path("report.json");
    const ProgramResult run = shell(closed, "run smtp/auth --report json=" + file);
    const bool has_stdout =
        std::string(closed).find(" >&-") == std::string::npos && std::string(closed) != ">&-";
    EXPECT_EQ(run.status, has_stdout ? 0 : 3) << closed << run.output;
    const auto json = nlohmann::json::parse(content("report.json"), nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << closed << content("report.json").substr(0, 200);
    EXPECT_EQ(json.at("complete"), true);
    fs::remove(file);
  }
}

TEST_F(SafeFiles, WhatCannotBePrintedIsNoSuccess) {
  for (const char* words : {"list", "certs list", "--help", "--version", "run smtp/auth"}) {
    const ProgramResult closed = shell(">&-", words);
    EXPECT_EQ(closed.status, 3) << words << closed.output;
    EXPECT_NE(closed.output.find("stdout"), std::string::npos) << words << closed.output;
    if (!fs::exists("/dev/full")) continue;
    EXPECT_EQ(shell(">/dev/full", words).status, 3) << words;
  }
}

TEST_F(SafeFiles, StdoutByAnotherNameIsStdout) {
  const ProgramResult run =
      shell("2>/dev/null", "run smtp/auth/rejected-535 --report json=/dev/stdout");
  EXPECT_EQ(run.status, 0);
  EXPECT_FALSE(nlohmann::json::parse(run.output, nullptr, false).is_discarded()) << run.output;
  const std::string file = path("out");
  const ProgramResult same = shell(">" + file + " 2>&1", "run smtp/auth --report json=" + file);
  EXPECT_EQ(same.status, 2);
  EXPECT_NE(content("out").find("and stdout go to the same file"), std::string::npos);
}

// ---- what is short -----------------------------------------------------------------------------

// Root has no bound of that kind: so it is somebody else.
TEST_F(SafeFiles, FewerThreadsAreSaidAndEnough) {
  if (::geteuid() != 0 || !is_installed("setpriv")) {
    GTEST_SKIP() << "needs root, to be somebody of whom nothing else runs";
  }
  fs::permissions(folder_.path(), static_cast<fs::perms>(0777));
  const ProgramResult run = run_program(
      "cd /tmp && HOME=/none TMPDIR=" + folder_.path().string() +
      " setpriv --reuid 61357 --regid 61357 --clear-groups bash -c 'ulimit -u 12; exec " +
      std::string(STARTLE_PROGRAM) + " run smtp/auth/rejected-535 smtp/ehlo --jobs 64'");
  EXPECT_EQ(run.status, 0) << run.output;
  EXPECT_NE(run.output.find(" of 64 threads can be started ("), std::string::npos) << run.output;
  EXPECT_NE(run.output.find(" 0 failed"), std::string::npos) << run.output;
}

}  // namespace
}  // namespace startle::cases
