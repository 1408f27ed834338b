// `startle serve --control`: many servers in one process, started and stopped by lines on its
// stdin.

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cases/program/served_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

TEST(Control, StartsAnswersAndStops) {
  Controlled control;
  const Json ready = control.ask(R"({"start": {"protocol": "ldap", "mode": "ldaps"}})");
  EXPECT_EQ(ready["event"], "ready");
  EXPECT_EQ(ready["id"], 1);
  EXPECT_EQ(ready["mode"], "ldaps");
  EXPECT_EQ(ready.size(), 20U) << "the contract's and the id: " << ready;
  EXPECT_EQ(control.start({{"protocol", "smtp"}}).ready()["id"], 2);
  EXPECT_EQ(control.ask(R"({"stop": 1})"), Json({{"event", "stopped"}, {"id", 1}}));
  EXPECT_EQ(control.start({{"case", "smtp/go-ahead/close"}}).ready()["id"], 3)
      << "the id of a server that is gone is no other's";
  control.end_input();
  const ProcessEnd end = control.wait();
  EXPECT_EQ(end.output + end.errors, "");
  EXPECT_EQ(end.status, 0);
}

TEST(Control, StoppedServerListensNoMore) {
  Controlled control;
  const Ready server = control.start({{"protocol", "smtp"}});
  { const Caller caller(server); }
  EXPECT_EQ(control.next_event()["event"], "connection");
  EXPECT_EQ(control.ask(R"({"stop": 1})")["event"], "stopped");
  EXPECT_THROW(Caller{server}, std::runtime_error);
}

TEST(Control, StopTellsOfOpenConnectionsFirst) {
  Controlled control;
  control.start({{"protocol", "ldap"}});
  const Ready server = control.start({{"protocol", "smtp"}});
  const Caller one(server);
  const Caller other(server);
  const Json first = control.ask(R"({"stop": 2})");
  const Json second = control.next_event();
  for (const Json& event : {first, second}) {
    EXPECT_EQ(event["event"], "connection") << event;
    EXPECT_EQ(event["id"], 2) << event;
    EXPECT_EQ(event["phase"], "connection") << event;
    EXPECT_EQ(event["port"], server.ready()["port"]) << event;
  }
  EXPECT_EQ(control.next_event(), Json({{"event", "stopped"}, {"id", 2}}));
}

// However it ends: what clients did is told, and nothing is left behind.
TEST(Control, EndTellsOfOpenConnectionsAndRemovesItsFiles) {
  for (const int number : {0, SIGINT, SIGTERM, SIGHUP}) {
    Controlled control;
    const Ready server = control.start({{"protocol", "smtp"}});
    const fs::path folder = fs::path(server.ca()).parent_path();
    EXPECT_TRUE(fs::exists(folder));
    const Caller caller(server);
    if (number == 0) {
      control.end_input();
    } else {
      control.interrupt(number);
    }
    const Json event = control.next_event();
    EXPECT_EQ(event["event"], "connection") << event;
    EXPECT_EQ(event["id"], 1) << event;
    const ProcessEnd end = control.wait();
    EXPECT_EQ(end.output + end.errors, "") << number;
    EXPECT_EQ(end.status, 0) << number;
    EXPECT_FALSE(fs::exists(folder)) << number;
  }
}

TEST(Control, FiftyServersInOneProcess) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  const std::vector<std::string> certificates{"valid", "expired", "mismatched", "unknown-ca",
                                              "self-signed"};
  Controlled control;
  std::vector<Ready> servers;
  std::set<std::string> ports;
  std::set<std::string> stores;
  std::set<std::string> passwords;
  for (std::size_t i = 0; i < 50; ++i) {
    servers.push_back(control.start({{"protocol", i % 10 < 5 ? "smtp" : "ldap"},
                                     {"certificate", certificates[i % certificates.size()]}}));
    ports.insert(servers.back().port());
    stores.insert(servers.back().ca());
    passwords.insert(servers.back().password());
  }
  EXPECT_EQ(ports.size(), 50U);
  EXPECT_EQ(passwords.size(), 50U);
  EXPECT_EQ(stores.size(), 1U) << "who trusts the same root is given the same file";
  for (const std::size_t i : {0U, 1U, 2U, 43U, 40U}) {
    EXPECT_EQ(curl(servers[i]).status, certificates[i % 5] == "valid" ? 0 : 60) << i;
    const Json event = control.next_event();
    EXPECT_EQ(event["id"], servers[i].ready()["id"]) << event;
    EXPECT_EQ(event["violations"], Json::array()) << event;
    EXPECT_EQ(event["delivered"], certificates[i % 5] == "valid") << event;
  }
  control.end_input();
  EXPECT_EQ(control.wait().status, 0);
}

