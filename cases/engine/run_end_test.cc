// However a run ends, what was judged is reported, and no thread ends the process.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <new>

#include "cases/engine/run_exchange.h"
#include "cases/engine/run_for_test.h"
#include "harness/base/error.h"

namespace startle::cases {
namespace {

const subject::Subject& builtin() {
  static const auto subject = subject::make_subject("builtin");
  return *subject;
}

Plan some_cells() {
  Plan plan{.matrices = {trust_matrix()}};
  plan.globs = {"*/trust=host/certificate=expired", "*/trust=host/certificate=valid"};
  for (std::string& glob : plan.globs) glob += "/credential=*";
  return plan;
}

class Kept : public report::Report {
 public:
  void add(const report::Verdict& verdict) override { ids.push_back(verdict.id); }
  void end(const report::RunEnd&) override {}
  std::vector<std::string> ids{};
};

// A disk that is full, after so many cases.
class Full final : public Kept {
 public:
  explicit Full(std::size_t room) : room_(room) {}
  void add(const report::Verdict& verdict) override {
    if (ids.size() == room_) throw Error(Fault::system, "the report: No space left on device");
    Kept::add(verdict);
  }

 private:
  std::size_t room_;
};

RunOptions options(unsigned jobs) {
  RunOptions how{.jobs = jobs, .mint = {.key_cache = STARTLE_TEST_CACHE "/startle/keys"}};
  how.worker.clock = kTestClock;
  return how;
}

std::vector<std::string> ids_of(const Plan& plan) {
  Selection selection(plan);
  std::vector<std::string> ids;
  while (const auto name = selection.peek()) {
    ids.push_back(name->id);
    selection.skip();
  }
  return ids;
}

TEST(RunEnd, AReportThatFailsEndsTheRunAndLeavesTheOthersWhatWasJudged) {
  const std::vector<std::string> all = ids_of(some_cells());
  for (const unsigned jobs : {1U, 4U}) {
    Selection selection(some_cells());
    Full full(3);
    Kept kept;
    Reporter reporter(nullptr, {&full, &kept});
    const RunResult result =
        run_all(tree_catalogue(), builtin(), selection, options(jobs), reporter);
    EXPECT_TRUE(result.stopped);
    EXPECT_FALSE(result.threads_abandoned);
    EXPECT_TRUE(reporter.has_failed(&full));
    EXPECT_FALSE(reporter.has_failed(&kept));
    ASSERT_TRUE(result.failure);
    EXPECT_THROW(std::rethrow_exception(result.failure), Error);
    ASSERT_GT(kept.ids.size(), 3U);
    EXPECT_LT(kept.ids.size(), all.size());
    EXPECT_EQ(result.tally.summary().passed, kept.ids.size());
    const std::vector<std::string> first(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(4));
    EXPECT_EQ(std::vector(kept.ids.begin(), kept.ids.begin() + 4), first);
  }
}

TEST(RunEnd, WithoutAReporterItsFailureIsThrown) {
  Selection selection(some_cells());
  Full full(2);
  EXPECT_THROW(run_all(tree_catalogue(), builtin(), selection, options(2), {&full}), Error);
}

// What a thread throws outside an exchange.
class Failing final : public ExchangeSource {
 public:
  explicit Failing(Plan plan) : selection_(std::move(plan)) {}
  std::optional<Exchange> next() override {
    if (++given_ > 5) throw std::bad_alloc();
    return selection_.next();
  }

