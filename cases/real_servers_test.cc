// The built-in client against servers that others wrote: that it gets through where it should shows
// that it speaks the protocols as they are spoken, that it refuses where it must is seen in the
// server's own log.

#include <gtest/gtest.h>

#include <ostream>

#include "cases/catalogue_for_test.h"
#include "cases/real_postfix_for_test.h"
#include "cases/real_slapd_for_test.h"
#include "harness/net/tcp.h"
#include "harness/subject/subject.h"
#include "harness/tls/client_certificate.h"
#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

using namespace std::chrono_literals;
using policy::Ending;
using policy::Mode;

const std::string kHost = "server.example.test";  // the name in the certificates

// Real servers have no other clock than the machine's.
certs::Mint& mint() {
  static certs::Mint mint(
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  return mint;
}

std::shared_ptr<const certs::Chain> chain_of(const std::string& recipe) {
  return mint().chain(tree_catalogue().recipe(recipe), kHost);
}

client::Settings settings_for(Mode mode) {
  return {.mode = mode,
          .host = kHost,
          .trust = kHost,
          .store = chain_of("valid")->anchors,
          .timeouts = client::Timeouts::all(10s)};
}

net::Task<void> use(net::World& world, net::Connector& connector, client::Settings settings,
                    client::Outcome& outcome) {
  const auto subject = subject::make_subject("builtin");
  outcome = co_await subject->exchange(world, connector, settings);
}

client::Outcome exchange(const client::Settings& settings, std::uint16_t port) {
  tls::set_run_clock(mint().clock());
  net::RealWorld world;
  net::FixedConnector connector(world, {.address = "127.0.0.1", .port = port});
  client::Outcome outcome;
  world.spawn(use(world, connector, settings, outcome));
  EXPECT_TRUE(world.run(world.now() + 60s)) << "hung";
  return outcome;
}

// What a row changes, and how that must end.
struct Row {
  const char* name = "";
  Mode mode{};
  const char* certificate = "valid";
  const char* trust = "server.example.test";
  policy::TrustModel model = policy::TrustModel::documented;
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
  static client::Outcome submit(RealPostfix& server, client::Settings settings) {
    const bool implicit = policy::is_implicit_tls(settings.mode);
    return exchange(settings, implicit ? server.tls_port() : server.starttls_port());
  }
  static client::Settings settings(Mode mode) {
    client::Settings made = settings_for(mode);
    made.username = RealPostfix::kUser;
    made.password = RealPostfix::kPassword;
    return made;
  }
};

constexpr const char* kAuthenticated = "sasl_method=PLAIN, sasl_username=alice@localhost";
constexpr const char* kDiscarded = "to=<recipient@example.test>, relay=none";

TEST_P(Postfix, TakesAMessageFromAClientThatTrustsIt) {
  RealPostfix server(*chain_of("valid"));
  const client::Outcome outcome = submit(server, settings(GetParam().mode));
  EXPECT_EQ(outcome.ending, Ending::delivered) << outcome.sentence << server.daemon().log();
  EXPECT_EQ(outcome.tls_version, "TLS1.3");
  EXPECT_TRUE(server.daemon().says(kAuthenticated)) << server.daemon().log();
  EXPECT_TRUE(server.daemon().says(kDiscarded)) << server.daemon().log();
}

TEST_P(Postfix, RefusesAWrongPassword) {
  RealPostfix server(*chain_of("valid"));
  client::Settings wrong = settings(GetParam().mode);
  wrong.password = "another";
  const client::Outcome outcome = submit(server, wrong);
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
  const client::Outcome outcome = submit(server, strict);
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
     .model = policy::TrustModel::pkix,
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
  // slapd 2.5 counts a search as outstanding until some time after it has sent the end of it, and
  // then refuses StartTLS for it (RFC 4511, 4.14.1), which says nothing about the client.
  client::Outcome bind(RealSlapd& server, const client::Settings& settings) {
    const bool implicit = policy::is_implicit_tls(settings.mode);
    client::Outcome outcome;
    for (int i = 0; i < 10; ++i) {
      ++connections_;
      outcome = exchange(settings, implicit ? server.tls_port() : server.starttls_port());
      if (outcome.reply.find("operations are outstanding") == std::string::npos) break;
    }
    return outcome;
  }
  std::size_t connections() const { return connections_; }
  static client::Settings anonymous(Mode mode) {
    client::Settings made = settings_for(mode);
    made.base = RealSlapd::kBase;
    return made;
  }
  static client::Settings simple(Mode mode) {
    client::Settings made = anonymous(mode);
    made.username = RealSlapd::kUser;
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

 private:
  std::size_t connections_ = 0;
};

TEST_P(Slapd, IsBoundToWithAPassword) {
  RealSlapd server(*chain_of("valid"));
  const client::Outcome outcome = bind(server, simple(GetParam().mode));
  EXPECT_EQ(outcome.ending, Ending::bound) << outcome.sentence << server.daemon().log();
  EXPECT_EQ(outcome.tls_version, "TLS1.3");
  EXPECT_TRUE(
      server.daemon().says(std::string("BIND dn=\"") + RealSlapd::kUser + "\" mech=SIMPLE"));
  EXPECT_TRUE(server.daemon().says("UNBIND"));
}

TEST_P(Slapd, IsBoundToAnonymously) {
  RealSlapd server(*chain_of("valid"));
  const client::Outcome outcome = bind(server, anonymous(GetParam().mode));
  EXPECT_EQ(outcome.ending, Ending::bound) << outcome.sentence << server.daemon().log();
}

TEST_P(Slapd, IsBoundToWithACertificate) {
  RealSlapd server(*chain_of("valid"));
  const client::Outcome outcome = bind(server, external(GetParam().mode, "client-auth-only"));
  EXPECT_EQ(outcome.ending, Ending::bound) << outcome.sentence << server.daemon().log();
  EXPECT_TRUE(server.daemon().says("mech=EXTERNAL"));
}

TEST_P(Slapd, RefusesAWrongPassword) {
  RealSlapd server(*chain_of("valid"));
  client::Settings wrong = simple(GetParam().mode);
  wrong.password = "another";
  const client::Outcome outcome = bind(server, wrong);
  EXPECT_EQ(outcome.ending, Ending::auth_rejected) << outcome.sentence;
  EXPECT_EQ(outcome.reply_code, 49);
}

TEST_P(Slapd, RefusesACertificateOfAnotherAuthority) {
  RealSlapd server(*chain_of("valid"));
  const client::Outcome outcome = bind(server, external(GetParam().mode, "unknown-ca"));
  EXPECT_FALSE(policy::is_success(outcome.ending)) << outcome.sentence;
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
    const client::Outcome outcome = bind(server, strict);
    EXPECT_EQ(outcome.ending, GetParam().ending) << outcome.sentence;
  }
  EXPECT_TRUE(server.daemon().says(" closed", connections())) << server.daemon().log();
  EXPECT_EQ(server.daemon().log().find("BIND"), std::string::npos) << server.daemon().log();
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
     .model = policy::TrustModel::pkix,
     .ending = Ending::certificate_not_trusted},
};
INSTANTIATE_TEST_SUITE_P(Certificate, SlapdRefused, testing::ValuesIn(kRefusedBinds),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::cases
