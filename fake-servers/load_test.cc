// Load on fake servers, in memory and so in virtual time: what is counted, and what a stall of the
// server looks like.

#include "harness/load/load.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fake-servers/binding_for_test.h"
#include "fake-servers/submission_for_test.h"
#include "harness/net/memory.h"

namespace startle::fake {
namespace {

using load::Part;
using net::Instant;
using net::Task;
using words::Ending;
using words::Mode;
using namespace std::chrono_literals;

// What a server does before it serves a connection that has come at this time.
using Delay = std::function<Instant(Instant now)>;

class Load : public testing::Test {
 protected:
  struct Result : load::LoadResult {
    std::vector<Observation> seen{};
  };

  static Submission smtp() { return submission_for_test(); }
  static Submission of(const Binding& binding) {
    return {.settings = binding.settings, .server = binding.server};
  }

  Result run(const Submission& with, const load::LoadOptions& options) {
    net::MemoryWorld world;
    net::MemoryListener listener(world);
    std::vector<std::unique_ptr<Observation>> seen;
    world.spawn(accept(world, listener, with.server, seen));
    Result result;
    const auto subject = subject::make_subject("builtin");
    const load::LoadTarget target{
        .subject = *subject, .connector = listener, .settings = with.settings};
    world.spawn([](net::World& in, const load::LoadTarget& to, const load::LoadOptions& how,
                   load::LoadCounts& counts, Result& into, net::Acceptor& end) -> Task<void> {
      co_await load::load(in, to, how, counts, into);
      end.interrupt();
    }(world, target, options, counts_, result, listener));
    EXPECT_TRUE(world.run(world.now() + 2h));
    EXPECT_EQ(counts_.open, 0U);
    for (const auto& one : seen) result.seen.push_back(std::move(*one));
    return result;
  }

  Delay delay_ = [](Instant) { return 0s; };
  load::LoadCounts counts_{};

