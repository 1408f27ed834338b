// `startle run --config` as support gives it a customer's file: every mistake is told in one run,
// whatever the trust model, and what a policy without `required` comes to.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

class CustomersFile {
 public:
  explicit CustomersFile(std::string_view content) {
    write_file(folder_.path() / "s.xml", std::string(content));
  }
  fs::path path(const std::string& name) const { return folder_.path() / name; }
  // One certificate of the table: what is asked about is not the certificates.
  ProgramRun run(const Arguments& more = {}) const {
    Arguments arguments{"run", "--config", path("s.xml"), "*/certificate=valid/*"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return without_folder(run_startle(arguments), folder_.path());
  }

 private:
  TemporaryFolder folder_{};
};

constexpr std::string_view kStarttls =
    "<smtp url='mail.example.com' port='587' email='m@example.com' starttls='true' username='u' "
    "password='p' trust='mail.example.com'/>";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(MistakesOfAConfiguration, WithWhichNothingCanStartAreEachALine) {
  const CustomersFile file(
      "<schedule>\n"
      "<smtp url='${host}' email='m@example.com'/>\n"
      "<smtp url='\u201cmail.example.com\u201d' email='m@example.com' port='x'/>\n"
      "<ldap url='dc.example.com' port='636' starttls='true' trust='*'/>\n"
      "</schedule>\n");
  const ProgramRun run = file.run();
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(
      run.err,
      "startle: s.xml:2: url=\"${host}\" is a placeholder that was not filled in: write the "
      "name of the host itself\n"
      "startle: s.xml:3: url=\"\u201cmail.example.com\u201d\" has U+201C (LEFT DOUBLE QUOTATION "
      "MARK) in it (column 12): remove it\n"
      "startle: s.xml:3: port=\"x\" is not a number from 1 to 65535\n"
      "startle: s.xml:4: trust=\"*\" accepts anybody (model documented: Java's LDAP client knows "
      "no "
      "trust): whoever stands between client and server shows any certificate, and is told "
      "the password: name the host\n"
      "startle: s.xml:4: port 636 is that of LDAP over TLS (ldaps), and begins with TLS: the "
      "server takes the request of starttls=\"true\" for broken TLS: write ssl=\"true\" in "
      "place of starttls=\"true\", or port=\"389\"\n");
}

TEST(MistakesOfAConfiguration, ThatAreDoubtfulAreToldUnderEveryModel) {
  const CustomersFile file(
      "<smtp url='mail.example.com' port='465' email='m@example.com' starttls='true' username='u' "
      "password='p' trust='mail.exmaple.com'/>\n");
  for (const char* model : {"documented", "javamail", "angus", "pkix"}) {
    const ProgramRun run = file.run({"--trust-model", model});
    EXPECT_LE(run.status, 1) << model;
    EXPECT_TRUE(has(run.err,
                    "startle: s.xml:1: port 465 is that of submission over TLS (RFC 8314, "
                    "3.3), and begins with TLS: starttls=\"true\" waits there for a "
                    "greeting that never comes: write ssl=\"true\" in place of "
                    "starttls=\"true\", or port=\"587\"\n"))
        << model << ": " << run.err;
    EXPECT_TRUE(has(run.err,
                    "startle: s.xml:1: trust has a name that is 2 letters away from the "
                    "host of url: a slip of the pen?\n"))
        << model << ": " << run.err;
  }
}

// "ENC(" may be a password, and an attribute may be of another product: a port answers or does not.
TEST(MistakesOfAConfiguration, TheWorstIsTheCause) {
  const CustomersFile file(
      "<schedule>\n"
      "<smtp url='a.example.com' port='587' email='m@example.com' starttls='true' username='u' "
      "password='ENC(c2VjcmV0)' trust='a.example.com' retries='3'/>\n"
      "<smtp url='b.example.com' port='465' email='m@example.com' starttls='true' username='u' "
      "password='p' trust='b.example.com'/>\n"
      "</schedule>\n");
  const ProgramRun run = file.run();
  EXPECT_TRUE(run.out.starts_with("cause: s.xml:3: port 465 is that of submission over TLS"))
      << run.out;
}

TEST(MistakesOfAConfiguration, LeaveAnEarlierReportAndSaySo) {
  const CustomersFile file("<smtp url='${host}' email='m@example.com'/>\n");
  const std::string report = file.path("report.json").string();
  const Arguments wanted{"--report", "json=" + report};
  EXPECT_FALSE(has(file.run(wanted).err, "nothing was run"));
  write_file(report, "of yesterday");
  const ProgramRun run = file.run(wanted);
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err,
            "startle: s.xml:1: url=\"${host}\" is a placeholder that was not filled in: write the "
            "name of the host itself\n"
            "startle: nothing was run: report.json is as it was before\n");
  EXPECT_EQ(read_file(report, 100), "of yesterday");
}

