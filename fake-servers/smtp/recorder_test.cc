// What a server writes down of clients that break the rules: everything that a judge may need.

#include <gtest/gtest.h>

#include "fake-servers/raw_client_for_test.h"
#include "harness/base/bytes.h"

namespace startle::fake {
namespace {

using Lines = std::vector<std::string>;

struct Row {
  const char* name;
  Lines says;
  Lines clear_commands;
};

TEST(SmtpRecorder, WhatIsSaidInClearIsKeptThoughItBeNoCommand) {
  using namespace std::string_literals;
  for (const Row& row :
       {Row{"commands", {"EHLO c\r\nNOOP\r\n", "QUIT\r\n"}, {"EHLO c", "NOOP", "QUIT"}},
        Row{"bare LF", {"MAIL FROM:<a@b>\nRCPT TO:<c@d>\n"}, {"MAIL FROM:<a@b>", "RCPT TO:<c@d>"}},
        Row{"bare CR", {"NOOP\rx\r\n"}, {"NOOP", "x"}},
        Row{"a leading space", {" DATA\r\n"}, {" DATA"}},
        Row{"a ClientHello", {"\x16\x03\x01\x00\x05hello\r\n"s}, {}},
        Row{"plain text where TLS belongs",
            {"EHLO c\r\n", "STARTTLS\r\n", "MAIL FROM:<a@b>\r\nDATA\r\n"},
            {"EHLO c", "STARTTLS", "MAIL FROM:<a@b>", "DATA"}},
        Row{"a secret on a bare line", {auth_plain() + "\n"}, {"AUTH PLAIN <initial response>"}}}) {
    const Talk got = talk(server_for_test(), row.says);
    EXPECT_EQ(got.seen.clear_commands, row.clear_commands) << row.name;
    std::string all;
    for (const std::string& said : row.says) all += said;
    EXPECT_EQ(got.seen.bytes_in_clear, all) << row.name;
  }
}

// RFC 4954, 4: 334 asks for more, but QUIT gives nothing away.
TEST(SmtpRecorder, WhoLeavesBehindA334HasAnsweredNothing) {
  const Server server =
      server_for_test({.deviations = {{.at = Point::ehlo, .steps = {Send{"334 x\r\n"}}}}});
  EXPECT_EQ(talk(server, {"EHLO c\r\n", "QUIT\r\n"}).seen.clear_commands,
            (Lines{"EHLO c", "QUIT"}));
  for (const std::string command : {"EHLO c", "HELO c", "RSET", "NOOP", "MAIL FROM:<a@b.test>"}) {
    EXPECT_EQ(talk(server, {"EHLO c\r\n", command + "\r\n"}).seen.clear_commands,
              (Lines{"EHLO c", command}));
  }
  EXPECT_EQ(talk(server, {"EHLO c\r\n", "Z3Vlc3M=\r\n"}).seen.clear_commands,
            (Lines{"EHLO c", "<answer>"}));
}

TEST(SmtpRecorder, NorHasWhoLeavesWhereAHandshakeIsDue) {
  const Server server = server_for_test(
      {.deviations = {{.at = Point::ehlo, .steps = {Send{"334 x\r\n"}, StartTls{}}}}});
  EXPECT_EQ(talk(server, {"EHLO c\r\n", "QUIT\r\n"}).seen.clear_commands,
            (Lines{"EHLO c", "QUIT"}));
  EXPECT_EQ(talk(server, {"EHLO c\r\n", "Z3Vlc3M=\r\n"}).seen.clear_commands,
            (Lines{"EHLO c", "<answer>"}));
}

// Nor has who says a command: he has not heard the challenge, which here stands behind a 235.
TEST(SmtpRecorder, ACommandIsNoAnswerToAForgedChallenge) {
  Server server = server_for_test(
      {.deviations = {{.at = Point::auth, .steps = {Send{"235 2.7.0 Ok\r\n"}, Usual{}}}}});
  server.script.sasl.lie = SaslLie::challenge_for_success;
  const Lines to_auth{"EHLO c\r\n", "STARTTLS\r\n", kHandshake, "EHLO c\r\n",
                      auth_plain() + "\r\n"};
  for (const std::string said : {"MAIL FROM:<a@b.test>", "QUIT", "Z3Vlc3M="}) {
    Lines says = to_auth;
    says.push_back(said + "\r\n");
    EXPECT_EQ(talk(server, says).seen.answered_forged_challenge, said == "Z3Vlc3M=") << said;
  }
}

TEST(SmtpRecorder, APipelinedCommandBeforeTlsIsDiscardedButWrittenDown) {
  // RFC 3207, 4.2: what an attacker puts behind STARTTLS is not run inside TLS.
  const Talk got =
      talk(server_for_test(), {"EHLO c\r\n", "STARTTLS\r\nNOOP\r\n", kHandshake, "EHLO c\r\n"});
  EXPECT_EQ(got.seen.tls_version, "TLS1.3");
  EXPECT_EQ(got.seen.tls_commands, Lines{"EHLO c"});
  EXPECT_EQ(got.seen.bytes_in_clear, "EHLO c\r\nSTARTTLS\r\nNOOP\r\n");
}

TEST(SmtpRecorder, KeepsNoMoreThanItsLimit) {
  const std::string line = "NOOP " + std::string(12000, 'x') + "\r\n";
  Lines says(100, line);
  const Talk got = talk(server_for_test(), says);
  EXPECT_EQ(got.seen.bytes_in_clear.size(), Observation::kMostBytes);
  EXPECT_EQ(got.seen.clear_commands.size(), says.size());
}

const std::string kLogin = auth_plain() + "\r\n";
const Lines kToData{"EHLO c\r\n",
                    "STARTTLS\r\n",
                    kHandshake,
                    "EHLO c\r\n",
                    kLogin,
                    "MAIL FROM:<sender@example.test>\r\n",
                    "RCPT TO:<a@example.test>\r\n",
                    "DATA\r\n"};

struct MessageRow {
  const char* name;
  Lines says;
  std::string ends_with;
  unsigned delivered;
};

TEST(SmtpRecorder, OnlyTheTrueEndEndsAMessage) {
  for (const MessageRow& row :
       {MessageRow{"empty", {".\r\n"}, "C: .\nS: 250 2.0.0 Ok: accepted\n", 1},
        MessageRow{"a stuffed dot",
                   {"..\r\n", "..\r\n.\r\n"},
                   "C: ..\nC: ..\nC: .\nS: 250 2.0.0 Ok: accepted\n",
                   1},
        MessageRow{"byte by byte",
                   {"a\r\n", ".", "\r", "\n"},
                   "C: \\x0a (no CRLF)\nS: 250 2.0.0 Ok: accepted\n",
                   1},
        MessageRow{"LF . LF (smuggling)", {"a\n.\nMAIL FROM:<x@y>\r\n"}, "MAIL FROM:<x@y>\n", 0},
        MessageRow{"LF . CRLF", {"a\n.\r\n"}, "C: a\\x0a.\n", 0},
        MessageRow{"never", {"a\r\n", kLeave}, "C: a\n", 0},
        MessageRow{"too long",
                   {std::string(1 << 20, 'x') + "\r\n"},
                   "C: 1048576 characters\nS: 552 5.3.4 The message is too long\nS: (closes)\n",
                   0}}) {
    Lines says = kToData;
    says.insert(says.end(), row.says.begin(), row.says.end());
    const Talk got = talk(server_for_test(), says);
    EXPECT_TRUE(got.transcript.ends_with(row.ends_with)) << row.name << ":\n" << got.transcript;
    EXPECT_EQ(got.seen.delivered, row.delivered) << row.name;
  }
}

TEST(SmtpRecorder, ASuccessBehindTheGoAheadForTheMessageIsItsAnswer) {
  for (const std::string first : {"354 go", "554 no", "250 ok"}) {
    const Server server = server_for_test(
        {.deviations = {{.at = Point::data,
                         .steps = {Send{first + "\r\n"}, Pause{std::chrono::seconds(1)},
                                   Send{"250 ok\r\n"}}}}});
    EXPECT_EQ(talk(server, kToData).seen.delivered, first == "354 go" ? 1U : 0U) << first;
  }
}

TEST(SmtpRecorder, NotesHowTheClientLeaves) {
  const Talk polite = talk(server_for_test(), {"EHLO c\r\n", "STARTTLS\r\n", kHandshake});
  EXPECT_EQ(polite.seen.alert, "close_notify");
  EXPECT_EQ(polite.seen.reached, Reached::tls);
  EXPECT_FALSE(polite.seen.left_without_close_notify);
  const Talk silent = talk(server_for_test(), {"EHLO c\r\n", "STARTTLS\r\n", kHandshake, kLeave});
  EXPECT_TRUE(silent.seen.left_without_close_notify);
  EXPECT_EQ(silent.seen.alert, "");
  const Talk clear = talk(server_for_test(), {"EHLO c\r\n", kLeave});
  EXPECT_EQ(clear.seen.alert, "");
  EXPECT_EQ(clear.seen.reached, Reached::ehlo);
  const Talk gone = talk(server_for_test(), {"EHLO c\r\n", "STARTTLS\r\n", kLeave});
  EXPECT_EQ(gone.seen.reached, Reached::starttls);
  EXPECT_EQ(gone.seen.handshakes, 0U);
}

}  // namespace
}  // namespace startle::fake
