// What `serve` tells beforehand, and how it ends: with the verdict on the one connection of --once.

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "cases/program/served_for_test.h"

namespace startle::cases {
namespace {

using Strings = std::vector<std::string>;

// ---- how --once ends ----------------------------------------------------------------------------

struct OnceRow {
  Strings arguments;
  const char* defect;
  Json verdict;
  std::vector<Json> endings;  // any of them
  int status;
};

// `both`: options of the server and of its client.
void expect_status(const std::vector<OnceRow>& rows, const Strings& both) {
  for (const OnceRow& row : rows) {
    Strings arguments = row.arguments;
    arguments.insert(arguments.end(), both.begin(), both.end());
    arguments.emplace_back("--once");
    Served server(arguments);
    Strings client{STARTLE_PROGRAM, "client",
                   "--port",        server.port(),
                   "--host",        server.name(),
                   "--trust",       server.name(),
                   "--anchors",     server.ca(),
                   "--trust-model", "pkix",
                   "--mode",        server.ready().at("mode")};
    client.push_back("--username=" +
                     (server.ready().at("bind_dn").is_string() ? server.bind_dn() : server.user()));
    client.push_back("--password=" + server.password());
    client.insert(client.end(), both.begin(), both.end());
    if (*row.defect != '\0') client.push_back("--defect=" + std::string(row.defect));
    Process(client).wait();
    const Json event = server.next_event();
    EXPECT_EQ(event["verdict"], row.verdict) << event;
    EXPECT_EQ(std::count(row.endings.begin(), row.endings.end(), event["ending"]), 1) << event;
    EXPECT_EQ(server.wait().status, row.status) << event;
  }
}

TEST(ServeOnce, IsTheStatusOfOnce) {
  const std::vector<OnceRow> rows{
      {{"smtp"}, "", "pass", {"delivered"}, 0},
      {{"smtp", "--certificate", "expired"}, "", "pass", {"certificate-expired"}, 0},
      {{"smtp", "--certificate", "expired"}, "accepts-expired", "fail", {"delivered"}, 1},
      // How long the client takes to come decides.
      {{"smtp", "--certificate", "not-yet-valid-for-a-second"},
       "",
       Json(),
       {"certificate-expired", "delivered"},
       3},
      {{"ldap", "--mode", "ldaps", "--certificate", "mismatched"}, "", "pass", {"refused"}, 0},
      // A user's own words, and an expectation of the case's that is none of theirs.
      {{"smtp", "--reply", "mail=553"}, "", "pass", {Json()}, 0},
      {{"smtp", "--reply", "starttls=454"}, "", "pass", {Json()}, 0},
      {{"smtp/starttls/refused-454"}, "", "pass", {Json()}, 0},
      {{"smtp/starttls/refused-454"},
       "goes-on-after-refused-starttls",
       "fail",
       {"delivered-in-clear"},
       1},
      {{"smtp/sender/not-authorized-553", "--certificate", "valid-wildcard"},
       "",
       "pass",
       {Json()},
       0},
  };
  expect_status(rows, {});
}

TEST(ServeOnce, OfAClientThatMayDoWithoutTls) {
  const std::vector<OnceRow> rows{
      {{"smtp/starttls/not-offered"}, "", "pass", {"delivered-in-clear"}, 0},
      {{"smtp/starttls/other-success-code"}, "", "pass", {Json()}, 0},
      {{"smtp/starttls/other-success-code"},
       "takes-other-success-for-tls",
       "fail",
       {"delivered-in-clear"},
       1},
      {{"ldap/starttls/result-52"}, "", "pass", {"delivered-in-clear"}, 0},
      {{"smtp", "--reply", "starttls=454"}, "", "pass", {"delivered-in-clear"}, 0},
      {{"smtp"}, "", "pass", {"delivered"}, 0},
  };
  expect_status(rows, {"--tls-policy", "enable"});
}

// RFC 3207, 4.1: so leaves a client that does not like the certificate, and so may leave one that
// has accepted it.
TEST(ServeOnce, QuitAloneLeavesItOpen) {
  if (!is_installed("openssl")) GTEST_SKIP() << "openssl is not installed";
  for (const char* certificate : {"expired", "valid"}) {
    Served server({"smtp", "--once", "--certificate", certificate});
    Process({"sh", "-c",
             "printf 'QUIT\\r\\n' | openssl s_client -quiet -starttls smtp -connect 127.0.0.1:" +
                 server.port()})
        .wait();
    const Json event = server.next_event();
    EXPECT_EQ(event["verdict"], Json()) << event;
    EXPECT_EQ(event["violations"], Json::array()) << event;
    EXPECT_EQ(server.wait().status, 3);
  }
}

// Nobody has come, and so nobody has passed.
TEST(ServeOnce, OnceThatIsInterruptedHasNone) {
  Served server({"smtp", "--once"});
  server.interrupt(SIGTERM);
  EXPECT_EQ(server.wait().status, 3);
}

// ---- what is told beforehand --------------------------------------------------------------------

TEST(ServeVerdict, ReadyTellsWhatIsExpectedAndWhatIsTaken) {
  const Json expired = Served({"smtp", "--certificate", "expired"}).ready();
  EXPECT_EQ(expired["expected"], Json({"certificate-expired"}));
  EXPECT_EQ(expired["reason"], "the certificate has expired");
  EXPECT_EQ(expired["why"],
            "a certificate outside its validity is not vouched for any more, or not yet");
  EXPECT_EQ(expired["sender"], "sender@example.test");
  EXPECT_EQ(expired["recipients"], Json({"recipient@example.test"}));
  const Json ldap = Served({"ldap"}).ready();
  EXPECT_EQ(ldap["expected"], Json({"bound"}));
  EXPECT_EQ(ldap["sender"], Json());
  EXPECT_EQ(ldap["recipients"], Json());
  const Json second = Served({"smtp", "--certificate", "expired-a-second-ago"}).ready();
  EXPECT_EQ(second["expected"], Json::array());
  EXPECT_EQ(
      second["reason"],
      "a validity begins or ends within a minute of the clock, and the client goes by its own");
  const Json own = Served({"smtp", "--reply", "mail=553"}).ready();
  EXPECT_EQ(own["expected"], Json::array());
  EXPECT_EQ(own["reason"],
            "the server's words are your own: whatever they lead to, no invariant may be broken");
  // The case speaks of a client whose password is wrong: that is the one to be told.
  const Json wrong = Served({"smtp/sasl/credential/plain-wrong-password"}).ready();
  EXPECT_EQ(wrong["expected"], Json({"auth-rejected"}));
  EXPECT_NE(wrong["password"], "another than the client's");
}

TEST(ServeVerdict, ListTellsWhatIsExpected) {
  const auto listed = [](Strings arguments) {
    arguments.insert(arguments.begin(), {"list", "--json"});
    return Json::parse(startle(arguments).output).at("cases").at(0);
  };
  const Json single = listed({"smtp/starttls/not-offered"});
  EXPECT_EQ(single["expected"], Json({"starttls-not-supported"}));
  EXPECT_NE(single["reason"], "");
  EXPECT_NE(single["why"], "");
  EXPECT_EQ(single["sender"], "sender@example.test");
  EXPECT_EQ(single["recipients"], Json({"recipient@example.test"}));
  const std::string cell =
      "matrix/trust/mode=ldap-starttls/trust=host/certificate=unknown-ca/credential=valid";
  EXPECT_EQ(listed({cell})["expected"], Json({"bound"}));
  const Json pkix = listed({cell, "--trust-model", "pkix"});
  EXPECT_EQ(pkix["trust_model"], "pkix");
  EXPECT_EQ(pkix["expected"], Json({"certificate-not-trusted"}));
  EXPECT_EQ(pkix["sender"], Json());
}

}  // namespace
}  // namespace startle::cases