TEST(MistakesOfAConfiguration, OfASwitchShowBothReadings) {
  const CustomersFile file(
      "<smtp url='mail.example.com' port='587' email='m@example.com' starttls='yes' username='u' "
      "password='p' trust='mail.example.com'/>\n");
  const ProgramRun run = file.run({"--trust-model", "javamail"});
  EXPECT_TRUE(has(run.err, "starttls=\"yes\": Java reads it as false")) << run.err;
  EXPECT_TRUE(has(run.out,
                  "mail.example.com:587, without TLS: no certificate is ever looked at, as "
                  "Java reads it"))
      << run.out;
  EXPECT_TRUE(has(run.out,
                  "mail.example.com:587, STARTTLS, trust=\"mail.example.com\", as it is "
                  "meant"))
      << run.out;
}

TEST(Configuration, WithoutTrustIsJudgedByEveryModelThatKnowsWhatToDo) {
  const CustomersFile file(
      "<smtp url='mail.example.com' port='587' email='m@example.com' starttls='true' username='u' "
      "password='p'/>\n");
  for (const char* model : {"javamail", "angus", "pkix"}) {
    const ProgramRun run = file.run({"--trust-model", model});
    EXPECT_EQ(run.status, 0) << model << ": " << run.out << run.err;
    EXPECT_TRUE(has(run.out, "delivered")) << model << ": " << run.out;
  }
  const ProgramRun documented = file.run({"--trust-model", "documented"});
  EXPECT_TRUE(has(documented.out, "configuration-error")) << documented.out;
}

TEST(Configuration, WithoutAUserIsSentUnauthenticatedByJava) {
  const CustomersFile file(
      "<smtp url='mail.example.com' port='587' email='m@example.com' starttls='true' "
      "trust='mail.example.com'/>\n");
  for (const char* model : {"javamail", "angus"}) {
    const ProgramRun run = file.run({"--trust-model", model});
    EXPECT_EQ(run.status, 0) << model << ": " << run.out << run.err;
    EXPECT_TRUE(has(run.out, "delivered")) << model << ": " << run.out;
  }
  const ProgramRun page = file.run();
  EXPECT_TRUE(has(page.out, "configuration-error")) << page.out;
  EXPECT_TRUE(has(page.out, "requires username")) << page.out;
}

TEST(Consequences, OfEnableAloneStandBesideThoseOfRequired) {
  const CustomersFile file(kStarttls);
  const ProgramRun run =
      file.run({"--report", "text", "--report", "json=" + file.path("x.json").string()});
  const std::string sentence =
      "with `enable` alone this password goes out in clear when a server, or somebody between, "
      "does "
      "not offer STARTTLS: see to it that mail.smtp.starttls.required=true is set";
  EXPECT_TRUE(has(run.out, sentence + "\n")) << run.out;
  EXPECT_TRUE(has(run.out, "with TLS required")) << run.out;
  const auto json = nlohmann::json::parse(read_file(file.path("x.json"), 1 << 20));
  ASSERT_EQ(json["consequences"].size(), 1U);
  const auto& of = json["consequences"][0];
  EXPECT_EQ(of["text"], sentence);
  ASSERT_FALSE(of["rows"].empty());
  EXPECT_EQ(of["rows"][0]["server"], "does not offer STARTTLS");
  EXPECT_EQ(of["rows"][0]["required"], "refused, nothing is sent");
  EXPECT_EQ(of["rows"][0]["enable"], "the password goes out in clear");
  EXPECT_EQ(of["rows"][0]["gives_away"], true);
  // What is true of the default is not made worse by it.
  EXPECT_EQ(run.status, 0);
}

TEST(Consequences, AreKeptByAMerge) {
  const CustomersFile file(kStarttls);
  const std::string first = file.path("1.jsonl").string();
  const std::string second = file.path("2.jsonl").string();
  file.run({"--shard", "1/2", "--report", "jsonl=" + first});
  file.run({"--shard", "2/2", "--report", "jsonl=" + second});
  const std::string merged = file.path("m.json").string();
  const ProgramRun run = run_startle({"merge", first, second, "--report", "json=" + merged});
  EXPECT_EQ(run.status, 0) << run.err;
  const auto json = nlohmann::json::parse(read_file(merged, 1 << 20));
  ASSERT_EQ(json["consequences"].size(), 1U) << json.dump();
}

TEST(Consequences, AreNoneOfWhatBeginsWithTlsOrNeverDoes) {
  const CustomersFile file(
      "<a><smtp url='mail.example.com' email='m@example.com' ssl='true' username='u' password='p' "
      "trust='mail.example.com'/>\n<ldap url='dc.example.com'/></a>");
  EXPECT_FALSE(has(file.run().out, "`enable` alone"));
}

}  // namespace
}  // namespace startle::cases
