#include "cases/program/explain/explain_log.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "cases/engine/catalogue.h"
#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"
#include "harness/base/process_for_test.h"

namespace startle::program {
namespace {

using cases::ProgramRun;
using cases::run_startle;

const std::string kTrace =
    "2026-11-30 10:00:02 ERROR javax.mail.MessagingException: Could not convert socket to TLS;\n"
    "\tat com.sun.mail.smtp.SMTPTransport.startTLS(SMTPTransport.java:2140)\n"
    "Caused by: java.io.IOException: Server is not trusted: mail.example.com\n";

class ExplainLog : public testing::Test {
 protected:
  std::string log(const std::string& text) const {
    write_file(folder_.path() / "trace.txt", text);
    return folder_.path() / "trace.txt";
  }
  ProgramRun explain(const std::string& text, const std::string& report = "text") const {
    return without_folder(run_startle({"explain", "--log", log(text), "--report", report}),
                          folder_.path());
  }
  TemporaryFolder folder_{};
};

TEST_F(ExplainLog, SaysWhatDecidesWhatItMeansAndWhatToAsk) {
  const ProgramRun run = explain(kTrace);
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(run.out.substr(0, run.out.find("Servers that")),
            "trace.txt, line 3, decides:\n"
            "  Caused by: java.io.IOException: Server is not trusted: mail.example.com\n"
            "\n"
            "mail.smtp.ssl.trust is set, and the list does not have this host name, letter by "
            "letter: JavaMail then refuses whatever the server shows, a good certificate too.\n"
            "Printed by JavaMail, Jakarta Mail or Angus Mail; seen in a run of javamail, 1.6.5 on "
            "OpenJDK 17.0.15 (javamail/not-trusted-host).\n"
            "\n"
            "It ended with\n"
            "  certificate-not-trusted, certain\n"
            "  configuration-error, possible\n"
            "\n"
            "The log says\n"
            "  host: mail.example.com\n"
            "\n");
  EXPECT_NE(run.out.find("\nAsk for\n  - the client's configuration of that server"),
            std::string::npos);
  EXPECT_NE(run.out.find("\nOf the same failure\n  line 1: "), std::string::npos);
}

TEST_F(ExplainLog, IsJsonToo) {
  const ProgramRun run = explain(kTrace, "json");
  EXPECT_EQ(run.status, 1);
  const nlohmann::json made = nlohmann::json::parse(run.out);
  EXPECT_EQ(made["format"], 1);
  EXPECT_EQ(made["answer"], "recognised");
  EXPECT_EQ(made["line"], 3);
  EXPECT_EQ(made["message"], "javamail/not-trusted-host");
  EXPECT_EQ(made["protocol"], "smtp");
  EXPECT_EQ(made["endings"][0]["ending"], "certificate-not-trusted");
  EXPECT_EQ(made["endings"][0]["certainty"], "certain");
  EXPECT_EQ(made["facts"][0]["value"], "mail.example.com");
}

TEST_F(ExplainLog, SaysThatItDoesNotKnow) {
  const ProgramRun run = explain("all is quiet\n");
  EXPECT_EQ(run.status, 3);
  EXPECT_EQ(run.out,
            "trace.txt: unknown: no line of it is a message of a mail or LDAP client that is "
            "known: ask for the whole log from the connection on, of a stack trace every `Caused "
            "by`, written with the client's most talkative setting, and for client and version.\n");
  EXPECT_EQ(explain("").out,
            "trace.txt: unknown: it is empty: ask for the log of the time when it failed.\n");
  EXPECT_EQ(explain(std::string("a\x01\x02\x03\x04", 5)).out,
            "trace.txt: unknown: these are octets and no text: ask for the log as the program "
            "writes it, unpacked.\n");
  EXPECT_EQ(nlohmann::json::parse(explain("", "json").out)["answer"], "unknown");
}

TEST_F(ExplainLog, SaysThatItWorked) {
  const ProgramRun run = explain("status=sent (250 2.0.0 Ok: queued as 3F)\n");
  EXPECT_EQ(run.status, 3);
  EXPECT_EQ(run.out,
            "trace.txt: unknown: nothing in it has failed, and line 1 says that it worked: ask for "
            "the log of the time when it failed.\n"
            "  line 1: status=sent (250 2.0.0 Ok: queued as 3F)\n");
}

TEST_F(ExplainLog, ReadsStdin) {
  Process explained({STARTLE_PROGRAM, "explain", "--log", "-"}, {}, Process::Input::lines);
  explained.write_line("curl: (60) SSL certificate problem: certificate has expired");
  explained.close_input();
  const ProcessEnd end = explained.wait();
  EXPECT_EQ(end.status, 1);
  EXPECT_NE(end.output.find("stdin, line 1, decides:"), std::string::npos) << end.output;
}

// Each case that is said to make a client print a message is one that a server plays.
TEST(MessageCases, AreOfTheCatalogue) {
  std::set<std::string> ids;
  const messages::Signatures signatures = shipped_messages();
  for (const messages::Signature& one : signatures.all()) {
    ids.insert(one.cases.begin(), one.cases.end());
  }
  EXPECT_GE(ids.size(), 200U);
  std::vector<std::string> words{"list"};
  words.insert(words.end(), ids.begin(), ids.end());
  const ProgramRun run = run_startle(words);
  EXPECT_EQ(run.err, "");
  std::set<std::string> listed;
  std::istringstream lines(run.out);
  for (std::string line; std::getline(lines, line);) listed.insert(line);
  EXPECT_EQ(listed, ids);
}

}  // namespace
}  // namespace startle::program
