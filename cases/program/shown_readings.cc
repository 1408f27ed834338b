#include "cases/program/shown_readings.h"

#include "cases/engine/shown_row.h"

namespace startle::program {

std::vector<report::Verdict> shown_verdicts(const cases::Matrix& matrix, const cases::Plan& plan) {
  cases::Plan alone;
  alone.matrices = {matrix};
  alone.globs = {"*/certificate=" + std::string(cases::kShownCertificate) + "/*"};
  alone.models = plan.models;
  alone.store_models = plan.store_models;
  alone.mode = plan.mode;
  alone.tls_policy = plan.tls_policy;
  std::vector<report::Verdict> verdicts;
  cases::Selection selection(std::move(alone));
  while (const auto exchange = selection.next()) {
    if (cases::is_shown_row(*exchange)) verdicts.push_back(cases::judge_shown(*exchange));
  }
  return verdicts;
}

}  // namespace startle::program