 private:
  Task<void> accept(net::World& world, net::Acceptor& acceptor, const Server& server,
                    std::vector<std::unique_ptr<Observation>>& seen) {
    while (auto stream = co_await acceptor.accept()) {
      seen.push_back(std::make_unique<Observation>());
      world.spawn(serve_late(world, std::move(stream), server, *seen.back()));
    }
  }
  Task<void> serve_late(net::World& world, std::unique_ptr<net::Stream> stream,
                        const Server& server, Observation& seen) {
    co_await world.sleep_until(world.now() + delay_(world.now()));
    co_await serve(world, std::move(stream), server, seen);
  }
};

TEST_F(Load, OfAClosedLoopIsSoManyExchanges) {
  for (const Submission& with :
       {smtp(), of(binding_for_test(Mode::ldap_starttls)), of(binding_for_test(Mode::ldaps))}) {
    delay_ = [](Instant) { return 5ms; };
    const Result got = run(with, {.connections = 4, .exchanges = 21});
    EXPECT_EQ(got.done, 21U);
    EXPECT_EQ(got.failed(), 0U) << got.said.begin()->second;
    ASSERT_EQ(got.seen.size(), 21U);
    for (const Observation& seen : got.seen) EXPECT_GT(seen.delivered, 0U);
    EXPECT_EQ(got.lasted, 30ms) << "six times four at once, of 5 ms";
    EXPECT_EQ(got.tls_version, "TLS1.3");
    EXPECT_EQ(got.tls_group, "X25519");
    const bool begins_in_clear = !words::is_implicit_tls(with.settings.mode);
    EXPECT_EQ(got.of(Part::go_ahead).count(), begins_in_clear ? 21U : 0U);
    for (const Part part : {Part::connect, Part::tls, Part::after, Part::total}) {
      EXPECT_EQ(got.of(part).count(), 21U) << word(part);
    }
    EXPECT_EQ(got.of(Part::total).quantile(0.5), 5ms);
    std::size_t sent = 0;
    for (const Observation& seen : got.seen) sent += seen.bytes_in_clear.size();
    EXPECT_GT(got.traffic.octets_sent, sent);
    EXPECT_GT(got.traffic.octets_received, 21U * 500);
  }
}

// EHLO, STARTTLS, the handshake's two flights, EHLO, AUTH, MAIL, RCPT, DATA, message, QUIT.
TEST_F(Load, CountsRoundTrips) {
  Submission with = smtp();
  EXPECT_EQ(run(with, {.exchanges = 10}).traffic.round_trips, 10U * 10);
  with.settings.stop_after = client::StopAfter::tls;
  EXPECT_EQ(run(with, {.exchanges = 10}).traffic.round_trips, 10U * 4);
}

TEST_F(Load, GoesAsFarAsItIsTold) {
  using enum client::StopAfter;
  for (const Submission& whole :
       {smtp(), of(binding_for_test(Mode::ldap_starttls)), of(binding_for_test(Mode::ldaps))}) {
    for (const client::StopAfter stop : {tls, auth, sender, message}) {
      Submission with = whole;
      with.settings.stop_after = stop;
      const Result got = run(with, {.exchanges = 2});
      EXPECT_EQ(got.done, 2U) << word(stop);
      ASSERT_EQ(got.seen.size(), 2U);
      const Observation& seen = got.seen.back();
      EXPECT_EQ(seen.handshakes, 1U);
      EXPECT_EQ(seen.authenticated, stop != tls) << word(stop);
      EXPECT_EQ(seen.delivered > 0, stop == message) << word(stop);
      EXPECT_FALSE(seen.left_without_close_notify);
    }
  }
}

TEST_F(Load, ResumesWhatItHasTicketsFor) {
  for (Submission with :
       {smtp(), of(binding_for_test(Mode::ldap_starttls)), of(binding_for_test(Mode::ldaps))}) {
    with.server.tickets = std::make_shared<const tls::TicketKey>();
    for (const client::StopAfter stop : {client::StopAfter::tls, client::StopAfter::message}) {
      with.settings.stop_after = stop;
      EXPECT_EQ(run(with, {.exchanges = 5}).resumed, 0U);
      const Result got = run(with, {.connections = 2, .exchanges = 10, .resumes = true});
      EXPECT_EQ(got.done, 10U);
      EXPECT_EQ(got.resumed, 8U) << "all but the first of each connection";
    }
  }
}

TEST_F(Load, CountsFailuresByTheirEnding) {
  Submission with = smtp();
  with.server.script.deviations = {
      {.at = Point::greeting, .steps = {Send{.bytes = "421 too many\r\n"}, Close{}}}};
  Result got = run(with, {.connections = 3, .exchanges = 6});
  EXPECT_EQ(got.done, 0U);
  EXPECT_EQ(got.failures, (std::map<Ending, std::uint64_t>{{Ending::throttled, 6}}));
  EXPECT_NE(got.said.at(Ending::throttled).find("421 too many"), std::string::npos);
  EXPECT_EQ(got.of(Part::total).count(), 0U) << "what failed has taken no time";
  got = run(submission_for_test({}, "expired"), {.exchanges = 2});
  EXPECT_EQ(got.failures, (std::map<Ending, std::uint64_t>{{Ending::certificate_expired, 2}}));
  EXPECT_EQ(counts_.failed, 8U);
}

// ---- open loop ---------------------------------------------------------------------------------

TEST_F(Load, OfAnOpenLoopArrivesBySchedule) {
  delay_ = [](Instant) { return 30ms; };
  const Result got = run(smtp(), {.connections = 100, .rate = 200, .length = 1s});
  EXPECT_EQ(got.done, 200U);
  EXPECT_EQ(got.of(Part::total).longest(), 30ms) << "those before hold nobody up";
  EXPECT_EQ(got.lasted, 1025ms) << "the last arrives at 995 ms";
}

TEST_F(Load, OfAnOpenLoopWaitsWhereTooManyAreUnderWay) {
  delay_ = [](Instant) { return 100ms; };
  const Result got = run(smtp(), {.connections = 2, .rate = 100, .exchanges = 20});
  EXPECT_EQ(got.done, 20U);
  EXPECT_EQ(got.lasted, 1010ms) << "pairs of 100 ms, the second of each 10 ms later";
  EXPECT_EQ(got.of(Part::total).longest(), 1010ms - 190ms) << "from its intended beginning on";
}

TEST_F(Load, OfSeveralThreadsIsOneSchedule) {
  std::uint64_t all = 0;
  for (std::size_t thread = 0; thread < 3; ++thread) {
    const Result got = run(
        smtp(), {.connections = 100, .rate = 100, .length = 1s, .thread = thread, .threads = 3});
    EXPECT_EQ(got.lasted, thread == 0 ? 990ms : thread == 1 ? 970ms : 980ms);
    all += got.done;
  }
  EXPECT_EQ(all, 100U);
}

TEST_F(Load, EndsWhenItIsToldTo) {
  delay_ = [this](Instant now) {
    if (now >= 500ms) counts_.stop = true;
    return 1ms;
  };
  EXPECT_LT(run(smtp(), {.connections = 2}).lasted, 510ms);
  EXPECT_EQ(run(smtp(), {.connections = 2}).done, 0U);
  counts_.stop = false;
  EXPECT_LT(run(smtp(), {.connections = 2, .rate = 10}).lasted, 700ms);
}

// Once a second the server does nothing for 200 ms. Who arrives by schedule meets that once in five
// times; who waits for the server is held up once a second, among hundreds that are not.
TEST_F(Load, AStallShowsInAnOpenLoopAndHidesInAClosedOne) {
  delay_ = [](Instant now) -> Instant {
    const Instant in_second = now % Instant(1s);
    return in_second < 200ms ? 200ms - in_second : Instant(4ms);
  };
  const Result open = run(smtp(), {.connections = 1000, .rate = 100, .length = 3s});
  EXPECT_GE(open.of(Part::total).quantile(0.99), 180ms);
  EXPECT_LE(open.of(Part::total).quantile(0.75), 5ms);
  const Result closed = run(smtp(), {.connections = 1, .length = 3s});
  EXPECT_GT(closed.done, 500U);
  EXPECT_LE(closed.of(Part::total).quantile(0.99), 5ms);
  EXPECT_GE(closed.of(Part::total).longest(), 190ms);
}

}  // namespace
}  // namespace startle::fake
