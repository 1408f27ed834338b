// The well-behaved server, talked to by a client without manners: whole transcripts.

#include "fake-servers/smtp/server.h"

#include <gtest/gtest.h>

#include "fake-servers/raw_client_for_test.h"
#include "harness/base/bytes.h"

namespace startle::fake {
namespace {

using Lines = std::vector<std::string>;

constexpr const char* kGreeting = "S: 220 smtp.example.test ESMTP startle\n";
constexpr const char* kCapabilities =
    "S: 250-smtp.example.test\n"
    "S: 250-SIZE 1048576\n"
    "S: 250-8BITMIME\n"
    "S: 250-ENHANCEDSTATUSCODES\n";

const Lines kIntoTls{"EHLO c\r\n", "STARTTLS\r\n", kHandshake, "EHLO c\r\n"};

std::string into_tls() {
  return std::string(kGreeting) + "C: EHLO c\n" + kCapabilities +
         "S: 250 STARTTLS\n"
         "C: STARTTLS\n"
         "S: 220 2.0.0 Ready to start TLS\n"
         "C: (TLS handshake)\n"
         "C: EHLO c\n" +
         kCapabilities + "S: 250 AUTH PLAIN LOGIN\n";
}

// Inside TLS, after the second EHLO; what follows it of the transcript.
struct InTls {
  Talk result{};
  std::string rest{};
};
InTls in_tls(const Lines& says, const Server& server = server_for_test()) {
  Lines all = kIntoTls;
  all.insert(all.end(), says.begin(), says.end());
  InTls made{.result = talk(server, all)};
  const std::string& transcript = made.result.transcript;
  EXPECT_TRUE(transcript.starts_with(into_tls())) << transcript;
  made.rest = transcript.substr(std::min(into_tls().size(), transcript.size()));
  return made;
}

TEST(SmtpServer, TakesASubmissionInsideTls) {
  const InTls got = in_tls({auth_plain() + "\r\n", "MAIL FROM:<Sender@Example.TEST> SIZE=100\r\n",
                            "RCPT TO:<a@example.test>\r\n", "RCPT TO:<b@example.test>\r\n",
                            "DATA\r\n", "Subject: x\r\n\r\n..dot\r\n.\r\n", "QUIT\r\n"});
  EXPECT_EQ(got.rest, "C: " + auth_plain() +
                          "\n"
                          "S: 235 2.7.0 Authentication successful\n"
                          "C: MAIL FROM:<Sender@Example.TEST> SIZE=100\n"
                          "S: 250 2.1.0 Ok\n"
                          "C: RCPT TO:<a@example.test>\n"
                          "S: 250 2.1.5 Ok\n"
                          "C: RCPT TO:<b@example.test>\n"
                          "S: 250 2.1.5 Ok\n"
                          "C: DATA\n"
                          "S: 354 End data with <CR><LF>.<CR><LF>\n"
                          "C: Subject: x\n"
                          "C: \n"
                          "C: ..dot\n"
                          "C: .\n"
                          "S: 250 2.0.0 Ok: accepted\n"
                          "C: QUIT\n"
                          "S: 221 2.0.0 Bye\n"
                          "S: (closes)\n");
  const Observation& seen = got.result.seen;
  EXPECT_EQ(seen.connections, 1U);
  EXPECT_EQ(seen.handshakes, 1U);
  EXPECT_EQ(seen.reached, Reached::quit);
  EXPECT_EQ(seen.tls_version, "TLS1.3");
  EXPECT_EQ(seen.server_name, "smtp.example.test");
  EXPECT_TRUE(seen.authenticated);
  EXPECT_EQ(seen.delivered, 1U);
  EXPECT_EQ(seen.commands_before_reply, 0U);
  EXPECT_FALSE(seen.sent_behind_go_ahead);
  EXPECT_EQ(seen.auth_offered_in_clear, Lines{});
  EXPECT_EQ(seen.auth_offered_in_tls, (Lines{"PLAIN", "LOGIN"}));
  EXPECT_EQ(seen.auth_used_in_tls, Lines{"PLAIN"});
  EXPECT_EQ(seen.clear_commands, (Lines{"EHLO c", "STARTTLS"}));
  EXPECT_EQ(
      seen.tls_commands,
      (Lines{"EHLO c", "AUTH PLAIN <initial response>", "MAIL FROM:<Sender@Example.TEST> SIZE=100",
             "RCPT TO:<a@example.test>", "RCPT TO:<b@example.test>", "DATA", "QUIT"}));
  EXPECT_EQ(seen.bytes_in_clear, "EHLO c\r\nSTARTTLS\r\n");
  EXPECT_EQ(lines_of(seen).front(), "S: 220 smtp.example.test ESMTP startle");
  EXPECT_EQ(lines_of(seen)[17], "C (tls): <message>");
}

struct Row {
  const char* name;
  Lines says;
  std::string rest;  // of the transcript
};

TEST(SmtpServer, InClearOffersNothingButTls) {
  for (const Row& row :
       {Row{"MAIL",
            {"MAIL FROM:<sender@example.test>\r\n"},
            "C: MAIL FROM:<sender@example.test>\nS: 530 5.7.0 Must issue a STARTTLS command "
            "first\n"},
        Row{"AUTH",
            {"AUTH LOGIN\r\n"},
            "C: AUTH LOGIN\nS: 530 5.7.0 Must issue a STARTTLS command first\n"},
        Row{"RCPT", {"RCPT TO:<a@b>\r\n"}, "C: RCPT TO:<a@b>\nS: 503 5.5.1 MAIL comes first\n"},
        Row{"DATA", {"DATA\r\n"}, "C: DATA\nS: 503 5.5.1 RCPT comes first\n"},
        Row{"HELO", {"HELO c\r\n"}, "C: HELO c\nS: 250 smtp.example.test\n"},
        Row{"lower case", {"rSeT\r\n"}, "C: rSeT\nS: 250 2.0.0 Ok\n"},
        Row{"NOOP", {"NOOP x\r\n"}, "C: NOOP x\nS: 250 2.0.0 Ok\n"},
        Row{"a command of no protocol",
            {"XYZZY\r\n"},
            "C: XYZZY\nS: 500 5.5.2 Command not recognized\n"},
        Row{"an empty line", {"\r\n"}, "C: \nS: 500 5.5.2 Command not recognized\n"},
        Row{"STARTTLS with a parameter",
            {"STARTTLS now\r\n"},
            "C: STARTTLS now\nS: 501 5.5.4 STARTTLS takes no parameter\n"},
        Row{"bare LF",
            {"EHLO c\n"},
            "C: EHLO c\\x0a (no CRLF)\nS: 500 5.5.2 Lines end with CRLF\nS: (closes)\n"},
        Row{"QUIT", {"QUIT\r\n"}, "C: QUIT\nS: 221 2.0.0 Bye\nS: (closes)\n"},
        Row{"byte by byte",
            {"Q", "UIT", "\r", "\n"},
            "C: Q (no CRLF)\nC: UIT (no CRLF)\nC: \\x0d (no CRLF)\nC: \\x0a (no CRLF)\n"
            "S: 221 2.0.0 Bye\nS: (closes)\n"}}) {
    EXPECT_EQ(talk(server_for_test(), row.says).transcript, kGreeting + row.rest) << row.name;
  }
}

const std::string kMail = "MAIL FROM:<sender@example.test>";
const std::string kRcpt = "RCPT TO:<a@example.test>";

std::string line(const std::string& text) {
  return text + "\r\n";
}
std::string dialogue(const std::string& command, const std::string& reply) {
  return "C: " + command + "\nS: " + reply + "\n";
}
const std::string kLoggedIn = dialogue(auth_plain(), "235 2.7.0 Authentication successful");

TEST(SmtpServer, KeepsTheOrderOfCommandsInsideTls) {
  const std::string login = line(auth_plain());
  for (const Row& row :
       {Row{"MAIL before AUTH",
            {line(kMail)},
            dialogue(kMail, "530 5.7.0 Authentication required")},
        Row{"RCPT before MAIL",
            {login, line(kRcpt)},
            kLoggedIn + dialogue(kRcpt, "503 5.5.1 MAIL comes first")},
        Row{"DATA before RCPT",
            {login, line(kMail), "DATA\r\n"},
            kLoggedIn + dialogue(kMail, "250 2.1.0 Ok") +
                dialogue("DATA", "503 5.5.1 RCPT comes first")},
        Row{"MAIL twice",
            {login, line(kMail), line(kMail)},
            kLoggedIn + dialogue(kMail, "250 2.1.0 Ok") +
                dialogue(kMail, "503 5.5.1 There is a sender already")},
        Row{"RSET forgets",
            {login, line(kMail), line(kRcpt), "RSET\r\n", "DATA\r\n", line(kRcpt)},
            kLoggedIn + dialogue(kMail, "250 2.1.0 Ok") + dialogue(kRcpt, "250 2.1.5 Ok") +
                dialogue("RSET", "250 2.0.0 Ok") + dialogue("DATA", "503 5.5.1 RCPT comes first") +
                dialogue(kRcpt, "503 5.5.1 MAIL comes first")},
        Row{"EHLO forgets the mail, not the login",
            {login, line(kMail), line(kRcpt), "EHLO c\r\n", "DATA\r\n", line(kMail), login},
            kLoggedIn + dialogue(kMail, "250 2.1.0 Ok") + dialogue(kRcpt, "250 2.1.5 Ok") +
                "C: EHLO c\n" + kCapabilities + "S: 250 AUTH PLAIN LOGIN\n" +
                dialogue("DATA", "503 5.5.1 RCPT comes first") + dialogue(kMail, "250 2.1.0 Ok") +
                dialogue(auth_plain(), "503 5.5.1 Authenticated already")},
        Row{"HELO forgets the mail",
            {login, line(kMail), "HELO c\r\n", line(kMail)},
            kLoggedIn + dialogue(kMail, "250 2.1.0 Ok") +
                dialogue("HELO c", "250 smtp.example.test") + dialogue(kMail, "250 2.1.0 Ok")},
        Row{"STARTTLS again",
            {"STARTTLS\r\n"},
            dialogue("STARTTLS", "503 5.5.1 TLS is active already")},
        Row{"AUTH again",
            {login, login},
            kLoggedIn + dialogue(auth_plain(), "503 5.5.1 Authenticated already")},
        Row{"a sender of somebody else",
            {login, "MAIL FROM:<else@example.test>\r\n"},
            kLoggedIn + dialogue("MAIL FROM:<else@example.test>",
                                 "553 5.7.1 This user may not send from that address")},
        Row{"no path",
            {login, "MAIL FROM: sender@example.test\r\n"},
            kLoggedIn + dialogue("MAIL FROM: sender@example.test",
                                 "501 5.5.4 This is no MAIL FROM:<address>")},
        Row{"no recipient",
            {login, line(kMail), "RCPT TO:<>\r\n"},
            kLoggedIn + dialogue(kMail, "250 2.1.0 Ok") +
                dialogue("RCPT TO:<>", "501 5.5.4 This is no RCPT TO:<address>")}}) {
    EXPECT_EQ(in_tls(row.says).rest, row.rest) << row.name;
  }
}

// RFC 3207, 4.2: what was said before TLS counts no more, and may be said again.
TEST(SmtpServer, BeginsAnewInsideTls) {
  const Server server = server_for_test({.accepts_in_clear = true});
  const std::string login = line(auth_plain());
  const Talk got = talk(server, {"EHLO c\r\n", login, line(kMail), "STARTTLS\r\n", kHandshake,
                                 line(kMail), "EHLO c\r\n", login, line(kMail)});
  const std::size_t inside = got.transcript.find("C: (TLS handshake)\n");
  ASSERT_NE(inside, std::string::npos) << got.transcript;
  EXPECT_EQ(got.transcript.substr(inside),
            "C: (TLS handshake)\n" + dialogue(kMail, "530 5.7.0 Authentication required") +
                "C: EHLO c\n" + kCapabilities + "S: 250 AUTH PLAIN LOGIN\n" + kLoggedIn +
                dialogue(kMail, "250 2.1.0 Ok"));
}

// What the server was told to know it knows, whichever mechanism says it.
TEST(SmtpServer, KnowsEmptyNamesAndPasswords) {
  const std::string ok = "235 2.7.0 Authentication successful";
  for (const auto& [name, password] : {std::pair{kUser, std::string()},
                                       {std::string(), kCanary},
                                       {std::string(), std::string()}}) {
    Server server = server_for_test();
    server.users.front().name = name;
    server.users.front().password = password;
    const std::string plain = auth_plain(name, password);
    EXPECT_EQ(in_tls({line(plain)}, server).rest, dialogue(plain, ok)) << name << '/' << password;
    const std::string login_name = to_base64(name);
    const std::string login_password = to_base64(password);
    EXPECT_EQ(in_tls({"AUTH LOGIN\r\n", line(login_name), line(login_password)}, server).rest,
              dialogue("AUTH LOGIN", "334 VXNlcm5hbWU6") +
                  dialogue(login_name, "334 UGFzc3dvcmQ6") + dialogue(login_password, ok))
        << name << '/' << password;
  }
}

TEST(SmtpServer, ChecksCredentials) {
  const std::string ok = "235 2.7.0 Authentication successful";
  const std::string wrong = "535 5.7.8 Authentication credentials invalid";
  const std::string no_answer = "501 5.5.2 This is no answer";
  const std::string user = to_base64(kUser);
  const std::string password = to_base64(kCanary);
  const std::string message = auth_plain().substr(11);
  const std::string asks_user = "334 VXNlcm5hbWU6";
  const std::string asks_password = "334 UGFzc3dvcmQ6";
  for (const Row& row :
       {Row{"PLAIN", {line(auth_plain())}, dialogue(auth_plain(), ok)},
        Row{"PLAIN in two steps",
            {"AUTH PLAIN\r\n", line(message)},
            dialogue("AUTH PLAIN", "334 ") + dialogue(message, ok)},
        Row{"plain in lower case",
            {line("auth plain " + message)},
            dialogue("auth plain " + message, ok)},
        Row{"LOGIN",
            {"AUTH LOGIN\r\n", line(user), line(password)},
            dialogue("AUTH LOGIN", asks_user) + dialogue(user, asks_password) +
                dialogue(password, ok)},
        Row{"LOGIN with the name at once",
            {line("AUTH LOGIN " + user), line(password)},
            dialogue("AUTH LOGIN " + user, asks_password) + dialogue(password, ok)},
        Row{"a wrong password",
            {line(auth_plain(kUser, "x"))},
            dialogue(auth_plain(kUser, "x"), wrong)},
        Row{"an unknown user", {line(auth_plain("nobody"))}, dialogue(auth_plain("nobody"), wrong)},
        Row{"an empty password",
            {line(auth_plain(kUser, ""))},
            dialogue(auth_plain(kUser, ""), wrong)},
        Row{"PLAIN cancelled",
            {"AUTH PLAIN\r\n", "*\r\n"},
            dialogue("AUTH PLAIN", "334 ") + dialogue("*", no_answer)},
        Row{"LOGIN cancelled at the name",
            {"AUTH LOGIN\r\n", "*\r\n"},
            dialogue("AUTH LOGIN", asks_user) + dialogue("*", no_answer)},
        Row{"LOGIN cancelled at the password",
            {"AUTH LOGIN\r\n", line(user), "*\r\n"},
            dialogue("AUTH LOGIN", asks_user) + dialogue(user, asks_password) +
                dialogue("*", no_answer)},
        Row{"no base64", {"AUTH PLAIN !!!!\r\n"}, dialogue("AUTH PLAIN !!!!", no_answer)},
        Row{"no padding", {"AUTH PLAIN AGEAYg\r\n"}, dialogue("AUTH PLAIN AGEAYg", no_answer)},
        Row{"an empty response", {"AUTH PLAIN =\r\n"}, dialogue("AUTH PLAIN =", no_answer)},
        Row{"one NUL only", {"AUTH PLAIN AGE=\r\n"}, dialogue("AUTH PLAIN AGE=", no_answer)},
        Row{"another mechanism",
            {"AUTH CRAM-MD5\r\n"},
            dialogue("AUTH CRAM-MD5", "504 5.5.4 Mechanism not known")},
        Row{"no mechanism", {"AUTH\r\n"}, dialogue("AUTH", "504 5.5.4 Mechanism not known")}}) {
    const InTls got = in_tls(row.says);
    EXPECT_EQ(got.rest, row.rest) << row.name;
    EXPECT_EQ(got.result.seen.authenticated, row.rest.find(ok) != std::string::npos) << row.name;
    for (const std::string& shown : lines_of(got.result.seen)) {
      EXPECT_EQ(shown.find(password), std::string::npos) << row.name;
      EXPECT_EQ(shown.find(message), std::string::npos) << row.name;
    }
  }
}

}  // namespace
}  // namespace startle::fake
