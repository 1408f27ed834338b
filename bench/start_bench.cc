// What `startle` costs from its start to its end, as a process of its own:
// one single case in memory, and nothing but its version. Times are CPU time of
// the child, user and system (wait4). Counters of bench/beside.h; the yardstick is the start and
// end of /bin/true; and
//   cpu_ms  of one start: for a single case to be below 30

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "bench/beside.h"

namespace startle::bench {
namespace {

Microseconds microseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
}

struct Ended {
  bool right = false;  // with 0
  Microseconds cpu_us = 0;
};

// What it prints goes nowhere.
Ended run_program(std::vector<std::string> arguments) {
  std::vector<char*> raw;
  for (std::string& one : arguments) raw.push_back(one.data());
  raw.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_RDWR);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, stream);
    ::execv(raw.front(), raw.data());
    ::_exit(127);
  }
  int status = 1;
  rusage used{};
  if (child < 0 || ::wait4(child, &status, 0, &used) != child) return {};
  return {.right = status == 0,
          .cpu_us = microseconds(used.ru_utime) + microseconds(used.ru_stime)};
}

void BM_Start(benchmark::State& state, const std::vector<std::string>& arguments) {
  Microseconds bare_us = 0;
  Microseconds whole_us = 0;
  for (auto _ : state) {
    const Ended bare = run_program({"/bin/true"});
    const Ended whole = run_program(arguments);
    if (!bare.right || !whole.right) {
      state.SkipWithError(bare.right ? "startle did not end with 0" : "/bin/true did not run");
      return;
    }
    bare_us += bare.cpu_us;
    whole_us += whole.cpu_us;
    state.SetIterationTime(whole.cpu_us / 1e6);
  }
  const auto runs = static_cast<double>(state.iterations());
  state.counters["yardstick_us"] = bare_us / runs;
  state.counters["cost"] = whole_us / bare_us;
  state.counters["cpu_ms"] = whole_us / runs / 1e3;
}

void add(const char* name, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), STARTLE_PROGRAM);
  benchmark::RegisterBenchmark(name,
                               [arguments](benchmark::State& state) { BM_Start(state, arguments); })
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace
}  // namespace startle::bench

int main(int argc, char** argv) {
  startle::bench::add("BM_Start/version", {"--version"});
  startle::bench::add("BM_Start/one-case", {"run", "smtp/injection/and-no-answer"});
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
