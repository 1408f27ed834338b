// `startle serve` in bad company: requests that nobody means, readers that do not read, clients
// that say nothing.

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "cases/program/served_for_test.h"

namespace startle::cases {
namespace {

using std::string_literals::operator""s;

// ---- requests -----------------------------------------------------------------------------------

struct RequestRow {
  const char* name = "";
  std::string request{};
  std::string message{};
};

TEST(HostileRequest, IsRefusedInALineAndHurtsNobody) {
  const std::string long_name(3000, 'x');
  const RequestRow rows[] = {
      {"nested", R"({"start": {"protocol": "smtp", "name": )" + std::string(50000, '['),
       "the request is nested more than 64 levels deep"},
      {"nested, and whole",
       R"({"stop": )" + std::string(100000, '[') + std::string(100000, ']') + "}",
       "the request is nested more than 64 levels deep"},
      {"a member twice", R"({"start": {"protocol": "smtp", "protocol": "ldap"}})",
       "the request has the member `protocol` twice"},
      {"the same point twice",
       R"({"start": {"protocol": "smtp", "replies": {"mail": 250, "mail": 553}}})",
       "the request has the member `mail` twice"},
      {"a NUL behind it", "{\"stop\": 1}\0{"s, "the request has an octet of NUL in it"},
      {"a NUL in a name", R"({"start": {"protocol": "smtp", "name": "a.test\u0000.b.test"}})",
       R"("name" has an octet of NUL in it: a.test\x00.b.test)"},
      {"a NUL in a path", R"({"start": {"case": "/dev/null\u0000.xml"}})",
       R"("case" has an octet of NUL in it: /dev/null\x00.xml)"},
      {"a NUL in a reply", R"({"start": {"protocol": "smtp", "replies": {"mail": "553 \u0000"}}})",
       R"("replies" has an octet of NUL in it: 553 \x00)"},
      {"a long protocol", R"({"start": {"protocol": ")" + long_name + R"("}})",
       "protocol " + long_name.substr(0, 80) + ".. is not one of: smtp, ldap"},
      {"a long member", R"({"start": {"protocol": "smtp", ")" + long_name + R"(": 1}})",
       "a start has no member \"" + long_name.substr(0, 80) +
           "..\": it may have protocol, case, name, certificate, certificate_file, key_file, "
           "replies, "
           "mode, persona, trust_model, tls_policy, mechanisms, sasl_lie, as_told"},
      {"a long id", R"({"stop": ")" + long_name + R"("})",
       "there is no server \"" + long_name.substr(0, 79) +
           "..: \"stop\" takes the id of a ready event"},
      {"control characters", R"({"start": {"protocol": "\u001b[2Jx"}})",
       R"(protocol \x1b[2Jx is not one of: smtp, ldap)"},
      {"a name of no end",
       R"({"start": {"protocol": "smtp", "name": ")" + std::string(40000, 'x') + R"("}})",
       R"("name" has 40000 octets: it takes at most 4096)"},
  };
  Controlled control;
  const Ready before = control.start({{"protocol", "smtp"}});
  unsigned line = 1;
  for (const RequestRow& row : rows) {
    EXPECT_EQ(control.ask(row.request),
              Json({{"event", "error"}, {"line", ++line}, {"message", row.message}}))
        << row.name;
  }
  { const Caller caller(before); }
  EXPECT_EQ(control.next_event()["event"], "connection");
  control.end_input();
  EXPECT_EQ(control.wait().status, 0);
}

// Whatever it names: a complaint is a line.
TEST(HostileRequest, ComplaintsAreNoLongerThanALine) {
  Controlled control;
  for (const char* member : {"name", "certificate", "mode", "persona", "trust_model", "tls_policy",
                             "mechanisms", "sasl_lie", "replies"}) {
    const std::string name(4000, 'x');
    const Json value = member == "replies"s ? Json{{name, "250 x"}} : Json(name);
    const std::string message =
        control.ask(Json{{"start", {{"protocol", "smtp"}, {member, value}}}}.dump())
            .value("message", "");
    EXPECT_NE(message, "") << member;
    EXPECT_LT(message.size(), 1000U) << member;
  }
}

TEST(HostileRequest, ServersWithClientsAreStoppedSideBySide) {
  Controlled control;
  const Ready server = control.start({{"protocol", "smtp"}});
  const Caller caller(server);
  const Json first = control.ask("{\"stop\": 1}\n{\"stop\": 1}");
  EXPECT_EQ(first["event"], "error") << "it waited for the client: " << first;
  EXPECT_EQ(control.next_event()["event"], "connection");
  EXPECT_EQ(control.next_event(), Json({{"event", "stopped"}, {"id", 1}}));
}

// ---- where requests come from, and where events go
// ------------------------------------------------

ProcessEnd shell(const std::string& script) {
  Process process({"sh", "-c", script}, {"STARTLE=" STARTLE_PROGRAM});
  return process.wait();
}

TEST(HostileInput, LineWithoutEndIsGivenUp) {
  const ProcessEnd end = shell("exec \"$STARTLE\" serve --control </dev/zero");
  EXPECT_EQ(
      end.output,
      "{\"event\":\"error\",\"line\":1,\"message\":\"a request has at most 1048576 octets\"}\n");
  EXPECT_EQ(end.errors,
            "startle: stdin: line 1 has more than 16777216 octets, and no end: a request is one "
            "line of JSON\n");
  EXPECT_EQ(end.status, 2);
}

TEST(HostileInput, FolderIsNone) {
  const ProcessEnd end = shell("exec \"$STARTLE\" serve --control </");
  EXPECT_EQ(end.errors,
            "startle: stdin: cannot be read: Is a directory: a request is one line of JSON\n");
  EXPECT_EQ(end.status, 2);
}

// Requests that never end, from what never lets anyone wait.
TEST(HostileInput, DeviceLetsASignalThrough) {
  Process process({"sh", "-c", "exec \"$STARTLE\" serve --control </dev/urandom"},
                  {"STARTLE=" STARTLE_PROGRAM});
  EXPECT_NE(process.read_line().value_or("").find("\"event\":\"error\""), std::string::npos);
  process.send_signal(SIGTERM);
  const ProcessEnd end = process.wait();
  EXPECT_EQ(end.status, 0) << end.errors;
}

TEST(HostileOutput, FullDiskEndsIt) {
  for (const char* what : {"smtp", "smtp --once", "--control"}) {
    const ProcessEnd end =
        shell("echo '{\"start\": {\"protocol\": \"smtp\"}}' | \"$STARTLE\" serve " +
              std::string(what) + " >/dev/full");
    EXPECT_EQ(end.errors,
              "startle: stdout: cannot be written: No space left on device, so `serve` has ended\n")
        << what;
    EXPECT_EQ(end.status, 3) << what;
  }
}

// Nobody would ever learn what comes of the server.
TEST(HostileOutput, ReaderThatGoesEndsIt) {
  for (const char* what : {"smtp", "ldap --once", "--control"}) {
    const std::string script = "{ \"$STARTLE\" serve " + std::string(what) +
                               "; echo $? >&2; } | { read -r ready; echo \"$ready\"; }";
    Process process({"sh", "-c", script}, {"STARTLE=" STARTLE_PROGRAM}, Process::Input::lines);
    process.write_line(R"({"start": {"protocol": "smtp"}})");
    EXPECT_NE(process.read_line().value_or("").find("\"event\":\"ready\""), std::string::npos);
    const ProcessEnd end = process.wait();
    EXPECT_EQ(end.errors, "startle: stdout: nobody reads it any more, so `serve` has ended\n3\n")
        << what;
  }
}

// More than a pipe holds, and nobody takes it: clients are served all the same, and told of later.
TEST(HostileOutput, ReaderThatWaitsHoldsUpNobody) {
  Controlled control;
  const Ready server = control.start({{"protocol", "smtp"}});
  constexpr int kMany = 400;
  for (int i = 0; i < kMany; ++i) const Caller caller(server);
  int told = 0;
  for (int i = 0; i < kMany; ++i) told += control.next_event()["event"] == "connection" ? 1 : 0;
  EXPECT_EQ(told, kMany);
  control.end_input();
  const ProcessEnd end = control.wait();
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.output + end.errors, "");
}

// ---- clients that say nothing
// -----------------------------------------------------------------------

TEST(SilentClient, IsNotTheOneOfOnce) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  Served server({"smtp", "--once"});
  for (int i = 0; i < 3; ++i) const Caller caller(server);
  const Caller staying(server);
  EXPECT_EQ(curl(server).status, 0);
  const Json event = server.next_event();
  EXPECT_EQ(event["delivered"], true) << event;
  EXPECT_EQ(event["verdict"], "pass") << event;
  const ProcessEnd end = server.wait();
  EXPECT_EQ(end.output, "") << "whoever says nothing is not spoken of";
  EXPECT_EQ(end.status, 0);
}

TEST(SilentClient, IsTheOneOfOnceWhereTheGreetingIsTheCase) {
  for (const char* id : {"smtp/greeting/code-554", "smtp/close/greeting"}) {
    Served server({id, "--once"});
    { const Caller caller(server, Caller::Greeting::any); }
    const Json event = server.next_event();
    EXPECT_EQ(event["case"], id) << event;
    EXPECT_EQ(event["phase"], "connection") << event;
    EXPECT_EQ(server.wait().status, event["verdict"] == "pass" ? 0 : 3) << event;
  }
}

// Of who comes back a server takes credentials in clear, and offers to: nobody has come before.
TEST(SilentClient, IsNoFirstVisit) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  Served server({"smtp"});
  { const Caller caller(server); }
  EXPECT_EQ(server.next_event()["phase"], "connection");
  const std::string first = curl(server, {"-v"}).errors;
  EXPECT_GT(first.find("AUTH PLAIN LOGIN"), first.find("> STARTTLS")) << first;
  const std::string second = curl(server, {"-v"}).errors;
  EXPECT_LT(second.find("AUTH PLAIN LOGIN"), second.find("> STARTTLS")) << second;
}

}  // namespace
}  // namespace startle::cases
