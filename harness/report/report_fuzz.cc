// Any bytes as a report: refused with a sentence that names it, or read; and what was read and is
// written again reads the same.

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/report/report_reader.h"
#include "harness/report/reports.h"

namespace startle::report {
namespace {

void must_hold(bool property, const char* name) {
  if (property) return;
  std::fprintf(stderr, "violated: %s\n", name);
  std::abort();
}

// Written again, or nothing where it was refused.
std::string again(const std::string& text) {
  std::istringstream in(text);
  std::vector<Verdict> verdicts;
  ReadReport read;
  try {
    read = read_report(in, "x", [&](Verdict&& verdict) { verdicts.push_back(std::move(verdict)); });
  } catch (const Error& e) {
    must_hold(e.fault() == Fault::input, "a bad report is a fault of the input");
    must_hold(std::string_view(e.what()).starts_with("x:"), "a complaint names the report");
    return "";
  }
  must_hold(read.info.cases == verdicts.size(), "every case was handed over");
  std::vector<Finding> findings;
  for (const auto& [id, finding] : read.findings) findings.push_back(finding);
  std::ostringstream out;
  const auto report = make_json_report(out);
  report->begin(read.info);
  for (const Verdict& verdict : verdicts) report->add(verdict);
  report->end(findings, read.summary, read.wall_s);
  return out.str();
}

}  // namespace
}  // namespace startle::report

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::report;
  const std::string once = again(std::string(reinterpret_cast<const char*>(data), size));
  if (once.empty()) return 0;
  must_hold(again(once) == once, "what is written again reads the same");
  return 0;
}
