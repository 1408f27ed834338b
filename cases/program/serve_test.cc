// `startle serve` as a script sees it: the ready line and the events, how it is told to lie, what
// it refuses to do, and how it ends.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <set>

#include "cases/program/served_for_test.h"
#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

std::set<std::string> members(const Json& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) names.insert(name);
  return names;
}

bool curl_is_absent() {
  return !is_installed("curl");
}
constexpr const char* kNoCurl = "curl is not installed";

// ---- what it says
// ---------------------------------------------------------------------------------

TEST(Serve, ReadyLineHasTheContractsMembers) {
  Served server({"smtp", "--name", "mail.example.test"});
  const Json& ready = server.ready();
  EXPECT_EQ(
      members(ready),
      (std::set<std::string>{"event", "case", "protocol", "mode", "address", "port", "name", "ca",
                             "ca_pem", "truststore", "truststore_password", "username", "password",
                             "bind_dn", "sender", "recipients", "expected", "reason", "why"}));
  EXPECT_EQ(ready["event"], "ready");
  EXPECT_EQ(ready["case"], "smtp");
  EXPECT_EQ(ready["protocol"], "smtp");
  EXPECT_EQ(ready["mode"], "smtp-starttls");
  EXPECT_EQ(ready["address"], "127.0.0.1");
  EXPECT_GT(ready["port"].get<int>(), 0);
  EXPECT_EQ(ready["name"], "mail.example.test");
  EXPECT_EQ(ready["bind_dn"], Json());
  EXPECT_EQ(ready["ca_pem"], read_file(server.ca(), 1 << 16));
  EXPECT_NE(ready["username"], "");
  EXPECT_NE(ready["password"], "");
}

struct ReadyRow {
  std::vector<std::string> arguments{};
  const char* protocol = "";
  const char* mode = "";
  const char* name = "";
};

TEST(Serve, ReadyLineOfEachProtocolAndMode) {
  const std::vector<ReadyRow> rows{
      {{"smtp"}, "smtp", "smtp-starttls", "smtp.example.test"},
      {{"smtp", "--mode", "smtps"}, "smtp", "smtps", "smtp.example.test"},
      {{"ldap"}, "ldap", "ldap-starttls", "ldap.example.test"},
      {{"ldap", "--mode", "ldaps", "--name", "a.test"}, "ldap", "ldaps", "a.test"},
      {{"ldap", "--persona", "active-directory"}, "ldap", "ldap-starttls", "ldap.example.test"},
  };
  for (const ReadyRow& row : rows) {
    const Json ready = Served(row.arguments).ready();
    const bool ldap = row.protocol == std::string("ldap");
    EXPECT_EQ(ready["case"], row.protocol);
    EXPECT_EQ(ready["protocol"], row.protocol);
    EXPECT_EQ(ready["mode"], row.mode);
    EXPECT_EQ(ready["name"], row.name);
    EXPECT_EQ(ready["username"], "scheduler");
    EXPECT_EQ(ready["bind_dn"], ldap ? Json("uid=scheduler,ou=people,dc=example,dc=test") : Json());
    EXPECT_EQ(ready.size(), 19U) << ready;
  }
}

TEST(Serve, CellThatAsksForAClientCertificateNamesOne) {
  const std::string cell = "matrix/trust/mode=ldaps/trust=host/certificate=valid/credential=";
  const Served external({cell + "external"});
  const Json& ready = external.ready();
  EXPECT_EQ(ready["case"], cell + "external");
  EXPECT_EQ(read_file(ready["client_certificate"].get<std::string>(), 1 << 16).substr(0, 27),
            "-----BEGIN CERTIFICATE-----");
  EXPECT_EQ(read_file(ready["client_key"].get<std::string>(), 1 << 16).substr(0, 27),
            "-----BEGIN PRIVATE KEY-----");
  EXPECT_FALSE(Served({cell + "valid"}).ready().contains("client_key"));
}

// Bind to the referral: whoever follows it goes to a listener without TLS, which is watched too.
TEST(Serve, ReferralHasAListenerOfItsOwn) {
  if (!is_installed("ldapsearch")) GTEST_SKIP() << "ldapsearch is not installed";
  Served server({"ldap/referral/search-done", "--once", "--name", "127.0.0.1"});
  const std::string referral = server.ready()["referral"];
  EXPECT_EQ(referral.substr(0, 17), "ldap://127.0.0.1:");
  EXPECT_NE(referral, "ldap://127.0.0.1:" + server.port());
  const std::vector<std::string> command{"ldapsearch", "-ZZ",
                                         "-x",         "-C",
                                         "-o",         "nettimeout=50",
                                         "-H",         "ldap://127.0.0.1:" + server.port(),
                                         "-D",         server.bind_dn(),
                                         "-w",         server.password(),
                                         "-b",         "dc=example,dc=test"};
  Process(command, {"LDAPTLS_CACERT=" + server.ca(), "LDAPCONF=/dev/null", "HOME=/dev/null"})
      .wait();
  std::set<std::string> ports;
  for (int i = 0; i < 2; ++i) {
    const Json event = server.next_event();
    ports.insert("ldap://127.0.0.1:" + std::to_string(event.value("port", 0U)));
    const bool referred = event.value("port", 0U) != std::stoul(server.port());
    EXPECT_EQ(event["violations"], referred ? Json({"payload-in-clear"}) : Json::array()) << event;
  }
  EXPECT_EQ(ports.count(referral), 1U);
  EXPECT_EQ(server.wait().status, 1);
}

