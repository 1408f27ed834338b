// The client where everything goes well: what goes over the wire, line by line.

#include <gtest/gtest.h>

#include <set>

#include "fake-servers/submission_for_test.h"

namespace startle::fake {
namespace {

using client::Phase;
using words::Ending;
using words::Mode;
using Lines = std::vector<std::string>;

constexpr const char* kUntilAuth =
    R"(S: 220 smtp.example.test ESMTP startle
C: EHLO client.example.test
S: 250-smtp.example.test\x0d\x0a250-SIZE 1048576\x0d\x0a250-8BITMIME\x0d\x0a250-ENHANCEDSTATUSCODES\x0d\x0a250 STARTTLS
C: STARTTLS
S: 220 2.0.0 Ready to start TLS
C (tls): EHLO client.example.test
)";
constexpr const char* kBothMechanisms =
    R"(S (tls): 250-smtp.example.test\x0d\x0a250-SIZE 1048576\x0d\x0a250-8BITMIME\x0d\x0a250-ENHANCEDSTATUSCODES\x0d\x0a250 AUTH PLAIN LOGIN
)";
constexpr const char* kPlainInOneStep =
    R"(C (tls): AUTH PLAIN <initial response>
S (tls): 235 2.7.0 Authentication successful
)";
constexpr const char* kAfterAuth =
    R"(C (tls): MAIL FROM:<sender@example.test>
S (tls): 250 2.1.0 Ok
C (tls): RCPT TO:<recipient@example.test>
S (tls): 250 2.1.5 Ok
C (tls): DATA
S (tls): 354 End data with <CR><LF>.<CR><LF>
C (tls): <message>
S (tls): 250 2.0.0 Ok: accepted
C (tls): QUIT
S (tls): 221 2.0.0 Bye
)";

void expect_delivered(const Submitted& got) {
  EXPECT_EQ(got.outcome.ending, Ending::delivered) << got.outcome.sentence;
  EXPECT_EQ(got.outcome.phase, Phase::quit);
  EXPECT_EQ(got.outcome.sentence, "delivered inside TLS1.3");
  EXPECT_EQ(got.seen.alert, "close_notify");
}

TEST(Client, DeliversInsideTls) {
  const Submitted got = submit(submission_for_test());
  expect_delivered(got);
  EXPECT_EQ(dialogue_of(got.seen),
            std::string(kUntilAuth) + kBothMechanisms + kPlainInOneStep + kAfterAuth);
  EXPECT_EQ(got.outcome.tls_version, "TLS1.3");
  EXPECT_EQ(got.outcome.alert_sent, "close_notify");
  EXPECT_EQ(got.outcome.alert_received, "") << "it need not wait for the server's";
  EXPECT_EQ(got.outcome.reply_code, 0);
  EXPECT_EQ(got.seen.server_name, "smtp.example.test");
  EXPECT_EQ(got.seen.tls_version, "TLS1.3");
  EXPECT_EQ(got.seen.commands_before_reply, 0U);
  EXPECT_EQ(got.seen.reached, Reached::quit);
  EXPECT_TRUE(got.seen.authenticated);
}

// What a server offers inside TLS.
Script offers(const std::string& line) {
  return {.deviations = {{.at = Point::ehlo_in_tls,
                          .steps = {Send{"250-smtp.example.test\r\n250 " + line + "\r\n"}}}}};
}

TEST(Client, UsesLoginWherePlainIsNotOffered) {
  const Submitted got = submit(submission_for_test(offers("AUTH LOGIN")));
  expect_delivered(got);
  EXPECT_EQ(dialogue_of(got.seen), std::string(kUntilAuth) +
                                       R"(S (tls): 250-smtp.example.test\x0d\x0a250 AUTH LOGIN
C (tls): AUTH LOGIN
S (tls): 334 VXNlcm5hbWU6
C (tls): <answer>
S (tls): 334 UGFzc3dvcmQ6
C (tls): <answer>
S (tls): 235 2.7.0 Authentication successful
)" + kAfterAuth);
}

