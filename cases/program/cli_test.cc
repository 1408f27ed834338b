// The command line, from outside: exit codes, and what goes to which output.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"
#include "harness/subject/defect.h"

namespace startle::cases {
namespace {

using Arguments = std::vector<std::string>;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string last_line(const std::string& text) {
  const auto lines = lines_of(text);
  return lines.empty() ? "" : lines.back();
}

TEST(CommandLine, RunsTheTwoElementsOfTheDocumentation) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "schedule.xml";
  write_file(file,
             "<schedule>\n"
             "<smtp url=\"smtp.ixiasoft.local\" port=\"25\" "
             "email=\"scheduler-noreply@ixiasoft.com\"/>\n"
             "<smtp url=\"smtp.ixiasoft.local\" port=\"25\" "
             "email=\"scheduler-noreply@ixiasoft.com\" starttls=\"true\" username=\"user\" "
             "password=\"their own password\" trust=\"a.local smtp.ixiasoft.local c.local\"/>\n"
             "</schedule>\n");
  const ProgramRun run =
      run_startle({"run", "--config", file, "--trust-model", "all", "--dialogue"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(last_line(run.out), "260 passed, 0 failed, 0 skipped");
  EXPECT_NE(run.out.find("name-constraint-violated"), std::string::npos);
  EXPECT_EQ((run.out + run.err).find("their own"), std::string::npos);
}

TEST(CommandLine, AllAsExpectedIsZero) {
  const ProgramRun run = run_startle({"run", "smtp/auth/rejected-535"});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(last_line(run.out), "1 passed, 0 failed, 0 skipped");
  EXPECT_EQ(run.err, "");
}

TEST(CommandLine, FindingsAreOne) {
  const Arguments leak{"run", "smtp/starttls/not-offered", "--client",
                       "defect:goes-on-without-starttls"};
  const ProgramRun run = run_startle(leak);
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(last_line(run.out), "0 passed, 1 failed, 0 skipped");
  EXPECT_NE(run.out.find("leak  secret-in-clear  (1 case)"), std::string::npos) << run.out;
}

TEST(CommandLine, FailOnSaysWhichFindingsCount) {
  const Arguments wrong_reason{"run", "smtp/auth/rejected-535", "--client",
                               "defect:continues-after-refused-authentication", "--fail-on"};
  const auto status = [&](const std::string& severity) {
    Arguments arguments = wrong_reason;
    arguments.push_back(severity);
    return run_startle(arguments).status;
  };
  EXPECT_EQ(status("note"), 1);
  EXPECT_EQ(status("wrong-reason"), 1);
  EXPECT_EQ(status("false-refuse"), 0);
  EXPECT_EQ(status("leak"), 0);
}

TEST(CommandLine, TheCommandToReproduceReproduces) {
  const ProgramRun run =
      run_startle({"run", "smtp/starttls/not-offered", "smtp/starttls/refused-454", "--client",
                   "defect:goes-on-without-starttls", "--report", "json"});
  EXPECT_EQ(run.status, 1);
  const auto json = nlohmann::json::parse(run.out);
  const std::string command = json.at("findings").at(0).at("reproduce");
  EXPECT_EQ(command,
            "startle run 'smtp/starttls/not-offered' --trust-model documented --client "
            "defect:goes-on-without-starttls --seed 1");
}

TEST(CommandLine, AReportOnStdoutStandsThereAlone) {
  const ProgramRun run = run_startle({"run", "smtp/auth/rejected-535", "--report", "json"});
  EXPECT_EQ(run.status, 0);
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json.at("format"), 1);
  EXPECT_EQ(json.at("summary").at("passed"), 1);
  EXPECT_EQ(json.at("cases").at(0).at("id"), "smtp/auth/rejected-535");
  EXPECT_EQ(last_line(run.err), "1 passed, 0 failed, 0 skipped");
}

TEST(CommandLine, ReportsGoToFiles) {
  const TemporaryFolder folder;
  const std::string json = folder.path() / "a.json";
  const std::string junit = folder.path() / "b.xml";
  const ProgramRun run = run_startle(
      {"run", "smtp/auth/rejected-535", "--report", "json=" + json, "--report", "junit=" + junit});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(last_line(run.out), "1 passed, 0 failed, 0 skipped");
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(nlohmann::json::parse(read_file(json, 1 << 20)).at("summary").at("passed"), 1);
  EXPECT_NE(read_file(junit, 1 << 20).find("<testcase "), std::string::npos);
}

TEST(CommandLine, AFileOfOnesOwnRuns) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "mine.xml";
  write_file(file,
             "<case summary='s'><server certificate='expired'/>"
             "<expect endings='certificate-expired' reason='r'/></case>");
  const ProgramRun run = run_startle({"run", file, "--verbose"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_NE(run.out.find("pass  mine [documented] certificate-expired: r\n"), std::string::npos)
      << run.out;
}

// ---- list and help -----------------------------------------------------------------------------

TEST(CommandLine, ListPrintsOneIdPerLine) {
  const ProgramRun run = run_startle({"list"});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err, "");
  const auto ids = lines_of(run.out);
  std::vector<std::string> known;
  for (const auto& one : tree_catalogue().cases()) known.push_back(one.id);
  for (const auto& one : tree_catalogue().matrices()) known.push_back(one.id);
  EXPECT_EQ(ids, known);
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "smtp/auth/rejected-535"), 1);
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "matrix/trust"), 1);
  for (const std::string& id : ids) {
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-/"), std::string::npos);
  }
}

