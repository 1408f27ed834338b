// Directory clients that others wrote, against `startle serve ldap`: OpenLDAP's tools and handshake
// probes, in both personas, over StartTLS and ldaps. As for mail, each gets through to a server
// that is as it should be, and refuses the certificates it must refuse without a violation.

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "cases/program/served_for_test.h"

namespace startle::cases {
namespace {

using Arguments = std::vector<std::string>;

// libldap takes the machine's own name for `localhost`, and so a certificate for it is refused.
constexpr const char* kName = "127.0.0.1";

struct Client {
  const char* program = "";
  const char* mode = "";
  int refused = 0;           // its exit code for a certificate it does not trust
  const char* ends_at = "";  // the phase of one that it trusts
  bool authenticates = false;
  bool searches = false;
  Arguments (*command)(const Ready& server) = nullptr;
};

std::string url(const Ready& server) {
  const bool ldaps = server.ready().at("mode") == "ldaps";
  return (ldaps ? "ldaps://" : "ldap://") + server.name() + ":" + server.port();
}

// What the user running this has set up for OpenLDAP's tools does not count.
std::vector<std::string> environment(const Ready& server) {
  return {"LDAPTLS_CACERT=" + server.ca(), "LDAPTLS_REQCERT=demand", "LDAPCONF=/dev/null",
          "LDAPRC=none-of-this-name", "HOME=/dev/null"};
}

Arguments ldapwhoami(const Ready& server) {
  return {"ldapwhoami",
          "-ZZ",
          "-x",
          "-o",
          "nettimeout=50",
          "-H",
          url(server),
          "-D",
          server.bind_dn(),
          "-w",
          server.password()};
}

Arguments ldapsearch(const Ready& server) {
  return {"ldapsearch",
          "-x",
          "-LLL",
          "-o",
          "nettimeout=50",
          "-H",
          url(server),
          "-D",
          server.bind_dn(),
          "-w",
          server.password(),
          "-b",
          "dc=example,dc=test",
          "(uid=" + server.user() + ")",
          "dn"};
}

Arguments gnutls_cli(const Ready& server) {
  Arguments command{"gnutls-cli", "--x509cafile", server.ca(), "--verify-hostname", server.name()};
  if (server.ready().at("mode") == "ldap-starttls") command.push_back("--starttls-proto=ldap");
  command.insert(command.end(), {"--port", server.port(), "127.0.0.1"});
  return command;
}

Arguments s_client(const Ready& server) {
  return {"openssl",
          "s_client",
          "-connect",
          "127.0.0.1:" + server.port(),
          "-CAfile",
          server.ca(),
          "-verify_return_error",
          "-verify_ip",
          server.name()};
}

const Client kLdapwhoami{.program = "ldapwhoami",
                         .mode = "ldap-starttls",
                         .refused = 1,
                         .ends_at = "unbind",
                         .authenticates = true,
                         .command = ldapwhoami};
const Client kLdapsearch{.program = "ldapsearch",
                         .mode = "ldaps",
                         .refused = 255,
                         .ends_at = "unbind",
                         .authenticates = true,
                         .searches = true,
                         .command = ldapsearch};
const Client kGnutlsCli{.program = "gnutls-cli",
                        .mode = "ldap-starttls",
                        .refused = 1,
                        .ends_at = "tls",
                        .command = gnutls_cli};
const Client kSClient{
    .program = "openssl", .mode = "ldaps", .refused = 1, .ends_at = "tls", .command = s_client};

struct Row {
  const char* name = "";
  Client client{};
  const char* persona = "";
};
void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

class DirectoryClients : public testing::TestWithParam<Row> {
 protected:
  void SetUp() override {
    if (!is_installed(client().program)) GTEST_SKIP() << client().program << " is not installed";
  }
  static const Client& client() { return GetParam().client; }
  static Served serve(const char* certificate) {
    return Served({"ldap", "--once", "--mode", client().mode, "--persona", GetParam().persona,
                   "--name", kName, "--certificate", certificate});
  }
  static ProcessEnd run(const Ready& server) {
    return Process(client().command(server), environment(server)).wait();
  }
};

TEST_P(DirectoryClients, WorkWithAValidCertificate) {
  Served server = serve("valid");
  const ProcessEnd end = run(server);
  EXPECT_EQ(end.status, 0) << end.output << end.errors;
  const Json event = server.next_event();
  EXPECT_EQ(event["phase"], client().ends_at) << event;
  EXPECT_EQ(event["tls_version"], "TLS1.3") << event;
  EXPECT_EQ(event["authenticated"], client().authenticates) << event;
  EXPECT_EQ(event["delivered"], client().searches) << event;
  EXPECT_EQ(event["violations"], Json::array()) << event;
  EXPECT_EQ(event["clear_commands"].size(), client().mode == std::string("ldaps") ? 0U : 1U)
      << event;
  if (client().authenticates) {
    EXPECT_NE(end.output.find(server.bind_dn()), std::string::npos) << end.output;
  }
  // Who says nothing inside TLS has not shown whether he accepts the certificate.
  EXPECT_EQ(event["verdict"], client().authenticates ? Json("pass") : Json()) << event;
  EXPECT_EQ(server.wait().status, client().authenticates ? 0 : 3);
}

TEST_P(DirectoryClients, RefuseWrongCertificatesAndGiveNothingAway) {
  for (const char* certificate : {"expired", "mismatched"}) {
    Served server = serve(certificate);
    const ProcessEnd end = run(server);
    EXPECT_EQ(end.status, client().refused) << certificate << end.output << end.errors;
    const Json event = server.next_event();
    EXPECT_EQ(event["authenticated"], false) << event;
    EXPECT_EQ(event["delivered"], false) << event;
    EXPECT_EQ(event["violations"], Json::array()) << event;
    // libldap looks at the certificate behind the handshake, and closes without an alert.
    const bool told = event["alert"].is_string() && event["alert"] != "close_notify";
    EXPECT_EQ(event["verdict"], told ? Json("pass") : Json()) << event;
    EXPECT_EQ(server.wait().status, told ? 0 : 3);
  }
}

INSTANTIATE_TEST_SUITE_P(
    , DirectoryClients,
    testing::Values(Row{"ldapwhoami_openldap", kLdapwhoami, "openldap"},
                    Row{"ldapwhoami_active_directory", kLdapwhoami, "active-directory"},
                    Row{"ldapsearch_openldap", kLdapsearch, "openldap"},
                    Row{"ldapsearch_active_directory", kLdapsearch, "active-directory"},
                    Row{"gnutls_cli_openldap", kGnutlsCli, "openldap"},
                    Row{"gnutls_cli_active_directory", kGnutlsCli, "active-directory"},
                    Row{"s_client_openldap", kSClient, "openldap"},
                    Row{"s_client_active_directory", kSClient, "active-directory"}),
    [](const testing::TestParamInfo<Row>& row) { return std::string(row.param.name); });

class Ldapwhoami : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_installed("ldapwhoami")) GTEST_SKIP() << "ldapwhoami is not installed";
  }
};

