// What `reproduce` says of a finding runs that case and no other, whichever file it came from.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"
#include "harness/base/process_for_test.h"
#include "harness/base/shell_word.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

constexpr const char* kCase =
    "<case summary='s'><server certificate='expired'/>"
    "<expect endings='certificate-expired' reason='r'/></case>";
constexpr const char* kMatrix =
    "<matrix summary='s'><axis name='mode' values='smtp-starttls smtps'/>"
    "<axis name='certificate' values='valid expired self-signed'/></matrix>";
constexpr const char* kRecipes =
    "<recipes><recipe id='mine-good' reason='r' clause='c'><expect pkix='delivered'/></recipe>"
    "<recipe id='mine-late' reason='r' clause='c'><leaf from='-30d' until='-1d'/>"
    "<expect pkix='certificate-expired'/></recipe></recipes>";
constexpr const char* kMail =
    "<smtp url='mail.example.com' port='465' email='m@example.com' ssl='true' username='u' "
    "password='p' trust='mail.example.com'/>";

class ReproduceTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_.path() / name).parent_path());
    write_file(folder_.path() / name, text);
  }
  // `startle` with `line`, read by sh in the folder.
  ProgramRun by_shell(const std::string& line) const {
    const std::string folder = shell_word(folder_.path().string());
    const std::string script = "cd " + folder + " && startle() { " +
                               shell_word(std::string(STARTLE_PROGRAM)) + " \"$@\"; } && " + line;
    ProcessEnd end = Process({"sh", "-c", script}).wait();
    return {.status = end.status, .out = std::move(end.output), .err = std::move(end.errors)};
  }
  // `command` begins with "startle run".
  Json json_by_shell(std::string command) const {
    const std::string line = command.insert(std::string("startle run").size(), " --report json");
    const ProgramRun run = by_shell(line);
    const Json json = Json::parse(run.out, nullptr, false);
    EXPECT_FALSE(json.is_discarded()) << line << '\n' << run.err;
    return json;
  }
  // Each finding of `line` names a command that runs its first case, and that judges it the same.
  // Returns how many findings there are.
  std::size_t reproduced(const std::string& line) const {
    const Json all = json_by_shell(line);
    if (all.is_discarded()) return 0;
    for (const Json& finding : all.at("findings")) {
      const std::string command = finding.at("reproduce");
      const std::string id = finding.at("cases").at(0);
      const Json again = json_by_shell(command);
      if (again.is_discarded()) continue;
      EXPECT_EQ(again.at("cases").size(), 1U) << command;
      if (again.at("cases").size() != 1) continue;
      const auto judged = [](Json verdict) {
        verdict.erase("ms");
        verdict.erase("dialogue");
        return verdict;
      };
      const auto is_it = [&](const Json& verdict) { return verdict.at("id") == id; };
      const auto before = std::find_if(all.at("cases").begin(), all.at("cases").end(), is_it);
      EXPECT_NE(before, all.at("cases").end()) << id;
      if (before != all.at("cases").end()) {
        EXPECT_EQ(judged(again.at("cases").at(0)), judged(*before)) << command;
      }
    }
    return all.at("findings").size();
  }

 private:
  TemporaryFolder folder_{};
};

constexpr const char* kNames[] = {"mine.xml",   "my own/a case.xml", "it's.xml",       "-x.xml",
                                  "./-y.xml",   "$HOME `id`.xml",    "a'b/c d.xml",    "smtp.xml",
                                  "matrix.xml", "M\xc3\xbcller.xml", "./here/../z.xml"};

const std::string kAnyone = " --client defect:accepts-any-certificate --at 2030-01-02";

TEST_F(ReproduceTest, ACaseOfOnesOwn) {
  for (const std::string name : kNames) {
    write("here/x", "");
    write(name, kCase);
    EXPECT_EQ(reproduced("startle run" + kAnyone + " -- " + shell_word(name)), 1U) << name;
  }
}

