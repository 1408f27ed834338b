// `startle run --resume`: however a run ended, it ends in the report of one that was not
// interrupted.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"
#include "harness/base/process_for_test.h"
#include "harness/base/program_for_test.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Words = std::vector<std::string>;

constexpr std::size_t kLimit = 64 << 20;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// All that a report says, but for the time it took.
std::string without_times(const std::string& text) {
  std::string all;
  for (const std::string& line : lines_of(text)) {
    json one = json::parse(line);
    one.erase("ms");
    one.erase("wall_s");
    all += one.dump() + "\n";
  }
  return all;
}

std::string without_times_of_all(const std::string& text) {
  json all = json::parse(text);
  all.erase("wall_s");
  for (json& one : all.at("cases")) one.erase("ms");
  return all.dump(1);
}

class Resume : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string content(const std::string& name) const { return read_file(path(name), kLimit); }
  ProgramRun run(Words words) const {
    words.insert(words.begin(), {"run", "--at", "2026-11-21"});
    return run_startle(words);
  }
  // That stands there, cut off behind so many bytes, is gone on with.
  ProgramRun go_on(const Words& options, std::size_t bytes) const {
    write_file(path("r.jsonl"), content("whole.jsonl").substr(0, bytes));
    return run(
        with(options, {"--report", "jsonl=" + path("r.jsonl"), "--resume", path("r.jsonl")}));
  }
  static Words with(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  TemporaryFolder folder_{};
};

struct Row {
  const char* name;
  Words options;
  int status;
};

class ResumeOf : public Resume, public testing::WithParamInterface<Row> {};

const Row kRows[] = {
    {"APass", {"smtp/auth", "ldap/bind"}, 0},
    {"Findings", {"smtp/auth", "smtp/ehlo", "--client", "defect:authenticates-in-clear"}, 1},
    {"AllModels", {"smtp/certificate", "--trust-model", "all", "--dialogue"}, 0},
    {"KeyStores",
     {"matrix/full/mode=smtp-starttls/trust=host/certificate=valid/credential=valid"},
     0},
    {"ASampleOfAShard", {"matrix/full", "--sample", "40", "--shard", "2/3", "--seed", "9"}, 0},
};

