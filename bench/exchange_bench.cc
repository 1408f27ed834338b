// What an exchange costs beside the bare handshake of the same chain
// (harness/load/bare_handshake.h). The two alternate within one loop, so that whatever else the
// machine does falls on both. Times are CPU time of the process; counters:
//   bare_us    the bare handshake
//   of_bare    bare / whole exchange: 0.90 says that a tenth of the exchange is not the handshake
//   handshakes begun by a matrix; cost = CPU of the matrix / sum of the bare handshakes it begins

#include <benchmark/benchmark.h>

#include <map>
#include <memory>

#include "cases/engine/catalogue.h"
#include "cases/engine/host_stores.h"
#include "cases/engine/judge.h"
#include "cases/engine/selection.h"
#include "cases/engine/worker.h"
#include "certs/mint.h"
#include "harness/load/bare_handshake.h"
#include "harness/load/cpu_time.h"
#include "harness/tls/clock.h"

namespace startle {
namespace {

using cases::Transport;
const std::chrono::sys_seconds kClock = std::chrono::sys_days{std::chrono::year{2030} / 6 / 15};
constexpr const char* kHost = "smtp.example.test";

const cases::Catalogue& catalogue() {
  static const cases::Catalogue all = cases::Catalogue::load();
  return all;
}

certs::Mint& mint() {
  static certs::Mint made(kClock);
  return made;
}

// The chain, and what a client that trusts it holds. A lone self-signed certificate is its own
// trust anchor.
struct Shown {
  explicit Shown(const std::string& recipe)
      : chain(*mint().chain(catalogue().recipe(recipe), kHost)) {
    if (recipe == "self-signed") chain.anchors = std::make_shared<tls::TrustStore>(chain.sent_der);
  }
  certs::Chain chain;
};

cases::Exchange exchange_of(const std::string& certificate, words::Mode mode) {
  cases::Setup setup;
  setup.mode = mode;
  setup.certificate = certificate;
  return cases::make_exchange(setup, "bench", kHost, {.trust = words::TrustModel::pkix}, 1);
}

void BM_Exchange(benchmark::State& state, Transport transport, const char* recipe,
                 words::Mode mode) {
  tls::set_run_clock(kClock);
  const Shown shown(recipe);
  const BareHandshake bare(shown.chain.server, *shown.chain.anchors, kHost);
  const auto subject = subject::make_subject("builtin");
  cases::Worker worker(*subject, {.transport = transport, .clock = kClock});
  const cases::Exchange exchange = exchange_of(recipe, mode);
  Microseconds bare_us = 0;
  Microseconds exchange_us = 0;
  for (auto _ : state) {
    bool accepted = false;
    bare_us += cost_of([&] { accepted = bare.run(); });
    cases::Run run;
    const Microseconds took = cost_of([&] { run = worker.run(exchange, shown.chain); });
    exchange_us += took;
    state.SetIterationTime(took / 1e6);
    if (!accepted || run.hung || !words::is_success(run.outcome.ending)) {
      state.SkipWithError("the chain was refused");
      return;  // a broken run must not leave a number behind
    }
  }
  state.counters["bare_us"] = bare_us / static_cast<double>(state.iterations());
  state.counters["of_bare"] = bare_us / exchange_us;
}

void BM_BareHandshake(benchmark::State& state, const char* recipe) {
  tls::set_run_clock(kClock);
  const Shown shown(recipe);
  const BareHandshake bare(shown.chain.server, *shown.chain.anchors, kHost);
  for (auto _ : state) {
    const Microseconds took = cost_of([&] { benchmark::DoNotOptimize(bare.run()); });
    state.SetIterationTime(took / 1e6);
  }
}

// What a plan costs beside the bare handshakes that it begins: each of them of the chain that its
// exchange was shown.
class Costs {
 public:
  explicit Costs(Transport transport)
      : subject_(subject::make_subject("builtin")),
        worker_(*subject_, {.transport = transport, .clock = kClock}) {}

  // The CPU time of the plan alone, judged as `startle run` does.
  Microseconds run(const cases::Plan& plan) {
    Microseconds all = 0;
    cases::Selection selection(plan);
    Judged judged;
    while (true) {
      all += cost_of([&] { judged = next(selection); });
      if (!judged.chain) break;
      failures_ += judged.verdict.kind == report::VerdictKind::pass ? 0 : 1;
      if (judged.verdict.handshakes > 0) bare_us_ += bare_handshake(judged);
    }
    plan_us_ += all;
    return all;
  }

  void count_into(benchmark::State& state) const {
    if (failures_ > 0) state.SkipWithError("a cell failed");
    const auto handshakes = static_cast<double>(handshakes_);
    state.counters["handshakes"] = handshakes / static_cast<double>(state.iterations());
    state.counters["bare_us"] = bare_us_ / handshakes;
    state.counters["cost"] = plan_us_ / bare_us_;
  }