TEST_F(ReproduceTest, ACellOfOnesOwnMatrix) {
  for (const std::string name : kNames) {
    write("here/x", "");
    write(name, kMatrix);
    EXPECT_EQ(reproduced("startle run" + kAnyone + " -- " + shell_word(name)), 1U) << name;
  }
}

TEST_F(ReproduceTest, ACertificateOfOnesOwn) {
  for (const std::string name : kNames) {
    write("here/x", "");
    write(name, kRecipes);
    EXPECT_EQ(reproduced("startle run" + kAnyone + " -- " + shell_word(name) +
                         " 'matrix/trust/mode=smtps/trust=host/*/credential=valid'"),
              1U)
        << name;
  }
}

// What a file is called is no reason to take a case of the catalogue for its.
TEST_F(ReproduceTest, OneOfTheCatalogueBesideAFileOfSuchAName) {
  write("smtp.xml", kCase);
  write("matrix.xml", kMatrix);
  EXPECT_EQ(reproduced("startle run smtp.xml smtp/starttls --client defect:goes-on-without-starttls"
                       " --at 2030-01-02"),
            1U);
  EXPECT_GE(reproduced("startle run matrix.xml 'matrix/trust/mode=smtps/trust=h*'" + kAnyone), 2U);
}

TEST_F(ReproduceTest, OneOfSeveralFiles) {
  write("r.xml", kRecipes);
  write("other.xml",
        "<recipes><recipe id='other' reason='r' clause='c'>"
        "<expect pkix='delivered'/></recipe></recipes>");
  write("m.xml",
        "<matrix summary='s'><axis name='certificate' values='valid mine-late'/></matrix>");
  write("all.xml", "<matrix summary='s'><axis name='certificate' values='*'/></matrix>");
  EXPECT_EQ(reproduced("startle run r.xml m.xml" + kAnyone), 1U);
  EXPECT_GE(reproduced("startle run r.xml other.xml m.xml 'matrix/trust/mode=smtps/trust=host/*'" +
                       kAnyone),
            1U);
  EXPECT_GE(reproduced("startle run all.xml r.xml" + kAnyone), 4U);
}

TEST_F(ReproduceTest, OneOfACustomersConfiguration) {
  write("it's/-s.xml", std::string("<schedule>") + kMail + kMail + "</schedule>");
  write("r.xml", kRecipes);
  EXPECT_GE(reproduced("startle run --config \"it's/-s.xml\" --trust-model pkix" + kAnyone), 4U);
  EXPECT_EQ(reproduced("startle run r.xml --config \"it's/-s.xml\" --trust-model pkix" + kAnyone),
            1U);
}

// What a finding says last, under `more`.
TEST_F(ReproduceTest, TheNameOfAFindingIsExplained) {
  const ProgramRun run =
      by_shell("startle run smtp/starttls smtp/certificate 'matrix/trust/mode=smtps/trust=h*'" +
               kAnyone + "; startle run smtp/starttls ldap/bind --client defect:decides-by-text");
  std::istringstream lines(run.out);
  std::set<std::string> commands;
  constexpr std::string_view kMore = "  more       ";
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kMore)) commands.insert(line.substr(kMore.size()));
  }
  EXPECT_GE(commands.size(), 4U) << run.out;
  for (const std::string& command : commands) {
    const ProgramRun explained = by_shell(command);
    EXPECT_EQ(explained.status, 0) << command << "\n" << explained.err;
    EXPECT_NE(explained.out.find("How such bugs are fixed"), std::string::npos) << command;
  }
}

// ---- files of one's own, beside each other -----------------------------------------------------

std::vector<std::string> certificates_of(const Json& report) {
  std::vector<std::string> all;
  for (const Json& one : report.at("cases")) {
    if (one.contains("certificate")) all.push_back(one.at("certificate"));
  }
  return all;
}

TEST_F(ReproduceTest, CertificatesOfOnesOwnMeetAConfiguration) {
  write("s.xml", std::string("<schedule>") + kMail + "</schedule>");
  write("r.xml", kRecipes);
  EXPECT_EQ(certificates_of(json_by_shell("startle run r.xml --config s.xml")),
            (std::vector<std::string>{"mine-good", "mine-late"}));
}

