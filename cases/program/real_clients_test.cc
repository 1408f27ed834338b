// Clients that others wrote, against `startle serve`. Two things are tested with each: that it gets
// through to a server that is as it should be (so the fake server is a server), and that it refuses
// the certificates it must refuse without any of the invariants being violated (so the judgement is
// right about a client known to be good).

#include <gtest/gtest.h>

#include <ostream>

#include "cases/program/served_for_test.h"

namespace startle::cases {
namespace {

using Arguments = std::vector<std::string>;

void expect_delivered(const Json& event) {
  EXPECT_EQ(event.value("delivered", false), true) << event;
  EXPECT_EQ(event.value("authenticated", false), true) << event;
  EXPECT_EQ(event.value("violations", Json()), Json::array()) << event;
}

void expect_nothing_given_away(const Json& event) {
  EXPECT_EQ(event.value("delivered", true), false) << event;
  EXPECT_EQ(event.value("authenticated", true), false) << event;
  EXPECT_EQ(event.value("violations", Json()), Json::array()) << event;
}

// ---- curl (OpenSSL): whole submissions ---------------------------------------------------------

class Curl : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  }
};

TEST_F(Curl, DeliversToAValidCertificate) {
  Served server({"smtp", "--once"});
  const ProcessEnd sent = curl(server);
  EXPECT_EQ(sent.status, 0) << sent.errors;
  const Json event = server.next_event();
  expect_delivered(event);
  EXPECT_EQ(event["phase"], "quit");
  EXPECT_EQ(event["tls_version"], "TLS1.3");
  EXPECT_EQ(event["clear_commands"].size(), 2U) << "EHLO and STARTTLS, but: " << event;
  EXPECT_EQ(server.wait().status, 0);
}

TEST_F(Curl, DeliversOverTls12) {
  Served server({"smtp", "--once"});
  const ProcessEnd sent = curl(server, {"--tls-max", "1.2"});
  EXPECT_EQ(sent.status, 0) << sent.errors;
  const Json event = server.next_event();
  expect_delivered(event);
  EXPECT_EQ(event["tls_version"], "TLS1.2");
}

TEST_F(Curl, DeliversOverImplicitTls) {
  Served server({"smtp", "--once", "--mode", "smtps"});
  const ProcessEnd sent = curl(server);
  EXPECT_EQ(sent.status, 0) << sent.errors;
  const Json event = server.next_event();
  expect_delivered(event);
  EXPECT_EQ(event["clear_commands"], Json::array()) << event;
  EXPECT_EQ(server.wait().status, 0);
}

TEST_F(Curl, RefusesCertificatesOverImplicitTls) {
  for (const char* certificate : {"expired", "mismatched"}) {
    Served server({"smtp", "--once", "--mode", "smtps", "--certificate", certificate});
    EXPECT_EQ(curl(server).status, 60) << certificate;
    const Json event = server.next_event();
    expect_nothing_given_away(event);
    // Of a name that does not match it says nothing to the server: it closes.
    EXPECT_EQ(server.wait().status, event["alert"] == "close_notify" ? 3 : 0) << event;
  }
}

TEST_F(Curl, LearnsThatItsPasswordIsWrong) {
  Served server({"smtp", "--once"});
  EXPECT_EQ(curl(server, {"--user", server.user() + ":wrong"}).status, 67);
  expect_nothing_given_away(server.next_event());
}

TEST_F(Curl, LearnsThatItMayNotSendFromAnotherAddress) {
  Served server({"smtp", "--once"});
  const ProcessEnd refused = curl(server, {"--mail-from", "another@example.test"});
  EXPECT_EQ(refused.errors, "curl: (55) MAIL failed: 553\n");
  const Json event = server.next_event();
  EXPECT_EQ(event["authenticated"], true);
  EXPECT_EQ(event["delivered"], false);
}

struct CertificateRow {
  const char* certificate = "";
  const char* alert = "";
};
void PrintTo(const CertificateRow& row, std::ostream* out) {
  *out << row.certificate;
}

