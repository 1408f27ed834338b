// What the client makes of every answer at every point of an LDAP session.

#include "harness/client/ldap_client.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "harness/client/ldap_session_for_test.h"

namespace startle::client {
namespace {

using namespace std::chrono_literals;
using words::Ending;
using words::Mode;
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
  LdapRequest at;
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

const std::string kInjected = message(4, bound(0));
const Row kStartTlsResponses[] = {
    {"bind response",
     starttls,
     {message(2, bound(0))},
     Ending::protocol_error,
     "the answer to StartTLS is a bind-response"},
    {"search done",
     starttls,
     {done(2)},
     Ending::protocol_error,
     "the answer to StartTLS is a search-done"},
    {"name of Who am I?",
     starttls,
     {message(2, extended(0, std::string(wire::kWhoAmIOid)))},
     Ending::protocol_error,
     "the answer to StartTLS has the response name 1.3.6.1.4.1.4203.1.11.3"},
    {"empty name",
     starttls,
     {message(2, extended(0, ""))},
     Ending::protocol_error,
     "the answer to StartTLS has the response name "},
    {"another name, refused",
     starttls,
     {message(2, extended(52, "1.2.3"))},
     Ending::protocol_error,
     "the answer to StartTLS has the response name 1.2.3"},
    {"a later id",
     starttls,
     {message(3, extended(0, kOid))},
     Ending::protocol_error,
     "the server's reply is malformed: a response has the message id 3, the request had 2 "
     "(starttls)"},
    {"an earlier id",
     starttls,
     {message(1, extended(0, kOid))},
     Ending::protocol_error,
     "the server's reply is malformed: a response has the message id 1, the request had 2 "
     "(starttls)"},
    {"id 0 without name",
     starttls,
     {message(0, extended(0))},
     Ending::protocol_error,
     "the server's reply is malformed: the message id 0 is for unsolicited notifications "
     "(starttls)"},
    {"id 0, bind response",
     starttls,
     {message(0, bound(0))},
     Ending::protocol_error,
     "the server's reply is malformed: the message id 0 is for unsolicited notifications "
     "(starttls)"},
    {"before it was asked",
     root_dse,
     {root_dse_message(1, {kOid}, {}) + message(2, extended(0, kOid))},
     Ending::protocol_error,
     "the server sent a response before it was asked (starttls)"},
    {"notice, busy",
     starttls,
     {notice(51)},
     Ending::throttled,
     "the server ends the session: busy (51)"},
    {"notice, unavailable",
     starttls,
     {notice(52, "going \x1b[31mdown")},
     Ending::throttled,
     "the server ends the session: unavailable (52) going \\x1b[31mdown"},
    {"notice, strongerAuthRequired",
     starttls,
     {notice(8)},
     Ending::refused_by_server,
     "the server ends the session: strongerAuthRequired (8)"},
    {"notice behind the root DSE",
     root_dse,
     {root_dse_message(1, {kOid}, {}) + notice(80)},
     Ending::refused_by_server,
     "the server ends the session: other (80)"},
    {"injection in the same segment",
     starttls,
     {starttls_answer(0) + kInjected},
     Ending::protocol_error,
     "the server sent plain text behind its StartTLS response (response injection)"},
    {"half a message",
     starttls,
     {starttls_answer(0) + kInjected.substr(0, 5)},
     Ending::protocol_error,
     "the server sent plain text behind its StartTLS response (response injection)"},
    {"notice behind the response",
     starttls,
     {starttls_answer(0) + notice(52)},
     Ending::protocol_error,
     "the server sent plain text behind its StartTLS response (response injection)"},
    {"injection in the next segment",
     starttls,
     {starttls_answer(0), kInjected},
     Ending::protocol_error,
     "the peer sent plain text where a TLS handshake belongs"},
    {"a root DSE without StartTLS",
     root_dse,
     {root_dse_message(1, {"1.2.3"}, {})},
     Ending::starttls_not_supported,
     "the root DSE does not offer StartTLS"},
    {"a busy root DSE",
     root_dse,
     {done(1, 51)},
     Ending::throttled,
     "the root DSE is not to be had: busy (51)"}};

TEST(LdapClient, TheStartTlsResponseIsAnExtendedOneToTheRequest) {
  for (const Row& row : kStartTlsResponses) {
    expect(row);
  }
}

// RFC 4512, 5.1: the root DSE may be hidden; RFC 4511, 4.4, 4.12 and 4.13.
TEST(LdapClient, WhatItNeedNotKnowDoesNotStopIt) {
  const std::string empty = message(1, wire::LdapSearchEntry{}) + done(1);
  const std::string granted = starttls_answer(0);
  const std::string notification = message(0, extended(0, "1.2.3"));
  const std::string progress = message(2, wire::LdapIntermediateResponse{.name = "1.2.3"});
  for (const auto& [name, at, segments] :
       {std::tuple<const char*, LdapRequest, std::vector<std::string>>{
            "empty root DSE", root_dse, {empty}},
        {"no root DSE", root_dse, {done(1)}},
        {"root DSE refused", root_dse, {done(1, 50)}},
        {"no response name", starttls, {message(2, extended(0))}},
        {"a response value", starttls, {message(2, extended(0, kOid, std::string(70000, 'x')))}},
        {"a notification before", starttls, {notification, granted}},
        {"in one segment", starttls, {notification + progress + granted}},
        {"no root DSE in TLS", root_dse_in_tls, {done(3, 1)}},
        {"no Who am I?", whoami, {message(5, extended(2))}},
        {"Who am I? forbidden", whoami, {message(5, extended(50))}},
        {"no entries", search, {done(6)}},
        {"the client's own limit", search, {done(6, 4)}}}) {
    SCOPED_TRACE(name);
    LdapSession session = LdapSession::sound();
    session.at(at).segments = segments;
    const LdapRun got = run(session);
    EXPECT_EQ(word(got.outcome.ending), "bound") << got.outcome.sentence;
  }
}

}  // namespace
}  // namespace startle::client
