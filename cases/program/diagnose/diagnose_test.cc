// startle diagnose as its users see it: bad input, secrets, several servers, its reports.

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/engine/startle_for_test.h"
#include "cases/program/diagnose/ticket_for_test.h"
#include "cases/program/served_for_test.h"
#include "harness/base/bytes.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

const std::string kTickets = STARTLE_TREE "/cases/tickets/";
constexpr std::size_t kMostBytes = 8 << 20;

std::string file_of(const std::string& ticket, const std::string& file) {
  return kTickets + ticket + "/" + file;
}
std::string content_of(const std::string& ticket, const std::string& file) {
  return read_file(file_of(ticket, file), kMostBytes);
}

ProgramRun diagnose(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "diagnose");
  arguments.insert(arguments.end(), {"--offline", "--at", "2026-12-01"});
  return run_startle(arguments, {{"SSL_CERT_FILE", kTickets + "authorities.pem"}});
}

Json first_cause(const ProgramRun& run) {
  const Json report = Json::parse(run.out, nullptr, false);
  EXPECT_TRUE(report.is_object()) << run.out << run.err;
  return report.is_object() ? report.at("diagnoses").at(0).at("causes").at(0) : Json();
}

class BadInput : public testing::Test {
 protected:
  std::string at(const std::string& name) const { return (folder_.path() / name).string(); }
  // One sentence, exit code 2, nothing on stdout.
  void expect_refused(const std::vector<std::string>& arguments, const std::string& sentence) {
    const ProgramRun run = without_folder(diagnose(arguments), folder_.path());
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.err, "startle: " + sentence + "\n");
    EXPECT_EQ(run.out, "");
  }

  TemporaryFolder folder_{};
};

TEST_F(BadInput, IsMissing) {
  const std::string missing = ": cannot be read: No such file or directory";
  expect_refused({at("schedule.xml")}, "schedule.xml" + missing);
  expect_refused({"--chain", at("shown.pem")}, "shown.pem" + missing);
  expect_refused({"--log", at("app.log")}, "app.log" + missing);
  expect_refused({"--store", at("cacerts")}, "cacerts" + missing);
  expect_refused({"--log", folder_.path().string() + "/."}, ".: is not a file");
}

TEST_F(BadInput, HoldsTheCertificatesOfThreeServers) {
  std::string pem;
  for (const char* ticket :
       {"06-name-of-the-machine-behind", "24-chain-alone-not-yet-valid", "27-all-is-well"}) {
    std::string shown = content_of(ticket, "shown.pem");
    const std::size_t begin = shown.find("-----BEGIN");
    const std::size_t end = shown.find("-----END CERTIFICATE-----\n");
    pem += shown.substr(begin, end + 26 - begin);
  }
  write_file(at("three.pem"), pem);
  expect_refused({"--chain", at("three.pem")},
                 "three.pem: holds the certificates of two servers, CN=mx1.example.test and "
                 "CN=mail.example.test: keep what one of them shows");
}

// A chain of a megabyte, as a server sends that wants to be a burden.
TEST_F(BadInput, IsAChainOfAMegabyte) {
  const std::string shown = content_of("27-all-is-well", "shown.pem");
  const std::size_t end = shown.find("-----END CERTIFICATE-----\n") + 26;
  std::string pem = shown.substr(0, end);
  while (pem.size() < (1U << 20)) pem += shown.substr(end);
  write_file(at("long.pem"), pem);
  const ProgramRun run =
      diagnose({"smtp://mail.example.test", "--chain", at("long.pem"), "--report", "json"});
  EXPECT_EQ(run.status, 1) << run.err;
  EXPECT_EQ(first_cause(run).at("cause"), "chain-too-long");
  EXPECT_LT(run.out.size(), 64U << 10);
}

TEST_F(BadInput, IsALogWithoutALineFeed) {
  std::string text(std::size_t{4} << 20, 'x');
  text += " javax.mail.AuthenticationFailedException: 535 5.7.8 authentication failed ";
  text += std::string(std::size_t{4} << 20, 'y');
  write_file(at("app.log"), text);
  const ProgramRun run = diagnose({"--log", at("app.log"), "--report", "json"});
  EXPECT_EQ(run.status, 1) << run.err;
  EXPECT_EQ(first_cause(run).at("cause"), "auth-rejected");
  EXPECT_LT(run.out.size(), 16U << 10);
}