// It reads no root DSE, and searches nothing: a lie that stands there is not told to it.
TEST_F(Ldapwhoami, IsNotAccusedOfWhatItNeverMet) {
  const std::vector<std::pair<const char*, const char*>> rows{
      {"ldap/starttls/not-in-root-dse", "root-dse"},
      {"ldap/malformed/not-ldap", "root-dse"},
      {"ldap/search/malformed", "search"}};
  for (const auto& [id, point] : rows) {
    Served server({id, "--once", "--name", kName});
    const ProcessEnd end = Process(ldapwhoami(server), environment(server)).wait();
    EXPECT_EQ(end.status, 0) << end.errors;
    const Json event = server.next_event();
    EXPECT_EQ(event["verdict"], Json()) << event;
    EXPECT_EQ(event["reason"], "the client never came to `" + std::string(point) +
                                   "`: what it makes of the answer there does not show");
    EXPECT_EQ(server.wait().status, 3) << id;
  }
}

// A result code is the tool's exit code.
TEST_F(Ldapwhoami, LearnsEachResultOfItsBind) {
  Controlled control({"--name", kName});
  for (const int code : {8, 49, 51, 53, 80}) {
    const Ready server = control.start({{"protocol", "ldap"}, {"replies", {{"bind", code}}}});
    const ProcessEnd end = Process(ldapwhoami(server), environment(server)).wait();
    EXPECT_EQ(end.status, code) << end.errors;
    EXPECT_EQ(control.next_event()["violations"], Json::array());
  }
}