class CurlRefuses : public Curl, public testing::WithParamInterface<CertificateRow> {};

TEST_P(CurlRefuses, AndGivesNothingAway) {
  Served server({"smtp", "--once", "--certificate", GetParam().certificate});
  const ProcessEnd refused = curl(server);
  EXPECT_EQ(refused.status, 60) << refused.errors;
  const Json event = server.next_event();
  expect_nothing_given_away(event);
  EXPECT_EQ(event["alert"], GetParam().alert) << event;
  const bool told = GetParam().alert != std::string("close_notify");
  EXPECT_EQ(event["verdict"], told ? Json("pass") : Json()) << event;
  EXPECT_EQ(server.wait().status, told ? 0 : 3);
}

// A name that does not match is found by curl itself, when OpenSSL has finished the handshake.
INSTANTIATE_TEST_SUITE_P(, CurlRefuses,
                         testing::Values(CertificateRow{"expired", "certificate_expired"},
                                         CertificateRow{"mismatched", "close_notify"},
                                         CertificateRow{"self-signed", "unknown_ca"},
                                         CertificateRow{"unknown-ca", "unknown_ca"}));

struct CaseRow {
  const char* id = "";
  int status = 0;
  const char* phase = "";
};
void PrintTo(const CaseRow& row, std::ostream* out) {
  *out << row.id;
}

class CurlInCase : public Curl, public testing::WithParamInterface<CaseRow> {};

// curl is right about every single case: the invariants never accuse it.
TEST_P(CurlInCase, EndsAsItShould) {
  Served server({GetParam().id, "--once"});
  const ProcessEnd end = curl(server);
  EXPECT_EQ(end.status, GetParam().status) << end.errors;
  const Json event = server.next_event();
  EXPECT_EQ(event["phase"], GetParam().phase) << event;
  EXPECT_EQ(event["violations"], Json::array()) << event;
  EXPECT_EQ(event["delivered"], GetParam().status == 0) << event;
  EXPECT_EQ(server.wait().status, 0);
}

// 8: weird reply, 35: handshake, 55: MAIL refused, 64: no TLS, 67: AUTH refused
INSTANTIATE_TEST_SUITE_P(
    , CurlInCase,
    testing::Values(CaseRow{"smtp/auth/rejected-535", 67, "auth"},
                    CaseRow{"smtp/capabilities/auth-only-before-tls", 55, "quit"},
                    CaseRow{"smtp/capabilities/ehlo-refused-in-tls", 55, "quit"},
                    CaseRow{"smtp/capabilities/stale", 0, "quit"},
                    CaseRow{"smtp/go-ahead/close", 35, "starttls"},
                    CaseRow{"smtp/injection/reply-after-go-ahead", 8, "starttls"},
                    CaseRow{"smtp/sender/not-authorized-553", 55, "quit"},
                    CaseRow{"smtp/starttls/not-offered", 64, "ehlo"},
                    CaseRow{"smtp/starttls/other-success-code", 64, "starttls"},
                    CaseRow{"smtp/starttls/refused-454", 64, "starttls"},
                    CaseRow{"smtp/starttls/refused-502", 64, "starttls"}));

TEST_F(Curl, GivesUpWhenNothingFollowsTheGoAhead) {
  Served server({"smtp/go-ahead/silence", "--once"});
  EXPECT_EQ(curl(server, {"--max-time", "0.5"}).status, 28);
  const Json event = server.next_event();
  expect_nothing_given_away(event);
  EXPECT_EQ(event["phase"], "starttls");
}

TEST_F(Curl, IsCaughtWhenItTrustsEveryCertificate) {
  const std::vector<std::pair<const char*, const char*>> models{
      {"pkix", "expired"}, {"documented", "expired"}, {"pkix", "self-signed"}};
  for (const auto& [model, certificate] : models) {
    Served server({"smtp", "--once", "--certificate", certificate, "--trust-model", model});
    EXPECT_EQ(curl(server, {"-k"}).status, 0);
    EXPECT_EQ(server.next_event()["violations"],
              Json({"secret-to-refused-peer", "continued-after-refusal"}))
        << model << " " << certificate;
    EXPECT_EQ(server.wait().status, 1);
  }
}

