// What the client makes of every kind of reply, and of none, at every point of the dialogue.

#include <gtest/gtest.h>

#include <array>

#include "fake-servers/submission_for_test.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using client::Phase;
using words::Ending;

constexpr Ending deli = Ending::delivered;
constexpr Ending nots = Ending::starttls_not_supported;
constexpr Ending refu = Ending::starttls_refused;
constexpr Ending prot = Ending::protocol_error;
constexpr Ending reje = Ending::auth_rejected;
constexpr Ending unav = Ending::auth_unavailable;
constexpr Ending mesg = Ending::message_rejected;
constexpr Ending serv = Ending::refused_by_server;
constexpr Ending thro = Ending::throttled;
constexpr Ending lost = Ending::connection_lost;
constexpr Ending time = Ending::timeout;

struct Kind {
  const char* name;
  std::vector<Step> steps;
};

// The columns of the table below.
const std::array<Kind, 9>& kinds() {
  static const std::array<Kind, 9> all{{
      {"421", {Send{"421 4.3.2 shutting down\r\n"}, Close{}}},
      {"4yz", {Send{"451 4.3.0 not now\r\n"}}},
      {"5yz", {Send{"554 5.3.0 never\r\n"}}},
      {"2yz, an odd one", {Send{"259 odd\r\n"}}},
      {"3yz, an odd one", {Send{"359 odd\r\n"}}},
      {"malformed", {Send{"hello\r\n"}}},
      {"silence", {Silence{}}},
      {"close", {Close{}}},
      {"reset", {Reset{}}},
  }};
  return all;
}

struct Row {
  Point at;
  Phase phase;
  std::array<Ending, 9> endings;  // in the order of kinds()
};

// RFC 5321, 4.2.1 and 4.3.2; RFC 3207, 4; RFC 4954, 6. Where a step may be answered with any 2yz,
// an odd one is an answer as good as 250.
const Row kRows[] = {
    // clang-format off
    {Point::greeting,    Phase::greeting,            {thro, thro, serv, prot, prot, prot, time, lost, lost}},
    {Point::ehlo,        Phase::capabilities,        {thro, thro, nots, prot, prot, prot, time, lost, lost}},
    {Point::starttls,    Phase::starttls,            {thro, refu, refu, prot, prot, prot, time, lost, lost}},
    {Point::ehlo_in_tls, Phase::capabilities_in_tls, {thro, thro, serv, prot, prot, prot, time, lost, lost}},
    {Point::auth,        Phase::authentication,      {thro, unav, reje, prot, prot, prot, time, lost, lost}},
    {Point::mail,        Phase::sender,              {thro, mesg, mesg, deli, prot, prot, time, lost, lost}},
    {Point::rcpt,        Phase::recipient,           {thro, mesg, mesg, deli, prot, prot, time, lost, lost}},
    {Point::data,        Phase::message,             {thro, mesg, mesg, prot, prot, prot, time, lost, lost}},
    {Point::message,     Phase::message,             {thro, mesg, mesg, deli, prot, prot, time, lost, lost}},
    {Point::quit,        Phase::quit,                {deli, deli, deli, deli, deli, deli, deli, deli, deli}},
    // clang-format on
};

TEST(ClientReplies, EveryReplyAtEveryPointHasItsEnding) {
  for (const Row& row : kRows) {
    for (std::size_t i = 0; i < kinds().size(); ++i) {
      const Kind& kind = kinds()[i];
      SCOPED_TRACE(std::string(word(row.at)) + ", " + kind.name);
      const Submitted got =
          submit(submission_for_test({.deviations = {{.at = row.at, .steps = kind.steps}}}));
      const Ending expected = row.endings[i];
      EXPECT_EQ(word(got.outcome.ending), word(expected)) << got.outcome.sentence;
      const Phase phase = expected == Ending::delivered ? Phase::quit : row.phase;
      EXPECT_EQ(word(got.outcome.phase), word(phase));
      EXPECT_FALSE(got.outcome.sentence.empty());
      EXPECT_TRUE(got.seen.unmet.empty());
    }
  }
  std::size_t points = 0;
  for (std::size_t i = 0; i < count_of<Point>(); ++i) {
    points += has_point(server_protocol(words::Protocol::smtp), static_cast<Point>(i)) ? 1 : 0;
  }
  EXPECT_EQ(std::size(kRows) + 1, points) << "HELO says a client alone that wants no extension";
}

struct HandshakeRow {
  const char* name;
  std::vector<Step> steps;
  Phase phase;
  Ending ending;
  const char* sentence;
};

TEST(ClientReplies, WhatFollowsTheGoAheadMustBeTls) {
  const Send go{"220 go\r\n"};
  for (const HandshakeRow& row :
       {HandshakeRow{"silence",
                     {go, Silence{}},
                     Phase::handshake,
                     time,
                     "the handshake did not end in time"},
        HandshakeRow{"close",
                     {go, Close{}},
                     Phase::handshake,
                     lost,
                     "the connection was closed during the handshake"},
        HandshakeRow{"reset",
                     {go, Pause{1s}, Reset{}},
                     Phase::handshake,
                     lost,
                     "the connection was reset during the handshake"},
        HandshakeRow{"plain text later",
                     {go, Pause{1s}, Send{"250 hi\r\n"}},
                     Phase::handshake,
                     prot,
                     "the peer sent plain text where a TLS handshake belongs"},
        HandshakeRow{"plain text at once",
                     {Send{"220 go\r\n250 hi\r\n"}, StartTls{}},
                     Phase::starttls,
                     prot,
                     "the server sent plain text behind its go-ahead (response injection)"},
        HandshakeRow{"a fatal alert",
                     {go, Send{std::string("\x15\x03\x03\x00\x02\x02\x28", 7)}},
                     Phase::handshake,
                     Ending::handshake_failure,
                     "the peer sent the alert handshake_failure"}}) {
    SCOPED_TRACE(row.name);
    const Submitted got =
        submit(submission_for_test({.deviations = {{.at = Point::starttls, .steps = row.steps}}}));
    EXPECT_EQ(word(got.outcome.ending), word(row.ending));
    EXPECT_EQ(word(got.outcome.phase), word(row.phase));
    EXPECT_EQ(got.outcome.sentence, row.sentence);
    // Nothing more in clear: no QUIT either, the server may believe itself inside TLS.
    EXPECT_EQ(got.seen.clear_commands,
              (std::vector<std::string>{"EHLO client.example.test", "STARTTLS"}));
  }
}