TEST_F(BadInput, IsABinaryLog) {
  std::string bytes;
  for (std::size_t i = 0; i < (1U << 20); ++i) bytes += static_cast<char>(i * 31 % 256);
  write_file(at("app.log"), bytes);
  const ProgramRun run = diagnose({"--log", at("app.log"), "--report", "json"});
  EXPECT_EQ(run.status, 3) << run.err;
  const Json cause = first_cause(run);
  EXPECT_EQ(cause.at("cause"), "cannot-tell");
  EXPECT_EQ(cause.at("rests_on").at(0),
            at("app.log") + " holds no message of a mail or LDAP client that is known");
}

TEST_F(BadInput, IsNoEvidenceAtAll) {
  expect_refused(
      {},
      "`startle diagnose` needs a configuration or a URL, --store, --log or --chain: for "
      "example `startle diagnose schedule.xml` (`startle diagnose --help` says more)");
  expect_refused({"smtp://a.example.test", "--report", "html"},
                 "--report html is not one of: text, json, markdown");
  expect_refused({"smtp://a.example.test", "--store-password-file", at("p")},
                 "--store-password-file opens the stores of --home DIR or --store FILE: give both");
  expect_refused({"imap://a.example.test"},
                 "`imap://a.example.test` has a scheme that is not known here: write "
                 "smtp://HOST[:PORT], smtps://, ldap:// or ldaps://, for example "
                 "smtp://localhost:2525");
}

TEST_F(BadInput, IsAChainOfNoneOfSeveralServers) {
  write_file(at("schedule.xml"),
             "<schedule>\n"
             "<smtp url='a.example.test' port='587' email='m@example.test' starttls='true' "
             "username='u' password='p' trust='a.example.test'/>\n"
             "<smtp url='b.example.test' port='587' email='m@example.test' starttls='true' "
             "username='u' password='p' trust='b.example.test'/>\n"
             "</schedule>\n");
  const std::string chain = file_of("27-all-is-well", "shown.pem");
  expect_refused({at("schedule.xml"), "--chain", chain},
                 "--chain " + chain +
                     " is issued to none of the hosts of the configuration: beside it name the one "
                     "server that shows it, as smtp://HOST:PORT");
}

// ---- secrets -----------------------------------------------------------------------------------

TEST(DiagnoseSecrets, DoNotGetOutWhateverTheLogSays) {
  const std::string secret = "Tannenzapfen-2026-geheim";
  const TemporaryFolder folder;
  const std::string nul(1, '\0');
  write_file(folder.path() / "schedule.xml",
             "<schedule>\n<smtp url='mail.example.test' port='587' email='m@example.test' "
             "starttls='true' username='svc' password='" +
                 secret + "' trust='mail.example.test'/>\n</schedule>\n");
  for (const std::string& form :
       {secret, to_hex(secret), "AUTH PLAIN " + to_base64(nul + "svc" + nul + secret),
        to_base64(secret),
        "AUTH XOAUTH2 " + to_base64("user=svc\1auth=Bearer " + secret + "\1\1")}) {
    write_file(
        folder.path() / "app.log",
        "javax.mail.AuthenticationFailedException: 535 5.7.8 authentication failed " + form + "\n");
    for (const char* kind : {"text", "json", "markdown"}) {
      const ProgramRun run = diagnose({(folder.path() / "schedule.xml").string(), "--log",
                                       (folder.path() / "app.log").string(), "--report", kind});
      EXPECT_EQ(run.status, 1) << run.err;
      for (const std::string& trace : traces_of(secret)) {
        EXPECT_EQ((run.out + run.err).find(trace), std::string::npos) << kind << ": " << form;
      }
    }
  }
}

TEST(DiagnoseSecrets, DoNotGetOutOfAServerThatRepeatsThem) {
  const std::string secret = "Tannenzapfen-2026-geheim";
  const Served server(
      {"smtp", "--name", "localhost", "--reply", "auth=535 5.7.8 no such password: " + secret});
  const TemporaryFolder folder;
  write_file(folder.path() / "schedule.xml",
             "<schedule>\n<smtp url='localhost' port='" + server.port() +
                 "' email='m@example.test' starttls='true' username='svc' password='" + secret +
                 "' trust='localhost'/>\n</schedule>\n");
  for (const char* kind : {"text", "json", "markdown"}) {
    const ProgramRun run = run_startle({"diagnose", (folder.path() / "schedule.xml").string(),
                                        "--stop-after", "auth", "--report", kind},
                                       {{"SSL_CERT_FILE", server.ca()}});
    EXPECT_EQ(run.status, 1) << run.out << run.err;
    for (const std::string& trace : traces_of(secret)) {
      EXPECT_EQ((run.out + run.err).find(trace), std::string::npos) << kind;
    }
  }
}