TEST(Control, EveryCertificateIsServed) {
  std::istringstream ids(startle({"certs", "list"}).output);
  Controlled control;
  std::size_t servers = 0;
  for (std::string id; std::getline(ids, id);) {
    const Json ready =
        control.start({{"protocol", ++servers % 2 == 0 ? "ldap" : "smtp"}, {"certificate", id}})
            .ready();
    const bool listed = id.find("crl") != std::string::npos;
    EXPECT_EQ(ready.contains("crl"), listed) << id;
    if (listed) {
      EXPECT_TRUE(fs::exists(ready.at("crl").get<std::string>())) << id;
    }
  }
  EXPECT_GE(servers, 110U);
  control.end_input();
  const ProcessEnd end = control.wait();
  EXPECT_EQ(end.output + end.errors, "");
  EXPECT_EQ(end.status, 0);
}

TEST(Control, RepliesAreTextsOrCodes) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  Controlled control;
  const std::vector<std::pair<Json, const char*>> rows{
      {{{"mail", 553}}, "curl: (55) MAIL failed: 553\n"},
      {{{"mail", "553"}}, "curl: (55) MAIL failed: 553\n"},
      {{{"rcpt", "452 4.2.2 Mailbox full"}}, "curl: (55) RCPT failed: 452\n"},
      {{{"starttls", 454}}, "curl: (64) STARTTLS denied, code 454\n"},
  };
  for (const auto& [replies, says] : rows) {
    const Ready server = control.start({{"protocol", "smtp"}, {"replies", replies}});
    EXPECT_EQ(curl(server).errors, says) << replies;
    EXPECT_EQ(control.next_event()["delivered"], false) << replies;
  }
}

TEST(Control, ServersOfferWhatIsAskedFor) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  Controlled control;
  const Ready sound = control.start({{"protocol", "smtp"}, {"mechanisms", "CRAM-MD5"}});
  EXPECT_EQ(curl(sound).status, 0);
  EXPECT_EQ(control.next_event()["delivered"], true);
  const Ready lying = control.start(
      {{"protocol", "smtp"}, {"mechanisms", "CRAM-MD5"}, {"sasl_lie", "challenge-for-success"}});
  EXPECT_EQ(curl(lying).status, 67);
  EXPECT_EQ(control.next_event()["delivered"], false);
}

TEST(Control, OptionsAreWhatRequestsDoNotState) {
  Controlled control({"--name", "of-all.test"});
  EXPECT_EQ(control.start({{"protocol", "smtp"}}).name(), "of-all.test");
  EXPECT_EQ(control.start({{"protocol", "smtp"}, {"name", "of-one.test"}}).name(), "of-one.test");
}

TEST(Control, FileOfTheUsersOwnAnyNumberOfTimes) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "full.xml";
  write_file(file, R"(<case summary="no room">
    <server><at point="rcpt"><reply>452 4.2.2 Mailbox full</reply></at></server>
    <expect endings="message-rejected" reason="452 is a refusal"/>
  </case>)");
  Controlled control;
  for (const int id : {1, 2}) {
    const Ready server = control.start({{"case", file.string()}});
    EXPECT_EQ(server.ready()["case"], "full");
    EXPECT_EQ(server.ready()["id"], id);
  }
}

struct RefusalRow {
  const char* request = "";
  const char* message = "";
};

