// AUTH in a submission: each mechanism to its end, what each reply means, and when the client gives
// an exchange up.

#include <gtest/gtest.h>

#include "harness/base/bytes.h"
#include "harness/client/sasl_session_for_test.h"
#include "harness/sasl/salted_passwords.h"

namespace startle::client {
namespace {

using namespace std::string_literals;
using Lines = std::vector<std::string>;

SaslServer always(const std::string& reply) {
  return [reply](const std::string&) { return reply; };
}

// One after the other, the last for ever.
SaslServer in_turn(Lines replies) {
  auto left = std::make_shared<Lines>(std::move(replies));
  return [left](const std::string&) {
    const std::string reply = left->front();
    if (left->size() > 1) left->erase(left->begin());
    return reply;
  };
}

// From AUTH on; without the lines of the message and QUIT.
Lines said(const SmtpSaslRun& run) {
  Lines lines;
  for (const std::string& line : run.heard) {
    if (!line.starts_with("EHLO") && line != "QUIT") lines.push_back(line);
    if (line.starts_with("MAIL")) return lines;
  }
  return lines;
}

struct MechanismRow {
  const char* mechanism;
  SaslServer reply;
  Lines said;
};

TEST(SmtpAuth, EachMechanismIsWhatItsRfcSays) {
  const std::string mail = "MAIL FROM:<sender@example.test>";
  const std::string bearer =
      to_base64("n,a=user,\1host=smtp.example.test\1port=465\1auth=Bearer canary\1\1");
  for (const MechanismRow& row :
       {MechanismRow{"PLAIN", always("235 ok"), {"AUTH PLAIN AHVzZXIAY2FuYXJ5", mail}},
        {"LOGIN",
         in_turn({"334 VXNlcm5hbWU6", "334 ", "235 ok"}),
         {"AUTH LOGIN", "dXNlcg==", "Y2FuYXJ5", mail}},
        {"CRAM-MD5",
         in_turn({challenge_of("<1@example.test>"), "235 ok"}),
         {"AUTH CRAM-MD5", "dXNlciBjY2MwMjEyZGY1NjRkYmU3ZmIyMWY5ZjJlMGI0OTcwMg==", mail}},
        {"OAUTHBEARER", always("235 ok"), {"AUTH OAUTHBEARER " + bearer, mail}},
        {"XOAUTH2",
         always("235 ok"),
         {"AUTH XOAUTH2 " + to_base64("user=user\1auth=Bearer canary\1\1"), mail}}}) {
    SCOPED_TRACE(row.mechanism);
    Settings settings = smtps_settings();
    settings.mechanism = row.mechanism;
    const SmtpSaslRun got = run_smtp(settings, "PLAIN "s + row.mechanism, row.reply);
    EXPECT_EQ(word(got.outcome.ending), "delivered") << got.outcome.sentence;
    EXPECT_EQ(said(got), row.said);
  }
}

TEST(SmtpAuth, ScramIsChosenFirstAndProvesTheServer) {
  Settings settings = smtps_settings();
  settings.salted_passwords = std::make_shared<sasl::SaltedPasswords>();
  const auto peer = std::make_shared<ScramPeer>();
  const SmtpSaslRun got =
      run_smtp(settings, "LOGIN PLAIN SCRAM-SHA-1 SCRAM-SHA-256", sound_scram(peer));
  EXPECT_EQ(word(got.outcome.ending), "delivered") << got.outcome.sentence;
  const Lines lines = said(got);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_TRUE(octets_of(lines[0]).starts_with("y,,n=user,r=")) << "it could bind";
  EXPECT_EQ(lines[2], "");
  EXPECT_EQ(settings.salted_passwords->size(), 1U);
  EXPECT_TRUE(got.outcome.notes.empty());
}

// RFC 5802, 6: "y" says that no -PLUS was seen at all.
TEST(SmtpAuth, AnUnknownPlusSaysThatTheServerCanBind) {
  const auto peer = std::make_shared<ScramPeer>();
  const SmtpSaslRun got =
      run_smtp(smtps_settings(), "SCRAM-SHA-256 SCRAM-SHA-512-PLUS", sound_scram(peer));
  EXPECT_EQ(word(got.outcome.ending), "delivered") << got.outcome.sentence;
  EXPECT_TRUE(octets_of(said(got)[0]).starts_with("n,,n=user,r="));
}

TEST(SmtpAuth, PlusBindsToTheSession) {
  const auto peer = std::make_shared<ScramPeer>();
  const SmtpSaslRun got =
      run_smtp(smtps_settings(), "SCRAM-SHA-256 SCRAM-SHA-256-PLUS", sound_scram(peer));
  EXPECT_EQ(word(got.outcome.ending), "delivered") << got.outcome.sentence;
  EXPECT_TRUE(octets_of(said(got)[0]).starts_with("p=tls-exporter,,n=user,r="));
}

TEST(SmtpAuth, FewIterationsAreNoted) {
  const auto peer = std::make_shared<ScramPeer>();
  peer->challenge = [](const std::string& nonce) { return "r=" + nonce + "x,s=QSXC,i=1"; };
  const SmtpSaslRun got = run_smtp(smtps_settings(), "SCRAM-SHA-256", sound_scram(peer));
  EXPECT_EQ(got.outcome.notes, Lines{"the server has the password hashed i=1 times, RFC 7677 asks "
                                     "for 4096 at least"});
}

// RFC 5802, 5.1; RFC 4616, 2: it is the mechanism that asks for prepared strings.
TEST(SmtpAuth, AnUnfitPasswordIsRefusedWhereItIsComputedWith) {
  Settings settings = smtps_settings();
  settings.password = "canary\x07";
  const SmtpSaslRun scram = run_smtp(settings, "PLAIN SCRAM-SHA-256", always("235 ok"));
  EXPECT_EQ(word(scram.outcome.ending), "configuration-error");
  EXPECT_EQ(scram.outcome.sentence, "the password is not fit for SASL (RFC 4013)");
  EXPECT_EQ(said(scram), Lines{});
  const SmtpSaslRun plain = run_smtp(settings, "PLAIN", always("235 ok"));
  EXPECT_EQ(word(plain.outcome.ending), "delivered") << plain.outcome.sentence;
  EXPECT_EQ(octets_of(said(plain)[0]), "\0user\0canary\x07"s);
}

// RFC 4954, 4: a command line has 512 octets with CRLF.
TEST(SmtpAuth, APasswordTooLongForOneLineGoesInAnAnswer) {
  for (const std::size_t size : {366U, 367U}) {
    Settings settings = smtps_settings();
    settings.password = std::string(size, 'x');
    const SmtpSaslRun got = run_smtp(settings, "PLAIN", [](const std::string& line) -> std::string {
      return line == "AUTH PLAIN" ? "334 " : "235 ok";
    });
    EXPECT_EQ(word(got.outcome.ending), "delivered") << got.outcome.sentence;
    EXPECT_EQ(said(got).size(), size == 366 ? 2U : 3U) << size;
    EXPECT_LE(said(got).front().size() + 2, 512U);
  }
}

// RFC 4954, 4: the server has nothing to say before the client's first message.
TEST(SmtpAuth, WhatStandsInAnEmptyChallengeIsNoReasonToSpeak) {
  Settings settings = smtps_settings();
  settings.password = std::string(500, 'x');
  const SmtpSaslRun got = run_smtp(settings, "PLAIN", always("334 QUJD"));
  EXPECT_EQ(word(got.outcome.ending), "protocol-error");
  EXPECT_EQ(got.outcome.sentence,
            "the server's challenge holds something where the client is to speak first");
  EXPECT_EQ(said(got), (Lines{"AUTH PLAIN", "*"}));
}

struct ReplyRow {
  const char* name;
  const char* offered;
  std::optional<std::string> mechanism;
  SaslServer reply;
  const char* ending;
  const char* sentence;
  Lines said;  // "..": whatever
};

constexpr const char* kUnproven = "the server has not proved that it knows the password";
constexpr const char* kAfter = "the server sends a challenge after the last";
const std::string kPlain = "AUTH PLAIN AHVzZXIAY2FuYXJ5";
const ReplyRow kReplies[] = {
    {"535",
     "PLAIN LOGIN",
     {},
     always("535 5.7.8 no"),
     "auth-rejected",
     "the server refuses the credentials: 535 5.7.8 no",
     {kPlain}},
    {"454",
     "PLAIN LOGIN",
     {},
     always("454 4.7.0 later"),
     "auth-unavailable",
     "the server refuses the credentials: 454 4.7.0 later",
     {kPlain}},
    {"432",
     "PLAIN LOGIN",
     {},
     always("432 4.7.12 transition"),
     "auth-unavailable",
     "the server refuses the credentials: 432 4.7.12 transition",
     {kPlain}},
    {"534",
     "PLAIN LOGIN",
     {},
     always("534 5.7.9 weak"),
     "auth-unavailable",
     "the server refuses the credentials: 534 5.7.9 weak",
     {kPlain}},
    {"538",
     "PLAIN LOGIN",
     {},
     always("538 5.7.11 encrypt"),
     "auth-unavailable",
     "the server refuses the credentials: 538 5.7.11 encrypt",
     {kPlain}},
    {"421",
     "PLAIN",
     {},
     always("421 busy"),
     "throttled",
     "the server refuses the credentials: 421 busy",
     {kPlain}},
    {"504 to all",
     "PLAIN LOGIN",
     {},
     always("504 what?"),
     "auth-unavailable",
     "the server refuses the credentials: 504 what?",
     {kPlain, "AUTH LOGIN"}},
    {"504 to the configured one",
     "PLAIN LOGIN",
     "PLAIN",
     always("504 what?"),
     "auth-unavailable",
     "the server refuses the credentials: 504 what?",
     {kPlain}},
    {"504 to SCRAM",
     "PLAIN SCRAM-SHA-1",
     {},
     always("504 what?"),
     "auth-unavailable",
     "the server refuses the credentials: 504 what?",
     {".."}},
    {"250",
     "PLAIN",
     {},
     always("250 ok"),
     "protocol-error",
     "this is no reply to AUTH: 250 ok",
     {kPlain}},
    {"a challenge after PLAIN",
     "PLAIN",
     {},
     always("334 "),
     "protocol-error",
     kAfter,
     {kPlain, "*"}},
    {"a third of LOGIN",
     "LOGIN",
     {},
     always("334 "),
     "protocol-error",
     kAfter,
     {"AUTH LOGIN", "dXNlcg==", "Y2FuYXJ5", "*"}},
    {"235 after the name",
     "LOGIN",
     {},
     in_turn({"334 ", "235 ok"}),
     "protocol-error",
     "the server says success before the exchange is over: 235 ok",
     {"AUTH LOGIN", "dXNlcg=="}},
    {"no base64",
     "LOGIN",
     {},
     always("334 Username:"),
     "protocol-error",
     "the server's challenge is no base64",
     {"AUTH LOGIN", "*"}},
    {"two lines",
     "LOGIN",
     {},
     always("334-VXNl\r\n334 cm5h"),
     "protocol-error",
     "the server's challenge is no base64",
     {"AUTH LOGIN", "*"}},
    {"an empty challenge",
     "CRAM-MD5",
     {},
     always("334 "),
     "protocol-error",
     "the challenge is empty",
     {"AUTH CRAM-MD5", "*"}},
    {"SCRAM: at once", "SCRAM-SHA-256", {}, always("235 ok"), "protocol-error", kUnproven, {".."}},
    {"SCRAM: no message",
     "SCRAM-SHA-256",
     {},
     always("334 "),
     "protocol-error",
     "the server's first message is no list of attributes",
     {"..", "*"}},
    {"a token's error",
     "OAUTHBEARER",
     "OAUTHBEARER",
     in_turn({challenge_of("{\"status\":\"invalid_token\"}"), "535 5.7.8 no"}),
     "auth-rejected",
     "the server refuses the credentials: 535 5.7.8 no",
     {"..", "AQ=="}},
    {"a token's error, then success",
     "XOAUTH2",
     "XOAUTH2",
     in_turn({challenge_of("{}"), "235 ok"}),
     "protocol-error",
     "the server says success after it has stated an error: 235 ok",
     {"..", ""}},
    {"not offered",
     "PLAIN",
     "SCRAM-SHA-256",
     always("235 ok"),
     "auth-unavailable",
     "the server does not offer the mechanism SCRAM-SHA-256 inside TLS",
     {}},
    {"nothing known",
     "GSSAPI",
     {},
     always("235 ok"),
     "auth-unavailable",
     "the server offers no mechanism of this client inside TLS",
     {}},
    {"too long",
     "LOGIN",
     {},
     always(challenge_of(std::string(9217, 'x'))),
     "protocol-error",
     "the server's reply is malformed: ",
     {"AUTH LOGIN"}},
};

TEST(SmtpAuth, EachReplyHasItsEnding) {
  for (const ReplyRow& row : kReplies) {
    SCOPED_TRACE(row.name);
    Settings settings = smtps_settings();
    settings.mechanism = row.mechanism;
    const SmtpSaslRun got = run_smtp(settings, row.offered, row.reply);
    EXPECT_EQ(word(got.outcome.ending), row.ending);
    EXPECT_TRUE(got.outcome.sentence.starts_with(row.sentence)) << got.outcome.sentence;
    EXPECT_EQ(got.outcome.phase, Phase::authentication);
    Lines lines = said(got);
    for (std::size_t i = 0; i < lines.size() && i < row.said.size(); ++i) {
      if (row.said[i] == "..") lines[i] = "..";
    }
    EXPECT_EQ(lines, row.said);
  }
}

}  // namespace
}  // namespace startle::client
