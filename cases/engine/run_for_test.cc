#include "cases/engine/run_for_test.h"

#include <gtest/gtest.h>

#include <random>

#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

class Keep final : public report::Report {
 public:
  explicit Keep(std::vector<report::Verdict>& verdicts) : verdicts_(verdicts) {}
  void add(const report::Verdict& verdict) override { verdicts_.push_back(verdict); }
  void end(const report::RunEnd&) override {}

 private:
  std::vector<report::Verdict>& verdicts_;
};

}  // namespace

Ran run_plan(const Plan& plan, const subject::Subject& subject, RunOptions options,
             const std::vector<report::Report*>& reports) {
  static const bool clock_in_use = (tls::use_run_clock(), true);
  static_cast<void>(clock_in_use);
  options.worker.clock = kTestClock;
  // Making keys is most of what a run over all certificates costs, and making chains is next.
  static const auto mint = std::make_shared<certs::Mint>(
      kTestClock, certs::MintOptions{.key_cache = STARTLE_TEST_CACHE "/startle/keys"});
  options.shared_mint = mint;
  Ran ran;
  Keep keep(ran.verdicts);
  std::vector<report::Report*> all = reports;
  all.push_back(&keep);
  Selection selection(plan);
  const report::RunInfo about{.version = "0",
                              .client_name = subject.name(),
                              .trust_model = "documented",
                              .transport = std::string(word(options.worker.transport)),
                              .clock = kTestClock,
                              .seed = plan.seed,
                              .cases = selection.count()};
  for (report::Report* report : all) report->begin(about);
  ran.result = run_all(tree_catalogue(), subject, selection, options, all);
  const report::Tally& tally = ran.result.tally;
  for (report::Report* report : all)
    report->end({.findings = tally.findings(), .summary = tally.summary()});
  EXPECT_EQ(ran.verdicts.size(), about.cases);
  return ran;
}

void expect_all_pass(const Ran& ran) {
  for (const report::Verdict& v : ran.verdicts) {
    EXPECT_EQ(v.kind, report::VerdictKind::pass)
        << v.id << " [" << word(v.trust_model) << "] " << v.reason;
  }
  EXPECT_EQ(ran.result.tally.summary().passed, ran.verdicts.size());
}

Plan plan_of_single_cases() {
  return {.cases = tree_catalogue().cases()};
}

Plan plan_of_cells(std::size_t count, std::uint64_t seed) {
  Plan plan{.matrices = {trust_matrix()}};
  std::mt19937_64 random(seed);
  while (plan.globs.size() < count) {
    const std::size_t cell = random() % trust_matrix().size();
    if (trust_matrix().has_cell(cell)) plan.globs.push_back(trust_matrix().cell_id(cell));
  }
  return plan;
}

}  // namespace startle::cases
