// Replies as they come off a wire: whole, in pieces, too long, unasked, late or never.

#include "harness/client/smtp_channel.h"

#include <gtest/gtest.h>

#include "harness/net/memory.h"

namespace startle::client {
namespace {

using namespace std::chrono_literals;
using net::Task;

std::string show(const SmtpAnswer& answer) {
  if (const auto* reply = std::get_if<wire::SmtpReply>(&answer)) {
    return std::to_string(reply->code) + " " + reply->text();
  }
  const auto& no_reply = std::get<NoReply>(answer);
  switch (no_reply.why) {
    case NoReply::Why::closed:
      return "closed";
    case NoReply::Why::timed_out:
      return "timed out";
    case NoReply::Why::malformed:
      return "malformed: " + no_reply.detail;
    case NoReply::Why::unasked:
      return "unasked: " + no_reply.detail;
  }
  return "?";
}

Task<void> wait_for_reply(SmtpChannel& channel, std::string& into) {
  const SmtpAnswer answer = co_await channel.reply(5min);
  into = show(answer);
}

Task<void> ask(SmtpChannel& channel, std::string line, std::string& into) {
  const SmtpAnswer answer = co_await channel.command(line, 5min);
  into = show(answer);
}

Task<void> say(net::Stream& stream, std::vector<std::string> segments) {
  for (const std::string& segment : segments) co_await stream.write(segment);
}

// A channel whose server is the test.
struct Alone {
  explicit Alone(const SmtpDecisions& made = kCorrect) : decisions(made) {}
  static inline const SmtpDecisions kCorrect{};

  const SmtpDecisions& decisions;
  net::MemoryWorld world{};
  net::StreamPair wire = net::make_memory_pair(world);
  net::Stream& server = *wire.server;
  SmtpChannel channel{world, *wire.client, decisions};

