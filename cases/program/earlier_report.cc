#include "cases/program/earlier_report.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "harness/base/date.h"
#include "harness/base/error.h"
#include "harness/report/report_reader.h"

namespace startle::program {
namespace {

using report::RunInfo;
using report::Verdict;

// A run that a signal has ended leaves as many as are judged ahead of one that is slow.
constexpr std::size_t kMostBehindAGap = 10'000;

std::ifstream opened(const std::string& file) {
  std::error_code none;
  if (std::filesystem::exists(file, none) && !std::filesystem::is_regular_file(file, none)) {
    throw Error(Fault::input, file + ": is not a file: --resume goes on with a report in one");
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(Fault::input, file + ": cannot be read: " + std::strerror(errno));
  return in;
}

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line.empty() ? "all" : line;
}

std::string or_none(const std::string& text) {
  return text.empty() ? "none" : text;
}

std::string clock_text(const RunInfo& info) {
  return info.clock_stated ? time_text(info.clock) : "the time of day";
}

// What the two runs differ in, as a sentence begins; empty: nothing.
std::string difference(const RunInfo& earlier, const RunInfo& now) {
  struct Row {
    const char* what;
    std::string earlier;
    std::string now;
  };
  const Row rows[] = {
      {"version of startle", earlier.version, now.version},
      {"client", earlier.client_name + " " + earlier.client_version,
       now.client_name + " " + now.client_version},
      {"TLS library", earlier.tls_library, now.tls_library},
      {"trust model", earlier.trust_model, now.trust_model},
      {"store model", or_none(earlier.store_model), or_none(now.store_model)},
      {"transport", earlier.transport, now.transport},
      {"seed", std::to_string(earlier.seed), std::to_string(now.seed)},
      {"clock", clock_text(earlier), clock_text(now)},
      {"selection", joined(earlier.selection), joined(now.selection)},
      {"number of cases", std::to_string(earlier.selected), std::to_string(now.selected)},
      {"number of cases before sampling", std::to_string(earlier.sampled_from),
       std::to_string(now.sampled_from)},
      {"shard", or_none(earlier.shard), or_none(now.shard)},
  };
  for (const Row& row : rows) {
    if (row.earlier == row.now) continue;
    return std::string("its ") + row.what + " is " + row.earlier + ", that of this run " + row.now;
  }
  if (earlier.inputs == now.inputs) return "";
  for (const auto& list : {now.inputs, earlier.inputs}) {
    for (const auto& input : list) {
      const auto has = [&](const RunInfo& info) {
        return std::find(info.inputs.begin(), info.inputs.end(), input) != info.inputs.end();
      };
      if (!has(earlier) || !has(now)) return input.first + " is not what it was in its run";
    }
  }
  return "its inputs are others";
}

bool is_of(const Verdict& verdict, const cases::Selection::Name& name) {
  return verdict.id == name.id && verdict.trust_model == name.reading.trust &&
         (!verdict.store_model || *verdict.store_model == name.reading.store);
}

cases::Judgement judgement_of(Verdict&& verdict) {
  cases::Judgement made;
  if (verdict.described) made.finding = *verdict.described;
  if (verdict.severity) made.finding.severity = *verdict.severity;
  // Written anew with the first of its finding, whichever that is now.
  verdict.described.reset();
  made.verdict = std::move(verdict);
  return made;
}

}  // namespace

EarlierReport::EarlierReport(std::string file) : file_(std::move(file)) {
  std::ifstream in = opened(file_);
  const report::RunHead head = report::read_run_head(in, file_);
  kind_ = head.is_lines ? "jsonl" : "json";
  info_ = head.info;
}

void EarlierReport::check(const RunInfo& run) const {
  const std::string why = difference(info_, run);
  if (why.empty()) return;
  throw Error(Fault::usage, "--resume " + file_ + ": " + why +
                                ": give the options and files of that run, or leave --resume out");
}

void EarlierReport::hand_on(cases::Selection& selection, cases::Reporter& reporter,
                            bool in_groups) {
  in_groups_ = in_groups;
  std::ifstream in = opened(file_);
  const report::ReadReport read = report::read_what_is_left(
      in, file_, [&](Verdict&& verdict, const report::ElementPlace& place) {
        take(selection, reporter, std::move(verdict), place.offset);
      });
  bytes_ = has_gap_ ? bytes_ : read.end_of_cases;
  if (!group_.empty()) {
    const auto next = selection.peek();
    const bool lacks_a_reading = in_groups_ && next && next->id == group_.front().id;
    if (lacks_a_reading) {
      selection.return_to(before_group_);
      bytes_ = group_begins_;
      has_gap_ = true;
      group_.clear();
    }
    end_group(reporter);
  }
  reporter.finish();
  check_rest(selection);
  if (in_groups_) rest_.clear();
}

void EarlierReport::take(cases::Selection& selection, cases::Reporter& reporter, Verdict&& verdict,
                         std::size_t offset) {
  if (has_gap_) {
    rest_.push_back(std::move(verdict));
    if (rest_.size() > kMostBehindAGap) {
      throw Error(Fault::input, file_ + ": lacks cases in its middle: it is no report of one run");
    }
    return;
  }
  auto next = selection.peek();
  if (next && is_of(verdict, *next)) {
    if (group_.empty() || group_.front().id != verdict.id || !in_groups_) {
      end_group(reporter);
      before_group_ = in_groups_ ? selection.mark() : before_group_;
      group_begins_ = offset;
    }
    selection.skip();
    group_.push_back(std::move(verdict));
    return;
  }
  // One that is to be run stands before it.
  if (!group_.empty() && next && next->id == group_.front().id && in_groups_) {
    selection.return_to(before_group_);
    offset = group_begins_;
    group_.clear();
  }
  end_group(reporter);
  has_gap_ = true;
  bytes_ = offset;
  rest_.push_back(std::move(verdict));
}

void EarlierReport::end_group(cases::Reporter& reporter) {
  for (Verdict& verdict : group_) {
    reporter.add_known(judgement_of(std::move(verdict)));
    ++handed_on_;
  }
  group_.clear();
}

// All of them are selected, in their order.
void EarlierReport::check_rest(cases::Selection& selection) const {
  if (rest_.empty()) return;
  const cases::Selection::Mark here = selection.mark();
  for (const Verdict& verdict : rest_) {
    auto name = selection.peek();
    while (name && !is_of(verdict, *name)) {
      selection.skip();
      name = selection.peek();
    }
    if (!name) {
      throw Error(Fault::input, file_ + ": `" + verdict.id + "` [" + reading_of(verdict) +
                                    "] is no case of this run, or stands there twice: the "
                                    "catalogue is another");
    }
    selection.skip();
  }
  selection.return_to(here);
}

std::optional<cases::Judgement> EarlierReport::next(cases::Selection& selection) {
  if (rest_.empty()) return std::nullopt;
  const auto name = selection.peek();
  if (!name || !is_of(rest_.front(), *name)) return std::nullopt;
  selection.skip();
  return rest();
}

std::optional<cases::Judgement> EarlierReport::rest() {
  if (rest_.empty()) return std::nullopt;
  Verdict first = std::move(rest_.front());
  rest_.pop_front();
  return judgement_of(std::move(first));
}

}  // namespace startle::program