TEST_F(Curl, IsCaughtWhenTlsIsNotDemanded) {
  Served server({"smtp/starttls/not-offered", "--once"});
  Arguments command = curl_command(server);
  std::erase(command, "--ssl-reqd");
  EXPECT_EQ(Process(command).wait().status, 0);
  EXPECT_EQ(server.next_event()["violations"], Json({"secret-in-clear", "payload-in-clear"}));
  EXPECT_EQ(server.wait().status, 1);
}

// It asks for no OCSP response unless it is told to, and has no revocation list unless it is given
// one: what it goes on with is none of its faults.
TEST_F(Curl, IsNotAccusedOfWhatItNeverMet) {
  for (const char* certificate : {"staple-revoked", "must-staple-wrong-staple", "revoked-by-crl"}) {
    Served server({"smtp", "--once", "--certificate", certificate});
    EXPECT_EQ(curl(server).status, 0) << certificate;
    const Json event = server.next_event();
    expect_delivered(event);
    EXPECT_EQ(event["verdict"], Json()) << event;
    const std::string reason = event["reason"];
    const bool of_list = certificate == std::string("revoked-by-crl");
    EXPECT_NE(reason.find(of_list ? "revocation list" : "status_request"), std::string::npos)
        << reason;
    EXPECT_EQ(server.wait().status, 3) << certificate;
  }
}

TEST_F(Curl, IsJudgedByTheRevocationListThatItWasGiven) {
  for (const bool uses_it : {false, true}) {
    Served server({"smtp", "--once", "--certificate", "revoked-by-crl", "--as-told"});
    const std::string list = server.ready().at("crl");
    EXPECT_EQ(curl(server, uses_it ? Arguments{"--crlfile", list} : Arguments{}).status,
              uses_it ? 60 : 0);
    EXPECT_EQ(server.next_event()["verdict"], uses_it ? "pass" : "fail");
    EXPECT_EQ(server.wait().status, uses_it ? 0 : 1);
  }
}

// ---- handshakes alone: openssl s_client, gnutls-cli
// -----------------------------------------------

struct Probe {
  const char* program = "";
  Arguments (*command)(const Served& server) = nullptr;
};

Arguments s_client_command(const Served& server) {
  Arguments command{"openssl",
                    "s_client",
                    "-connect",
                    "127.0.0.1:" + server.port(),
                    "-servername",
                    server.name(),
                    "-CAfile",
                    server.ca(),
                    "-verify_return_error",  // without it, it reports the error and ends with 0
                    "-verify_hostname",
                    server.name()};
  if (server.ready().at("mode") == "smtp-starttls") {
    command.insert(command.end(), {"-starttls", "smtp"});
  }
  return command;
}

Arguments gnutls_cli_command(const Served& server) {
  return {"gnutls-cli",  "--starttls-proto=smtp", "--x509cafile", server.ca(), "--verify-hostname",
          server.name(), "--sni-hostname",        server.name(),  "--port",    server.port(),
          "127.0.0.1"};
}

struct ProbeRow {
  Probe probe{};
  const char* certificate = "";
  bool accepted = false;
  const char* mode = "smtp-starttls";
};
void PrintTo(const ProbeRow& row, std::ostream* out) {
  *out << row.probe.program << " " << row.mode << " " << row.certificate;
}

class Probes : public testing::TestWithParam<ProbeRow> {};

TEST_P(Probes, HandshakeOnlyWithAValidCertificate) {
  const ProbeRow& row = GetParam();
  if (!is_installed(row.probe.program)) GTEST_SKIP() << row.probe.program << " is not installed";
  Served server({"smtp", "--once", "--mode", row.mode, "--certificate", row.certificate});
  const ProcessEnd end = Process(row.probe.command(server)).wait();
  EXPECT_EQ(end.status, row.accepted ? 0 : 1) << end.output << end.errors;
  const Json event = server.next_event();
  expect_nothing_given_away(event);
  EXPECT_EQ(event["phase"] == "tls" && event["alert"] == "close_notify", row.accepted) << event;
  const bool implicit = row.mode == std::string("smtps");
  EXPECT_EQ(event["clear_commands"].size(), implicit ? 0U : 2U) << event;
  // Who accepts and says nothing is no other to the server than who refuses and says nothing.
  EXPECT_EQ(server.wait().status, row.accepted ? 3 : 0);
}

