// Any bytes as a report in JSON or JSON Lines: refused with a sentence that names it, or read; and
// what was read and is written again reads the same, in either.

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/fuzz/claims.h"
#include "harness/report/report_reader.h"
#include "harness/report/reports.h"

namespace startle::report {
namespace {

using fuzz::must_hold;

using Make = std::unique_ptr<Report> (*)(std::ostream&);

// Written again, or nothing where it was refused.
std::string again(const std::string& text, Make make) {
  std::istringstream in(text);
  std::vector<Verdict> verdicts;
  ReadReport read;
  try {
    read = read_report(in, "x", [&](Verdict&& verdict, const ElementPlace& place) {
      if (place.line > 0) {
        const std::string line =
            text.substr(place.offset, text.find('\n', place.offset) - place.offset);
        must_hold(verdict_from(nlohmann::json::parse(line)).id == verdict.id,
                  "a case stands on the line where it is said to");
      }
      verdicts.push_back(std::move(verdict));
    });
  } catch (const Error& e) {
    must_hold(e.fault() == Fault::input, "a bad report is a fault of the input");
    must_hold(std::string_view(e.what()).starts_with("x:"), "a complaint names the report");
    return "";
  }
  must_hold(read.info.cases == verdicts.size(), "every case was handed over");
  RunEnd end{.summary = read.summary,
             .warnings = read.warnings,
             .complete = read.complete,
             .wall_s = read.wall_s};
  for (const auto& [id, finding] : read.findings) end.findings.push_back(finding);
  std::ostringstream out;
  const auto report = make(out);
  report->begin(read.info);
  for (const Verdict& verdict : verdicts) report->add(verdict);
  report->end(end);
  return out.str();
}

}  // namespace
}  // namespace startle::report

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::report;
  const std::string once =
      again(std::string(reinterpret_cast<const char*>(data), size), make_json_report);
  if (once.empty()) return 0;
  must_hold(again(once, make_json_report) == once, "what is written again reads the same");
  const std::string lines = again(once, make_json_lines_report);
  must_hold(again(lines, make_json_lines_report) == lines, "lines read the same");
  must_hold(again(lines, make_json_report) == once, "lines say what the object says");
  return 0;
}
