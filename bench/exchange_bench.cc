// What an exchange costs beside the bare handshake of the same chain in its own world: in memory
// (harness/load/bare_handshake.h), or over plain blocking sockets
// (harness/load/bare_tcp_handshake.h); and a matrix beside the bare handshakes that it begins, each
// of them right behind its cell. Counters, besides those of bench/beside.h:
//   of_bare     in place of cost, bare / whole exchange: 0.90 says that a tenth of the exchange is
//               not the handshake
//   handshakes  begun by a matrix

#include <benchmark/benchmark.h>

#include <exception>
#include <map>
#include <memory>

#include "bench/beside.h"
#include "bench/shown.h"
#include "cases/engine/host_stores.h"
#include "cases/engine/judge.h"
#include "cases/engine/selection.h"
#include "cases/engine/worker.h"
#include "harness/load/bare_handshake.h"
#include "harness/load/bare_tcp_handshake.h"
#include "harness/load/cpu_time.h"
#include "harness/tls/clock.h"

namespace startle::bench {
namespace {

using cases::Transport;
cases::Exchange exchange_of(const std::string& certificate, words::Mode mode) {
  cases::Setup setup;
  setup.mode = mode;
  setup.certificate = certificate;
  return cases::make_exchange(setup, "bench", kHost, {.trust = words::TrustModel::pkix}, 1);
}

struct Subjected {
  Subjected(Transport transport, const char* recipe, words::Mode mode)
      : chain(shown_chain(recipe)),
        exchange(exchange_of(recipe, mode)),
        worker(*subject, {.transport = transport, .clock = kClock}) {}
  bool run() {
    const cases::Run run = worker.run(exchange, chain);
    return !run.hung && words::is_success(run.outcome.ending);
  }

  certs::Chain chain;
  cases::Exchange exchange;
  std::unique_ptr<subject::Subject> subject = subject::make_subject("builtin");
  cases::Worker worker;
};

template <class Bare>
void measure(benchmark::State& state, Subjected& subjected, Bare& bare, const Aside& aside = {}) {
  const bool measured = set_beside(
      state, [&] { return bare.run(); }, [&] { return subjected.run(); }, {}, aside);
  if (!measured) return;
  state.counters["of_bare"] = 1 / state.counters["cost"];
  state.counters.erase("cost");
}

void BM_Exchange(benchmark::State& state, Transport transport, const char* recipe,
                 words::Mode mode) {
  tls::set_run_clock(kClock);
  Subjected subjected(transport, recipe, mode);
  const certs::Chain& chain = subjected.chain;
  if (transport == Transport::memory) {
    BareHandshake bare(chain.server, *chain.anchors, kHost);
    measure(state, subjected, bare);
  } else {
    BareTcpHandshake bare(chain.server, *chain.anchors, kHost);
    measure(state, subjected, bare, {.cpu_time = [&] { return bare.server_cpu_time(); }});
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
    if (failures_ > 0) return state.SkipWithError("a cell failed");
    if (handshakes_ == 0) return state.SkipWithError("no cell began a handshake");
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
  try {
    Costs costs(transport);
    for (auto _ : state) state.SetIterationTime(costs.run(plan) / 1e6);
    costs.count_into(state);
  } catch (const std::exception& e) {
    state.SkipWithError(e.what());
  }
}

void add_plan(const std::string& name, const cases::Plan& plan) {
  benchmark::RegisterBenchmark(
      name.c_str(), [plan](benchmark::State& state) { BM_Plan(state, Transport::memory, plan); })
      ->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

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
}  // namespace startle::bench

int main(int argc, char** argv) {
  startle::tls::use_run_clock();
  startle::bench::add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
