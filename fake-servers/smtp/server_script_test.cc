// A server that deviates: at every point, with every step; and what it makes of a client that does
// not wait its turn.

#include <gtest/gtest.h>

#include "fake-servers/raw_client_for_test.h"
#include "fake-servers/smtp/server.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

const std::string kMail = "MAIL FROM:<sender@example.test>\r\n";
const std::string kRcpt = "RCPT TO:<a@example.test>\r\n";

// A submission, step by step.
Lines submission() {
  return {"EHLO c\r\n", "STARTTLS\r\n", kHandshake, "EHLO c\r\n", auth_plain() + "\r\n",
          kMail,        kRcpt,          "DATA\r\n", "a\r\n.\r\n", "QUIT\r\n"};
}

Talk talk_to(Script script) {
  return talk(server_for_test(std::move(script)), submission());
}

// Where in a transcript of submission() the server speaks at `point`.
std::size_t place_of(Point point, const std::string& transcript) {
  const auto behind = [&](const std::string& line, std::size_t from = 0) {
    const std::size_t found = transcript.find(line + "\n", from);
    return found == std::string::npos ? found : found + line.size() + 1;
  };
  switch (point) {
    case Point::greeting:
      return 0;
    case Point::ehlo:
      return behind("C: EHLO c");
    case Point::starttls:
      return behind("C: STARTTLS");
    case Point::ehlo_in_tls:
      return behind("C: EHLO c", transcript.find(kHandshake));
    case Point::auth:
      return behind("C: " + auth_plain());
    case Point::mail:
      return behind("C: MAIL FROM:<sender@example.test>");
    case Point::rcpt:
      return behind("C: RCPT TO:<a@example.test>");
    case Point::data:
      return behind("C: DATA");
    case Point::message:
      return behind("C: .");
    case Point::quit:
      return behind("C: QUIT");
    default:  // LDAP's
      break;
  }
  return std::string::npos;
}

struct StepRow {
  const char* name;
  std::vector<Step> steps;
  std::string says;  // what follows in the transcript; empty: what a well-behaved server says
};

TEST(SmtpServerScript, DeviatesAtEveryPointWithEveryStep) {
  const std::string usual = talk_to({}).transcript;
  for (std::size_t i = 0; i < count_of<Point>(); ++i) {
    const auto point = static_cast<Point>(i);
    if (!has_point(kSmtpProtocol, point) || point == Point::helo) continue;
    const std::size_t place = place_of(point, usual);
    ASSERT_NE(place, std::string::npos) << word(point);
    for (const StepRow& row :
         {StepRow{"send", {Send{"299 odd\r\n"}}, "S: 299 odd\n"},
          StepRow{"send twice",
                  {Send{"299-odd\r\n"}, Pause{10s}, Send{"299 end\r\n"}},
                  "S: 299-odd\nS: 299 end\n"},
          StepRow{"send no line", {Send{"hello"}, Close{}}, "S: hello (no CRLF)\nS: (closes)\n"},
          StepRow{"usual", {Usual{}}, ""}, StepRow{"pause", {Pause{10s}, Usual{}}, ""},
          StepRow{"close", {Close{}}, "S: (closes)\n"},
          StepRow{"reset", {Reset{}}, "S: (resets)\n"}}) {
      SCOPED_TRACE(std::string(word(point)) + ", " + row.name);
      const Talk got = talk_to({.deviations = {{.at = point, .steps = row.steps}}});
      EXPECT_TRUE(got.seen.unmet.empty());
      if (row.says.empty()) {
        EXPECT_EQ(got.transcript, usual);
        EXPECT_EQ(got.seen.delivered, 1U);
        EXPECT_TRUE(got.seen.authenticated);
        continue;
      }
      EXPECT_EQ(got.transcript.substr(0, place), usual.substr(0, place));
      EXPECT_TRUE(got.transcript.substr(place).starts_with(row.says)) << got.transcript;
    }
    SCOPED_TRACE(std::string(word(point)) + ", silence");
    const Talk silent = talk_to({.deviations = {{.at = point, .steps = {Silence{}}}}});
    EXPECT_EQ(silent.transcript.substr(0, place), usual.substr(0, place));
    EXPECT_EQ(silent.transcript.find("S: ", place), std::string::npos) << silent.transcript;
  }
}