  std::string reply() {
    std::string answer = "none";
    world.spawn(wait_for_reply(channel, answer));
    EXPECT_TRUE(world.run());
    return answer;
  }
  std::string command(const std::string& line) {
    std::string answer = "none";
    world.spawn(ask(channel, line, answer));
    EXPECT_TRUE(world.run());
    return answer;
  }
  void hears(std::vector<std::string> segments) {
    world.spawn(say(server, std::move(segments)));
    EXPECT_TRUE(world.run());
  }
};

struct ReplyRow {
  const char* name;
  std::vector<std::string> segments;
  std::string answer;
  std::string left_behind{};
};

// The longest line the client takes: a challenge of AUTH (RFC 4954, 4) and its code.
constexpr std::size_t kLine = 12288 + 8;

std::string line_of(std::size_t octets) {
  return "250 " + std::string(octets - 6, 'x') + "\r\n";
}

TEST(SmtpChannel, TakesWholeRepliesWithinItsLimits) {
  const std::string line = line_of(512);
  std::string many;
  while (many.size() + line.size() <= 65536) many += "250-" + line.substr(4);
  for (const ReplyRow& row :
       {ReplyRow{"one segment", {"220 smtp.example.test\r\n"}, "220 smtp.example.test"},
        {"octet by octet", {"2", "2", "0", " ", "h", "i", "\r", "\n"}, "220 hi"},
        {"of several lines", {"250-a\r\n250-b\r\n", "250 c\r\n"}, "250 a / b / c"},
        {"what follows stays", {"220 a\r\n250 b\r\n"}, "220 a", "250 b\r\n"},
        {"the longest line", {line_of(kLine)}, "250 " + std::string(kLine - 6, 'x')},
        {"one octet more",
         {line_of(kLine + 1)},
         "malformed: a line is longer than 12296 octets",
         line_of(kLine + 1)},
        {"too many lines",
         {many, line_of(512)},
         "malformed: a reply is longer than 65536 octets",
         many + line_of(512)},
        {"no reply",
         {"hello\r\n"},
         "malformed: a reply line starts with three digits",
         "hello\r\n"},
        {"codes that differ",
         {"250-a\r\n251 b\r\n"},
         "malformed: the code changes inside one reply",
         "250-a\r\n251 b\r\n"},
        {"bare LF", {"250 a\n"}, "malformed: an LF does not follow CR", "250 a\n"},
        {"bare CR", {"250 a\rb\r\n"}, "malformed: a CR is not followed by LF", "250 a\rb\r\n"},
        {"NUL",
         {std::string("250 a\0b\r\n", 9)},
         "malformed: a line holds NUL",
         std::string("250 a\0b\r\n", 9)},
        {"a TLS alert",
         {std::string("\x15\x03\x03\0\2\2\x28", 7)},
         "malformed: a reply line starts with three digits",
         std::string("\x15\x03\x03\0\2\2\x28", 7)}}) {
    SCOPED_TRACE(row.name);
    Alone alone;
    alone.hears(row.segments);
    EXPECT_EQ(alone.reply(), row.answer);
    EXPECT_EQ(alone.channel.left_behind(), row.left_behind);
  }
}

TEST(SmtpChannel, ACommandGoesInOneSegmentWithItsCrlf) {
  Alone alone;
  alone.world.spawn([](net::Stream& server) -> Task<void> {
    std::array<char, 64> chunk{};
    const net::IoResult got = co_await server.read_some(chunk);
    EXPECT_EQ(std::string_view(chunk.data(), got.count), "EHLO client.example.test\r\n");
    co_await server.write("250 hi\r\n");
  }(alone.server));
  EXPECT_EQ(alone.command("EHLO client.example.test"), "250 hi");
}

TEST(SmtpChannel, WhatCameUnaskedIsNoAnswer) {
  Alone alone;
  alone.hears({"220 hi\r\n250 injected\r\n"});
  EXPECT_EQ(alone.reply(), "220 hi");
  EXPECT_EQ(alone.command("EHLO x"), "unasked: the server sent a reply before it was asked");
  std::array<char, 64> chunk{};
  alone.channel.discard_left_behind();
  EXPECT_EQ(alone.channel.left_behind(), "");
  // Nothing was sent: the server reads nothing until the client closes.
  alone.channel.clear().close();
  net::IoStatus status = net::IoStatus::ok;
  alone.world.spawn(
      [](net::Stream& server, std::span<char> into, net::IoStatus& end) -> Task<void> {
        const net::IoResult got = co_await server.read_some(into);
        end = got.status;
      }(alone.server, chunk, status));
  EXPECT_TRUE(alone.world.run());
  EXPECT_EQ(status, net::IoStatus::closed);
}

TEST(SmtpChannel, ADefectMayBelieveWhatCameUnasked) {
  Alone alone;
  alone.hears({"220 hi\r\n250 injected\r\n"});
  EXPECT_EQ(alone.reply(), "220 hi");
  alone.channel.allow_unasked_bytes();
  EXPECT_EQ(alone.command("EHLO x"), "250 injected");
}

TEST(SmtpChannel, ADefectMayQueueWhatCameUnasked) {
  struct : SmtpDecisions {
    bool queues_surplus_replies() const override { return true; }
  } queues;
  Alone alone(queues);
  alone.hears({"220 hi\r\n250 early\r\n"});
  EXPECT_EQ(alone.reply(), "220 hi");
  EXPECT_EQ(alone.command("EHLO x"), "250 early");
}

struct EndRow {
  const char* name;
  void (*server_does)(net::Stream&);
  const char* answer;
  net::Instant took;
};

TEST(SmtpChannel, SilenceHasItsReason) {
  for (const EndRow& row : {EndRow{"close", [](net::Stream& s) { s.close(); }, "closed", 0s},
                            EndRow{"reset", [](net::Stream& s) { s.reset(); }, "closed", 0s},
                            EndRow{"nothing", [](net::Stream&) {}, "timed out", 5min}}) {
    SCOPED_TRACE(row.name);
    Alone waiting;
    row.server_does(waiting.server);
    EXPECT_EQ(waiting.reply(), row.answer);
    EXPECT_EQ(waiting.world.now(), row.took);
    Alone asking;
    row.server_does(asking.server);
    EXPECT_EQ(asking.command("NOOP"), row.answer);
    EXPECT_EQ(asking.world.now(), row.took);
  }
}

TEST(SmtpChannel, AServerThatSaysWhyBeforeItClosesIsHeard) {
  Alone alone;
  alone.hears({"421 4.3.2 shutting down\r\n"});
  alone.wire.server.reset();  // gone: the command cannot be written any more
  EXPECT_EQ(alone.command("EHLO x"), "421 4.3.2 shutting down");
}

TEST(SmtpChannel, ATricklingReplyDoesNotMoveTheDeadline) {
  Alone alone;
  alone.world.spawn([](net::World& world, net::Stream& server) -> Task<void> {
    net::IoResult sent = co_await server.write("250-");
    for (int i = 1; i <= 20 && sent.status == net::IoStatus::ok; ++i) {
      co_await world.sleep_until(std::chrono::minutes(i));
      sent = co_await server.write("x");
    }
  }(alone.world, alone.server));
  std::string answer;
  alone.world.spawn(wait_for_reply(alone.channel, answer));
  alone.world.run(6min);
  EXPECT_EQ(answer, "timed out");
}

}  // namespace
}  // namespace startle::client