 private:
  struct Judged {
    std::shared_ptr<const certs::Chain> chain{};  // null: the plan is at its end
    report::Verdict verdict{};
  };

  Judged next(cases::Selection& selection) {
    const auto exchange = selection.next();
    if (!exchange) return {};
    const certs::Recipe& recipe = catalogue().recipe(exchange->certificate);
    const auto chain = mint().chain(recipe, exchange->host);
    const auto expected = cases::expectation_of(*exchange, chain->facts);
    const auto client = mint().client(exchange->client_certificate, exchange->client_name);
    const auto store = stores_.open(*exchange, recipe, *chain);
    const cases::Run run = worker_.run(*exchange, *chain, client.get(), store);
    return {.chain = chain, .verdict = cases::judge(*exchange, expected, run).verdict};
  }

  Microseconds bare_handshake(const Judged& judged) {
    ++handshakes_;
    auto& yardstick = bare_[judged.chain.get()];
    if (!yardstick) {
      yardstick =
          std::make_unique<BareHandshake>(judged.chain->server, *judged.chain->anchors, kHost);
    }
    return cost_of([&] { yardstick->run(); });
  }

  std::unique_ptr<subject::Subject> subject_;
  cases::Worker worker_;
  cases::HostStores stores_{mint()};
  // The chains are the mint's, which keeps them.
  std::map<const certs::Chain*, std::unique_ptr<BareHandshake>> bare_{};
  Microseconds bare_us_ = 0;
  Microseconds plan_us_ = 0;
  std::size_t handshakes_ = 0;
  std::size_t failures_ = 0;
};

void BM_Plan(benchmark::State& state, Transport transport, const cases::Plan& plan) {
  tls::set_run_clock(kClock);
  Costs costs(transport);
  for (auto _ : state) state.SetIterationTime(costs.run(plan) / 1e6);
  costs.count_into(state);
}

void add_plan(const std::string& name, const cases::Plan& plan) {
  benchmark::RegisterBenchmark(
      name.c_str(), [plan](benchmark::State& state) { BM_Plan(state, Transport::memory, plan); })
      ->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

// What it costs to look at every cell of matrix/full, and to make the exchanges of a sample of them
// that are never run.
void BM_Cells(benchmark::State& state) {
  std::size_t made = 0;
  for (auto _ : state) {
    cases::Selection selection({.matrices = catalogue().matrices(),
                                .whole = {"matrix/full"},
                                .sample = static_cast<std::size_t>(state.range(0))});
    while (selection.next()) ++made;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(made));
}
BENCHMARK(BM_Cells)->Arg(1)->Arg(200000)->Unit(benchmark::kMillisecond);

// One family, a name for each member.
void add_exchange(const std::string& name, Transport transport, const char* recipe,
                  words::Mode mode) {
  benchmark::RegisterBenchmark(
      ("BM_Exchange/" + name).c_str(),
      [=](benchmark::State& state) { BM_Exchange(state, transport, recipe, mode); })
      ->UseManualTime()
      ->Unit(benchmark::kMicrosecond);
}

void add_all() {
  for (const char* recipe : {"valid", "self-signed"}) {
    benchmark::RegisterBenchmark(
        (std::string("BM_BareHandshake/") + recipe).c_str(),
        [recipe](benchmark::State& state) { BM_BareHandshake(state, recipe); })
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
  }
  using enum words::Mode;
  for (const Transport transport : {Transport::memory, Transport::tcp}) {
    for (const char* recipe : {"valid", "self-signed"}) {
      for (const words::Mode mode : {smtp_starttls, smtps, ldap_starttls, ldaps}) {
        add_exchange(std::string(word(transport)) + "/" + recipe + "/" + std::string(word(mode)),
                     transport, recipe, mode);
      }
    }
  }
  // Every cell of matrix/trust under one trust model; a sample of matrix/full under one reading of
  // its stores and all trust models.
  const std::vector models(words::kEveryTrustModel.begin(), words::kEveryTrustModel.end());
  for (const words::TrustModel model : models) {
    add_plan("BM_Matrix/" + std::string(word(model)),
             {.matrices = catalogue().matrices(), .whole = {"matrix/trust"}, .models = {model}});
  }
  for (const words::StoreModel reading : {words::StoreModel::documented, words::StoreModel::jsse}) {
    add_plan("BM_FullMatrix/" + std::string(word(reading)), {.matrices = catalogue().matrices(),
                                                             .whole = {"matrix/full"},
                                                             .models = models,
                                                             .store_models = {reading},
                                                             .sample = 20000});
  }
}

}  // namespace
}  // namespace startle

int main(int argc, char** argv) {
  startle::tls::use_run_clock();
  startle::add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
