// The LDAP client against the fake LDAP server, both in one world in memory: what goes over the
// wire, in each mode, persona and way to bind.

#include <gtest/gtest.h>

#include "fake-servers/chain_for_test.h"
#include "fake-servers/raw_client_for_test.h"
#include "fake-servers/violations.h"
#include "harness/client/ldap_client.h"
#include "harness/tls/certificate_for_test.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using net::Task;
using policy::Ending;
using policy::Mode;

struct Session {
  client::Settings settings{};
  LdapServer server{};
};

// Well-behaved on both sides: it is bound.
Session session_for_test(Mode mode, Script script = {}) {
  Session made{.server = ldap_server_for_test(std::move(script))};
  made.server.mode = mode;
  made.server.referral = "ldap://elsewhere.test/";
  made.settings = {.mode = mode,
                   .host = certs::kTestHost,
                   .username = kUserDn,
                   .password = kCanary,
                   .trust = certs::kTestHost,
                   .trust_model = policy::TrustModel::pkix,
                   .store = chain_called("valid").anchors};
  return made;
}

struct Result {
  client::Outcome outcome{};
  Observation seen{};
  std::string dialogue{};
};

class ServingConnector final : public net::Connector {
 public:
  ServingConnector(net::World& world, const Session& session, Observation& seen)
      : world_(world), session_(session), seen_(seen) {}
  Task<net::ConnectResult> connect(std::string host, std::uint16_t, net::Instant) override {
    net::StreamPair pair = net::make_memory_pair(world_);
    const auto serve = host == session_.settings.host ? serve_ldap : serve_referred;
    world_.spawn(serve(world_, std::move(pair.server), session_.server, seen_));
    co_return net::ConnectResult{.stream = std::move(pair.client)};
  }

 private:
  net::World& world_;
  const Session& session_;
  Observation& seen_;
};

Task<void> use(net::World& world, net::Connector& connector, const client::Settings& settings,
               client::Outcome& into) {
  const client::Decisions decisions;
  into = co_await client::bind_and_search(world, connector, settings, decisions);
}

Result run(const Session& session) {
  Result result;
  net::MemoryWorld world;
  ServingConnector connector(world, session, result.seen);
  world.spawn(use(world, connector, session.settings, result.outcome));
  EXPECT_TRUE(world.run(24h));
  for (const std::string& line : result.seen.dialogue) result.dialogue += line + "\n";
  EXPECT_EQ(
      violations(result.seen, {.mode = session.settings.mode, .secret = session.server.secret}),
      std::vector<policy::Invariant>{})
      << result.dialogue;
  if (policy::is_success(result.outcome.ending)) {
    EXPECT_EQ(result.seen.delivered, 1U) << "a success that the server knows nothing of";
  }
  return result;
}

constexpr const char* kStartTls =
    R"(C: search root DSE
S: search-entry ""
S: search-done: success (0)
C: extended 1.3.6.1.4.1.1466.20037 (StartTLS)
S: extended-response: success (0)
)";
constexpr const char* kRootDse =
    R"(C (tls): search root DSE
S (tls): search-entry ""
S (tls): search-done: success (0)
)";
constexpr const char* kFromBindOn =
    R"(C (tls): bind "uid=user,ou=people,dc=example,dc=test" (simple)
S (tls): bind-response: success (0)
C (tls): extended 1.3.6.1.4.1.4203.1.11.3 (Who am I?)
S (tls): extended-response: success (0)
C (tls): search "dc=example,dc=test" (sub)
S (tls): search-entry "dc=example,dc=test"
S (tls): search-entry "ou=people,dc=example,dc=test"
S (tls): search-entry "uid=user,ou=people,dc=example,dc=test"
S (tls): search-done: success (0)
C (tls): unbind
)";

TEST(LdapClient, BindsInsideTls) {
  const Result starttls = run(session_for_test(Mode::ldap_starttls));
  EXPECT_EQ(starttls.outcome.ending, Ending::bound) << starttls.outcome.sentence;
  EXPECT_EQ(starttls.outcome.sentence,
            "bound inside TLS1.3 as dn:uid=user,ou=people,dc=example,dc=test, 3 entries");
  EXPECT_EQ(starttls.dialogue, std::string(kStartTls) + kRootDse + kFromBindOn);
  EXPECT_TRUE(starttls.seen.authenticated);
  EXPECT_EQ(starttls.seen.alert, "close_notify");

  const Result implicit = run(session_for_test(Mode::ldaps));
  EXPECT_EQ(implicit.outcome.ending, Ending::bound) << implicit.outcome.sentence;
  EXPECT_EQ(implicit.dialogue, std::string(kRootDse) + kFromBindOn);
  EXPECT_EQ(implicit.seen.bytes_in_clear, "");
}

TEST(LdapClient, BindsToBothPersonas) {
  for (const Persona persona : {Persona::openldap, Persona::active_directory}) {
    for (const Mode mode : {Mode::ldap_starttls, Mode::ldaps}) {
      Session session = session_for_test(mode);
      session.server.persona = persona;
      EXPECT_EQ(run(session).outcome.ending, Ending::bound) << word(persona) << ", " << word(mode);
    }
  }
}

TEST(LdapClient, AnonymousIsBoundWhereTheDirectoryIsOpen) {
  Session session = session_for_test(Mode::ldaps);
  session.settings.username.reset();
  session.settings.password.reset();
  EXPECT_EQ(run(session).outcome.ending, Ending::refused_by_server);
  session.server.anonymous_may_search = true;
  const Result open = run(session);
  EXPECT_EQ(open.outcome.ending, Ending::bound) << open.outcome.sentence;
  EXPECT_FALSE(open.seen.authenticated);
}

TEST(LdapClient, ACertificateIsACredential) {
  for (const Persona persona : {Persona::openldap, Persona::active_directory}) {
    for (const bool trusted : {true, false}) {
      Session session = session_for_test(Mode::ldap_starttls);
      session.server.persona = persona;
      const std::string der = tls::self_signed({.common_name = "user"});
      const std::string other = tls::self_signed({.common_name = "authority"});
      session.server.client_anchors =
          std::make_shared<const tls::TrustStore>(std::vector<std::string>{trusted ? der : other});
      session.settings.password.reset();
      session.settings.mechanism = "EXTERNAL";
      session.settings.certificate = std::make_shared<const tls::ClientCredentials>(
          std::vector<std::string>{der}, tls::key_for_test());
      const Result got = run(session);
      EXPECT_EQ(got.outcome.ending, trusted ? Ending::bound : Ending::auth_rejected)
          << got.outcome.sentence;
      EXPECT_EQ(got.seen.authenticated, trusted);
    }
  }
}

TEST(LdapClient, FollowsNoReferral) {
  for (const Step& step :
       std::vector<Step>{Respond{.code = 10, .referrals = {"{referral}"}},
                         Respond{.as = "search-reference", .referrals = {"{referral}"}}}) {
    Session session = session_for_test(Mode::ldap_starttls,
                                       {.deviations = {{.at = Point::search, .steps = {step}}}});
    if (std::get<Respond>(step).code == 0) {
      session.server.script.deviations.front().steps.emplace_back(Usual{});
    }
    const Result got = run(session);
    EXPECT_EQ(got.outcome.ending, Ending::bound) << got.outcome.sentence;
    EXPECT_NE(got.outcome.sentence.find("referrals not followed: 1"), std::string::npos);
    EXPECT_EQ(got.seen.referred_connections, 0U);
  }
}

}  // namespace
}  // namespace startle::fake