TEST(Serve, PasswordIsAnotherEveryTime) {
  EXPECT_NE(Served({"smtp"}).password(), Served({"smtp"}).password());
}

TEST(Serve, ConnectionEventHasTheContractsMembers) {
  if (curl_is_absent()) GTEST_SKIP() << kNoCurl;
  Served server({"smtp"});
  EXPECT_EQ(curl(server).status, 0);
  const Json event = server.next_event();
  EXPECT_EQ(members(event),
            (std::set<std::string>{"event", "case", "port", "phase", "tls_version", "alert",
                                   "alert_sent", "handshake_failure", "verdict", "ending", "reason",
                                   "violations", "clear_commands", "authenticated", "delivered"}));
  EXPECT_EQ(event["event"], "connection");
  EXPECT_EQ(event["case"], "smtp");
  EXPECT_EQ(event["port"], server.ready()["port"]);
}

// ---- what it is told
// ------------------------------------------------------------------------------

TEST(Serve, ReplyOfACodeAlone) {
  if (curl_is_absent()) GTEST_SKIP() << kNoCurl;
  Served server({"smtp", "--once", "--reply", "starttls=454"});
  EXPECT_EQ(curl(server).errors, "curl: (64) STARTTLS denied, code 454\n");
  EXPECT_EQ(server.next_event()["phase"], "starttls");
}

TEST(Serve, SeveralRepliesWithText) {
  if (curl_is_absent()) GTEST_SKIP() << kNoCurl;
  Served server(
      {"smtp", "--once", "--reply", "mail=553 5.7.1 no", "--reply", "greeting=220 {host} hello"});
  const ProcessEnd end = curl(server, {"-v"});
  EXPECT_EQ(end.status, 55);
  EXPECT_NE(end.errors.find("< 220 smtp.example.test hello"), std::string::npos) << end.errors;
  EXPECT_NE(end.errors.find("< 553 5.7.1 no"), std::string::npos) << end.errors;
  const Json event = server.next_event();
  EXPECT_EQ(event["authenticated"], true);
  EXPECT_EQ(event["delivered"], false);
}

TEST(Serve, GoAheadOfOnesOwnIsStillFollowedByTls) {
  if (curl_is_absent()) GTEST_SKIP() << kNoCurl;
  Served server({"smtp", "--once", "--reply", "starttls=220 come in"});
  EXPECT_EQ(curl(server).status, 0);
  EXPECT_EQ(server.next_event()["delivered"], true);
}

TEST(Serve, CertificateTakesThePlaceOfTheCases) {
  if (curl_is_absent()) GTEST_SKIP() << kNoCurl;
  Served server({"smtp/sender/not-authorized-553", "--once", "--certificate", "expired"});
  EXPECT_EQ(curl(server, {"-k"}).status, 55);
  EXPECT_EQ(server.next_event()["violations"],
            Json({"secret-to-refused-peer", "continued-after-refusal"}));
  EXPECT_EQ(server.wait().status, 1);
}

TEST(Serve, CellOfAMatrix) {
  if (curl_is_absent()) GTEST_SKIP() << kNoCurl;
  const std::string cell = "matrix/trust/mode=smtp-starttls/trust=host/certificate=expired/";
  for (const char* credential : {"credential=valid", "credential=no-username"}) {
    Served server({cell + credential});
    EXPECT_EQ(server.ready()["case"], cell + credential);
    EXPECT_EQ(curl(server).status, 60);
    EXPECT_EQ(server.next_event()["violations"], Json::array());
    EXPECT_EQ(curl(server, {"-k"}).status, 0);
    EXPECT_EQ(server.next_event()["violations"],
              Json({"secret-to-refused-peer", "continued-after-refusal"}));
    // Without --once the client's sins are told, and are no reason to end with 1.
    server.interrupt(SIGTERM);
    EXPECT_EQ(server.wait().status, 0);
  }
}

class ServedFile : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& content) const {
    const fs::path file = folder_.path() / name;
    write_file(file, content);
    return file.string();
  }

 private:
  TemporaryFolder folder_{};
};

constexpr const char* kCase = R"(<case summary="no room">
  <server><at point="rcpt"><reply>452 4.2.2 Mailbox full</reply></at></server>
  <expect endings="message-rejected" reason="452 is a refusal"/>
</case>)";

TEST_F(ServedFile, CaseOfTheUsersOwn) {
  if (curl_is_absent()) GTEST_SKIP() << kNoCurl;
  for (const char* name : {"full.xml", "full"}) {  // also without an extension
    Served server({write(name, kCase), "--once"});
    EXPECT_EQ(server.ready()["case"], "full");
    EXPECT_EQ(curl(server).errors, "curl: (55) RCPT failed: 452\n");
    EXPECT_EQ(server.next_event()["authenticated"], true);
  }
}