TEST(Control, SaysWhatIsWrongWithARequestAndGoesOn) {
  constexpr const char* kRequest =
      R"(a request is one JSON object on a line: {"start": {"protocol": "smtp"}} or {"stop": ID})";
  const std::vector<RefusalRow> rows{
      {"start", kRequest},
      {"{", kRequest},
      {"[]", kRequest},
      {"{}", kRequest},
      {R"({"begin": {}})", kRequest},
      {R"({"start": {"protocol": "smtp"}, "stop": 1})", kRequest},
      {R"({"start": "smtp"})", R"("start" takes an object, for example {"protocol": "smtp"})"},
      {R"({"start": {}})", R"(a start states either "protocol", which is smtp or ldap, or "case")"},
      {R"({"start": {"protocol": "smtp", "case": "smtp/go-ahead/close"}})",
       R"(a start states either "protocol", which is smtp or ldap, or "case")"},
      {R"({"start": {"protocol": "imap"}})", "protocol imap is not one of: smtp, ldap"},
      {R"({"start": {"protocol": 5}})", R"("protocol" takes a string, not 5)"},
      {R"({"start": {"protocol": "smtp", "reply": {}}})",
       R"(a start has no member "reply": it may have protocol, case, name, certificate, )"
       "certificate_file, key_file, replies, mode, persona, trust_model, tls_policy, mechanisms, "
       "sasl_lie, as_told"},
      {R"({"start": {"protocol": "smtp", "as_told": "yes"}})",
       R"("as_told" takes true or false, not "yes")"},
      {R"({"start": {"protocol": "smtp", "mechanisms": ["PLAIN"]}})",
       R"("mechanisms" takes a string, not ["PLAIN"])"},
      {R"({"start": {"protocol": "smtp", "mechanisms": "SCRAM-SHA256"}})",
       "mechanisms: `SCRAM-SHA256` is no mechanism of a server here: did you mean "
       "`SCRAM-SHA-256`?"},
      {R"({"start": {"protocol": "ldap", "sasl_lie": "no-signature"}})",
       "sasl_lie: no mechanism that is offered has a place for `no-signature`: state mechanisms, "
       "for example SCRAM-SHA-256"},
      {R"({"start": {"protocol": "smtp", "replies": ["mail"]}})",
       R"("replies" takes an object of points, for example {"starttls": 454}, not ["mail"])"},
      {R"({"start": {"protocol": "smtp", "replies": {"mail": null}}})",
       "a reply is a text or a code, not null"},
      {R"({"start": {"protocol": "smtp", "replies": {"mail": 5}}})",
       "replies 5 is no reply code: SMTP's have three digits"},
      {R"({"start": {"protocol": "smtp", "replies": {"bind": 49}}})",
       "replies bind is not one of: greeting, ehlo, helo, starttls, ehlo-in-tls, auth, mail, rcpt, "
       "data, message, quit"},
      {R"({"start": {"protocol": "smtp", "mode": "ldaps"}})",
       "mode ldaps is not one of: smtp-starttls, smtps"},
      {R"({"start": {"protocol": "smtp", "name": ""}})", "name is empty: it names no host"},
      {R"({"start": {"protocol": "smtp", "trust_model": "none"}})",
       "trust_model none is not one of: documented, javamail, javamail-identity, angus, jndi, "
       "pkix"},
      {R"({"start": {"protocol": "smtp", "certificate": "expird"}})",
       "there is no certificate `expird`: did you mean `expired`? (`startle certs list` "
       "names all)"},
      {R"({"start": {"case": "smtp/nonsense"}})",
       "`smtp/nonsense` is no case: write smtp, ldap, a file, or one of `startle list`"},
      {R"({"stop": 7})", R"(there is no server 7: "stop" takes the id of a ready event)"},
      {R"({"stop": "1"})", R"(there is no server "1": "stop" takes the id of a ready event)"},
  };
  Controlled control;
  unsigned line = 0;
  for (const RefusalRow& row : rows) {
    const Json event = control.ask(row.request);
    EXPECT_EQ(event, Json({{"event", "error"}, {"line", ++line}, {"message", row.message}}));
  }
  EXPECT_EQ(control.start({{"protocol", "smtp"}}).ready()["id"], 1);
  control.end_input();
  const ProcessEnd end = control.wait();
  EXPECT_EQ(end.errors, "");
  EXPECT_EQ(end.status, 0);
}

// Requests that came in one go, empty lines between them, the last without its end.
TEST(Control, ReadsItsInputFromAFileToo) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "requests";
  write_file(file, "{\"start\": {\"protocol\": \"smtp\"}}\r\n\n{\"stop\": 1}\n{\"stop\": 1}");
  Process process({"sh", "-c", "exec '" STARTLE_PROGRAM "' serve --control <" + file.string()});
  EXPECT_EQ(Json::parse(process.read_line().value_or("0"))["event"], "ready");
  EXPECT_EQ(Json::parse(process.read_line().value_or("0"))["event"], "stopped");
  EXPECT_EQ(Json::parse(process.read_line().value_or("0"))["line"], 4);
  EXPECT_EQ(process.wait().status, 0);
}

TEST(Control, DrivenByTheExampleForPytest) {
  if (!is_installed("python3")) GTEST_SKIP() << "python3 is not installed";
  Process python({"python3", STARTLE_TREE "/ci/examples/test_my_client.py"},
                 {"STARTLE=" STARTLE_PROGRAM, "PYTHONDONTWRITEBYTECODE=1"});
  const ProcessEnd end = python.wait();
  EXPECT_EQ(end.status, 0) << end.errors;
  EXPECT_EQ(end.output,
            "passed test_logs_in\npassed test_refuses_expired\npassed test_refuses_another_host\n"
            "passed test_does_not_go_on_in_clear\npassed test_learns_of_a_wrong_password\n");
}

}  // namespace
}  // namespace startle::cases
