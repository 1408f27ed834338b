#include "harness/report/reports.h"

#include <algorithm>

namespace startle::report {
namespace {

using MadeReport = std::unique_ptr<Report>;

// A kind that writes the same whatever the options of the text are.
template <MadeReport (*make)(std::ostream&)>
MadeReport made(std::ostream& out, const TextOptions&) {
  return make(out);
}

constexpr ReportKind kReportKinds[] = {
    {"text", make_text_report},
    {"json", made<make_json_report>},
    {"jsonl", made<make_json_lines_report>},
    {"junit", made<make_junit_report>},
    {"markdown", made<make_markdown_report>},
    {"sarif", made<make_sarif_report>},
};

}  // namespace

std::span<const ReportKind> report_kinds() {
  return kReportKinds;
}

const ReportKind* report_kind(std::string_view word) {
  const auto* found = std::ranges::find(kReportKinds, word, &ReportKind::word);
  return found == std::end(kReportKinds) ? nullptr : found;
}

std::string report_kind_words(std::string_view before_last) {
  std::string words;
  for (const ReportKind& kind : kReportKinds) {
    const bool last = &kind == std::end(kReportKinds) - 1;
    if (!words.empty()) words += last ? before_last : ", ";
    words += kind.word;
  }
  return words;
}

}  // namespace startle::report