TEST_F(ServedFile, CertificateOfTheUsersOwn) {
  if (curl_is_absent()) GTEST_SKIP() << kNoCurl;
  Served server({write("mine.xml", R"(<recipes>
    <recipe id="mine" reason="another name" clause="RFC 9525, 6.3"><leaf><dns>mine.example.test</dns></leaf></recipe>
  </recipes>)"),
                 "--once"});
  EXPECT_EQ(curl(server).status, 60);
}

// ---- where it listens ---------------------------------------------------------------------------

// A listening socket of the test's own; port 0: it could not be had.
class Listening {
 public:
  explicit Listening(int family) : fd_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_storage at{};
    at.ss_family = static_cast<sa_family_t>(family);
    if (family == AF_INET6) {
      reinterpret_cast<sockaddr_in6&>(at).sin6_addr = in6addr_loopback;
    } else {
      reinterpret_cast<sockaddr_in&>(at).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    socklen_t size = family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    if (::bind(fd_, reinterpret_cast<sockaddr*>(&at), size) != 0 || ::listen(fd_, 1) != 0) return;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(at).sin6_port
                                     : reinterpret_cast<sockaddr_in&>(at).sin_port);
  }
  ~Listening() {
    if (fd_ >= 0) ::close(fd_);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  unsigned port() const { return port_; }

 private:
  int fd_;
  unsigned port_ = 0;
};

TEST(Serve, BothLoopbackAddressesAccept) {
  if (curl_is_absent()) GTEST_SKIP() << kNoCurl;
  Served server({"smtp"});
  EXPECT_EQ(Process(curl_command(server, {}, "127.0.0.1")).wait().status, 0);
  EXPECT_EQ(server.next_event()["delivered"], true);
  if (Listening(AF_INET6).port() == 0) GTEST_SKIP() << "this machine has no ::1";
  const ProcessEnd end = Process(curl_command(server, {}, "[::1]")).wait();
  EXPECT_EQ(end.status, 0) << end.errors;
  EXPECT_EQ(server.next_event()["delivered"], true);
}

TEST(Serve, PortThatIsTaken) {
  const Listening taken(AF_INET);
  ASSERT_NE(taken.port(), 0U);
  const std::string port = std::to_string(taken.port());
  for (const std::string& listen : {"127.0.0.1:" + port, ":" + port}) {
    const ProcessEnd end = startle({"serve", "smtp", "--listen", listen});
    EXPECT_EQ(end.errors, "startle: 127.0.0.1:" + port +
                              " is in use: stop what listens there or take another port (port 0 "
                              "takes a free one)\n");
    EXPECT_EQ(end.output, "");
    EXPECT_EQ(end.status, 3);
  }
}

TEST(Serve, TwentyClientsAtOnce) {
  if (curl_is_absent()) GTEST_SKIP() << kNoCurl;
  Served server({"smtp"});
  std::vector<std::unique_ptr<Process>> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(std::make_unique<Process>(curl_command(server)));
  for (const auto& client : clients) {
    const ProcessEnd end = client->wait();
    EXPECT_EQ(end.status, 0) << end.errors;
    const Json event = server.next_event();
    EXPECT_EQ(event["delivered"], true) << event;
    EXPECT_EQ(event["violations"], Json::array()) << event;
  }
}

// ---- how it ends
// ----------------------------------------------------------------------------------

TEST(Serve, SignalsEndItAndLeaveNothingBehind) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    Served server({"smtp"});
    const fs::path folder = fs::path(server.ca()).parent_path();
    EXPECT_TRUE(fs::exists(server.ca()));
    EXPECT_TRUE(fs::exists(server.ready()["truststore"].get<std::string>()));
    server.interrupt(number);
    const ProcessEnd end = server.wait();
    EXPECT_EQ(end.status, 0) << end.errors;
    EXPECT_EQ(end.output + end.errors, "");
    EXPECT_FALSE(fs::exists(folder));
  }
}

TEST(Serve, SignalEndsItAmidADialogueAndTellsOfIt) {
  Served server({"smtp"});
  const Caller caller(server);
  server.interrupt(SIGTERM);
  const Json event = server.next_event();
  EXPECT_EQ(event["event"], "connection") << event;
  EXPECT_EQ(event["phase"], "connection") << event;
  const ProcessEnd end = server.wait();
  EXPECT_EQ(end.status, 0) << end.errors;
  EXPECT_EQ(end.output + end.errors, "");
}

TEST(Serve, OnceEndsAfterOneConnection) {
  if (curl_is_absent()) GTEST_SKIP() << kNoCurl;
  Served server({"smtp", "--once"});
  const fs::path folder = fs::path(server.ca()).parent_path();
  EXPECT_EQ(curl(server).status, 0);
  EXPECT_NE(server.next_event(), Json::object());
  const ProcessEnd end = server.wait();
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.output + end.errors, "");
  EXPECT_FALSE(fs::exists(folder));
}

}  // namespace
}  // namespace startle::cases
