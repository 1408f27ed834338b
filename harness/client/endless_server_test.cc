// Servers that send without end, fast or slowly: a client keeps no more of it than its limits, and
// its deadline is that of the whole wait.

#include <gtest/gtest.h>

#include "harness/client/ldap_channel.h"
#include "harness/client/smtp_channel.h"
#include "harness/net/memory.h"

namespace startle::client {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using net::Task;

constexpr auto kWithin = 5min;
constexpr std::size_t kEver = 1 << 26;  // octets; a client that hears them all hears anything

struct Endless {
  const char* name;
  std::string piece;
  std::chrono::milliseconds pause;  // between two of them
  NoReply::Why why;
};

struct Met {
  std::optional<NoReply::Why> why{};
  std::size_t sent = 0;
  net::Instant took{};
};

// Until the client is content, or somebody has had enough.
Task<void> say(net::World& world, net::Stream& stream, const Endless& row, Met& met) {
  while (!met.why && met.sent < kEver) {
    const net::IoResult said = co_await stream.write(row.piece);
    if (said.status != net::IoStatus::ok) break;
    met.sent += row.piece.size();
    co_await world.sleep_until(world.now() + row.pause);
  }
}

template <class Answer>
void note(net::World& world, const Answer& answer, Met& met) {
  const auto* none = std::get_if<NoReply>(&answer);
  ASSERT_NE(none, nullptr);
  met.why = none->why;
  met.took = world.now();
}

void expect_end(const Met& met, const Endless& row) {
  EXPECT_EQ(met.why, row.why);
  EXPECT_LT(met.sent, kEver);
  EXPECT_LE(met.took, net::Instant(kWithin));
}

TEST(EndlessServer, IsNoReplyOfSmtp) {
  const std::string lines = [] {
    std::string all;
    for (int i = 0; i < 500; ++i) all += "220-more\r\n";
    return all;
  }();
  using enum NoReply::Why;
  for (const Endless& row : {Endless{"lines", lines, 0ms, malformed},
                             Endless{"a line", std::string(4096, 'x'), 0ms, malformed},
                             Endless{"a line that begins well", "220-"s, 0ms, malformed},
                             Endless{"a line a second", "220-more\r\n"s, 1s, timed_out},
                             Endless{"an octet in four minutes", "2"s, 4min, timed_out}}) {
    SCOPED_TRACE(row.name);
    const SmtpDecisions decisions;
    net::MemoryWorld world;
    net::StreamPair wire = net::make_memory_pair(world);
    SmtpChannel channel(world, *wire.client, decisions);
    Met met;
    world.spawn(say(world, *wire.server, row, met));
    world.spawn([](net::World& in, SmtpChannel& from, Met& into) -> Task<void> {
      const SmtpAnswer answer = co_await from.reply(kWithin);
      note(in, answer, into);
    }(world, channel, met));
    EXPECT_TRUE(world.run(24h));
    expect_end(met, row);
    EXPECT_LE(channel.left_behind().size(), 80'000U);
  }
}

TEST(EndlessServer, IsNoResponseOfLdap) {
  const std::string notice = wire::written(
      {.id = 0, .operation = wire::LdapExtendedResponse{.name = "1.3.6.1.4.1.99999.1"}});
  const std::string intermediate = "\x30\x05\x02\x01\x01\x79\x00"s;
  const std::string huge = "\x30\x84\x7f\xff\xff\xff"s;
  using enum NoReply::Why;
  for (const Endless& row : {Endless{"notices", notice, 0ms, malformed},
                             Endless{"intermediate responses", intermediate, 0ms, malformed},
                             Endless{"a huge length", huge, 0ms, malformed},
                             Endless{"a notice a second", notice, 1s, timed_out},
                             Endless{"an octet in four minutes", "\x30"s, 4min, timed_out}}) {
    SCOPED_TRACE(row.name);
    const LdapDecisions decisions;
    net::MemoryWorld world;
    net::StreamPair wire = net::make_memory_pair(world);
    LdapChannel channel(world, *wire.client, decisions);
    Met met;
    world.spawn([](net::World& in, LdapChannel& from, Met& into) -> Task<void> {
      wire::LdapOperation request =
          wire::LdapExtendedRequest{.name = std::string(wire::kWhoAmIOid)};
      const LdapAnswer answer = co_await from.ask(std::move(request), kWithin);
      note(in, answer, into);
    }(world, channel, met));
    world.spawn(say(world, *wire.server, row, met));
    EXPECT_TRUE(world.run(24h));
    expect_end(met, row);
    EXPECT_LE(channel.left_behind().size(), wire::kLongestLdapMessage + 4096);
  }
}

}  // namespace
}  // namespace startle::client
