// A client process that makes several connections: which of them are new, which TLS sessions it
// resumes, and what it tries again.

#include <gtest/gtest.h>

#include <functional>

#include "fake-servers/chain_for_test.h"
#include "fake-servers/submission_for_test.h"
#include "harness/client/process_state.h"
#include "harness/client/smtp_client.h"
#include "harness/net/memory.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using client::Settings;
using net::Task;
using words::Ending;

class AnyHost final : public net::Connector {
 public:
  AnyHost(net::World& world, const Server& server, Observation& seen)
      : world_(world), server_(server), seen_(seen) {}
  Task<net::ConnectResult> connect(std::string, std::uint16_t, net::Instant) override {
    net::StreamPair pair = net::make_memory_pair(world_);
    world_.spawn(serve(world_, std::move(pair.server), server_, seen_));
    co_return net::ConnectResult{.stream = std::move(pair.client)};
  }

 private:
  net::World& world_;
  const Server& server_;
  Observation& seen_;
};

struct Done {
  std::vector<Ending> endings{};
  Observation seen{};
};

Task<void> use(net::World& world, net::Connector& connector, const std::vector<Settings>& tasks,
               Done& done) {
  const client::Decisions decisions;
  client::ProcessState state;
  for (const Settings& task : tasks) {
    const client::Outcome outcome =
        co_await client::submit(world, connector, task, decisions, &state);
    done.endings.push_back(outcome.ending);
  }
  co_await state.close();
}

// One process, one task after the other.
Done run(const Submission& with, const std::vector<Settings>& tasks) {
  Done done;
  Server server = with.server;
  server.tickets = std::make_shared<const tls::TicketKey>();
  net::MemoryWorld world;
  AnyHost connector(world, server, done.seen);
  world.spawn(use(world, connector, tasks, done));
  EXPECT_TRUE(world.run(24h)) << "somebody waits for ever";
  return done;
}

const std::vector<Ending> kTwice{Ending::delivered, Ending::delivered};

TEST(ClientProcess, TheSameTaskGoesOverTheSameConnection) {
  const Submission with = submission_for_test();
  const Done done = run(with, {with.settings, with.settings});
  EXPECT_EQ(done.endings, kTwice);
  EXPECT_EQ(done.seen.delivered, 2U);
  EXPECT_EQ(done.seen.connections, 1U);
  EXPECT_EQ(done.seen.handshakes, 1U);
  EXPECT_EQ(done.seen.tls_commands.back(), "QUIT");
}

struct ChangeRow {
  const char* name;
  std::function<void(Settings&)> change;
  bool resumes;  // the session, where the connection is another
};

void PrintTo(const ChangeRow& row, std::ostream* out) {
  *out << row.name;
}

class AnotherTaskTest : public testing::TestWithParam<ChangeRow> {};

TEST_P(AnotherTaskTest, GoesOverAnotherConnection) {
  const Submission with = submission_for_test();
  Settings second = with.settings;
  GetParam().change(second);
  const Done done = run(with, {with.settings, second});
  EXPECT_EQ(done.seen.connections, 2U);
  EXPECT_EQ(done.seen.resumed, GetParam().resumes ? 1U : 0U);
}

const ChangeRow kChanges[] = {
    {"OfAnotherUser", [](Settings& s) { s.username = "other"; }, true},
    {"WithAnotherPassword", [](Settings& s) { s.password = "other"; }, true},
    {"ByAnotherMechanism", [](Settings& s) { s.mechanism = "LOGIN"; }, true},
    {"ThatMayDoWithoutTls", [](Settings& s) { s.tls_policy = words::TlsPolicy::enable; }, true},
    {"AtAnotherHost", [](Settings& s) { s.host = "other.example.test"; }, false},
    {"AtAnotherPort", [](Settings& s) { s.port = 587; }, false},
    {"UnderAnotherTrust", [](Settings& s) { s.trust = "*"; }, false},
    {"UnderAnotherModel", [](Settings& s) { s.trust_model = words::TrustModel::documented; },
     false},
    {"WithOtherAnchors",
     [](Settings& s) { s.store = std::make_shared<const tls::TrustStore>(s.store->anchors_der()); },
     false},
};
INSTANTIATE_TEST_SUITE_P(All, AnotherTaskTest, testing::ValuesIn(kChanges),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ClientProcess, ASessionThatWasNotVerifiedIsNeverResumed) {
  const Submission with = submission_for_test();
  Settings first = with.settings;
  first.trust = "*";
  first.trust_model = words::TrustModel::documented;  // of those that verify nothing then
  Settings second = first;
  second.password = "other";  // or it would be the same connection
  const Done done = run(with, {first, second});
  EXPECT_EQ(done.seen.connections, 2U);
  EXPECT_EQ(done.seen.resumed, 0U);
}

TEST(ClientProcess, ATicketIsUsedOnce) {
  const Submission with = submission_for_test();
  Settings other = with.settings;
  other.password = "other";
  const Done done = run(with, {with.settings, other, other});
  EXPECT_EQ(done.seen.connections, 3U);
  EXPECT_EQ(done.seen.resumed, 2U);  // the second session has brought one more
}

TEST(ClientProcess, AConnectionThatIsGoneIsMadeAnew) {
  const Submission with =
      submission_for_test({.deviations = {{Point::message, {Usual{}, Close{}}}}});
  const Done done = run(with, {with.settings, with.settings});
  EXPECT_EQ(done.endings, kTwice);
  EXPECT_EQ(done.seen.connections, 2U);
  EXPECT_EQ(done.seen.delivered, 2U);
}

struct RetryRow {
  const char* name;
  Deviation deviation;
  unsigned attempts;
  unsigned connections;
  Ending ending;
};

void PrintTo(const RetryRow& row, std::ostream* out) {
  *out << row.name;
}

class RetryTest : public testing::TestWithParam<RetryRow> {};

TEST_P(RetryTest, IsMadeOnceAndWithTls) {
  Submission with =
      submission_for_test({.deviations = {GetParam().deviation}, .accepts_in_clear = true});
  with.settings.attempts = GetParam().attempts;
  const Done done = run(with, {with.settings});
  EXPECT_EQ(done.endings, std::vector{GetParam().ending});
  EXPECT_EQ(done.seen.connections, GetParam().connections);
  EXPECT_EQ(violations(done.seen, {.secret = with.server.secret}), std::vector<words::Invariant>{});
}

const RetryRow kRetries[] = {
    {"AfterALostConnection", {Point::starttls, {Close{}}}, 2, 2, Ending::connection_lost},
    {"After421", {Point::starttls, {Send{"421 later\r\n"}, Close{}}}, 2, 2, Ending::throttled},
    {"After454", {Point::starttls, {Send{"454 later\r\n"}}}, 2, 2, Ending::starttls_refused},
    {"NotAfter502", {Point::starttls, {Send{"502 no\r\n"}}}, 2, 1, Ending::starttls_refused},
    {"NotUnlessToldTo", {Point::starttls, {Close{}}}, 1, 1, Ending::connection_lost},
    {"NotOfWhatMayHaveBeenTaken", {Point::message, {Close{}}}, 2, 1, Ending::connection_lost},
};
INSTANTIATE_TEST_SUITE_P(All, RetryTest, testing::ValuesIn(kRetries),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::fake
