// The built-in client against servers that others wrote: that it gets through where it should shows
// that it speaks the protocols as they are spoken, that it refuses where it must is seen in the
// server's own log.

#include <gtest/gtest.h>

#include <ostream>

#include "cases/program/real_exchange_for_test.h"
#include "cases/program/real_postfix_for_test.h"
#include "cases/program/real_slapd_for_test.h"
#include "harness/tls/client_certificate.h"

namespace startle::cases {
namespace {

using words::Ending;
using words::Mode;

// What a row changes, and how that must end.
struct Row {
  const char* name = "";
  Mode mode{};
  const char* certificate = "valid";
  const char* trust = "server.example.test";
  words::TrustModel model = words::TrustModel::documented;
  Ending ending{};
};
void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

// ---- Postfix -----------------------------------------------------------------------------------

class Postfix : public testing::TestWithParam<Row> {
 protected:
  void SetUp() override {
    if (const std::string why = RealPostfix::absence(); !why.empty()) GTEST_SKIP() << why;
  }
  static client::Settings settings(Mode mode) {
    client::Settings made = settings_for(mode);
    made.username = RealPostfix::kUser;
    made.password = RealPostfix::kPassword;
    return made;
  }
};

constexpr const char* kAuthenticated = "sasl_method=SCRAM-SHA-256, sasl_username=alice";
constexpr const char* kDiscarded = "to=<recipient@example.test>, relay=none";

TEST_P(Postfix, TakesAMessageFromAClientThatTrustsIt) {
  RealPostfix server(*chain_of("valid"));
  const client::Outcome outcome = exchange(settings(GetParam().mode), server);
  EXPECT_EQ(outcome.ending, Ending::delivered) << outcome.sentence << server.daemon().log();
  EXPECT_EQ(outcome.tls_version, "TLS1.3");
  EXPECT_TRUE(server.daemon().says(kAuthenticated)) << server.daemon().log();
  EXPECT_TRUE(server.daemon().says(kDiscarded)) << server.daemon().log();
}

TEST_P(Postfix, RefusesAWrongPassword) {
  RealPostfix server(*chain_of("valid"));
  client::Settings wrong = settings(GetParam().mode);
  wrong.password = "another";
  const client::Outcome outcome = exchange(wrong, server);
  EXPECT_EQ(outcome.ending, Ending::auth_rejected) << outcome.sentence;
  EXPECT_EQ(outcome.reply_code, 535);
}

const Row kSubmissions[] = {{.name = "Starttls", .mode = Mode::smtp_starttls},
                            {.name = "ImplicitTls", .mode = Mode::smtps}};
INSTANTIATE_TEST_SUITE_P(Mode, Postfix, testing::ValuesIn(kSubmissions),
                         [](const auto& row) { return std::string(row.param.name); });

class PostfixRefused : public Postfix {};

TEST_P(PostfixRefused, GetsNeitherPasswordNorMessage) {
  RealPostfix server(*chain_of(GetParam().certificate));
  client::Settings strict = settings(GetParam().mode);
  strict.trust = GetParam().trust;
  strict.trust_model = GetParam().model;
  const client::Outcome outcome = exchange(strict, server);
  EXPECT_EQ(outcome.ending, GetParam().ending) << outcome.sentence;
  EXPECT_TRUE(server.daemon().says("disconnect from")) << server.daemon().log();
  const std::string log = server.daemon().log();  // that line counts the commands
  EXPECT_EQ(log.find("auth="), std::string::npos) << log;
  EXPECT_EQ(log.find("mail="), std::string::npos) << log;
}

const Row kRefusedSubmissions[] = {
    {.name = "StarttlsOtherTrust",
     .mode = Mode::smtp_starttls,
     .trust = "other.example.test",
     .ending = Ending::certificate_host_mismatch},
    {.name = "StarttlsMismatched",
     .mode = Mode::smtp_starttls,
     .certificate = "mismatched",
     .ending = Ending::certificate_host_mismatch},
    {.name = "StarttlsUnknownCa",
     .mode = Mode::smtp_starttls,
     .certificate = "unknown-ca",
     .model = words::TrustModel::pkix,
     .ending = Ending::certificate_not_trusted},
    {.name = "ImplicitTlsOtherTrust",
     .mode = Mode::smtps,
     .trust = "other.example.test",
     .ending = Ending::certificate_host_mismatch},
    {.name = "ImplicitTlsMismatched",
     .mode = Mode::smtps,
     .certificate = "mismatched",
     .ending = Ending::certificate_host_mismatch},
    {.name = "ImplicitTlsExpired",
     .mode = Mode::smtps,
     .certificate = "expired",
     .ending = Ending::certificate_expired},
};
INSTANTIATE_TEST_SUITE_P(Certificate, PostfixRefused, testing::ValuesIn(kRefusedSubmissions),
                         [](const auto& row) { return std::string(row.param.name); });

// ---- slapd -------------------------------------------------------------------------------------

class Slapd : public testing::TestWithParam<Row> {
 protected:
  void SetUp() override {
    if (const std::string why = RealSlapd::absence(); !why.empty()) GTEST_SKIP() << why;
  }
  static client::Settings anonymous(Mode mode) {
    client::Settings made = settings_for(mode);
    made.base = RealSlapd::kBase;
    return made;
  }
  static client::Settings simple(Mode mode) {
    client::Settings made = anonymous(mode);
    made.username = RealSlapd::kUserDn;
    made.password = RealSlapd::kPassword;
    return made;
  }
  // With the certificate of `recipe`, read from a PEM file as a customer's is.
  static client::Settings external(Mode mode, const std::string& recipe) {
    const TemporaryFolder folder;
    const auto chain = chain_of(recipe);
    write_file(folder.path() / "client.pem", certs::to_pem(chain->sent_der) + chain->leaf_key_pem,
               true);
    client::Settings made = anonymous(mode);
    made.mechanism = "EXTERNAL";
    made.certificate = tls::client_certificate_from_pem(folder.path() / "client.pem");
    return made;
  }
};

TEST_P(Slapd, IsBoundToWithAPassword) {
  RealSlapd server(*chain_of("valid"));
  const client::Outcome outcome = exchange(simple(GetParam().mode), server);
  EXPECT_EQ(outcome.ending, Ending::bound) << outcome.sentence << server.daemon().log();
  EXPECT_EQ(outcome.tls_version, "TLS1.3");
  EXPECT_TRUE(
      server.daemon().says(std::string("BIND dn=\"") + RealSlapd::kUserDn + "\" mech=SIMPLE"));
  EXPECT_TRUE(server.daemon().says("UNBIND"));
}

TEST_P(Slapd, IsBoundToAnonymously) {
  RealSlapd server(*chain_of("valid"));
  const client::Outcome outcome = exchange(anonymous(GetParam().mode), server);
  EXPECT_EQ(outcome.ending, Ending::bound) << outcome.sentence << server.daemon().log();
}

TEST_P(Slapd, IsBoundToWithACertificate) {
  RealSlapd server(*chain_of("valid"));
  const client::Outcome outcome = exchange(external(GetParam().mode, "client-auth-only"), server);
  EXPECT_EQ(outcome.ending, Ending::bound) << outcome.sentence << server.daemon().log();
  EXPECT_TRUE(server.daemon().says("mech=EXTERNAL"));
}

TEST_P(Slapd, RefusesAWrongPassword) {
  RealSlapd server(*chain_of("valid"));
  client::Settings wrong = simple(GetParam().mode);
  wrong.password = "another";
  const client::Outcome outcome = exchange(wrong, server);
  EXPECT_EQ(outcome.ending, Ending::auth_rejected) << outcome.sentence;
  EXPECT_EQ(outcome.reply_code, 49);
}

TEST_P(Slapd, RefusesACertificateOfAnotherAuthority) {
  RealSlapd server(*chain_of("valid"));
  const client::Outcome outcome = exchange(external(GetParam().mode, "unknown-ca"), server);
  EXPECT_FALSE(words::is_success(outcome.ending)) << outcome.sentence;
  EXPECT_EQ(server.daemon().log().find("mech=EXTERNAL"), std::string::npos);
}

const Row kBinds[] = {{.name = "Starttls", .mode = Mode::ldap_starttls},
                      {.name = "ImplicitTls", .mode = Mode::ldaps}};
INSTANTIATE_TEST_SUITE_P(Mode, Slapd, testing::ValuesIn(kBinds),
                         [](const auto& row) { return std::string(row.param.name); });

class SlapdRefused : public Slapd {};

TEST_P(SlapdRefused, GetsNoBind) {
  RealSlapd server(*chain_of(GetParam().certificate));
  for (client::Settings strict :
       {simple(GetParam().mode), external(GetParam().mode, "client-auth-only")}) {
    strict.trust = GetParam().trust;
    strict.trust_model = GetParam().model;
    const client::Outcome outcome = exchange(strict, server);
    EXPECT_EQ(outcome.ending, GetParam().ending) << outcome.sentence;
  }
  EXPECT_TRUE(server.daemon().says(" closed", 2)) << server.daemon().log();
  // With the blank: an exchange that slapd made begin again (`exchange`) has left with an UNBIND.
  EXPECT_EQ(server.daemon().log().find(" BIND"), std::string::npos) << server.daemon().log();
}

const Row kRefusedBinds[] = {
    {.name = "StarttlsOtherTrust",
     .mode = Mode::ldap_starttls,
     .trust = "other.example.test",
     .ending = Ending::certificate_host_mismatch},
    {.name = "StarttlsMismatched",
     .mode = Mode::ldap_starttls,
     .certificate = "mismatched",
     .ending = Ending::certificate_host_mismatch},
    {.name = "StarttlsExpired",
     .mode = Mode::ldap_starttls,
     .certificate = "expired",
     .ending = Ending::certificate_expired},
    {.name = "ImplicitTlsOtherTrust",
     .mode = Mode::ldaps,
     .trust = "other.example.test",
     .ending = Ending::certificate_host_mismatch},
    {.name = "ImplicitTlsMismatched",
     .mode = Mode::ldaps,
     .certificate = "mismatched",
     .ending = Ending::certificate_host_mismatch},
    {.name = "ImplicitTlsUnknownCa",
     .mode = Mode::ldaps,
     .certificate = "unknown-ca",
     .model = words::TrustModel::pkix,
     .ending = Ending::certificate_not_trusted},
};
INSTANTIATE_TEST_SUITE_P(Certificate, SlapdRefused, testing::ValuesIn(kRefusedBinds),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::cases
