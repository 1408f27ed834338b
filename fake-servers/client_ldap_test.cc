// The LDAP client against the fake LDAP server, both in one world in memory: what goes over the
// wire, in each mode, persona and way to bind.

#include <gtest/gtest.h>

#include "fake-servers/binding_for_test.h"
#include "fake-servers/raw_client_for_test.h"
#include "fake-servers/submission_for_test.h"
#include "harness/tls/certificate_for_test.h"

namespace startle::fake {
namespace {

using words::Ending;
using words::Mode;

struct Result : Bound {
  std::string dialogue{};
};

Result run(const Binding& binding) {
  Result result{bind(binding)};
  result.dialogue = dialogue_of(result.seen);
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
  const Result starttls = run(binding_for_test(Mode::ldap_starttls));
  EXPECT_EQ(starttls.outcome.ending, Ending::bound) << starttls.outcome.sentence;
  EXPECT_EQ(starttls.outcome.sentence,
            "bound inside TLS1.3 as dn:uid=user,ou=people,dc=example,dc=test, 3 entries");
  EXPECT_EQ(starttls.dialogue, std::string(kStartTls) + kRootDse + kFromBindOn);
  EXPECT_TRUE(starttls.seen.authenticated);
  EXPECT_EQ(starttls.seen.alert, "close_notify");

  const Result implicit = run(binding_for_test(Mode::ldaps));
  EXPECT_EQ(implicit.outcome.ending, Ending::bound) << implicit.outcome.sentence;
  EXPECT_EQ(implicit.dialogue, std::string(kRootDse) + kFromBindOn);
  EXPECT_EQ(implicit.seen.bytes_in_clear, "");
}

TEST(LdapClient, BindsToBothPersonas) {
  for (const Persona persona : {Persona::openldap, Persona::active_directory}) {
    for (const Mode mode : {Mode::ldap_starttls, Mode::ldaps}) {
      Binding session = binding_for_test(mode);
      session.server.directory.persona = persona;
      EXPECT_EQ(run(session).outcome.ending, Ending::bound) << word(persona) << ", " << word(mode);
    }
  }
}

TEST(LdapClient, AnonymousIsBoundWhereTheDirectoryIsOpen) {
  Binding session = binding_for_test(Mode::ldaps);
  session.settings.username.reset();
  session.settings.password.reset();
  EXPECT_EQ(run(session).outcome.ending, Ending::refused_by_server);
  session.server.directory.anonymous_may_search = true;
  const Result open = run(session);
  EXPECT_EQ(open.outcome.ending, Ending::bound) << open.outcome.sentence;
  EXPECT_FALSE(open.seen.authenticated);
}

TEST(LdapClient, ACertificateIsACredential) {
  for (const Persona persona : {Persona::openldap, Persona::active_directory}) {
    for (const bool trusted : {true, false}) {
      Binding session = binding_for_test(Mode::ldap_starttls);
      session.server.directory.persona = persona;
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
    Binding session = binding_for_test(Mode::ldap_starttls,
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
