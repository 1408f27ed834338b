// Clients that never end, and what is done about them.

#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <mutex>

#include "cases/engine/odd_client_for_test.h"

namespace startle::cases {
namespace {

using namespace std::chrono_literals;
using report::VerdictKind;
using subject::ExchangeRequest;
using subject::ExchangeResult;

constexpr const char* kHungReason =
    "expected delivered (the certificate is issued to `smtp.example.test`, trust lists "
    "`other.example.test`, `smtp.example.test`, `third.example.test`), but the client did not end; "
    "the deadline passed";

// ---- a client that never ends ------------------------------------------------------------------

// Always busy with one more pause.
class PausesForEver final : public SometimesOdd {
  net::Task<ExchangeResult> misbehave(net::World& world, const ExchangeRequest&) const override {
    for (int day = 1;; ++day) co_await world.sleep_until(day * 24h);
  }
};

TEST(HungClient, AClientThatWaitsForEverIsHung) {
  const Ran ran = run_plan(plan_with_one_odd(), WaitsForEver());
  expect_one_odd(ran, VerdictKind::fail, kHungReason);
  EXPECT_FALSE(ran.result.threads_abandoned);
}

TEST(HungClient, AClientThatIsAlwaysBusyIsHung) {
  const Ran ran = run_plan(plan_with_one_odd(), PausesForEver());
  expect_one_odd(ran, VerdictKind::fail, kHungReason);
  EXPECT_EQ(ran.verdicts[1].violations, std::vector{words::Invariant::hung});
  EXPECT_EQ(ran.verdicts[1].observed, std::nullopt);
}

TEST(HungClient, AClientThatWaitsForEverIsHungInEveryMode) {
  Plan plan{.matrices = {trust_matrix()},
            .globs = {"*/trust=list/certificate=valid/credential=valid",
                      "*/trust=any/certificate=valid/credential=valid"}};
  const Ran ran = run_plan(plan, WaitsForEver());
  ASSERT_EQ(ran.verdicts.size(), 8U);
  for (std::size_t i = 0; i < 8; ++i) {
    const report::Verdict& v = ran.verdicts[i];
    EXPECT_EQ(v.kind, i % 2 == 0 ? VerdictKind::fail : VerdictKind::pass)
        << v.id << ": " << v.reason;
    if (i % 2 == 0) {
      EXPECT_EQ(v.violations, std::vector{words::Invariant::hung}) << v.id;
    }
  }
}

TEST(HungClient, AClientThatWaitsForEverOverTcpIsHung) {
  RunOptions options{.worker = {.transport = Transport::tcp, .deadline = 2s}};
  expect_one_odd(run_plan(plan_with_one_odd(), WaitsForEver(), options), VerdictKind::fail,
                 kHungReason);
}

// A correct client has the time that it was given, and a little for the server.
TEST(HungClient, TheWatchdogIsTheDeadlineAndTenSeconds) {
  const auto of = [](Transport transport, std::chrono::milliseconds deadline) {
    return watchdog_of({.transport = transport, .deadline = deadline});
  };
  EXPECT_EQ(of(Transport::tcp, 0s), 22s);
  EXPECT_EQ(of(Transport::tcp, 2s), 12s);
  EXPECT_EQ(of(Transport::tcp, 120s), 130s);
  EXPECT_EQ(of(Transport::memory, 0s), 60s);
  EXPECT_EQ(of(Transport::memory, 2s), 60s) << "virtual time, of which computing takes none";
  EXPECT_EQ(of(Transport::memory, 120s), 130s);
}

// ---- a client that blocks inside one call ------------------------------------------------------

class Blocks final : public SometimesOdd {
 public:
  void release() { released_.set_value(); }
  void wait_until_the_thread_is_gone() { gone_.get_future().wait(); }

 private:
  net::Task<ExchangeResult> misbehave(net::World&, const ExchangeRequest&) const override {
    gone_.set_value_at_thread_exit();
    released_future_.wait();
    co_return ExchangeResult{};
  }

  std::promise<void> released_{};
  std::shared_future<void> released_future_ = released_.get_future();
  mutable std::promise<void> gone_{};
};

TEST(HungClient, AClientThatBlocksIsLeftBehindAndTheRestGoesOn) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "what orders the end of a detached thread before this test's is libstdc++'s "
                  "promise, which ThreadSanitizer does not see";
#endif
  Blocks subject;
  RunOptions options{.watchdog = 4s};
  options.reproduce = [](const Exchange& exchange) { return "startle run '" + exchange.id + "'"; };
  const Ran ran = run_plan(plan_with_one_odd(), subject, options);
  expect_one_odd(ran, VerdictKind::fail, kHungReason);
  const auto findings = ran.result.tally.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.front().reproduce, "startle run '" + ran.verdicts[1].id + "'");
  EXPECT_TRUE(ran.result.threads_abandoned);
  subject.release();
  subject.wait_until_the_thread_is_gone();
}

// Whatever it is asked once it is stuck waits for the lock that its stuck thread holds.
class BlocksWithALock final : public SometimesOdd {
 public:
  const subject::Abilities& abilities() const override {
    const std::lock_guard lock(mutex_);
    return SometimesOdd::abilities();
  }
  const subject::Standing& standing() const override {
    const std::lock_guard lock(mutex_);
    return SometimesOdd::standing();
  }

 private:
  net::Task<ExchangeResult> misbehave(net::World&, const ExchangeRequest&) const override {
    const std::lock_guard lock(mutex_);
    std::latch(1).wait();  // which nobody counts down
    co_return ExchangeResult{};
  }
  mutable std::mutex mutex_;
};

TEST(HungClient, TheWatchdogNeedsNoLockThatAStuckClientHolds) {
  // It outlives the test, as do the threads that wait in it for ever.
  static const auto& subject = *new BlocksWithALock;
  const Plan plan{
      .matrices = {trust_matrix()},
      .globs = {"*/mode=smtp-starttls/trust=list/certificate=valid/credential=valid",
                "*/mode=smtp-starttls/trust=upper-case/certificate=valid/credential=valid"}};
  const Ran ran = run_plan(plan, subject, {.watchdog = 1s});
  ASSERT_EQ(ran.verdicts.size(), 2U);
  const bool odd_first = ran.verdicts[0].id.find("trust=list/") != std::string::npos;
  EXPECT_EQ(ran.verdicts[odd_first ? 0 : 1].reason, kHungReason);
  EXPECT_TRUE(ran.result.threads_abandoned);
}

}  // namespace
}  // namespace startle::cases
