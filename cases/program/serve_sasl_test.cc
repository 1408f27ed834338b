// `startle serve` as a server of SASL, to clients that others wrote: what it is told to offer, how
// it lies, and the cases that are about that.

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "cases/program/served_for_test.h"

namespace startle::cases {
namespace {

using Arguments = std::vector<std::string>;

struct Row {
  const char* name = "";
  Arguments served{};
  Arguments client{};  // what curl is told beside what it is always told
  int status = 0;
  Json violations = Json::array();
};
void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

class CurlAuthenticates : public testing::TestWithParam<Row> {};

TEST_P(CurlAuthenticates, AsFarAsTheServerLetsIt) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  Arguments served = GetParam().served;
  served.emplace_back("--once");
  Served server(served);
  Arguments client = GetParam().client;
  for (std::string& argument : client) {
    if (argument == "TOKEN") argument = server.password();
    if (argument == "CERTIFICATE") argument = server.ready().at("client_certificate");
    if (argument == "KEY") argument = server.ready().at("client_key");
  }
  const ProcessEnd end = curl(server, client);
  EXPECT_EQ(end.status, GetParam().status) << end.errors;
  const Json event = server.next_event();
  EXPECT_EQ(event.value("delivered", false), GetParam().status == 0) << event;
  EXPECT_EQ(event.value("authenticated", false), GetParam().status == 0) << event;
  EXPECT_EQ(event.value("violations", Json()), GetParam().violations) << event;
}

// 67: AUTH refused
INSTANTIATE_TEST_SUITE_P(
    , CurlAuthenticates,
    testing::Values(
        Row{"CramMd5", {"smtp", "--mechanisms", "CRAM-MD5"}},
        Row{"StrongestOfTwo", {"smtp", "--mechanisms", "PLAIN CRAM-MD5", "--mode", "smtps"}},
        Row{"Token",
            {"smtp", "--mechanisms", "OAUTHBEARER"},
            {"--oauth2-bearer", "TOKEN", "--login-options", "AUTH=OAUTHBEARER"}},
        Row{"Certificate",
            {"smtp", "--mechanisms", "EXTERNAL"},
            {"--cert", "CERTIFICATE", "--key", "KEY", "--user", "scheduler:", "--login-options",
             "AUTH=EXTERNAL"}},
        Row{"NothingItHas", {"smtp", "--mechanisms", "SCRAM-SHA-256-PLUS"}, {}, 67},
        Row{"SwappedPrompts", {"smtp", "--mechanisms", "LOGIN", "--sasl-lie", "swapped-prompts"}},
        Row{"OneMoreChallenge",
            {"smtp", "--mechanisms", "CRAM-MD5", "--sasl-lie", "challenge-for-success"},
            {},
            67},
        Row{"Case", {"smtp/sasl/credential/cram-md5"}},
        Row{"CaseOfAReply", {"smtp/sasl/reply/auth-535"}, {}, 67},
        Row{"CaseOfTls12", {"smtp/sasl/binding/tls-1-2", "--mechanisms", "PLAIN"}}),
    [](const auto& row) { return std::string(row.param.name); });

// Cyrus SASL's SCRAM, by OpenLDAP's tools.
ProcessEnd ldapwhoami(const Ready& server, const std::string& mechanism) {
  const Arguments command{"ldapwhoami",
                          "-ZZ",
                          "-Q",
                          "-o",
                          "nettimeout=50",
                          "-H",
                          "ldap://" + server.name() + ":" + server.port(),
                          "-Y",
                          mechanism,
                          "-U",
                          server.user(),
                          "-w",
                          server.password()};
  return Process(command, {"LDAPTLS_CACERT=" + server.ca(), "LDAPTLS_REQCERT=demand",
                           "LDAPCONF=/dev/null", "LDAPRC=none-of-this-name", "HOME=/dev/null"})
      .wait();
}

TEST(LdapwhoamiAuthenticates, ByScramAndIsNotLiedTo) {
  if (!is_installed("ldapwhoami")) GTEST_SKIP() << "ldapwhoami is not installed (ldap-utils)";
  const Arguments offering{"ldap",      "--once",       "--name",
                           "127.0.0.1", "--mechanisms", "SCRAM-SHA-256"};
  Served sound(offering);
  const ProcessEnd end = ldapwhoami(sound, "SCRAM-SHA-256");
  if (end.errors.find("No worthy mechs") != std::string::npos) {
    GTEST_SKIP() << "Cyrus SASL has no SCRAM-SHA-256 (libsasl2-modules)";
  }
  EXPECT_EQ(end.output, "dn:" + sound.bind_dn() + "\n") << end.errors;
  EXPECT_EQ(sound.next_event()["authenticated"], true);
  for (const char* lie : {"wrong-signature", "foreign-nonce", "no-signature"}) {
    Arguments lying = offering;
    lying.insert(lying.end(), {"--sasl-lie", lie});
    Served server(lying);
    EXPECT_NE(ldapwhoami(server, "SCRAM-SHA-256").status, 0) << lie;
    EXPECT_EQ(server.next_event()["violations"], Json::array()) << lie;
  }
}

}  // namespace
}  // namespace startle::cases
