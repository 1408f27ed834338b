// `startle run --client` with a client that fails at some times and not at others, and a case that
// says so of itself: the verdict is the same each time.

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMost = 1 << 20;

// In a folder that whoever the client is run as may read.
class RacesRun : public testing::Test {
 protected:
  RacesRun() {
    fs::permissions(folder_.path(), fs::perms::others_exec | fs::perms::others_read,
                    fs::perm_options::add);
    write_file(path("count"), "0\n");
    fs::permissions(path("count"), fs::perms::all);
    // Each third time it goes on though it is refused.
    write_file(path("client"),
               "#!/bin/sh\nread n < " + path("count") + "\nn=$((n + 1))\necho $n > " +
                   path("count") + "\n[ $((n % 3)) = 0 ] && exec " + STARTLE_PROGRAM +
                   " client --defect continues-after-refused-authentication\nexec " +
                   STARTLE_PROGRAM + " client\n");
    fs::permissions(path("client"), fs::perms::all);
    write_file(path("case.xml"),
               "<case summary='s' races='a count decides'>\n"
               "<server><at point='auth'><reply>535 5.7.8 Authentication successful</reply></at>"
               "</server>\n<expect endings='auth-rejected' reason='r'/>\n</case>\n");
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  ProgramRun run(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"run",        path("case.xml"),
                                       "--client",   path("client"),
                                       "--name",     "localhost",
                                       "--report",   "jsonl=" + path("report.jsonl"),
                                       "--deadline", "60"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_startle(arguments);
  }

  // The only one of the report.
  json verdict() const {
    const std::string text = read_file(path("report.jsonl"), kMost);
    std::vector<json> cases;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      json line = json::parse(text.substr(at, text.find('\n', at) - at));
      if (line.contains("verdict")) cases.push_back(std::move(line));
    }
    EXPECT_EQ(cases.size(), 1U) << text;
    return cases.empty() ? json::object() : cases.front();
  }

  TemporaryFolder folder_{};
};

TEST_F(RacesRun, FailsEachTimeIsGoneOnWithAndIsExpectedTo) {
  const ProgramRun failed = run({});
  EXPECT_EQ(failed.status, 1) << failed.out << failed.err;
  const json first = verdict();
  EXPECT_EQ(first.at("verdict"), "fail");
  const std::string reason = first.at("reason");
  EXPECT_NE(reason.find(" of 5 tries: a count decides"), std::string::npos) << reason;

  EXPECT_EQ(run({"--resume", path("report.jsonl")}).status, 1);
  EXPECT_EQ(verdict(), first) << "what is judged is not run again";

  write_file(path("known"), "* " + first.at("observed").get<std::string>() + " known\n");
  const ProgramRun known = run({"--expected-failures", path("known")});
  EXPECT_EQ(known.status, 0) << known.out << known.err;
  EXPECT_EQ(verdict().at("verdict"), "xfail");
}

}  // namespace
}  // namespace startle::cases
