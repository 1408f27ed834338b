#pragma once
// The rows of `startle bench`: for a person, as JSON (format 1), and as CSV for a spreadsheet.

#include <iosfwd>
#include <string>
#include <vector>

#include "cases/program/bench/plan.h"

namespace startle::program {

struct BenchReport {
  std::vector<Row> rows{};
  std::vector<std::string> exceeded{};  // of --fail-if
  std::vector<std::string> remarks{};   // on all of them, sentences
  bool is_matrix = false;
  bool complete = true;  // no signal has ended it early
};

void write_bench_text(std::ostream& out, const BenchReport& report);
void write_bench_json(std::ostream& out, const BenchReport& report);
void write_bench_csv(std::ostream& out, const BenchReport& report);

}  // namespace startle::program
