// Whom a client's certificate stands for, and SASL EXTERNAL in both protocols.

#include "fake-servers/dialogue/server.h"

#include <gtest/gtest.h>

#include "fake-servers/chain_for_test.h"
#include "fake-servers/raw_client_for_test.h"
#include "harness/base/bytes.h"
#include "harness/tls/certificate_for_test.h"

namespace startle::fake {
namespace {

using Lines = std::vector<std::string>;
using std::chrono::year;

constexpr const char* kServerAuthentication = "1.3.6.1.5.5.7.3.1";
constexpr const char* kClientAuthentication = "1.3.6.1.5.5.7.3.2";

// Certificates that are their own anchors, around kTestClock (2030-06-15).
const tls::CertificateForTest kGood{.common_name = "user"};
const tls::CertificateForTest kStranger{.common_name = "stranger"};
const tls::CertificateForTest kExpired{.common_name = "user", .until = year{2030} / 6 / 1};

ShownCertificate shown(const tls::CertificateForTest& certificate) {
  return std::make_shared<const tls::ClientCredentials>(
      std::vector<std::string>{tls::self_signed(certificate)}, tls::key_for_test());
}

std::shared_ptr<const tls::TrustStore> trusting(const tls::CertificateForTest& certificate) {
  return std::make_shared<const tls::TrustStore>(
      std::vector<std::string>{tls::self_signed(certificate)});
}

struct UserRow {
  const char* name;
  tls::CertificateForTest shown;
  tls::CertificateForTest trusted;
  std::string user;
};

TEST(ClientCertificate, StandsForTheUserOfItsCommonName) {
  chain_called("valid");  // sets the clock
  const std::vector<User> users{{.name = "user"}, {.name = "uid=dn\\, user,dc=example,dc=test"}};
  for (const UserRow& row : {UserRow{"trusted", kGood, kGood, "user"},
                             {"the first value of a DN",
                              {.common_name = "dn, user"},
                              {.common_name = "dn, user"},
                              "uid=dn\\, user,dc=example,dc=test"},
                             {"another authority's", kGood, {.common_name = "authority"}, ""},
                             {"nobody's", kStranger, kStranger, ""},
                             {"without a name", {.common_name = ""}, {.common_name = ""}, ""},
                             {"expired", kExpired, kExpired, ""},
                             {"not yet valid",
                              {.common_name = "user", .from = year{2030} / 7 / 1},
                              {.common_name = "user", .from = year{2030} / 7 / 1},
                              ""},
                             {"for clients",
                              {.common_name = "user", .purpose = kClientAuthentication},
                              {.common_name = "user", .purpose = kClientAuthentication},
                              "user"},
                             {"for servers only",
                              {.common_name = "user", .purpose = kServerAuthentication},
                              {.common_name = "user", .purpose = kServerAuthentication},
                              ""}}) {
    const std::string der = tls::self_signed(row.shown);
    std::string bytes = der;
    const gnutls_datum_t datum{.data = reinterpret_cast<unsigned char*>(bytes.data()),
                               .size = static_cast<unsigned>(bytes.size())};
    // Signatures are not repeatable: what is trusted must be the same bytes.
    const bool same = row.shown.common_name == row.trusted.common_name;
    const tls::TrustStore anchors({same ? der : tls::self_signed(row.trusted)});
    const User* user = user_of(tls::PeerChain({&datum, 1}), anchors, users);
    EXPECT_EQ(user == nullptr ? "" : user->name, row.user) << row.name;
  }
  EXPECT_EQ(user_of(tls::PeerChain({}), *trusting(kGood), users), nullptr);
}

// One certificate, trusted and shown.
struct Identity {
  explicit Identity(const tls::CertificateForTest& certificate)
      : der(tls::self_signed(certificate)),
        shown(std::make_shared<const tls::ClientCredentials>(std::vector<std::string>{der},
                                                             tls::key_for_test())),
        anchors(std::make_shared<const tls::TrustStore>(std::vector<std::string>{der})) {}
  std::string der;
  ShownCertificate shown;
  std::shared_ptr<const tls::TrustStore> anchors;
};

std::string last_reply(const Talk& got) {
  const std::size_t at = got.transcript.rfind("S: ");
  return got.transcript.substr(at + 3, got.transcript.size() - at - 4);
}

struct ExternalRow {
  const char* name;
  const ShownCertificate& shown;
  std::string argument;  // behind AUTH
  std::string offered;
  std::string reply;
};

TEST(SmtpExternal, NeedsACertificateThatStandsForAUser) {
  const Identity good(kGood);
  const Identity expired(kExpired);
  const Identity other(kGood);  // of the same name, by nobody who is trusted
  const ShownCertificate none;
  const std::string with = "AUTH PLAIN LOGIN EXTERNAL";
  const std::string ok = "235 2.7.0 Authentication successful";
  const std::string no = "535 5.7.8 Authentication credentials invalid";
  for (const ExternalRow& row :
       {ExternalRow{"empty", good.shown, "EXTERNAL =", with, ok},
        {"himself", good.shown, "EXTERNAL " + to_base64(kUser), with, ok},
        {"another", good.shown, "EXTERNAL " + to_base64("other"), with, no},
        {"no base64", good.shown, "EXTERNAL !", with, "501 5.5.2 This is no answer"},
        {"expired", expired.shown, "EXTERNAL =", with, no},
        {"another authority's", shown(kStranger), "EXTERNAL =", with, no},
        {"a password as well", good.shown, auth_plain().substr(5), with, ok},
        {"none", none, "EXTERNAL =", "AUTH PLAIN LOGIN", no}}) {
    Server server = server_for_test();
    server.mode = words::Mode::smtps;
    server.client_anchors = row.shown == expired.shown ? expired.anchors : good.anchors;
    const Talk got =
        talk(server, {kHandshake, "EHLO c\r\n", "AUTH " + row.argument + "\r\n"}, row.shown);
    EXPECT_NE(got.transcript.find("S: 250 " + row.offered + "\n"), std::string::npos)
        << row.name << ":\n"
        << got.transcript;
    EXPECT_EQ(last_reply(got), row.reply) << row.name;
    EXPECT_EQ(got.seen.authenticated, row.reply == ok) << row.name;
  }
}

TEST(SmtpExternal, AsksWhereThereIsNoInitialResponse) {
  const Identity good(kGood);
  Server server = server_for_test();
  server.client_anchors = good.anchors;
  const Talk got = talk(server,
                        {"STARTTLS\r\n", kHandshake, "AUTH EXTERNAL\r\n", "\r\n",
                         "MAIL FROM:<sender@example.test>\r\n"},
                        good.shown);
  EXPECT_TRUE(
      got.transcript.ends_with("C: AUTH EXTERNAL\n"
                               "S: 334 \n"
                               "C: \n"
                               "S: 235 2.7.0 Authentication successful\n"
                               "C: MAIL FROM:<sender@example.test>\n"
                               "S: 250 2.1.0 Ok\n"))
      << got.transcript;
  EXPECT_EQ(got.seen.auth_used_in_tls, Lines{"EXTERNAL"});
}

TEST(SmtpExternal, InClearIsRefusedLikeEveryMechanism) {
  const Talk got = talk(server_for_test(), {"AUTH EXTERNAL =\r\n"});
  EXPECT_EQ(last_reply(got), "530 5.7.0 Must issue a STARTTLS command first");
}

struct LdapRow {
  const char* name;
  const ShownCertificate& shown;
  std::optional<std::string> credentials;
  std::string reply;
};

TEST(LdapExternal, NeedsACertificateThatStandsForAUser) {
  const Identity good(kGood);
  const Identity expired(kExpired);
  const ShownCertificate none;
  const std::string ok = "1 bind-response: success (0)";
  const std::string no = "1 bind-response: invalidCredentials (49)";
  for (const LdapRow& row :
       {LdapRow{"no credentials", good.shown, std::nullopt, ok},
        {"empty credentials", good.shown, "", ok},
        {"himself", good.shown, "dn:UID=user, OU=people,dc=example,dc=test", ok},
        {"himself by name", good.shown, "u:user", ok},
        {"another", good.shown, "dn:uid=other,dc=example,dc=test", no},
        {"expired", expired.shown, std::nullopt, no},
        // RFC 4513, 5.2.3
        {"none", none, std::nullopt, "1 bind-response: inappropriateAuthentication (48)"}}) {
    Server server = ldap_server_for_test();
    server.mode = words::Mode::ldaps;
    server.client_anchors = row.shown == expired.shown ? expired.anchors : good.anchors;
    const wire::LdapBindRequest bind{
        .authentication = wire::SaslBind{.mechanism = "EXTERNAL", .credentials = row.credentials}};
    const Talk got = talk(server, {kHandshake, request(1, bind)}, row.shown);
    EXPECT_EQ(last_reply(got), row.reply) << row.name;
    EXPECT_EQ(got.seen.authenticated, row.reply == ok) << row.name;
    EXPECT_EQ(got.seen.auth_used_in_tls, Lines{"EXTERNAL"}) << row.name;
  }
}

}  // namespace
}  // namespace startle::fake
