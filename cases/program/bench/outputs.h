#pragma once
// Where the reports of `startle bench` go: --report KIND[=FILE].

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "cases/program/bench/report.h"
#include "harness/base/output_file.h"

namespace startle::program {

struct BenchOutput {
  void (*write)(std::ostream& out, const BenchReport& report) = nullptr;
  std::unique_ptr<OutputFile> file{};  // null: stdout
};

// Where none goes to stdout, the text does. Throws Error(Fault::usage).
std::vector<BenchOutput> open_bench_outputs(const std::vector<std::string>& given);
// Throws Error(Fault::system) where one cannot be written.
void write_bench(const std::vector<BenchOutput>& outputs, const BenchReport& report);

}  // namespace startle::program
