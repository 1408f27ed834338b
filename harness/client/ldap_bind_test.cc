// Binding, searching and the end of a session, inside TLS.

#include <gtest/gtest.h>

#include "harness/client/ldap_session_for_test.h"
#include "harness/tls/certificate_for_test.h"

namespace startle::client {
namespace {

using namespace std::chrono_literals;
using words::Ending;

struct CodeRow {
  std::int64_t code;
  Ending ending;
};

TEST(LdapBind, EveryResultOfABindHasItsEnding) {
  for (const CodeRow& row : {CodeRow{0, Ending::bound},       {1, Ending::auth_rejected},
                             {2, Ending::auth_rejected},      {5, Ending::protocol_error},
                             {6, Ending::protocol_error},     {7, Ending::auth_unavailable},
                             {8, Ending::auth_unavailable},   {10, Ending::refused_by_server},
                             {13, Ending::auth_unavailable},  {14, Ending::protocol_error},
                             {34, Ending::auth_rejected},     {48, Ending::auth_rejected},
                             {49, Ending::auth_rejected},     {50, Ending::auth_rejected},
                             {51, Ending::throttled},         {52, Ending::throttled},
                             {53, Ending::refused_by_server}, {80, Ending::auth_rejected},
                             {118, Ending::auth_rejected},    {256, Ending::auth_rejected},
                             {65536, Ending::auth_rejected},  {4294967296, Ending::auth_rejected},
                             {-1, Ending::auth_rejected}}) {
    SCOPED_TRACE(row.code);
    LdapSession session = LdapSession::sound();
    session.answer(bind, message(4, bound(row.code)));
    const LdapRun got = run(session);
    EXPECT_EQ(word(got.outcome.ending), word(row.ending)) << got.outcome.sentence;
    const bool refused = row.ending != Ending::bound;
    EXPECT_EQ(got.outcome.phase, refused ? Phase::authentication : Phase::quit);
    EXPECT_EQ(got.outcome.reply_code, row.code);
    EXPECT_EQ(got.heard.size(), refused ? 5U : 7U) << "a refused client asks for nothing more";
    EXPECT_EQ(got.heard.back(), "tls unbind-request");
  }
}

struct Row {
  const char* name;
  LdapRequest at;
  std::vector<std::string> segments;
  Ending ending;
  const char* sentence;
};

TEST(LdapBind, InsideTlsTheSameRulesHold) {
  for (const Row& row :
       {Row{"no bind response",
            bind,
            {done(4)},
            Ending::protocol_error,
            "the answer to a bind is a search-done"},
        {"another id",
         bind,
         {message(5, bound(0))},
         Ending::protocol_error,
         "the server's reply is malformed: a response has the message id 5, the request had 4 "
         "(authentication)"},
        {"a bind response before it was asked",
         root_dse_in_tls,
         {root_dse_message(3, {}, {}) + message(4, bound(0))},
         Ending::protocol_error,
         "the server sent a response before it was asked (authentication)"},
        {"notice", bind, {notice(51)}, Ending::throttled, "the server ends the session: busy (51)"},
        {"Who am I?",
         whoami,
         {done(5)},
         Ending::protocol_error,
         "the answer to Who am I? is a search-done"},
        {"search",
         search,
         {message(6, bound(0))},
         Ending::protocol_error,
         "the answer to a search is a bind-response"},
        {"no such base",
         search,
         {done(6, 32)},
         Ending::refused_by_server,
         "the server refuses the search: noSuchObject (32)"},
        {"busy",
         search,
         {done(6, 51)},
         Ending::throttled,
         "the server refuses the search: busy (51)"}}) {
    SCOPED_TRACE(row.name);
    LdapSession session = LdapSession::sound();
    session.at(row.at).segments = row.segments;
    const LdapRun got = run(session);
    EXPECT_EQ(word(got.outcome.ending), word(row.ending));
    EXPECT_EQ(got.outcome.sentence, row.sentence);
  }
}

TEST(LdapBind, FollowsNoReference) {
  LdapSession session = LdapSession::sound();
  const std::string reference = message(
      6, wire::LdapSearchReference{.uris = {"ldap://other.example.test/dc=x", "ldap://b/"}});
  const std::string referral = message(
      6, wire::LdapSearchDone{.result = {.code = 10, .referrals = {"ldap://c.example.test/"}}});
  session.at(search).segments = {reference, referral};
  const LdapRun got = run(session);
  EXPECT_EQ(word(got.outcome.ending), "bound");
  EXPECT_EQ(got.outcome.sentence,
            "bound inside TLS1.3 as dn:uid=user, 0 entries, referrals not followed: 3");
  EXPECT_EQ(got.connections, 1U);
}

TEST(LdapBind, ExternalSendsNoPassword) {
  LdapSession session = LdapSession::sound();
  session.settings.mechanism = "EXTERNAL";
  session.settings.certificate = std::make_shared<const tls::ClientCredentials>(
      std::vector<std::string>{tls::self_signed()}, tls::key_for_test());
  const LdapRun got = run(session);
  EXPECT_EQ(word(got.outcome.ending), "bound") << got.outcome.sentence;
  EXPECT_EQ(got.bytes_in_tls.find("canary"), std::string::npos);
  const std::string request =
      message(4, wire::LdapBindRequest{
                     .authentication = wire::SaslBind{.mechanism = "EXTERNAL", .credentials = ""}});
  EXPECT_NE(got.bytes_in_tls.find(request), std::string::npos);

  // RFC 4513, 3.1.5: what counts is what is offered inside TLS.
  session.answer(root_dse, root_dse_message(1, {std::string(wire::kStartTlsOid)}, {"EXTERNAL"}));
  session.answer(root_dse_in_tls, root_dse_message(3, {}, {"GSSAPI"}));
  const LdapRun not_offered = run(session);
  EXPECT_EQ(word(not_offered.outcome.ending), "auth-unavailable");
  EXPECT_EQ(not_offered.outcome.sentence,
            "the server does not offer the mechanism EXTERNAL inside TLS");
  EXPECT_EQ(not_offered.heard.back(), "tls unbind-request");
  session.answer(bind, message(4, bound(48)));
  session.answer(root_dse_in_tls, root_dse_message(3, {}, {"EXTERNAL"}));
  EXPECT_EQ(word(run(session).outcome.ending), "auth-rejected");
}

TEST(LdapBind, NobodyIsAnonymous) {
  LdapSession session = LdapSession::sound();
  session.settings.username.reset();
  session.settings.password.reset();
  const LdapRun got = run(session);
  EXPECT_EQ(word(got.outcome.ending), "bound") << got.outcome.sentence;
  EXPECT_NE(got.bytes_in_tls.find(message(4, wire::LdapBindRequest{})), std::string::npos);
}

struct ConfigurationRow {
  const char* name;
  void (*change)(Settings&);
  const char* sentence;
};

TEST(LdapBind, AWrongConfigurationConnectsToNobody) {
  using words::TrustModel;
  for (const ConfigurationRow& row :
       {ConfigurationRow{"no password", [](Settings& s) { s.password.reset(); },
                         "a username needs a password"},
        {"no username", [](Settings& s) { s.username.reset(); },
         "a password needs a username, which is a DN"},
        {"empty username", [](Settings& s) { s.username = ""; },
         "a password needs a username, which is a DN"},
        {"empty password", [](Settings& s) { s.password = ""; },
         "the password is empty: a server takes that for an anonymous bind"},
        {"filter", [](Settings& s) { s.filter = "(uid="; }, "the filter `(uid=` is none: "},
        {"mechanism", [](Settings& s) { s.mechanism = "GSSAPI"; },
         "the mechanism `GSSAPI` is none of this client: SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, "
         "SCRAM-SHA-256, SCRAM-SHA-1, EXTERNAL, CRAM-MD5, PLAIN, LOGIN, OAUTHBEARER, XOAUTH2"},
        {"no certificate", [](Settings& s) { s.mechanism = "EXTERNAL"; },
         "the mechanism EXTERNAL needs a client certificate"},
        {"EXTERNAL in clear",
         [](Settings& s) {
           s.mechanism = "EXTERNAL";
           s.mode = words::Mode::ldap_plain;
         },
         "the mechanism EXTERNAL needs TLS: the certificate is shown in its handshake"},
        {"ldaps without trust",
         [](Settings& s) {
           s.trust.reset();
           s.mode = words::Mode::ldaps;
         },
         "ssl=\"true\" needs trust: the hosts to trust, or *"}}) {
    SCOPED_TRACE(row.name);
    for (const TrustModel model : {TrustModel::documented, TrustModel::javamail}) {
      LdapSession session = LdapSession::sound();
      row.change(session.settings);
      session.settings.trust_model = model;
      if (model == TrustModel::javamail && !session.settings.trust) continue;
      const LdapRun got = run(session);
      EXPECT_EQ(word(got.outcome.ending), "configuration-error");
      EXPECT_TRUE(got.outcome.sentence.starts_with(row.sentence)) << got.outcome.sentence;
      EXPECT_EQ(got.connections, 0U);
    }
  }
}

// RFC 4511, 4.2: text is prepared, other data is not altered.
TEST(LdapBind, APasswordThatIsTextIsPrepared) {
  for (const auto& [password, sent] : {std::pair{"canary", "canary"},
                                       {"can\u00adary\u00aa", "canarya"},
                                       {"\u00ad", "\u00ad"},
                                       {"canary\x07\u00aa", "canary\x07\u00aa"},
                                       {"canary\xff", "canary\xff"}}) {
    LdapSession session = LdapSession::sound();
    session.settings.password = password;
    const LdapRun got = run(session);
    EXPECT_EQ(word(got.outcome.ending), "bound") << got.outcome.sentence;
    const std::string request =
        message(4, wire::LdapBindRequest{.name = *session.settings.username,
                                         .authentication = wire::SimpleBind{sent}});
    EXPECT_NE(got.bytes_in_tls.find(request), std::string::npos) << password;
  }
}

TEST(LdapBind, ACertificateForAnotherNameEndsTheSession) {
  for (const words::Mode mode : {words::Mode::ldap_starttls, words::Mode::ldaps}) {
    LdapSession session = LdapSession::sound(mode);
    session.settings.trust = "other.example.test";
    const LdapRun got = run(session);
    EXPECT_EQ(word(got.outcome.ending), "certificate-host-mismatch");
    EXPECT_EQ(got.outcome.alert_sent, "certificate_unknown");
    EXPECT_EQ(got.bytes_in_tls, "");
    EXPECT_EQ(got.bytes_in_clear.find("canary"), std::string::npos);
  }
}

TEST(LdapBind, ACloseNotifyEndsTheSession) {
  for (const LdapRequest at : {root_dse_in_tls, bind, whoami, search}) {
    SCOPED_TRACE(at);
    LdapSession session = LdapSession::sound();
    Act& act = session.at(at);
    act.then = Act::Then::close_notify;
    act.in_clear = act.segments;
    act.segments.clear();
    const LdapRun got = run(session);
    EXPECT_EQ(word(got.outcome.ending), "connection-lost") << got.outcome.sentence;
    EXPECT_EQ(got.bytes_in_clear.find("canary"), std::string::npos);
    EXPECT_EQ(got.heard.size(), at + 1U) << "nothing is said behind it";
  }
}

TEST(LdapBind, EveryWaitHasItsEnd) {
  for (const LdapRequest at : {root_dse, starttls, root_dse_in_tls, bind, whoami, search}) {
    for (const auto& [then, ending] : {std::pair{Act::Then::close, Ending::connection_lost},
                                       {Act::Then::reset, Ending::connection_lost},
                                       {Act::Then::silence, Ending::timeout}}) {
      SCOPED_TRACE(std::to_string(at) + " " + std::string(word(ending)));
      LdapSession session = LdapSession::sound();
      session.at(at) = {.segments = {}, .then = then};
      const LdapRun got = run(session);
      EXPECT_EQ(word(got.outcome.ending), word(ending)) << got.outcome.sentence;
      EXPECT_EQ(got.took, ending == Ending::timeout ? 5min : 0min);
      EXPECT_EQ(got.heard.size(), at + 1U);
    }
  }
}

}  // namespace
}  // namespace startle::client
