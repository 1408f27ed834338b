// What making the whole catalogue of certificates costs, in CPU time of the process: every chain of
// every recipe, with the keys that cost much already on disk (warm) and with none (cold).

#include <benchmark/benchmark.h>

#include "cases/engine/catalogue.h"
#include "certs/mint.h"
#include "harness/base/file.h"

namespace startle {
namespace {

const std::chrono::sys_seconds kClock = std::chrono::sys_days{std::chrono::year{2030} / 6 / 15};

void make_all(const cases::Catalogue& catalogue, const std::filesystem::path& key_cache) {
  certs::Mint mint(kClock, {.key_cache = key_cache});
  for (const std::string& id : catalogue.recipe_ids()) {
    benchmark::DoNotOptimize(mint.chain(catalogue.recipe(id), "smtp.example.test"));
  }
}

void BM_Catalogue_WarmKeys(benchmark::State& state) {
  const cases::Catalogue catalogue = cases::Catalogue::load();
  const TemporaryFolder folder;
  make_all(catalogue, folder.path() / "keys");
  for (auto _ : state) make_all(catalogue, folder.path() / "keys");
  state.counters["recipes"] = static_cast<double>(catalogue.recipe_ids().size());
}
BENCHMARK(BM_Catalogue_WarmKeys)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

void BM_Catalogue_NoKeys(benchmark::State& state) {
  const cases::Catalogue catalogue = cases::Catalogue::load();
  for (auto _ : state) make_all(catalogue, {});
}
BENCHMARK(BM_Catalogue_NoKeys)
    ->MeasureProcessCPUTime()
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace startle

BENCHMARK_MAIN();
