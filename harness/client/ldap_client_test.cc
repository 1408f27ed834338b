// What the client makes of every answer at every point of an LDAP session.

#include "harness/client/ldap_client.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "harness/client/ldap_session_for_test.h"

namespace startle::client {
namespace {

using namespace std::chrono_literals;
using policy::Ending;
using policy::Mode;
using Heard = std::vector<std::string>;

constexpr const char* kOid = "1.3.6.1.4.1.1466.20037";

TEST(LdapClient, BindsAndSearchesInEveryMode) {
  const LdapRun starttls = run(LdapSession::sound());
  EXPECT_EQ(word(starttls.outcome.ending), "bound") << starttls.outcome.sentence;
  EXPECT_EQ(starttls.outcome.sentence, "bound inside TLS1.3 as dn:uid=user, 1 entry");
  EXPECT_EQ(starttls.outcome.phase, Phase::quit);
  EXPECT_EQ(starttls.outcome.tls_version, "TLS1.3");
  EXPECT_EQ(starttls.outcome.alert_sent, "close_notify");
  EXPECT_EQ(starttls.heard, (Heard{"clear search-request", "clear extended-request",
                                   "tls search-request", "tls bind-request", "tls extended-request",
                                   "tls search-request", "tls unbind-request"}));
  EXPECT_EQ(starttls.bytes_in_clear.find("canary"), std::string::npos);
  EXPECT_NE(starttls.bytes_in_tls.find("canary"), std::string::npos);

  const LdapRun ldaps = run(LdapSession::sound(Mode::ldaps));
  EXPECT_EQ(word(ldaps.outcome.ending), "bound") << ldaps.outcome.sentence;
  EXPECT_EQ(ldaps.bytes_in_clear, "");
  EXPECT_EQ(ldaps.heard, (Heard{"tls search-request", "tls bind-request", "tls extended-request",
                                "tls search-request", "tls unbind-request"}));

  LdapSession plain = LdapSession::sound(Mode::ldap_plain);
  plain.settings.username.reset();
  plain.settings.password.reset();
  const LdapRun anonymous = run(plain);
  EXPECT_EQ(word(anonymous.outcome.ending), "delivered-in-clear") << anonymous.outcome.sentence;
  EXPECT_EQ(anonymous.heard, (Heard{"clear bind-request", "clear extended-request",
                                    "clear search-request", "clear unbind-request"}));
}

TEST(LdapClient, SendsNoPasswordInClear) {
  const LdapRun got = run(LdapSession::sound(Mode::ldap_plain));
  EXPECT_EQ(word(got.outcome.ending), "auth-unavailable");
  EXPECT_EQ(got.outcome.sentence,
            "a password is only ever sent inside TLS: configure starttls=\"true\"");
  EXPECT_EQ(got.heard, (Heard{"clear unbind-request"}));
}

struct Row {
  const char* name;
  Request at;
  std::vector<std::string> segments;
  Ending ending;
  const char* sentence;
};

void expect(const Row& row) {
  SCOPED_TRACE(row.name);
  LdapSession session = LdapSession::sound();
  session.at(row.at) = {.segments = row.segments};
  const LdapRun got = run(session);
  EXPECT_EQ(word(got.outcome.ending), word(row.ending));
  EXPECT_EQ(got.outcome.sentence, row.sentence);
  EXPECT_EQ(got.bytes_in_clear.find("canary"), std::string::npos);
  const bool went_on = std::count(got.heard.begin(), got.heard.end(), "tls extended-request") > 0;
  EXPECT_EQ(went_on, row.ending == Ending::bound || row.at > bind);
  EXPECT_LE(got.took, 5min);
}

std::string starttls_answer(std::int64_t code) {
  return message(2, extended(code, kOid));
}

TEST(LdapClient, StartTlsIsGrantedBySuccessAlone) {
  for (const Row& row :
       {Row{"1",
            starttls,
            {starttls_answer(1)},
            Ending::starttls_refused,
            "the server refuses StartTLS: operationsError (1)"},
        {"2",
         starttls,
         {starttls_answer(2)},
         Ending::starttls_not_supported,
         "the server refuses StartTLS: protocolError (2)"},
        {"10",
         starttls,
         {starttls_answer(10)},
         Ending::starttls_refused,
         "the server refuses StartTLS: referral (10)"},
        {"51",
         starttls,
         {starttls_answer(51)},
         Ending::throttled,
         "the server refuses StartTLS: busy (51)"},
        {"52",
         starttls,
         {starttls_answer(52)},
         Ending::starttls_refused,
         "the server refuses StartTLS: unavailable (52)"},
        {"80",
         starttls,
         {starttls_answer(80)},
         Ending::starttls_refused,
         "the server refuses StartTLS: other (80)"},
        {"118",
         starttls,
         {starttls_answer(118)},
         Ending::starttls_refused,
         "the server refuses StartTLS: canceled (118)"},
        {"65536", starttls, {starttls_answer(65536)}, Ending::starttls_refused, ""},
        {"256", starttls, {starttls_answer(256)}, Ending::starttls_refused, ""},
        {"4294967296", starttls, {starttls_answer(4294967296)}, Ending::starttls_refused, ""},
        {"-1", starttls, {starttls_answer(-1)}, Ending::starttls_refused, ""}}) {
    Row whole = row;
    const std::string code = row.name;
    const std::string unknown = "the server refuses StartTLS: unknown (" + code + ")";
    if (*row.sentence == '\0') whole.sentence = unknown.c_str();
    expect(whole);
  }
}

}  // namespace
}  // namespace startle::client