// A client that HELO is all to: it is no point of a submission inside TLS.
TEST(SmtpServerScript, DeviatesAtHeloInClearAlone) {
  const Script script{.deviations = {{.at = Point::helo, .steps = {Send{"451 not now\r\n"}}}}};
  const std::string helo = "C: HELO c\n";
  const Talk clear = talk(server_for_test(script), {"HELO c\r\n"});
  EXPECT_TRUE(clear.transcript.ends_with(helo + "S: 451 not now\n")) << clear.transcript;
  const Talk inside = talk(server_for_test(script), {"STARTTLS\r\n", kHandshake, "HELO c\r\n"});
  EXPECT_TRUE(inside.transcript.ends_with(helo + "S: 250 smtp.example.test\n"))
      << inside.transcript;
}

TEST(SmtpServerScript, SaysTheSameManyTimesAtOnceOrOneAfterTheOther) {
  const Send line{.bytes = "250-x\r\n", .times = 3};
  const auto at_ehlo = [](std::vector<Step> steps) {
    return talk_to({.deviations = {{.at = Point::ehlo, .steps = std::move(steps)}}}).transcript;
  };
  const std::string said = "S: 250-x\nS: 250-x\nS: 250-x\nS: 250 end\n";
  EXPECT_NE(at_ehlo({line, Send{"250 end\r\n"}}).find(said), std::string::npos);
  Send slow = line;
  slow.every = 10s;
  EXPECT_NE(at_ehlo({slow, Send{"250 end\r\n"}}).find(said), std::string::npos);
}

TEST(SmtpServerScript, MayStartTlsAfterWordsOfItsOwn) {
  const Talk got =
      talk_to({.deviations = {{.at = Point::starttls, .steps = {Send{"220 go\r\n"}, StartTls{}}}}});
  EXPECT_EQ(got.seen.tls_version, "TLS1.3");
  EXPECT_EQ(got.seen.delivered, 1U);
  EXPECT_FALSE(got.seen.sent_behind_go_ahead);
}

TEST(SmtpServerScript, ReportsWhatTheClientNeverCameTo) {
  const Script script{.deviations = {{.at = Point::ehlo, .steps = {Usual{}}},
                                     {.at = Point::auth, .steps = {Usual{}}},
                                     {.at = Point::quit, .steps = {Close{}}}}};
  const Talk got = talk(server_for_test(script), {"EHLO c\r\n"});
  EXPECT_EQ(got.seen.unmet, (std::vector<Point>{Point::auth, Point::quit}));
}

TEST(SmtpServerScript, MayTakeAuthAndMailInClear) {
  const Talk got = talk(server_for_test({.accepts_in_clear = true}),
                        {"EHLO c\r\n", auth_plain() + "\r\n", kMail, kRcpt, "DATA\r\n", ".\r\n"});
  EXPECT_TRUE(got.seen.authenticated);
  EXPECT_EQ(got.seen.delivered, 1U);
  EXPECT_EQ(got.seen.tls_version, "");
  EXPECT_NE(got.seen.bytes_in_clear.find(auth_plain()), std::string::npos);
}

struct InjectionRow {
  const char* name;
  std::vector<Step> steps;
  bool injected;
};

TEST(SmtpServerScript, NotesWhatItSaysBehindTheGoAhead) {
  for (const InjectionRow& row :
       {InjectionRow{"nothing", {Send{"220 go\r\n"}}, false},
        {"of several lines", {Send{"220-a\r\n220 b\r\n"}}, false},
        {"cut", {Send{"22"}, Send{"0 go\r\n"}}, false},
        {"in the same segment", {Send{"220 go\r\n250 x\r\n"}}, true},
        {"in the next segment", {Send{"220 go\r\n"}, Send{"250 x\r\n"}}, true},
        {"later", {Send{"220 go\r\n"}, Pause{1s}, Send{"2"}}, true},
        {"behind a refusal", {Send{"454 no\r\n250 x\r\n"}}, false},
        {"behind another success", {Send{"250 go\r\n250 x\r\n"}}, false}}) {
    const Talk got = talk_to({.deviations = {{.at = Point::starttls, .steps = row.steps}}});
    EXPECT_EQ(got.seen.sent_behind_go_ahead, row.injected) << row.name;
  }
}