// Wherever it was cut: within the first case, in the middle of a line, at its end, in the last
// line.
TEST_P(ResumeOf, EndsInTheReportOfAnUnbrokenRun) {
  const Row& row = GetParam();
  const ProgramRun first = run(with(row.options, {"--report", "jsonl=" + path("whole.jsonl"),
                                                  "--report", "junit=" + path("whole.xml")}));
  EXPECT_EQ(first.status, row.status) << first.out << first.err;
  const std::string whole = content("whole.jsonl");
  const std::size_t head = whole.find('\n') + 1;
  const std::size_t middle = whole.find('\n', whole.size() / 2) + 1;
  for (const std::size_t bytes : {head + 20, middle, whole.size() - 9}) {
    const ProgramRun again = go_on(row.options, bytes);
    EXPECT_EQ(again.status, row.status) << again.out << again.err;
    EXPECT_EQ(without_times(content("r.jsonl")), without_times(whole)) << bytes;
  }
  EXPECT_EQ(run(with(row.options, {"--resume", path("r.jsonl")})).status, row.status)
      << "where nothing is left to run";
}
INSTANTIATE_TEST_SUITE_P(All, ResumeOf, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(Resume, WritesTheOtherKindsOfReportAsIfItHadRunAll) {
  const Words options{"smtp/auth", "--client", "defect:authenticates-in-clear"};
  run(with(options, {"--report", "jsonl=" + path("whole.jsonl"), "--report",
                     "json=" + path("whole.json"), "--report", "junit=" + path("whole.xml")}));
  const std::string whole = content("whole.jsonl");
  write_file(path("part.jsonl"), whole.substr(0, whole.size() / 2));
  run(with(options, {"--resume", path("part.jsonl"), "--report", "json=" + path("r.json"),
                     "--report", "junit=" + path("r.xml")}));
  EXPECT_EQ(without_times_of_all(content("r.json")), without_times_of_all(content("whole.json")));
  const auto without_seconds = [](std::string text) {
    for (std::size_t at = text.find(" time=\""); at != text.npos; at = text.find(" time=\"", at)) {
      text.erase(at, text.find('"', at + 7) + 1 - at);
    }
    return text;
  };
  EXPECT_EQ(without_seconds(content("r.xml")), without_seconds(content("whole.xml")));
  EXPECT_EQ(content("part.jsonl"), whole.substr(0, whole.size() / 2)) << "it was only read";
}

TEST_F(Resume, WithExpectedFailuresCountsTheReadingsOfACaseTogether) {
  const Words client{"smtp/certificate", "--trust-model", "all", "--client",
                     "defect:accepts-any-certificate"};
  ASSERT_EQ(run(with(client, {"--write-expected", path("known.txt")})).status, 1);
  const Words options = with(client, {"--expected-failures", path("known.txt")});
  run(with(options, {"--report", "jsonl=" + path("whole.jsonl")}));
  const std::string whole = content("whole.jsonl");
  // At the end of each of some lines that follow one another: among them are readings of one case.
  std::size_t bytes = whole.find('\n', whole.size() / 3) + 1;
  for (int i = 0; i < 3; ++i) {
    go_on(options, bytes);
    EXPECT_EQ(without_times(content("r.jsonl")), without_times(whole)) << bytes;
    bytes = whole.find('\n', bytes) + 1;
  }
}

// Those of an exchange that was slow are missing in front of others.
TEST_F(Resume, FillsGaps) {
  const Words options{"smtp/auth", "smtp/ehlo", "--client", "defect:authenticates-in-clear"};
  run(with(options,
           {"--report", "jsonl=" + path("whole.jsonl"), "--report", "json=" + path("whole.json")}));
  const std::vector<std::string> lines = lines_of(content("whole.jsonl"));
  auto without = nlohmann::ordered_json::parse(content("whole.json"));
  without.at("cases").erase(3);
  without["complete"] = false;
  without["summary"] = json::parse(lines.back()).at("summary");
  for (const char* name : {"passed", "failed"}) {
    std::size_t count = 0;
    for (const auto& one : without.at("cases")) {
      count += one.at("verdict") == (name == std::string("passed") ? "pass" : "fail") ? 1U : 0U;
    }
    without["summary"][name] = count;
  }
  write_file(path("part.json"), without.dump());
  const ProgramRun again =
      run(with(options, {"--resume", path("part.json"), "--report", "json=" + path("r.json")}));
  EXPECT_EQ(again.status, 1) << again.err;
  EXPECT_EQ(without_times_of_all(content("r.json")), without_times_of_all(content("whole.json")));
}

// Python's smtplib takes a reply whose code changes between its lines.
TEST_F(Resume, OfSomebodyElsesClientGoesOnSo) {
  if (!is_installed("python3")) GTEST_SKIP() << "python3 is not installed";
  const Words options{"smtp/auth",
                      "smtp/starttls/code-changes-from-454",
                      "smtp/starttls/four-digits",
                      "--client",
                      STARTLE_TREE "/ci/examples/client.py",
                      "--name",
                      "localhost",
                      "--mode",
                      "smtp-starttls",
                      "--deadline",
                      "30"};
  const ProgramRun first = run(with(options, {"--report", "jsonl=" + path("whole.jsonl")}));
  EXPECT_EQ(first.status, 1) << first.out << first.err;
  const std::string whole = content("whole.jsonl");
  const ProgramRun again = go_on(options, whole.find('\n', whole.size() / 2) + 1);
  EXPECT_EQ(again.status, 1) << again.out << again.err;
  EXPECT_EQ(without_times(content("r.jsonl")), without_times(whole));
}

struct Other {
  const char* name;
  Words options;
  const char* why;
};

TEST_F(Resume, OfAnotherRunIsRefused) {
  const Words options{"smtp/auth", "smtp/ehlo"};
  write_file(path("known.txt"), "smtp/auth/rejected-535 timeout why\n");
  run(with(options, {"--report", "jsonl=" + path("r.jsonl")}));
  const std::string before = content("r.jsonl");
  const Other others[] = {
      {"seed", with(options, {"--seed", "2"}), "its seed is 1, that of this run 2"},
      {"selection",
       {"smtp/auth"},
       "its selection is smtp/auth smtp/ehlo, that of this run smtp/auth"},
      {"client", with(options, {"--client", "defect:accepts-expired"}), "its client is builtin "},
      {"model", with(options, {"--trust-model", "pkix"}),
       "its trust model is documented, that of this run pkix"},
      {"shard", with(options, {"--shard", "1/2"}), "its shard is none, that of this run 1/2"},
      {"transport", with(options, {"--transport", "tcp"}),
       "its transport is memory, that of this run tcp"},
      {"deadline", with(options, {"--deadline", "60"}), "--deadline is not what it was in its run"},
      {"expected", with(options, {"--expected-failures", path("known.txt")}),
       "--expected-failures is not what it was in its run"},
  };
  for (const Other& other : others) {
    const ProgramRun run_on = run(
        with(other.options, {"--resume", path("r.jsonl"), "--report", "jsonl=" + path("r.jsonl")}));
    EXPECT_EQ(run_on.status, 2) << other.name;
    EXPECT_TRUE(run_on.err.starts_with("startle: --resume " + path("r.jsonl") + ": " + other.why))
        << run_on.err;
    EXPECT_EQ(content("r.jsonl"), before) << other.name;
  }
}

TEST_F(Resume, OfWhatIsNoReportIsRefusedAndLeftAsItIs) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", ": is empty: the run that was to write it did not end"},
      {"hello\n", ":1: this is not JSON"},
      {"{}\n", ": is no report of startle: write one with --report jsonl=FILE"}};
  for (const auto& [text, complaint] : rows) {
    write_file(path("r.jsonl"), text);
    const ProgramRun refused =
        run({"smtp/auth", "--resume", path("r.jsonl"), "--report", "jsonl=" + path("r.jsonl")});
    EXPECT_EQ(refused.status, 2);
    EXPECT_EQ(refused.err, "startle: " + path("r.jsonl") + complaint + "\n");
    EXPECT_EQ(content("r.jsonl"), text);
  }
  const ProgramRun missing = run({"smtp/auth", "--resume", path("none.jsonl")});
  EXPECT_EQ(missing.status, 2);
  EXPECT_EQ(missing.err,
            "startle: " + path("none.jsonl") + ": cannot be read: No such file or directory\n");
}

