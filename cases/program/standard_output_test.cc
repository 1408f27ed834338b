// What becomes of a command whose output cannot be written: no command ends as if it had been.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/process_for_test.h"

namespace startle::cases {
namespace {

// `script` is sh's; in it, $startle is the program.
ProcessEnd shell(const std::string& script, const std::vector<std::string>& variables = {}) {
  std::vector<std::string> all = variables;
  all.push_back("startle=" STARTLE_PROGRAM);
  // As from a shell, whatever the test program makes of the signal.
  Process process({"env", "--default-signal=PIPE,XFSZ", "sh", "-c", script}, all);
  return process.wait();
}

TEST(StandardOutput, OnAFullDiskEveryCommandEndsWithThree) {
  const TemporaryFolder folder;
  const std::string report = folder.path() / "r.json";
  ASSERT_EQ(shell("$startle run smtp/auth/rejected-535 --report json=" + report).status, 0);
  for (const std::string command :
       {"--version", "run --help", "list", "list smtp --json", "list --clients", "list --coverage",
        "certs list", "certs show expired --pem", "fuzz --count 1",
        "run smtp/auth/rejected-535 --report json", "merge R", "compare R R"}) {
    std::string words;
    for (const char c : command) words += c == 'R' ? report : std::string(1, c);
    const ProcessEnd end = shell("$startle " + words + " >/dev/full");
    EXPECT_EQ(end.status, 3) << command;
    EXPECT_NE(end.errors.find("could not be written"), std::string::npos)
        << command << ": " << end.errors;
  }
  EXPECT_EQ(shell("$startle list >/dev/full").errors,
            "startle: stdout could not be written: No space left on device\n");
}

TEST(StandardOutput, PastTheLongestFileThatTheShellAllowsTheCauseIsTold) {
  const TemporaryFolder folder;
  const std::string out = folder.path() / "out";
  const ProcessEnd end = shell("ulimit -f 1; exec $startle list --json >" + out);
  EXPECT_EQ(end.status, 3);
  EXPECT_EQ(end.errors, "startle: stdout could not be written: File too large\n");
}

// A pipe whose reader has gone before anything was written, so that nothing depends on who is
// first.
TEST(StandardOutput, WhereNobodyReadsItEndsAsOtherToolsDo) {
  const TemporaryFolder folder;
  const std::string pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string unread = "exec 3<>" + pipe + " 4>" + pipe + " 3<&-; ";
  for (const std::string command :
       {"list", "list --json", "--help", "certs show expired", "run smtp/auth/rejected-535"}) {
    const ProcessEnd end = shell(unread + "$startle " + command + " >&4");
    EXPECT_EQ(end.status, 128 + SIGPIPE) << command;
    EXPECT_EQ(end.errors, "") << command;
  }
  const ProcessEnd ignored = shell("trap '' PIPE; " + unread + "$startle list >&4");
  EXPECT_EQ(ignored.status, 3);
  EXPECT_EQ(ignored.errors, "startle: stdout could not be written: Broken pipe\n");
}

}  // namespace
}  // namespace startle::cases