TEST(Client, SendsALongPasswordWithoutInitialResponse) {
  // RFC 4954, 4: the command would be longer than 512 octets.
  Submission submission = submission_for_test();
  const std::string password = std::string(4074, 'x') + submission.server.secret;
  submission.settings.password = password;
  submission.server.users.front().password = password;
  const Submitted got = submit(submission);
  expect_delivered(got);
  EXPECT_EQ(dialogue_of(got.seen), std::string(kUntilAuth) + kBothMechanisms +
                                       R"(C (tls): AUTH PLAIN
S (tls): 334 
C (tls): <answer>
S (tls): 235 2.7.0 Authentication successful
)" + kAfterAuth);
}

struct PasswordRow {
  const char* name;
  std::size_t size;
  const char* command;
};

TEST(Client, FillsACommandLineToItsLimitAndNotFurther) {
  // "AUTH PLAIN ", base64 of NUL user NUL password, CRLF: 512 octets hold 499 of base64, of which
  // whole groups are 496: 372 bytes, 366 of them password.
  for (const PasswordRow& row : {PasswordRow{"fits", 366, "AUTH PLAIN <initial response>"},
                                 {"is too long by one", 367, "AUTH PLAIN"}}) {
    Submission submission = submission_for_test();
    submission.settings.password = std::string(row.size, 'p');
    submission.server.users.front().password = std::string(row.size, 'p');
    const Submitted got = submit(submission);
    EXPECT_EQ(got.outcome.ending, Ending::delivered) << row.name;
    EXPECT_EQ(got.seen.tls_commands.at(1), row.command) << row.name;
  }
}

struct OfferRow {
  const char* name;
  std::string offer;
  Ending ending;
  const char* used;
};

TEST(Client, ChoosesItsMechanismFromWhatIsOfferedInsideTls) {
  for (const OfferRow& row :
       {OfferRow{"both", "AUTH LOGIN PLAIN", Ending::delivered, "PLAIN"},
        {"lower case", "auth login", Ending::delivered, "LOGIN"},
        {"neither", "AUTH GSSAPI XOAUTH2", Ending::auth_unavailable, ""},
        {"a longer word", "AUTH PLAINER", Ending::auth_unavailable, ""},
        {"the old spelling", "AUTH=PLAIN LOGIN", Ending::auth_unavailable, ""},
        {"none at all", "8BITMIME", Ending::auth_unavailable, ""}}) {
    const Submitted got = submit(submission_for_test(offers(row.offer)));
    EXPECT_EQ(got.outcome.ending, row.ending) << row.name;
    EXPECT_EQ(got.seen.auth_used_in_tls, *row.used ? Lines{row.used} : Lines{}) << row.name;
  }
}

TEST(Client, ForgetsWhatItLearnedBeforeTls) {
  Script script = offers("8BITMIME");
  script.deviations.push_back({.at = Point::ehlo,
                               .steps = {Send{"250-smtp.example.test\r\n250-AUTH PLAIN\r\n"
                                              "250 STARTTLS\r\n"}}});
  const Submitted got = submit(submission_for_test(script));
  EXPECT_EQ(got.outcome.ending, Ending::auth_unavailable);
  EXPECT_EQ(got.outcome.sentence, "the server offers no mechanism of this client inside TLS");
}

TEST(Client, StuffsTheDotsOfAMessage) {
  Submission submission = submission_for_test();
  submission.settings.message = "Subject: x\r\n\r\n.\r\n..\r\nQUIT\r\nno end of line";
  const Submitted got = submit(submission);
  expect_delivered(got);
  const std::string sent = "\r\nSubject: x\r\n\r\n..\r\n...\r\nQUIT\r\nno end of line\r\n.\r\n";
  EXPECT_NE(got.seen.bytes_in_tls.find(sent), std::string::npos) << got.seen.bytes_in_tls;
}

