// What it costs to run a program of somebody else's, beside its bare start: fork, exec and wait of
// /bin/true. The two alternate within one loop, so that whatever else the machine does falls on
// both. Times are of the wall; counters:
//   bare_ms     the bare start
//   over_ms     what the harness adds to it: to be below 5
//   wall_ratio  whole / bare: to be read, and no ratio that ci/bench compares, since what the two
//   wait
//               for on a busy machine is chance
// A case is a whole exchange over TCP: the folder, the files, the launch, the server that waits for
// nobody, the end. A launch is that without a server and without files.

#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/worker.h"
#include "certs/mint.h"
#include "harness/subject/launcher.h"
#include "harness/subject/program.h"
#include "harness/subject/running_program.h"
#include "harness/subject/task_folder.h"
#include "harness/tls/clock.h"

namespace startle {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr const char* kTrue = "/bin/true";
constexpr const char* kHost = "localhost";
const std::chrono::sys_seconds kClock = std::chrono::sys_days{std::chrono::year{2030} / 6 / 15};

template <class Work>
double wall_of(Work work) {
  const auto began = Clock::now();
  work();
  return Milliseconds(Clock::now() - began).count();
}

bool start_bare() {
  const pid_t process = fork();
  if (process == 0) {
    execl(kTrue, kTrue, nullptr);
    _exit(1);
  }
  int status = 1;
  return waitpid(process, &status, 0) == process && status == 0;
}

// Both, in turn; `work` says whether it was as it should be.
template <class Work>
void alternate(benchmark::State& state, Work work) {
  double bare = 0;
  double whole = 0;
  for (auto _ : state) {
    bool right = true;
    bare += wall_of([&] { right = start_bare(); });
    const double took = wall_of([&] { right = work() && right; });
    whole += took;
    state.SetIterationTime(took / 1e3);
    if (!right) {
      state.SkipWithError("the program did not run");
      return;
    }
  }
  const auto runs = static_cast<double>(state.iterations());
  state.counters["bare_ms"] = bare / runs;
  state.counters["over_ms"] = (whole - bare) / runs;
  state.counters["wall_ratio"] = whole / bare;
}

// ---- a launch ----------------------------------------------------------------------------------

net::Task<void> see_to_its_end(net::RealWorld& world, const subject::LaunchedProgram& launched,
                               subject::ProgramEnd& end) {
  subject::RunningProgram running(world, launched);
  end = co_await running.run("", {});
}

bool launch(const subject::Launcher& launcher, net::RealWorld& world) {
  subject::TaskFolder folder(std::nullopt);
  const subject::LaunchedProgram launched = launcher.launch({.arguments = {kTrue},
                                                             .environment = {"PATH=/usr/bin:/bin"},
                                                             .folder = folder.path().string(),
                                                             .deadline = std::chrono::seconds(30)});
  folder.hand_over();
  subject::ProgramEnd end;
  world.spawn(see_to_its_end(world, launched, end));
  return world.run(world.now() + std::chrono::seconds(30)) &&
         end.report.cause == subject::EndCause::itself && end.report.value == 0;
}

void BM_Launch(benchmark::State& state) {
  const subject::Launcher launcher;
  net::RealWorld world;
  alternate(state, [&] { return launch(launcher, world); });
}
BENCHMARK(BM_Launch)->UseManualTime()->Unit(benchmark::kMillisecond);

// ---- a case ------------------------------------------------------------------------------------

struct Asked {
  explicit Asked(certs::Mint& mint)
      : exchange(cases::make_exchange({.mode = words::Mode::smtps}, "bench", kHost,
                                      {.trust = words::TrustModel::pkix}, 1)),
        chain(mint.chain(catalogue().recipe(exchange.certificate), kHost)) {}
  static const cases::Catalogue& catalogue() {
    static const cases::Catalogue all = cases::Catalogue::load();
    return all;
  }
  cases::Exchange exchange;
  std::shared_ptr<const certs::Chain> chain;
};

std::unique_ptr<subject::Subject> true_by_contract() {
  return subject::make_program(subject::by_contract(kTrue, subject::Speech::environment),
                               std::string(subject::kDefaultVariant));
}

const cases::Worker::Options kHow{
    .transport = cases::Transport::tcp, .deadline = std::chrono::seconds(30), .clock = kClock};

bool run_case(cases::Worker& worker, const Asked& asked) {
  const cases::Run run = worker.run(asked.exchange, *asked.chain);
  return !run.hung && run.outcome.ending == words::Ending::delivered;  // what exit code 0 says
}

void BM_Case(benchmark::State& state) {
  const auto subject = true_by_contract();
  tls::set_run_clock(kClock);
  certs::Mint mint(kClock);
  const Asked asked(mint);
  cases::Worker worker(*subject, kHow);
  alternate(state, [&] { return run_case(worker, asked); });
}
BENCHMARK(BM_Case)->UseManualTime()->Unit(benchmark::kMillisecond);

// `wide` threads, each of which does its part of `all`.
template <class Work>
bool do_wide(std::size_t wide, std::size_t all, Work work) {
  std::atomic<bool> right = true;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < wide; ++i) {
      threads.emplace_back([&, mine = all / wide] {
        if (!work(mine)) right = false;
      });
    }
  }
  return right;
}

// So many threads at once: the wall time of one case is that of all of them by their number.
void BM_CasesWide(benchmark::State& state) {
  const auto wide = static_cast<std::size_t>(state.range(0));
  const std::size_t all = 20 * wide;
  const auto subject = true_by_contract();
  tls::set_run_clock(kClock);
  certs::Mint mint(kClock);
  const Asked asked(mint);
  double bare = 0;
  double whole = 0;
  for (auto _ : state) {
    bool right = true;
    bare += wall_of([&] {
      right = do_wide(wide, all, [](std::size_t mine) {
        while (mine-- > 0) {
          if (!start_bare()) return false;
        }
        return true;
      });
    });
    const double took = wall_of([&] {
      right = right && do_wide(wide, all, [&](std::size_t mine) {
                cases::Worker worker(*subject, kHow);
                while (mine-- > 0) {
                  if (!run_case(worker, asked)) return false;
                }
                return true;
              });
    });
    whole += took;
    state.SetIterationTime(took / 1e3);
    if (!right) {
      state.SkipWithError("the program did not run");
      return;
    }
  }
  const auto runs = static_cast<double>(state.iterations()) * static_cast<double>(all);
  state.counters["case_ms"] = whole / runs;
  state.counters["bare_ms"] = bare / runs;
  state.counters["over_ms"] = (whole - bare) / runs;
  state.counters["wall_ratio"] = whole / bare;
}
BENCHMARK(BM_CasesWide)->Arg(2)->Arg(4)->Arg(16)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace startle

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  startle::tls::use_run_clock();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