 private:
  Selection selection_;
  int given_ = 0;
};

TEST(RunEnd, AnExceptionOfAThreadEndsTheRun) {
  for (const unsigned jobs : {1U, 8U}) {
    Failing source(some_cells());
    Kept kept;
    Reporter reporter(nullptr, {&kept});
    const RunResult result = run_all(tree_catalogue(), builtin(), source, options(jobs), reporter);
    ASSERT_TRUE(result.failure);
    EXPECT_THROW(std::rethrow_exception(result.failure), std::bad_alloc);
    EXPECT_EQ(kept.ids.size(), 5U);
  }
}

TEST(RunEnd, IsWhatItIsToldToBe) {
  Selection selection(some_cells());
  Kept kept;
  Reporter reporter(nullptr, {&kept});
  RunOptions how = options(2);
  how.stop = [&] { return kept.ids.size() >= 4; };
  const RunResult result = run_all(tree_catalogue(), builtin(), selection, how, reporter);
  EXPECT_TRUE(result.stopped);
  EXPECT_FALSE(result.failure);
  const std::vector<std::string> all = ids_of(some_cells());
  ASSERT_GE(kept.ids.size(), 4U);
  ASSERT_LE(kept.ids.size(), all.size());
  EXPECT_TRUE(std::equal(kept.ids.begin(), kept.ids.end(), all.begin()));
}

// ---- what is known -----------------------------------------------------------------------------

TEST(RunKnown, IsReportedInItsPlaceAndNotRun) {
  const Plan plan = some_cells();
  const std::vector<std::string> all = ids_of(plan);
  Selection selection(plan);
  Kept kept;
  Reporter reporter(nullptr, {&kept});
  RunOptions how = options(2);
  std::size_t known = 0;
  how.known = [&]() -> std::optional<Judgement> {
    const auto name = selection.peek();
    if (!name || std::hash<std::string>{}(name->id) % 2 == 0) return std::nullopt;
    selection.skip();
    ++known;
    return Judgement{.verdict = {.id = name->id, .kind = report::VerdictKind::skip}};
  };
  const RunResult result = run_all(tree_catalogue(), builtin(), selection, how, reporter);
  EXPECT_FALSE(result.stopped);
  EXPECT_EQ(kept.ids, all);
  EXPECT_GT(known, 0U);
  EXPECT_EQ(result.tally.summary().skipped, known);
  EXPECT_EQ(result.tally.summary().passed, all.size() - known);
}

TEST(SelectionPeek, NamesWhatComesNext) {
  for (const bool foreign : {false, true}) {
    Plan plan{.foreign = foreign,
              .cases = tree_catalogue().cases(),
              .matrices = {trust_matrix()},
              .models = {words::TrustModel::documented, words::TrustModel::pkix},
              .sample = 60,
              .shard = Shard{2, 3}};
    Selection selection(plan);
    std::size_t count = 0;
    while (const auto name = selection.peek()) {
      ASSERT_EQ(selection.peek()->id, name->id) << "again, it is the same";
      const Selection::Mark here = selection.mark();
      selection.skip();
      selection.peek();
      selection.return_to(here);
      const auto exchange = selection.next();
      ASSERT_TRUE(exchange);
      EXPECT_EQ(exchange->id, name->id);
      EXPECT_EQ(exchange->trust_model, name->reading.trust) << name->id;
      ++count;
    }
    EXPECT_FALSE(selection.next());
    EXPECT_EQ(count, 20U);
  }
}

// Whether it came so far that its expectation was known, or not: nobody is asked who may hold a
// lock.
TEST(HungExchange, IsJudgedByWhatIsRight) {
  Plan plan = some_cells();
  const Surroundings around(tree_catalogue(), builtin(), options(1));
  for (Selection selection(plan); const auto exchange = selection.next();) {
    const Expectation right = expectation_of(
        *exchange, certs::facts_of(tree_catalogue().recipe(exchange->certificate), exchange->host));
    const report::Verdict told = judgement_of_hung(around, *exchange, right).verdict;
    const report::Verdict untold = judgement_of_hung(around, *exchange, std::nullopt).verdict;
    EXPECT_EQ(told.kind, report::VerdictKind::fail);
    EXPECT_EQ(told.violations, std::vector{words::Invariant::hung});
    EXPECT_EQ(told.expected, right.endings);
    EXPECT_EQ(untold.expected, right.endings) << exchange->id;
  }
}

}  // namespace
}  // namespace startle::cases
