#include "cases/engine/reporter.h"

#include <memory>
#include <utility>

namespace startle::cases {

void Reporter::add(Judgement&& judgement) {
  add(std::move(judgement), false);
}

void Reporter::add_known(Judgement&& judgement) {
  add(std::move(judgement), true);
}

void Reporter::add(Judgement&& judgement, bool known) {
  const bool is_another =
      !waiting_.empty() &&
      (waiting_.front().verdict.id != judgement.verdict.id || waiting_is_known_ != known);
  if (is_another) finish();
  waiting_.push_back(std::move(judgement));
  waiting_is_known_ = known;
  if (expected_ == nullptr) finish();
}

void Reporter::finish() {
  if (waiting_.empty()) return;
  std::vector<report::Verdict*> readings;
  for (Judgement& each : waiting_) readings.push_back(&each.verdict);
  if (expected_ != nullptr && waiting_is_known_) expected_->note(readings);
  if (expected_ != nullptr && !waiting_is_known_) expected_->apply(readings);
  for (Judgement& each : waiting_) hand_on(each);
  waiting_.clear();
}

void Reporter::hand_on(Judgement& judgement) {
  report::Verdict& verdict = judgement.verdict;
  if (const report::Finding* first = tally_.add(verdict, judgement.finding); first != nullptr) {
    verdict.described = std::make_shared<report::Finding>(*first);
  }
  configurations_.add(verdict);
  for (report::Report* report : reports_) {
    if (has_failed(report)) continue;
    try {
      report->add(verdict);
    } catch (...) {
      if (!failure_) failure_ = std::current_exception();
      failed_.insert(report);
    }
  }
}

}  // namespace startle::cases