TEST_F(ReproduceTest, AMatrixOfOnesOwnKeepsItsCertificates) {
  write("r.xml", kRecipes);
  write("m.xml",
        "<matrix summary='s'><axis name='certificate' values='valid mine-late'/></matrix>");
  EXPECT_EQ(certificates_of(json_by_shell("startle run r.xml m.xml")),
            (std::vector<std::string>{"valid", "mine-late"}));
}

TEST_F(ReproduceTest, AFileThatIsNotUsedIsRefused) {
  write("s.xml", std::string("<schedule>") + kMail + "</schedule>");
  write("r.xml", kRecipes);
  write("m.xml", kMatrix);
  write("c.xml", kCase);
  const std::string beside =
      ": a case or matrix says itself what its client is told, and so does --config: run it "
      "without "
      "--config\n";
  const std::string unused =
      "startle: r.xml: nothing that is run shows its certificates: run it alone, add "
      "'matrix/trust', or name one in a case or matrix of your own\n";
  for (const auto& [line, complaint] : {
           std::pair<std::string, std::string>{"c.xml --config s.xml", "startle: c.xml" + beside},
           {"m.xml --config s.xml", "startle: m.xml" + beside},
           {"r.xml m.xml", unused},
           {"r.xml c.xml", unused},
           {"r.xml smtp/auth", unused},
       }) {
    const ProgramRun run = by_shell("startle run " + line);
    EXPECT_EQ(run.status, 2) << line;
    EXPECT_EQ(run.err, complaint);
    EXPECT_EQ(run.out, "");
  }
}

// ---- two servers on one line -------------------------------------------------------------------

TEST_F(ReproduceTest, ServersOnOneLineHaveIdsOfTheirOwn) {
  write("s.xml", std::string("<schedule>\n") + kMail + kMail + "\n" + kMail + "</schedule>");
  const std::string run = "startle run --config s.xml --at 2030-01-02";
  const auto cases = json_by_shell(run).at("cases");
  std::set<std::string> ids;
  std::set<std::string> servers;
  for (const Json& one : cases) {
    ids.insert(one.at("id").get<std::string>());
    servers.insert(one.at("subject_to").get<std::string>());
  }
  EXPECT_EQ(cases.size(), 78U);
  EXPECT_EQ(ids.size(), 78U);
  const std::string server = "mail.example.com:465, implicit TLS, trust=\"mail.example.com\"";
  EXPECT_EQ(servers,
            (std::set<std::string>{"s.xml:2: " + server, "s.xml:2: " + server + " (line-2-2)",
                                   "s.xml:3: " + server}));
  const std::string second =
      "matrix/trust/mode=smtps/trust=line-2-2/certificate=valid/credential=line-2-2";
  const Json one = json_by_shell("startle run --config s.xml '" + second + "'");
  ASSERT_EQ(one.at("cases").size(), 1U);
  EXPECT_EQ(one.at("cases").at(0).at("id"), second);
}

TEST_F(ReproduceTest, ShardsOfServersOnOneLineMerge) {
  write("s.xml", std::string("<schedule>") + kMail + kMail + "</schedule>");
  const std::string run = "startle run --config s.xml --at 2030-01-02 ";
  EXPECT_EQ(by_shell(run + "--shard 1/2 --report jsonl=1.jsonl").status, 0);
  EXPECT_EQ(by_shell(run + "--shard 2/2 --report jsonl=2.jsonl").status, 0);
  const ProgramRun merged = by_shell("startle merge 1.jsonl 2.jsonl --report json");
  EXPECT_EQ(merged.err.find("there twice"), std::string::npos) << merged.err;
  ASSERT_NE(merged.out, "") << merged.err;
  EXPECT_EQ(Json::parse(merged.out).at("cases").size(), 52U);
}

}  // namespace
}  // namespace startle::cases