struct DetailRow {
  const char* name;
  Point at;
  const char* reply;
  Ending ending;
  int code;
  const char* enhanced;
  const char* sentence;
};

TEST(ClientReplies, TheReplyThatDecidedIsToldInFull) {
  for (const DetailRow& row :
       {DetailRow{"greeting 554", Point::greeting, "554 no service\r\n", serv, 554, "",
                  "the server refuses to serve: 554 no service"},
        DetailRow{"EHLO 502", Point::ehlo, "502 5.5.1 what?\r\n", nots, 502, "5.5.1",
                  "the server refuses EHLO: 502 5.5.1 what?"},
        DetailRow{"STARTTLS 454", Point::starttls, "454 4.7.0 TLS not available\r\n", refu, 454,
                  "4.7.0", "the server refuses STARTTLS: 454 4.7.0 TLS not available"},
        DetailRow{"STARTTLS 250", Point::starttls, "250 fine\r\n", prot, 250, "",
                  "only 220 is a go-ahead: 250 fine"},
        DetailRow{"AUTH 535", Point::auth, "535-5.7.8 no\r\n535 such user\r\n", reje, 535, "5.7.8",
                  "the server refuses the credentials: 535 5.7.8 no / such user"},
        DetailRow{"AUTH 454", Point::auth, "454 4.7.0 later\r\n", unav, 454, "4.7.0",
                  "the server refuses the credentials: 454 4.7.0 later"},
        DetailRow{"AUTH 334 for ever", Point::auth, "334 \r\n", prot, 334, "",
                  "the server sends a challenge after the last"},
        DetailRow{"MAIL 553", Point::mail, "553 not yours\r\n", Ending::sender_not_authorized, 553,
                  "", "MAIL is refused: 553 not yours"},
        DetailRow{"MAIL 550 5.7.1", Point::mail, "550 5.7.1 not yours\r\n",
                  Ending::sender_not_authorized, 550, "5.7.1",
                  "MAIL is refused: 550 5.7.1 not yours"},
        DetailRow{"MAIL 530", Point::mail, "530 5.7.0 log in\r\n", unav, 530, "5.7.0",
                  "MAIL is refused: 530 5.7.0 log in"},
        DetailRow{"RCPT 550", Point::rcpt, "550 5.1.1 unknown\r\n", mesg, 550, "5.1.1",
                  "RCPT is refused: 550 5.1.1 unknown"},
        DetailRow{"message 552", Point::message, "552 5.3.4 too big\x1b\r\n", mesg, 552, "5.3.4",
                  "the message is refused: 552 5.3.4 too big\\x1b"}}) {
    SCOPED_TRACE(row.name);
    const Submitted got =
        submit(submission_for_test({.deviations = {{.at = row.at, .steps = {Send{row.reply}}}}}));
    EXPECT_EQ(word(got.outcome.ending), word(row.ending));
    EXPECT_EQ(got.outcome.reply_code, row.code);
    EXPECT_EQ(got.outcome.enhanced_code, row.enhanced);
    EXPECT_EQ(got.outcome.sentence, row.sentence);
  }
}

TEST(ClientReplies, SilenceEndsWithTheTimeOutOfItsPhase) {
  // RFC 5321, 4.5.3.2.
  const std::array<std::pair<Point, net::Instant>, 10> limits{{{Point::greeting, 5min},
                                                               {Point::ehlo, 5min},
                                                               {Point::starttls, 5min},
                                                               {Point::ehlo_in_tls, 5min},
                                                               {Point::auth, 5min},
                                                               {Point::mail, 5min},
                                                               {Point::rcpt, 5min},
                                                               {Point::data, 2min},
                                                               {Point::message, 10min},
                                                               {Point::quit, 5min}}};
  for (const auto& [point, limit] : limits) {
    const Submitted got =
        submit(submission_for_test({.deviations = {{.at = point, .steps = {Silence{}}}}}));
    EXPECT_EQ(got.took, limit) << word(point);
  }
}

TEST(ClientReplies, AReplyThatNobodyAskedForIsNoReply) {
  for (const Point point : {Point::greeting, Point::ehlo, Point::ehlo_in_tls, Point::auth}) {
    const std::string twice = point == Point::greeting ? "220 hi\r\n220 hi\r\n"
                              : point == Point::auth
                                  ? "235 ok\r\n250 ok\r\n"
                                  : "250-x\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n250 ok\r\n";
    const Submitted got =
        submit(submission_for_test({.deviations = {{.at = point, .steps = {Send{twice}}}}}));
    EXPECT_EQ(word(got.outcome.ending), word(prot)) << word(point);
    EXPECT_TRUE(got.outcome.sentence.starts_with("the server sent a reply before it was asked"))
        << got.outcome.sentence;
    EXPECT_EQ(got.seen.delivered, 0U);
  }
}

}  // namespace
}  // namespace startle::fake
