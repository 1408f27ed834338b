#include "cases/program/bench/outputs.h"

#include <algorithm>
#include <iostream>
#include <string_view>
#include <utility>

#include "harness/base/error.h"

namespace startle::program {
namespace {

using Write = void (*)(std::ostream&, const BenchReport&);
constexpr std::pair<std::string_view, Write> kKinds[] = {
    {"text", write_bench_text}, {"json", write_bench_json}, {"csv", write_bench_csv}};

}  // namespace

std::vector<BenchOutput> open_bench_outputs(const std::vector<std::string>& given) {
  std::vector<BenchOutput> outputs;
  bool stdout_taken = false;
  for (const std::string& one : given) {
    const std::size_t at = one.find('=');
    const auto kind = std::ranges::find(kKinds, std::string_view(one).substr(0, at),
                                        &std::pair<std::string_view, Write>::first);
    if (kind == std::end(kKinds)) {
      throw Error(Fault::usage, "--report " + one + " is not one of: text, json, csv");
    }
    BenchOutput output{.write = kind->second};
    if (at != std::string::npos) {
      output.file = std::make_unique<OutputFile>(one.substr(at + 1));
    } else if (std::exchange(stdout_taken, true)) {
      throw Error(Fault::usage,
                  "two reports go to stdout: write one to a file, --report " + one + "=FILE");
    }
    outputs.push_back(std::move(output));
  }
  if (!stdout_taken) outputs.push_back({.write = write_bench_text});
  return outputs;
}

void write_bench(const std::vector<BenchOutput>& outputs, const BenchReport& report) {
  for (const BenchOutput& output : outputs) {
    output.write(output.file ? output.file->stream() : std::cout, report);
    if (output.file) output.file->finish();
  }
  std::cout.flush();
}

}  // namespace startle::program