const Probe kSClient{"openssl", s_client_command};
const Probe kGnutlsCli{"gnutls-cli", gnutls_cli_command};
INSTANTIATE_TEST_SUITE_P(, Probes,
                         testing::Values(ProbeRow{kSClient, "valid", true},
                                         ProbeRow{kSClient, "expired", false},
                                         ProbeRow{kSClient, "mismatched", false},
                                         ProbeRow{kSClient, "valid", true, "smtps"},
                                         ProbeRow{kSClient, "expired", false, "smtps"},
                                         ProbeRow{kSClient, "mismatched", false, "smtps"},
                                         ProbeRow{kGnutlsCli, "valid", true},
                                         ProbeRow{kGnutlsCli, "expired", false},
                                         ProbeRow{kGnutlsCli, "mismatched", false}));

// ---- other mail programs: whole submissions ---------------------------------------------------

struct MailProgram {
  const char* program = "";
  int refused = 0;  // its exit code when it refuses a certificate
  std::vector<const char*> refuses{};
  Arguments (*command)(const Served& server) = nullptr;
  int judged = 0;  // the exit code of its server then
};
void PrintTo(const MailProgram& row, std::ostream* out) {
  *out << row.program;
}

Arguments swaks_command(const Served& server) {
  return {"swaks",
          "--server",
          server.name() + ":" + server.port(),
          "--tls",
          "--tls-verify",
          "--tls-ca-path",
          server.ca(),
          "--auth",
          "PLAIN",
          "--auth-user",
          server.user(),
          "--auth-password",
          server.password(),
          "--from",
          "sender@example.test",
          "--to",
          "you@example.test",
          "--timeout",
          "50s"};
}

Arguments msmtp_command(const Served& server) {
  return {"sh", "-c",
          "exec msmtp -C /dev/null --host=127.0.0.1 --port=" + server.port() +
              " --tls-host-override=" + server.name() + " --auth=on --user=" + server.user() +
              " --passwordeval='echo " + server.password() +
              "' --tls=on --tls-starttls=on --tls-trust-file=" + server.ca() +
              " -f sender@example.test you@example.test <" STARTLE_TREE
              "/cases/program/message_for_test.eml"};
}

class MailPrograms : public testing::TestWithParam<MailProgram> {};

TEST_P(MailPrograms, DeliverToAValidCertificateAndNotToWrongOnes) {
  const MailProgram& row = GetParam();
  if (!is_installed(row.program)) GTEST_SKIP() << row.program << " is not installed";
  Served valid({"smtp", "--once", "--name", "localhost"});
  const ProcessEnd sent = Process(row.command(valid)).wait();
  EXPECT_EQ(sent.status, 0) << sent.output << sent.errors;
  expect_delivered(valid.next_event());
  for (const char* certificate : row.refuses) {
    Served server({"smtp", "--once", "--name", "localhost", "--certificate", certificate});
    const ProcessEnd refused = Process(row.command(server)).wait();
    EXPECT_EQ(refused.status, row.refused) << certificate << refused.output << refused.errors;
    expect_nothing_given_away(server.next_event());
    EXPECT_EQ(server.wait().status, row.judged);
  }
}

// msmtp refuses without an alert, and says QUIT to nobody: the server cannot tell. What swaks calls
// --tls-verify (20201014) does not look at the name.
INSTANTIATE_TEST_SUITE_P(
    , MailPrograms,
    testing::Values(MailProgram{"swaks", 29, {"expired", "unknown-ca"}, swaks_command},
                    MailProgram{"msmtp", 69, {"expired", "mismatched"}, msmtp_command, 3}));

}  // namespace
}  // namespace startle::cases