Submission plain_submission(Script script = {}) {
  script.accepts_in_clear = true;
  Submission made = submission_for_test(std::move(script));
  made.settings.mode = Mode::smtp_plain;
  made.settings.username.reset();
  made.settings.password.reset();
  made.settings.trust.reset();
  return made;
}

const Script kNoEhlo{.deviations = {{.at = Point::ehlo, .steps = {Send{"502 no\r\n"}}}}};

TEST(Client, InClearDeliversWithoutTlsAndAuth) {
  const Submitted got = submit(plain_submission());
  EXPECT_EQ(got.outcome.ending, Ending::delivered_in_clear);
  EXPECT_EQ(got.outcome.sentence, "delivered without TLS");
  EXPECT_EQ(got.seen.clear_commands,
            (Lines{"EHLO client.example.test", "MAIL FROM:<sender@example.test>",
                   "RCPT TO:<recipient@example.test>", "DATA", "QUIT"}));
}

TEST(Client, FallsBackToHeloOnlyWhereNeitherTlsNorAuthIsWanted) {
  const Submitted plain = submit(plain_submission(kNoEhlo));
  EXPECT_EQ(plain.outcome.ending, Ending::delivered_in_clear);
  EXPECT_EQ(plain.seen.clear_commands.at(1), "HELO client.example.test");

  const Submitted starttls = submit(submission_for_test(kNoEhlo));
  EXPECT_EQ(starttls.outcome.ending, Ending::starttls_not_supported);
  EXPECT_EQ(starttls.seen.clear_commands, (Lines{"EHLO client.example.test", "QUIT"}));

  Submission with_user = plain_submission(kNoEhlo);
  with_user.settings.username = "user";
  with_user.settings.password = with_user.server.secret;
  const Submitted auth = submit(with_user);
  EXPECT_EQ(auth.outcome.ending, Ending::refused_by_server);
  EXPECT_EQ(auth.seen.clear_commands, (Lines{"EHLO client.example.test", "QUIT"}));
}

// RFC 5321, 4.5.3.1: a line may be too long for some, and is a reply all the same.
TEST(Client, AMessageAcceptedInALongLineIsDeliveredForTheServerToo) {
  const std::string reply = "250 " + std::string(4000, 'x') + "\r\n";
  const Submitted got =
      submit(submission_for_test({.deviations = {{.at = Point::message, .steps = {Send{reply}}}}}));
  EXPECT_EQ(got.outcome.ending, Ending::delivered);
  EXPECT_EQ(got.seen.delivered, 1U);
}

TEST(Client, NeverSendsAPasswordInClear) {
  Script script{.deviations = {{.at = Point::ehlo,
                                .steps = {Send{"250-smtp.example.test\r\n250 AUTH PLAIN\r\n"}}}}};
  Submission submission = plain_submission(script);
  submission.settings.username = "user";
  submission.settings.password = submission.server.secret;
  const Submitted got = submit(submission);
  EXPECT_EQ(got.outcome.ending, Ending::auth_unavailable);
  EXPECT_EQ(got.outcome.sentence,
            "a password is only ever sent inside TLS: configure starttls=\"true\"");
  EXPECT_EQ(got.seen.clear_commands, (Lines{"EHLO client.example.test", "QUIT"}));
}

TEST(Client, AndTheServerTellTheSameSecretsOfTls) {
  Submission submission = submission_for_test();
  std::set<std::string> of_client;
  std::set<std::string> of_server;
  submission.settings.key_log = [&](const std::string& line) { of_client.insert(line); };
  submission.server.key_log = [&](const std::string& line) { of_server.insert(line); };
  expect_delivered(submit(submission));
  EXPECT_EQ(of_client, of_server);
  EXPECT_GE(of_server.size(), 4U);  // of TLS 1.3, for each direction and each of its two stages
}

}  // namespace
}  // namespace startle::fake