TEST_F(Ldapwhoami, GivesNothingAwayWhenStartTlsIsRefused) {
  for (const char* code : {"1", "2", "52", "80", "65536"}) {
    Served server({"ldap", "--once", "--name", kName, "--reply", "starttls=" + std::string(code)});
    EXPECT_EQ(Process(ldapwhoami(server), environment(server)).wait().status, 1) << code;
    const Json event = server.next_event();
    EXPECT_EQ(event["violations"], Json::array()) << event;
    EXPECT_EQ(event["authenticated"], false) << event;
    EXPECT_EQ(server.wait().status, 0);
  }
}

// By its code, and as the octets of an extended response to the message 1.
TEST_F(Ldapwhoami, FindsTlsBehindAGoAheadOfOnesOwn) {
  for (const char* reply : {"starttls=0", "starttls={hex:300c02010178070a010004000400}"}) {
    Served server({"ldap", "--once", "--name", kName, "--reply", reply});
    EXPECT_EQ(Process(ldapwhoami(server), environment(server)).wait().status, 0) << reply;
    EXPECT_EQ(server.next_event()["authenticated"], true) << reply;
    EXPECT_EQ(server.wait().status, 0);
  }
}

TEST_F(Ldapwhoami, IsToldOctetsOfOnesOwn) {
  const std::string strong_auth = "{hex:300c02010161070a010804000400}";  // to the message 1
  Served server(
      {"ldap", "--once", "--mode", "ldaps", "--name", kName, "--reply", "bind=" + strong_auth});
  Arguments command = ldapwhoami(server);
  command.erase(command.begin() + 1);  // no StartTLS
  const ProcessEnd end = Process(command, environment(server)).wait();
  EXPECT_EQ(end.status, 8) << end.errors;
  EXPECT_EQ(server.next_event()["authenticated"], false);
}

TEST_F(Ldapwhoami, IsCaughtWhenTlsIsNotDemanded) {
  Served server({"ldap", "--once", "--name", kName, "--reply", "starttls=80"});
  Arguments command = ldapwhoami(server);
  command[1] = "-Z";
  EXPECT_EQ(Process(command, environment(server)).wait().status, 13) << "confidentialityRequired";
  EXPECT_EQ(server.next_event()["violations"], Json({"secret-in-clear", "payload-in-clear"}));
  EXPECT_EQ(server.wait().status, 1);
}

TEST_F(Ldapwhoami, IsCaughtWhenItTrustsEveryCertificate) {
  Served server({"ldap", "--once", "--name", kName, "--certificate", "expired"});
  std::vector<std::string> variables = environment(server);
  variables[1] = "LDAPTLS_REQCERT=never";
  EXPECT_EQ(Process(ldapwhoami(server), variables).wait().status, 0);
  EXPECT_EQ(server.next_event()["violations"],
            Json({"secret-to-refused-peer", "continued-after-refusal"}));
  EXPECT_EQ(server.wait().status, 1);
}

}  // namespace
}  // namespace startle::cases