TEST(CommandLine, ListPrintsTheCellsOfAGlob) {
  const ProgramRun run = run_startle({"list", "matrix/trust/*/certificate=expired/*"});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(lines_of(run.out).size(), 18U * (2 * 19 + 2 * 20));
  EXPECT_EQ(lines_of(run.out).front(),
            "matrix/trust/mode=smtp-starttls/trust=absent/certificate=expired/credential=valid");
  EXPECT_EQ(lines_of(run_startle({"list", "matrix/trust/mode=ldaps"}).out).size(), 18U * 26 * 20);
}

TEST(CommandLine, ListAsJsonSaysMore) {
  const ProgramRun run = run_startle({"list", "--json"});
  EXPECT_EQ(run.status, 0);
  const auto json = nlohmann::json::parse(run.out);
  const auto ids = lines_of(run_startle({"list"}).out);
  ASSERT_EQ(json.at("cases").size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(json.at("cases").at(i).at("id"), ids[i]);
    EXPECT_NE(json.at("cases").at(i).at("summary"), "");
    EXPECT_FALSE(json.at("cases").at(i).at("requirements").empty());
  }
}

TEST(CommandLine, ListNamesCertificatesAndDefects) {
  EXPECT_EQ(run_startle({"list", "--certificates"}).out, run_startle({"certs", "list"}).out);
  EXPECT_EQ(lines_of(run_startle({"certs", "list"}).out), tree_catalogue().recipe_ids());
  std::vector<std::string> defects;
  for (const auto& one : subject::defects()) defects.push_back("defect:" + std::string(one.name));
  EXPECT_EQ(lines_of(run_startle({"list", "--defects"}).out), defects);
  EXPECT_EQ(std::count(defects.begin(), defects.end(), "defect:accepts-any-certificate"), 1);
}

TEST(CommandLine, HelpShowsExamples) {
  for (const Arguments& arguments :
       {Arguments{"--help"}, Arguments{"run", "--help"}, Arguments{"list", "--help"},
        Arguments{"serve", "--help"}, Arguments{"certs", "--help"},
        Arguments{"certs", "list", "--help"}, Arguments{"certs", "show", "--help"},
        Arguments{"certs", "export", "--help"}, Arguments{"merge", "--help"},
        Arguments{"compare", "--help"}, Arguments{"fuzz", "--help"}}) {
    const ProgramRun run = run_startle(arguments);
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.err, "");
    EXPECT_NE(run.out.find("Examples:\n  startle "), std::string::npos) << run.out;
  }
  EXPECT_TRUE(run_startle({"--version"}).out.starts_with("startle "));
}

}  // namespace
}  // namespace startle::cases
