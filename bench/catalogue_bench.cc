// What the catalogue costs, in CPU time of the process: to be loaded, and to have every chain of
// every recipe made, with the keys that cost much already on disk (warm) and with none (cold).
// Counters of bench/beside.h; the yardstick is
//   Load      reading every byte of its files, and counting their lines
//   WarmKeys  the bare handshake of a chain with an intermediate; a piece of work is a chain
//   NoKeys    so

#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/beside.h"
#include "bench/shown.h"
#include "harness/base/file.h"
#include "harness/load/bare_handshake.h"
#include "harness/tls/clock.h"

namespace startle::bench {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> catalogue_files() {
  const fs::path tree = cases::Catalogue::clients_folder().parent_path().parent_path();
  std::vector<fs::path> all;
  for (const char* folder : {"cases", "certs/recipes"}) {
    for (const auto& entry : fs::recursive_directory_iterator(tree / folder)) {
      if (entry.is_regular_file() && entry.path().extension() == ".xml") all.push_back(entry);
    }
  }
  return all;
}

void BM_Catalogue_Load(benchmark::State& state) {
  const std::vector<fs::path> files = catalogue_files();
  set_beside(
      state,
      [&] {
        std::ptrdiff_t lines = 0;
        for (const fs::path& file : files)
          lines += std::ranges::count(read_file(file, 1 << 24), '\n');
        return lines > 0;
      },
      [] { return !cases::Catalogue::load().cases().empty(); });
  state.counters["files"] = static_cast<double>(files.size());
}
BENCHMARK(BM_Catalogue_Load)->UseManualTime()->Unit(benchmark::kMillisecond);

bool make_all(const fs::path& key_cache) {
  certs::Mint made(kClock, {.key_cache = key_cache});
  return std::ranges::all_of(catalogue().recipe_ids(), [&](const std::string& id) {
    return made.chain(catalogue().recipe(id), kHost) != nullptr;
  });
}

void measure_chains(benchmark::State& state, const fs::path& key_cache) {
  tls::set_run_clock(kClock);
  const auto shown = shown_chain("valid");
  const BareHandshake bare(shown.server, *shown.anchors, kHost);
  const auto recipes = static_cast<double>(catalogue().recipe_ids().size());
  constexpr int kHandshakes = 100;
  set_beside(
      state,
      [&] {
        bool right = true;
        for (int i = 0; i < kHandshakes; ++i) right = bare.run() && right;
        return right;
      },
      [&] { return make_all(key_cache); }, {.work = recipes, .yardstick = kHandshakes});
  state.counters["recipes"] = recipes;
}

void BM_Catalogue_WarmKeys(benchmark::State& state) {
  const TemporaryFolder folder;
  make_all(folder.path() / "keys");
  measure_chains(state, folder.path() / "keys");
}
BENCHMARK(BM_Catalogue_WarmKeys)->UseManualTime()->Unit(benchmark::kMillisecond);

void BM_Catalogue_NoKeys(benchmark::State& state) {
  measure_chains(state, {});
}
BENCHMARK(BM_Catalogue_NoKeys)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace startle::bench

int main(int argc, char** argv) {
  startle::tls::use_run_clock();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
