// SASL binds (RFC 4513, 5.2): each mechanism to its end, and when the client gives one up.

#include <gtest/gtest.h>

#include "harness/base/bytes.h"
#include "harness/client/ldap_session_for_test.h"
#include "harness/client/sasl_session_for_test.h"

namespace startle::client {
namespace {

using MaybeCredentials = std::optional<std::string>;

std::string answered(std::int64_t id, std::int64_t code, MaybeCredentials credentials = {}) {
  return message(id, wire::LdapBindResponse{.result = {.code = code},
                                            .server_credentials = std::move(credentials)});
}

const wire::SaslBind& sasl_of(const wire::LdapMessage& request) {
  return std::get<wire::SaslBind>(
      std::get<wire::LdapBindRequest>(request.operation).authentication);
}

// Binds by `mechanism`, in as many requests as there are replies.
LdapSession session_of(const std::string& mechanism, std::vector<Act> binds) {
  LdapSession session = LdapSession::sound(words::Mode::ldaps);
  session.settings.mechanism = mechanism;
  session.settings.username = "user";
  session.at(root_dse_in_tls) = {.segments = {root_dse_message(1, {}, {mechanism})}};
  const auto added = static_cast<std::int64_t>(binds.size());
  session.acts.erase(session.acts.begin() + 1, session.acts.end());
  for (Act& act : binds) session.acts.push_back(std::move(act));
  session.acts.push_back({.segments = {message(2 + added, extended(0))}});
  session.acts.push_back({.segments = {done(3 + added)}});
  return session;
}

struct Row {
  const char* name;
  const char* mechanism;
  std::vector<Act> binds;
  const char* ending;
  const char* sentence;
  std::size_t requests;  // of the client to bind
};

Act saying(std::string bytes) {
  return {.segments = {std::move(bytes)}};
}

// SCRAM's server: the challenge, then `last` with what it would sign.
std::vector<Act> scram(const std::shared_ptr<ScramPeer>& peer,
                       const std::function<std::string(const std::string& signature)>& last) {
  const auto step = [peer](const wire::LdapMessage& request) {
    return peer->answer(sasl_of(request).credentials.value_or(""));
  };
  return {{.reply = [step](const wire::LdapMessage& m) { return answered(2, 14, step(m)); }},
          {.reply = [step, last](const wire::LdapMessage& m) { return last(step(m)); }}};
}

constexpr const char* kUnproven = "the server has not proved that it knows the password";
constexpr const char* kAfter = "the server sends a challenge after the last";
std::shared_ptr<ScramPeer> peer() {
  return std::make_shared<ScramPeer>();
}

const Row kAnswers[] = {
    {"PLAIN", "PLAIN", {saying(answered(2, 0))}, "bound", "bound inside TLS1.3", 1},
    {"PLAIN, with nothing behind it",
     "PLAIN",
     {saying(answered(2, 0, ""))},
     "bound",
     "bound inside TLS1.3",
     1},
    {"PLAIN, with something behind it",
     "PLAIN",
     {saying(answered(2, 0, "x"))},
     "protocol-error",
     kAfter,
     1},
    {"PLAIN, refused",
     "PLAIN",
     {saying(answered(2, 49))},
     "auth-rejected",
     "the server refuses the credentials: invalidCredentials (49)",
     1},
    {"PLAIN, unknown",
     "PLAIN",
     {saying(answered(2, 7))},
     "auth-unavailable",
     "the server refuses the credentials: authMethodNotSupported (7)",
     1},
    {"PLAIN, in progress", "PLAIN", {saying(answered(2, 14, "x"))}, "protocol-error", kAfter, 1},
    {"CRAM-MD5",
     "CRAM-MD5",
     {saying(answered(2, 14, "<1@x>")), saying(answered(3, 0))},
     "bound",
     "bound inside TLS1.3",
     2},
    {"CRAM-MD5, no challenge",
     "CRAM-MD5",
     {saying(answered(2, 14))},
     "protocol-error",
     "the server sends no challenge",
     1},
    {"CRAM-MD5, at once",
     "CRAM-MD5",
     {saying(answered(2, 0))},
     "protocol-error",
     "the server says success before the exchange is over",
     1},
    {"CRAM-MD5, for ever",
     "CRAM-MD5",
     {saying(answered(2, 14, "<1@x>")), saying(answered(3, 14, "<1@x>"))},
     "protocol-error",
     kAfter,
     2},
    {"too long",
     "CRAM-MD5",
     {saying(answered(2, 14, std::string(9217, 'x')))},
     "protocol-error",
     "the server's challenge is too long",
     1},
    {"SCRAM", "SCRAM-SHA-256",
     scram(peer(), [](const std::string& v) { return answered(3, 0, v); }), "bound",
     "bound inside TLS1.3", 2},
    {"SCRAM, no signature", "SCRAM-SHA-256",
     scram(peer(), [](const std::string&) { return answered(3, 0); }), "protocol-error", kUnproven,
     2},
    {"SCRAM, an empty one", "SCRAM-SHA-256",
     scram(peer(), [](const std::string&) { return answered(3, 0, ""); }), "protocol-error",
     "the server's last message is no list of attributes", 2},
    {"SCRAM, a wrong one", "SCRAM-SHA-256",
     scram(peer(), [](const std::string&) { return answered(3, 0, "v=AAAA"); }), "protocol-error",
     kUnproven, 2},
    {"SCRAM, an error with success", "SCRAM-SHA-256",
     scram(peer(), [](const std::string&) { return answered(3, 0, "e=other-error"); }),
     "protocol-error", "the server says success after it has stated an error", 2},
    {"SCRAM, an error", "SCRAM-SHA-256",
     scram(peer(), [](const std::string&) { return answered(3, 49, "e=invalid-proof"); }),
     "auth-rejected", "the server refuses the credentials (invalid-proof): invalidCredentials (49)",
     2},
    {"SCRAM, an error with another code", "SCRAM-SHA-256",
     scram(peer(), [](const std::string&) { return answered(3, 7, "e=other-error"); }),
     "auth-rejected",
     "the server refuses the credentials (other-error): authMethodNotSupported (7)", 2},
    {"SCRAM, an error where nothing can be refused", "SCRAM-SHA-256",
     scram(peer(), [](const std::string&) { return answered(3, 6, "e=other-error"); }),
     "protocol-error", "the server refuses the credentials (other-error): compareTrue (6)", 2},
    {"SCRAM, at once", "SCRAM-SHA-256", {saying(answered(2, 0))}, "protocol-error", kUnproven, 1},
};

TEST(LdapSasl, EachAnswerHasItsEnding) {
  for (const Row& row : kAnswers) {
    SCOPED_TRACE(row.name);
    const LdapRun got = run(session_of(row.mechanism, row.binds));
    EXPECT_EQ(word(got.outcome.ending), row.ending);
    EXPECT_TRUE(got.outcome.sentence.starts_with(row.sentence)) << got.outcome.sentence;
    EXPECT_EQ(std::count(got.heard.begin(), got.heard.end(), "tls bind-request"),
              static_cast<std::ptrdiff_t>(row.requests));
    EXPECT_EQ(got.heard.back(), "tls unbind-request");
  }
}

// What a refusal brings is no reason to hash the password.
TEST(LdapSasl, AChallengeInARefusalIsNotComputedWith) {
  const auto peer = std::make_shared<ScramPeer>();
  LdapSession session =
      session_of("SCRAM-SHA-256", {{.reply = [peer](const wire::LdapMessage& m) {
                   return answered(2, 49, peer->answer(sasl_of(m).credentials.value_or("")));
                 }}});
  session.settings.salted_passwords = std::make_shared<sasl::SaltedPasswords>();
  const LdapRun got = run(session);
  EXPECT_EQ(word(got.outcome.ending), "auth-rejected");
  EXPECT_EQ(got.outcome.sentence, "the server refuses the credentials: invalidCredentials (49)");
  EXPECT_EQ(session.settings.salted_passwords->size(), 0U);
}

TEST(LdapSasl, ANameIsNoDnAndGoesInTheMechanism) {
  const LdapRun got = run(session_of("PLAIN", {saying(answered(2, 0))}));
  const std::string request =
      message(2, wire::LdapBindRequest{
                     .authentication = wire::SaslBind{
                         .mechanism = "PLAIN", .credentials = std::string("\0user\0canary", 12)}});
  EXPECT_NE(got.bytes_in_tls.find(request), std::string::npos);
}

TEST(LdapSasl, NothingGoesWithoutTlsOrWithoutAName) {
  LdapSession session = session_of("SCRAM-SHA-256", {});
  session.settings.mode = words::Mode::ldap_plain;
  session.acts.clear();
  const LdapRun in_clear = run(session);
  EXPECT_EQ(word(in_clear.outcome.ending), "auth-unavailable");
  EXPECT_EQ(in_clear.outcome.sentence,
            "a password is only ever sent inside TLS: configure starttls=\"true\"");
  session.settings.mode = words::Mode::ldaps;
  session.settings.username.reset();
  const LdapRun nobody = run(session);
  EXPECT_EQ(word(nobody.outcome.ending), "configuration-error");
  EXPECT_EQ(nobody.outcome.sentence, "the mechanism SCRAM-SHA-256 needs a username");
}

}  // namespace
}  // namespace startle::client
