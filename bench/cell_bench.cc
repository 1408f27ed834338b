// What a cell of a matrix costs besides its exchange: to be found and made, to be asked of the
// oracle, to be written into a report of each kind. Counters of bench/beside.h; a piece of work is
// a cell (a case of the report), and the yardstick is the bare handshake
// (harness/load/bare_handshake.h) of a chain with an intermediate, which nearly every cell begins.

#include <benchmark/benchmark.h>

#include <memory>
#include <ostream>
#include <streambuf>
#include <string>
#include <vector>

#include "bench/beside.h"
#include "bench/shown.h"
#include "cases/engine/judge.h"
#include "cases/engine/run.h"
#include "cases/engine/selection.h"
#include "harness/load/bare_handshake.h"
#include "harness/report/reports.h"
#include "harness/report/summary.h"
#include "harness/tls/clock.h"

namespace startle::bench {
namespace {

template <class Work>
void beside_handshake(benchmark::State& state, Work work, double cells) {
  tls::set_run_clock(kClock);
  const auto shown = shown_chain("valid");
  const BareHandshake bare(shown.server, *shown.anchors, kHost);
  constexpr int kHandshakes = 20;
  const bool measured = set_beside(state,
                                   [&] {
                                     bool right = true;
                                     for (int i = 0; i < kHandshakes; ++i)
                                       right = bare.run() && right;
                                     return right;
                                   },
                                   work, {.work = cells, .yardstick = kHandshakes});
  if (measured) state.counters["cells"] = cells;
}

// Every cell of matrix/full is looked at, and the exchanges of a sample are made.
void BM_Expansion(benchmark::State& state) {
  const cases::Plan plan{.matrices = catalogue().matrices(),
                         .whole = {"matrix/full"},
                         .sample = static_cast<std::size_t>(state.range(0))};
  const auto all = static_cast<double>(cases::Selection(plan).counts().selected);
  std::size_t made = 0;
  beside_handshake(
      state,
      [&] {
        cases::Selection selection(plan);
        made = 0;
        while (selection.next()) ++made;
        return made == *plan.sample;
      },
      all);
}
BENCHMARK(BM_Expansion)->Arg(1)->Arg(20000)->UseManualTime()->Unit(benchmark::kMillisecond);

struct Asked {
  cases::Exchange exchange{};
  oracle::Facts facts{};
};

void BM_Oracle(benchmark::State& state, words::TrustModel model) {
  tls::set_run_clock(kClock);
  cases::Selection selection(
      {.matrices = catalogue().matrices(), .whole = {"matrix/trust"}, .models = {model}});
  std::vector<Asked> cells;
  while (auto exchange = selection.next()) {
    const auto& recipe = catalogue().recipe(exchange->certificate);
    const oracle::Facts facts = mint().chain(recipe, exchange->host)->facts;
    cells.push_back({std::move(*exchange), facts});
  }
  beside_handshake(
      state,
      [&] {
        bool answered = !cells.empty();
        for (const Asked& cell : cells) {
          answered = !cases::expectation_of(cell.exchange, cell.facts).endings.empty() && answered;
        }
        return answered;
      },
      static_cast<double>(cells.size()));
}

// Counts what is written, and keeps nothing of it.
class Counting : public std::streambuf {
 public:
  std::streamsize bytes = 0;

 protected:
  std::streamsize xsputn(const char* /*bytes*/, std::streamsize size) override {
    bytes += size;
    return size;
  }
  int_type overflow(int_type one) override {
    ++bytes;
    return traits_type::not_eof(one);
  }
};

// A client that refuses what it must and one that accepts anything: a report has failures too.
std::vector<cases::Judgement> judged_cells() {
  std::vector<cases::Judgement> all;
  for (const char* client : {"builtin", "defect:accepts-any-certificate"}) {
    const auto subject = subject::make_subject(client);
    cases::Bench bench(catalogue(), *subject, {.worker = {.clock = kClock}});
    cases::Selection selection(
        {.matrices = catalogue().matrices(), .whole = {"matrix/trust"}, .sample = 200});
    while (const auto exchange = selection.next()) all.push_back(bench.judge(*exchange));
  }
  return all;
}

void BM_Report(benchmark::State& state, const report::ReportKind& kind) {
  tls::set_run_clock(kClock);
  static const std::vector<cases::Judgement> cells = judged_cells();
  std::streamsize bytes = 0;
  beside_handshake(
      state,
      [&] {
        Counting counting;
        std::ostream out(&counting);
        const auto written = kind.make(out, {});
        report::Tally tally;
        written->begin({.version = "1", .client_name = "builtin", .cases = cells.size()});
        for (const cases::Judgement& cell : cells) {
          tally.add(cell.verdict, cell.finding);
          written->add(cell.verdict);
        }
        written->end({.findings = tally.findings(), .summary = tally.summary()});
        out.flush();
        bytes = counting.bytes;
        return bytes > 0 && tally.summary().failed > 0;
      },
      static_cast<double>(cells.size()));
  state.counters["bytes"] = static_cast<double>(bytes) / static_cast<double>(cells.size());
}

void add_all() {
  for (const words::TrustModel model : words::kEveryTrustModel) {
    benchmark::RegisterBenchmark(("BM_Oracle/" + std::string(word(model))).c_str(),
                                 [=](benchmark::State& state) { BM_Oracle(state, model); })
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
  }
  for (const report::ReportKind& kind : report::report_kinds()) {
    benchmark::RegisterBenchmark(("BM_Report/" + std::string(kind.word)).c_str(),
                                 [&kind](benchmark::State& state) { BM_Report(state, kind); })
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
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