struct DeliveryRow {
  const char* name;
  std::vector<Step> steps;
  unsigned delivered;
};

TEST(SmtpServerScript, HasAcceptedTheMessageWhenItSaysSo) {
  for (const DeliveryRow& row :
       {DeliveryRow{"usual", {Usual{}}, 1}, DeliveryRow{"late", {Pause{1s}, Usual{}}, 1},
        DeliveryRow{"250", {Send{"250 mine\r\n"}}, 1}, DeliveryRow{"251", {Send{"251 x\r\n"}}, 1},
        DeliveryRow{"250 cut", {Send{"25"}, Send{"0 mine\r\n"}}, 1},
        DeliveryRow{"250, then close", {Send{"250 mine\r\n"}, Close{}}, 1},
        DeliveryRow{"half a 250", {Send{"250 mi"}, Close{}}, 0},
        DeliveryRow{"452", {Send{"452 no\r\n"}}, 0},
        DeliveryRow{"554, then 250", {Send{"554 no\r\n250 mine\r\n"}}, 0},
        DeliveryRow{"malformed", {Send{"hello\r\n"}}, 0}, DeliveryRow{"close", {Close{}}, 0},
        DeliveryRow{"silence", {Silence{}}, 0}}) {
    const Talk got = talk_to({.deviations = {{.at = Point::message, .steps = row.steps}}});
    EXPECT_EQ(got.seen.delivered, row.delivered) << row.name;
    EXPECT_GE(got.seen.reached, Reached::message) << row.name;
  }
}

struct EarlyRow {
  const char* name;
  Script script;
  Lines says;
  unsigned early;
  std::string ends_with;  // of the transcript
};

TEST(SmtpServerScript, CountsWhatInsideTlsDidNotWaitForItsReply) {
  const Lines to_tls{"EHLO c\r\n", "STARTTLS\r\n", kHandshake};
  const std::string login = auth_plain() + "\r\n";
  const Script late{.deviations = {{.at = Point::ehlo_in_tls, .steps = {Pause{90s}, Usual{}}}}};
  const Script silent{.deviations = {{.at = Point::ehlo_in_tls, .steps = {Silence{}}}}};
  for (const EarlyRow& row :
       {EarlyRow{"one after the other", {}, {"EHLO c\r\n", login, kMail}, 0, "S: 250 2.1.0 Ok\n"},
        EarlyRow{"three at once",
                 {},
                 {"EHLO c\r\n", login, kMail + kRcpt + "DATA\r\n"},
                 2,
                 "S: 250 2.1.0 Ok\nS: 250 2.1.5 Ok\nS: 354 End data with <CR><LF>.<CR><LF>\n"},
        EarlyRow{"during a pause",
                 late,
                 {"EHLO c\r\n", login},
                 1,
                 "S: 235 2.7.0 Authentication successful\n"},
        EarlyRow{"during silence", silent, {"EHLO c\r\n", login}, 1, ""},
        EarlyRow{"a farewell during silence", silent, {"EHLO c\r\n", "QUIT\r\n"}, 0, ""},
        EarlyRow{"after the pause", late, {"EHLO c\r\n"}, 0, ""},
        EarlyRow{"QUIT with the message",
                 {},
                 {"EHLO c\r\n", login, kMail, kRcpt, "DATA\r\n", "a\r\n.\r\nQUIT\r\n"},
                 1,
                 "S: 250 2.0.0 Ok: accepted\nS: 221 2.0.0 Bye\nS: (closes)\n"}}) {
    Lines says = to_tls;
    says.insert(says.end(), row.says.begin(), row.says.end());
    const Talk got = talk(server_for_test(row.script), says);
    EXPECT_EQ(got.seen.commands_before_reply, row.early) << row.name;
    EXPECT_TRUE(got.transcript.ends_with(row.ends_with)) << row.name << ":\n" << got.transcript;
  }
  const Talk clear = talk(server_for_test(), {"EHLO c\r\nNOOP\r\nNOOP\r\n"});
  EXPECT_EQ(clear.seen.commands_before_reply, 0U);
  EXPECT_TRUE(clear.transcript.ends_with("S: 250 STARTTLS\nS: 250 2.0.0 Ok\nS: 250 2.0.0 Ok\n"));
}

}  // namespace
}  // namespace startle::fake