// ---- several servers, and reports --------------------------------------------------------------

TEST(Diagnose, LooksAtEachServerOfTheFile) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "schedule.xml").string();
  write_file(file,
             "<schedule>\n"
             "<smtp url='mail.example.test' port='587' email='m@example.test' starttls='true' "
             "username='u' password='p' trust='mail.example.test'/>\n"
             "<ldap url='ad.example.test' port='636' ssl='true' username='cn=u,dc=example,dc=test' "
             "password='p' trust='ad.example.test'/>\n"
             "</schedule>\n");
  const ProgramRun run = diagnose({file, "--chain", file_of("27-all-is-well", "shown.pem"), "--log",
                                   file_of("19-trace-alone", "trace.txt"), "--report", "json"});
  // Of the directory nobody can tell: the trace is of another.
  EXPECT_EQ(run.status, 3) << run.err;
  const Json report = Json::parse(run.out);
  ASSERT_EQ(report.at("diagnoses").size(), 2U);
  const Json& mail = report.at("diagnoses").at(0);
  EXPECT_EQ(mail.at("where"), file + ":2");
  EXPECT_EQ(mail.at("mode"), "smtp-starttls");
  EXPECT_EQ(mail.at("health"), "healthy");
  const Json& directory = report.at("diagnoses").at(1);
  EXPECT_EQ(directory.at("host"), "ad.example.test");
  EXPECT_EQ(directory.at("mode"), "ldaps");
  EXPECT_EQ(directory.at("causes").at(0).at("cause"), "log-of-another-host");
}

TEST(Diagnose, TakesTrustInPlaceOfTheConfigured) {
  const std::vector<std::string> arguments{file_of("04-trust-apart-by-commas", "schedule.xml"),
                                           "--chain", file_of("27-all-is-well", "shown.pem"),
                                           "--trust-model", "javamail"};
  EXPECT_EQ(diagnose(arguments).status, 1);
  std::vector<std::string> with = arguments;
  with.insert(with.end(), {"--trust", "mail.example.test"});
  EXPECT_EQ(diagnose(with).status, 0);
}

TEST(Diagnose, HasItsPartsInOneOrderInEveryReport) {
  const Ticket ticket("02-self-signed-and-no-trust");
  for (const char* kind : {"text", "markdown"}) {
    const std::string out = ticket.diagnose({"--report", kind}).out;
    std::size_t at = 0;
    for (const char* part : {"ANSWER", "CONFIDENCE", "CHANGE", "ASK"}) {
      const std::size_t found = out.find(part, at);
      ASSERT_NE(found, std::string::npos) << part << " in " << out;
      at = found;
    }
  }
}

// Each step of a look at a server, in its order.
TEST(Diagnose, TellsEachStepOfALookAtAServer) {
  const Served server({"smtp", "--name", "localhost"});
  const ProgramRun run = run_startle(
      {"diagnose", "smtp://localhost:" + server.port(), "--trust", "localhost", "--report", "json"},
      {{"SSL_CERT_FILE", server.ca()}});
  EXPECT_EQ(run.status, 0) << run.out << run.err;
  const Json steps = Json::parse(run.out).at("diagnoses").at(0).at("steps");
  const auto state_of = [&](const char* name) {
    const auto found = std::find_if(steps.begin(), steps.end(),
                                    [&](const Json& one) { return one.at("step") == name; });
    return found == steps.end() ? std::string("none") : found->at("state").get<std::string>();
  };
  for (const char* step : {"resolution", "connection", "greeting", "capabilities", "go-ahead",
                           "tls", "certificates", "path", "identity", "purpose", "status"}) {
    EXPECT_EQ(state_of(step), "ok") << step;
  }
  EXPECT_EQ(state_of("authentication"), "not reached");
}

}  // namespace
}  // namespace startle::cases
