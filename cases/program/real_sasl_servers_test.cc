// Every mechanism of the built-in client against the servers that people run. That it gets in with
// the right password shows that it speaks the mechanism as others do; that the server refuses
// another password shows that the server asked; what a client that does not trust the certificate
// has sent is in the server's own log. No server here offers -PLUS by tls-exporter (RFC 9266): that
// is tested against libgsasl's server.

#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <vector>

#include "cases/program/real_dovecot_for_test.h"
#include "cases/program/real_exchange_for_test.h"
#include "cases/program/real_postfix_for_test.h"
#include "cases/program/real_slapd_for_test.h"

namespace startle::cases {
namespace {

using words::Ending;
using words::Mode;

// nullptr: none is configured, and the strongest that is offered is taken.
struct MechanismRow {
  const char* configured = nullptr;
  const char* used = configured;
};

struct Kind {
  const char* name = "";
  std::string (*absence)() = nullptr;
  std::unique_ptr<RealServer> (*make)(const certs::Chain& chain) = nullptr;
  Mode modes[2]{};  // on the port for STARTTLS, on the one for implicit TLS
  Ending success{};
  std::vector<MechanismRow> mechanisms{};  // all that it offers and the client has
  // What stands in the log ..
  std::string (*authenticated)(const std::string& mechanism) = nullptr;
  const char* end = "";      // .. when a connection has ended,
  const char* attempt = "";  // .. when a credential came over one.
};

void PrintTo(const Kind& kind, std::ostream* out) {
  *out << kind.name;
}

template <typename Server>
std::unique_ptr<RealServer> make(const certs::Chain& chain) {
  return std::make_unique<Server>(chain);
}

const std::vector<MechanismRow> kOfSubmission{{nullptr, "SCRAM-SHA-256"},
                                              {"SCRAM-SHA-256"},
                                              {"SCRAM-SHA-1"},
                                              {"CRAM-MD5"},
                                              {"PLAIN"},
                                              {"LOGIN"}};

const Kind kDovecot{
    .name = "Dovecot",
    .absence = RealDovecot::absence,
    .make = make<RealDovecot>,
    .modes = {Mode::smtp_starttls, Mode::smtps},
    .success = Ending::delivered,
    .mechanisms = kOfSubmission,
    .authenticated =
        [](const std::string& mechanism) {
          return "Login: user=<alice>, method=" + mechanism + ",";
        },
    .end = "Disconnected: ",
    .attempt = "method=",
};

const Kind kPostfix{
    .name = "Postfix",
    .absence = RealPostfix::absence,
    .make = make<RealPostfix>,
    .modes = {Mode::smtp_starttls, Mode::smtps},
    .success = Ending::delivered,
    .mechanisms = kOfSubmission,
    .authenticated =
        [](const std::string& mechanism) {
          return "sasl_method=" + mechanism + ", sasl_username=alice";
        },
    .end = "disconnect from",  // the line counts the commands
    .attempt = "auth=",
};

const Kind kSlapd{
    .name = "Slapd",
    .absence = RealSlapd::absence,
    .make = make<RealSlapd>,
    .modes = {Mode::ldap_starttls, Mode::ldaps},
    .success = Ending::bound,
    .mechanisms = {{"SCRAM-SHA-256"}, {"SCRAM-SHA-1"}, {"CRAM-MD5"}, {"PLAIN"}},
    .authenticated =
        [](const std::string& mechanism) {
          return std::string("BIND dn=\"") + RealSlapd::kUserDn + "\" mech=" + mechanism + " ";
        },
    .end = " closed",
    .attempt = " BIND",
};

client::Settings settings(Mode mode, const char* mechanism) {
  client::Settings made = settings_for(mode);
  made.username = RealServer::kUser;
  made.password = RealServer::kPassword;
  if (mechanism != nullptr) made.mechanism = mechanism;
  return made;
}

class RealSasl : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (const std::string why = kind().absence(); !why.empty()) GTEST_SKIP() << why;
  }
  static const Kind& kind() { return GetParam(); }
  // Each mechanism in each mode.
  template <typename Check>
  static void for_each_mechanism(const Check& check) {
    for (const Mode mode : kind().modes) {
      for (const MechanismRow& mechanism : kind().mechanisms) {
        SCOPED_TRACE(testing::Message()
                     << mechanism.used << (mechanism.configured ? "" : ", chosen") << " in mode "
                     << static_cast<int>(mode));
        check(mechanism, settings(mode, mechanism.configured));
        if (HasFatalFailure()) return;
      }
    }
  }
};

