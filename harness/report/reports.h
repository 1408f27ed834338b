#pragma once
// The kinds of report. Each writes to a stream that must outlive it.

#include <cstddef>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

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
std::unique_ptr<Report> make_json_report(std::ostream& out);        // format 1, one object
std::unique_ptr<Report> make_json_lines_report(std::ostream& out);  // so, a line for each case
// So of a report that is there: it gets all its cases again, and writes none of them until go_on(),
// behind which the rest is written.
class ContinuedReport : public Report {
 public:
  virtual void go_on() = 0;
};
std::unique_ptr<ContinuedReport> continue_json_lines_report(std::ostream& out);
std::unique_ptr<Report> make_junit_report(std::ostream& out);  // JUnit XML, one test suite

// A page for a CI system: GitHub's step summary, a comment. Counts, a table of the findings, worst
// first, and a section for each. It is no longer than that summary may be: whole findings are left
// out, from the least severe on, and a last line says how many.
std::unique_ptr<Report> make_markdown_report(std::ostream& out);
inline constexpr std::size_t kMostBytesOfMarkdown = 1 << 20;

// SARIF 2.1.0 (OASIS), as code scanning of GitHub and others take it: a rule and a result for each
// finding, whose fingerprint is its id. A finding lies in the behaviour of a program, in no line of
// a file, and yet a viewer wants one: it gets the name of the client as a relative reference, line
// 1, and the finding's first case as logical location.
std::unique_ptr<Report> make_sarif_report(std::ostream& out);

// What --report takes. A new kind is a maker above and a row of the table in reports.cc.
struct ReportKind {
  std::string_view word{};
  std::unique_ptr<Report> (*make)(std::ostream& out, const TextOptions& options) = nullptr;
};

std::span<const ReportKind> report_kinds();
// nullptr: there is none of this word.
const ReportKind* report_kind(std::string_view word);
// "text, json, sarif", or with another word in front of the last: "text, json or sarif".
std::string report_kind_words(std::string_view before_last = ", ");

}  // namespace startle::report
