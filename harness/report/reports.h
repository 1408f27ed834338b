#pragma once
// The kinds of report. Each writes to a stream that must outlive it.

#include <memory>
#include <ostream>

#include "harness/report/verdict.h"

namespace startle::report {

struct TextOptions {
  bool color = false;
  bool verbose = false;   // a line for every case
  bool dialogue = false;  // what was said, for every case; otherwise for none
  bool table = false;     // certificate by certificate, the trust models side by side
  std::string command{};  // the prefix of commands to reproduce with
};

std::unique_ptr<Report> make_text_report(std::ostream& out, const TextOptions& options);
std::unique_ptr<Report> make_json_report(std::ostream& out);   // format 1
std::unique_ptr<Report> make_junit_report(std::ostream& out);  // JUnit XML, one test suite

}  // namespace startle::report