TEST_P(RealSasl, LetsInWhoKnowsThePassword) {
  const auto server = kind().make(*chain_of("valid"));
  std::map<std::string, std::size_t> times;
  for_each_mechanism([&](const MechanismRow& mechanism, const client::Settings& right) {
    const client::Outcome outcome = exchange(right, *server);
    ASSERT_EQ(outcome.ending, kind().success) << outcome.sentence << server->daemon().log();
    ASSERT_TRUE(
        server->daemon().says(kind().authenticated(mechanism.used), ++times[mechanism.used]))
        << server->daemon().log();
  });
}

TEST_P(RealSasl, LetsNobodyElseIn) {
  const auto server = kind().make(*chain_of("valid"));
  for_each_mechanism([&](const MechanismRow&, client::Settings wrong) {
    wrong.password = "another";
    const client::Outcome outcome = exchange(wrong, *server);
    EXPECT_EQ(outcome.ending, Ending::auth_rejected) << outcome.sentence << server->daemon().log();
  });
}

TEST_P(RealSasl, GetsNothingFromWhoDoesNotTrustIt) {
  const auto server = kind().make(*chain_of("mismatched"));
  std::size_t times = 0;
  for_each_mechanism([&](const MechanismRow&, const client::Settings& right) {
    const client::Outcome outcome = exchange(right, *server);
    EXPECT_EQ(outcome.ending, Ending::certificate_host_mismatch) << outcome.sentence;
    ++times;
  });
  EXPECT_TRUE(server->daemon().says(kind().end, times)) << server->daemon().log();
  const std::string log = server->daemon().log();
  EXPECT_EQ(log.find(kind().attempt), std::string::npos) << log;
}

INSTANTIATE_TEST_SUITE_P(, RealSasl, testing::Values(kDovecot, kPostfix, kSlapd),
                         [](const auto& row) { return std::string(row.param.name); });

// slapd 2.5 offers -PLUS where it can bind to the channel: over TLS 1.2, as it knows tls-unique and
// no tls-exporter. But it calls that binding `ldap`, so that no client but its own gets in: what
// there is to see is that the client says what it binds to, and does not step down (RFC 5802, 6).
class SlapdWithChannelBinding : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = RealSlapd::absence(); !why.empty()) GTEST_SKIP() << why;
  }
};

TEST_F(SlapdWithChannelBinding, IsToldWhichOneAndNothingElse) {
  RealSlapd server(*chain_of("valid"), RealSlapd::Tls::tls12_with_channel_binding);
  for (const Mode mode : kSlapd.modes) {
    const client::Outcome outcome = exchange(settings(mode, "SCRAM-SHA-256-PLUS"), server);
    EXPECT_EQ(outcome.ending, Ending::auth_rejected) << outcome.sentence;
    EXPECT_EQ(outcome.tls_version, "TLS1.2");
    EXPECT_NE(outcome.reply.find("Expected: ldap, received: tls-unique"), std::string::npos)
        << outcome.reply;
  }
  ASSERT_TRUE(server.daemon().says(" closed", 2)) << server.daemon().log();
  const std::string log = server.daemon().log();
  EXPECT_EQ(log.find(" mech="), std::string::npos) << log;
}

TEST_F(SlapdWithChannelBinding, OffersNoneOverTls13) {
  RealSlapd server(*chain_of("valid"));
  const client::Outcome outcome =
      exchange(settings(Mode::ldap_starttls, "SCRAM-SHA-256-PLUS"), server);
  EXPECT_EQ(outcome.ending, Ending::auth_unavailable) << outcome.sentence;
  EXPECT_EQ(outcome.tls_version, "TLS1.3");
}

}  // namespace
}  // namespace startle::cases
