#pragma once
// A diagnosis for people and for programs: the steps, the verdict under every reading, and the four
// parts ANSWER, CONFIDENCE, CHANGE and ASK, always in this order.

#include <ostream>
#include <string>
#include <vector>

#include "cases/program/diagnose/gather.h"
#include "harness/diagnosis/weigh.h"

namespace startle::program {

enum class DiagnosisReport { text, json, markdown };
inline constexpr auto kDiagnosisReports = word_table<DiagnosisReport>({
    {DiagnosisReport::text, "text"},
    {DiagnosisReport::json, "json"},
    {DiagnosisReport::markdown, "markdown"},
});
constexpr Words words_of(DiagnosisReport) {
  return kDiagnosisReports;
}

struct Diagnosed {
  Gathered gathered{};
  diagnosis::Diagnosis diagnosis{};
};

// "mail.example.test:587, smtp-starttls (schedule.xml:4)"
std::string title_of(const Diagnosed& one);
// "angus, jsse store"
std::string reading_of(const diagnosis::Reading& reading);

// Fit to be shown on a terminal.
std::string text_report(const std::vector<Diagnosed>& all);
std::string markdown_report(const std::vector<Diagnosed>& all);
// One object: {"format": 1, "startle", "clock", "diagnoses": [..]}.
std::string json_report(const std::vector<Diagnosed>& all);

}  // namespace startle::program