// ---- by a signal -------------------------------------------------------------------------------

// Begun; its report in JSON Lines has some cases.
class Broken : public Resume {
 protected:
  static Words options() { return {"matrix/full", "--sample", "3000", "--jobs", "2"}; }
  std::unique_ptr<Process> started(const Words& more) const {
    Words words{STARTLE_PROGRAM, "run", "--at", "2026-11-21"};
    words = with(with(words, options()), more);
    auto process = std::make_unique<Process>(words);
    const auto given_up = std::chrono::steady_clock::now() + kPatience;
    std::error_code none;
    while (fs::file_size(path("r.jsonl"), none) < 20'000 || none) {
      if (std::chrono::steady_clock::now() > given_up) {
        ADD_FAILURE() << "it does not begin";
        break;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return process;
  }
};

TEST_F(Broken, LeavesWhatWasJudgedInEveryReport) {
  write_file(path("r.json"), "an earlier one");
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    fs::remove(path("r.jsonl"));
    const auto process = started({"--report", "jsonl=" + path("r.jsonl"), "--report",
                                  "json=" + path("r.json"), "--report", "junit=" + path("r.xml")});
    process->send_signal(signal);
    const ProcessEnd end = process->wait();
    EXPECT_EQ(end.status, 128 + signal) << end.errors;
    const json whole = json::parse(content("r.json"));
    EXPECT_EQ(whole.at("complete"), false);
    const std::vector<std::string> lines = lines_of(content("r.jsonl"));
    EXPECT_EQ(json::parse(lines.back()).at("complete"), false);
    EXPECT_EQ(lines.size(), whole.at("cases").size() + 2);
    EXPECT_GT(whole.at("cases").size(), 10U);
    EXPECT_LT(whole.at("cases").size(), 3000U);
    EXPECT_NE(content("r.xml").find("the run was interrupted: "), std::string::npos);
    EXPECT_NE(end.output.find("the run was interrupted: "), std::string::npos) << end.output;
    EXPECT_NE(end.errors.find("ended by SIG"), std::string::npos) << end.errors;
  }
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder_.path())) ++files;
  EXPECT_EQ(files, 3U) << "and nothing else";
}

TEST_F(Broken, ByAKillLeavesTheLinesAndTheEarlierReport) {
  write_file(path("r.json"), "an earlier one");
  const auto process =
      started({"--report", "jsonl=" + path("r.jsonl"), "--report", "json=" + path("r.json")});
  process->send_signal(SIGKILL);
  EXPECT_EQ(process->wait().status, 128 + SIGKILL);
  EXPECT_EQ(content("r.json"), "an earlier one");
  EXPECT_GT(lines_of(content("r.jsonl")).size(), 10U);
}

}  // namespace
}  // namespace startle::cases
