// AUTH with SCRAM that ends badly: a server that is not proven, and one that refuses behind its
// challenge (RFC 5802, 6).

#include <gtest/gtest.h>

#include <utility>

#include "harness/client/sasl_session_for_test.h"

namespace startle::client {
namespace {

using Lines = std::vector<std::string>;

// From AUTH on; without the lines of the message and QUIT.
Lines said(const SmtpSaslRun& run) {
  Lines lines;
  for (const std::string& line : run.heard) {
    if (!line.starts_with("EHLO") && line != "QUIT") lines.push_back(line);
  }
  return lines;
}

// Challenges each SCRAM that is begun; says `last` to the client's proof, `then` to its empty line.
SaslServer challenging(std::string last, std::string then) {
  const auto peer = std::make_shared<ScramPeer>();
  return [=](const std::string& line) -> std::string {
    if (line.starts_with("AUTH")) return challenge_of(peer->answer(octets_of(line)));
    return line.empty() ? then : last;
  };
}

TEST(SmtpAuthRefusal, AServerThatIsNotProvenIsLeft) {
  struct Row {
    const char* name;
    std::string last;
    const char* ending;
    const char* sentence;
    Lines said;  // behind the client's last message
  };
  constexpr const char* kUnproven = "the server has not proved that it knows the password";
  for (const Row& row :
       {Row{"no signature", "235 ok", "protocol-error", kUnproven, {}},
        {"signature in the text", "235 v=", "protocol-error", kUnproven, {}},
        {"wrong signature", challenge_of("v=AAAA"), "protocol-error", kUnproven, {"*"}},
        {"neither",
         challenge_of("x=y"),
         "protocol-error",
         "the server's last message holds neither its signature (v=) nor an error (e=)",
         {"*"}},
        {"error, then success",
         challenge_of("e=other-error"),
         "protocol-error",
         "the server says success after it has stated an error: 235 ok",
         {""}}}) {
    SCOPED_TRACE(row.name);
    const SmtpSaslRun got =
        run_smtp(smtps_settings(), "SCRAM-SHA-256", challenging(row.last, "235 ok"));
    EXPECT_EQ(word(got.outcome.ending), row.ending);
    EXPECT_TRUE(got.outcome.sentence.starts_with(row.sentence)) << got.outcome.sentence;
    const Lines lines = said(got);
    ASSERT_GE(lines.size(), 2U);
    EXPECT_EQ(Lines(lines.begin() + 2, lines.end()), row.said);
    EXPECT_EQ(got.heard.back(), "QUIT");
  }
}

TEST(SmtpAuthRefusal, AnotherChannelIsSpokenOf) {
  const SmtpSaslRun got =
      run_smtp(smtps_settings(), "PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS",
               challenging(challenge_of("e=channel-bindings-dont-match"), "535 no"));
  EXPECT_EQ(word(got.outcome.ending), "auth-rejected");
  EXPECT_EQ(got.outcome.sentence,
            "the server is bound to another channel, so someone may stand in between "
            "(channel-bindings-dont-match): 535 no");
  EXPECT_EQ(said(got).size(), 3U) << "nothing else is tried";
}

// RFC 5802, 6: what a server says behind its challenge is of the credentials, not of the mechanism.
TEST(SmtpAuthRefusal, NothingElseIsTriedBehindAChallenge) {
  const SmtpSaslRun got = run_smtp(smtps_settings(), "SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5",
                                   challenging("504 what?", ""));
  EXPECT_EQ(word(got.outcome.ending), "auth-unavailable");
  EXPECT_EQ(got.outcome.sentence, "the server refuses the credentials: 504 what?");
  EXPECT_EQ(said(got).size(), 2U);
}

TEST(SmtpAuthRefusal, AnErrorThatWasStatedDecidesWhateverTheCode) {
  for (const char* code : {"504", "535", "534", "538", "454", "432", "501"}) {
    const SmtpSaslRun got =
        run_smtp(smtps_settings(), "SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5",
                 challenging(challenge_of("e=invalid-proof"), std::string(code) + " no"));
    EXPECT_EQ(word(got.outcome.ending), "auth-rejected") << code;
    EXPECT_EQ(got.outcome.sentence,
              "the server refuses the credentials (invalid-proof): " + std::string(code) + " no");
    EXPECT_EQ(said(got).size(), 3U) << code;
  }
  // RFC 5321, 3.8: the channel is closed.
  const SmtpSaslRun closed = run_smtp(smtps_settings(), "SCRAM-SHA-256",
                                      challenging(challenge_of("e=invalid-proof"), "421 closing"));
  EXPECT_EQ(word(closed.outcome.ending), "throttled");
}

// RFC 4954, 6; RFC 5248, 2.4.
TEST(SmtpAuthRefusal, NotEachCodeSpeaksOfTheCredentials) {
  for (const auto& [code, ending] : {std::pair<const char*, const char*>{"503", "auth-unavailable"},
                                     {"504", "auth-unavailable"},
                                     {"523", "auth-unavailable"},
                                     {"524", "auth-unavailable"},
                                     {"530", "auth-unavailable"},
                                     {"534", "auth-unavailable"},
                                     {"538", "auth-unavailable"},
                                     {"422", "auth-unavailable"},
                                     {"454", "auth-unavailable"},
                                     {"525", "auth-rejected"},
                                     {"535", "auth-rejected"},
                                     {"550", "auth-rejected"}}) {
    const SmtpSaslRun got =
        run_smtp(smtps_settings(), "PLAIN",
                 [reply = std::string(code) + " no"](const std::string&) { return reply; });
    EXPECT_EQ(word(got.outcome.ending), ending) << code;
  }
}

TEST(SmtpAuthRefusal, AnErrorIsShownPrintableAndBounded) {
  for (const auto& [error, shown] :
       {std::pair<std::string, std::string>{"the user is locked", "the user is locked"},
        {"\x1b[2J", "\\x1b[2J"},
        {std::string(200, 'x'), std::string(128, 'x')}}) {
    const SmtpSaslRun got = run_smtp(smtps_settings(), "SCRAM-SHA-256",
                                     challenging(challenge_of("e=" + error), "535 no"));
    EXPECT_EQ(got.outcome.sentence, "the server refuses the credentials (" + shown + "): 535 no");
  }
}

// As much as of an LDAP diagnostic message.
TEST(SmtpAuthRefusal, AReplyIsShownBounded) {
  const SmtpSaslRun got = run_smtp(smtps_settings(), "PLAIN", [](const std::string&) {
    return "535-" + std::string(400, 'x') + "\r\n535 " + std::string(400, '\x01');
  });
  EXPECT_EQ(word(got.outcome.ending), "auth-rejected");
  EXPECT_EQ(got.outcome.reply.size(), 512U);
  EXPECT_TRUE(got.outcome.sentence.ends_with(": 535 " + got.outcome.reply));
}

}  // namespace
}  // namespace startle::client
