#include "cases/engine/expected_failures.h"

#include <algorithm>
#include <set>
#include <utility>

#include "cases/engine/glob.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/printable.h"

namespace startle::cases {
namespace {

using report::VerdictKind;

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kForm = "a line is CASE-GLOB ENDING|INVARIANT reason";

// The first word of `rest`, which is left with what stands behind it.
std::string_view take_word(std::string_view& rest) {
  const std::size_t begin = std::min(rest.find_first_not_of(kBlanks), rest.size());
  const std::size_t end = std::min(rest.find_first_of(kBlanks, begin), rest.size());
  const std::string_view word = rest.substr(begin, end - begin);
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks, end), rest.size()));
  return word;
}

std::string_view without_blanks_behind(std::string_view text) {
  const std::size_t last = text.find_last_not_of(kBlanks);
  return text.substr(0, last == text.npos ? 0 : last + 1);
}

bool has_wildcard(std::string_view glob) {
  return glob.find_first_of("*?") != glob.npos;
}

std::string no_such_word(std::string_view given) {
  std::vector<std::string_view> known(words::kEndings.begin(), words::kEndings.end());
  known.insert(known.end(), words::kInvariants.begin(), words::kInvariants.end());
  const std::string_view near = nearest(given, known);
  return "`" + printable(given) + "` is no ending and no invariant" +
         (near.empty() ? "" : " (did you mean " + std::string(near) + "?)") + ": " +
         std::string(kForm);
}

bool is_of_a_part(const Plan& plan) {
  return !plan.globs.empty() || !plan.whole.empty() || plan.cases.empty() || plan.mode ||
         plan.sample || plan.shard || plan.suite == Suite::quick;
}

bool matches_a_cell(std::string_view glob, const Matrix& matrix) {
  if (!has_wildcard(glob) && glob_matches(glob, matrix.id)) return true;
  const auto [first, end] = matrix.cells_from(glob.substr(0, glob.find_first_of("*?")));
  for (std::size_t cell = first; cell < end; ++cell) {
    if (matrix.has_cell(cell) && glob_matches(glob, matrix.cell_id(cell))) return true;
  }
  return false;
}

// Of a catalogue or a plan.
bool matches_any(std::string_view glob, const std::vector<Case>& cases,
                 const std::vector<Matrix>& matrices) {
  return std::any_of(cases.begin(), cases.end(),
                     [&](const Case& one) { return glob_matches(glob, one.id); }) ||
         std::any_of(matrices.begin(), matrices.end(),
                     [&](const Matrix& one) { return matches_a_cell(glob, one); });
}

}  // namespace

std::string_view word_of(const ExpectedFailure& expected) {
  return std::visit([](auto value) { return word(value); }, expected.what);
}

bool is_of(const report::Verdict& failed, const ExpectedFailure& expected) {
  if (const auto* ending = std::get_if<words::Ending>(&expected.what)) {
    return failed.observed == *ending;
  }
  const auto invariant = std::get<words::Invariant>(expected.what);
  return std::find(failed.violations.begin(), failed.violations.end(), invariant) !=
         failed.violations.end();
}

ExpectedFailures::ExpectedFailures(std::string file, std::string_view text)
    : file_(std::move(file)) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    add(text.substr(0, end), number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  seen_.resize(lines_.size());
}

ExpectedFailures ExpectedFailures::read(const std::filesystem::path& file) {
  constexpr std::size_t kMostBytes = 256 << 20;
  return {file.string(), read_file(file, kMostBytes)};
}

void ExpectedFailures::add(std::string_view line, std::size_t number) {
  std::string_view rest = line;
  const std::string_view glob = take_word(rest);
  if (glob.empty() || glob.starts_with('#')) return;
  const std::string_view what = take_word(rest);
  const std::string reason = printable(without_blanks_behind(rest));
  ExpectedFailure made{.glob = std::string(glob), .reason = reason, .line = number};
  const auto complain = [&](const std::string& why) {
    complaints_.push_back(where(made) + ": " + why);
  };
  if (what.empty()) {
    return complain("`" + printable(glob) +
                    "` states no ending and no invariant: " + std::string(kForm));
  }
  if (const auto ending = from_word<words::Ending>(what)) {
    made.what = *ending;
  } else if (const auto invariant = from_word<words::Invariant>(what)) {
    made.what = *invariant;
  } else {
    return complain(no_such_word(what));
  }
  if (reason.empty()) {
    return complain("states no reason, such as the number of the bug's report: " +
                    std::string(kForm));
  }
  if (has_wildcard(glob)) {
    with_wildcards_.push_back(lines_.size());
  } else {
    by_id_[made.glob].push_back(lines_.size());
  }
  lines_.push_back(std::move(made));
}

std::string ExpectedFailures::where(const ExpectedFailure& expected) const {
  return file_ + ":" + std::to_string(expected.line);
}

std::vector<std::string> ExpectedFailures::stale(const Plan& plan,
                                                 const Catalogue& catalogue) const {
  // What the suite leaves out shows only when it is gone through.
  std::set<std::size_t> left_out;
  if (!is_of_a_part(plan) && plan.suite != Suite::full) {
    for (std::size_t i = 0; i < lines_.size(); ++i) left_out.insert(i);
    Selection selection(plan);
    while (!left_out.empty()) {
      const auto exchange = selection.next();
      if (!exchange) break;
      for (const std::size_t i : listing(exchange->id)) left_out.erase(i);
    }
  }
  std::vector<std::string> complaints;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const std::string& glob = lines_[i].glob;
    const std::string begin = where(lines_[i]) + ": `" + printable(glob) + "` matches no case";
    if (!matches_any(glob, plan.cases, plan.matrices) &&
        !matches_any(glob, catalogue.cases(), catalogue.matrices())) {
      complaints.push_back(begin + ": take the line away, or name one (`startle list` shows all)");
    } else if (left_out.count(i) > 0) {
      complaints.push_back(begin + " of this suite: take the line away, or run --suite full");
    }
  }
  return complaints;
}

std::vector<std::size_t> ExpectedFailures::listing(const std::string& id) const {
  std::vector<std::size_t> all;
  const auto add_of = [&](const std::string& glob) {
    const auto found = by_id_.find(glob);
    if (found != by_id_.end()) all.insert(all.end(), found->second.begin(), found->second.end());
  };
  if (!by_id_.empty()) {
    for (std::size_t at = id.find('/'); at != id.npos; at = id.find('/', at + 1)) {
      add_of(id.substr(0, at));
    }
    add_of(id);
  }
  for (const std::size_t i : with_wildcards_) {
    if (glob_matches(lines_[i].glob, id)) all.push_back(i);
  }
  std::sort(all.begin(), all.end());
  return all;
}

const ExpectedFailure* ExpectedFailures::line_for(const report::Verdict& failed) const {
  for (const std::size_t i : listing(failed.id)) {
    if (is_of(failed, lines_[i])) return &lines_[i];
  }
  return nullptr;
}

bool ExpectedFailures::apply_to_failure(report::Verdict& failed) const {
  const ExpectedFailure* line = line_for(failed);
  if (line == nullptr) return false;
  failed.kind = VerdictKind::xfail;
  failed.finding.clear();
  failed.reason = "as " + where(*line) + " expects (" + line->reason + "): " + failed.reason;
  return true;
}

void ExpectedFailures::see(std::span<report::Verdict* const> readings,
                           const std::vector<std::size_t>& listing) {
  for (const report::Verdict* verdict : readings) {
    for (const std::size_t i : listing) {
      ++(verdict->kind == VerdictKind::skip    ? seen_[i].skipped
         : verdict->kind == VerdictKind::error ? seen_[i].others
                                               : seen_[i].judged);
    }
  }
}

void ExpectedFailures::note(std::span<report::Verdict* const> readings) {
  see(readings, listing(readings.front()->id));
}

void ExpectedFailures::apply(std::span<report::Verdict* const> readings) {
  const std::vector<std::size_t> all = listing(readings.front()->id);
  if (all.empty()) return;
  see(readings, all);
  bool still_fails = false;
  for (report::Verdict* verdict : readings) {
    const bool failed = verdict->kind == VerdictKind::fail;
    still_fails = (failed && apply_to_failure(*verdict)) || still_fails;
  }
  if (still_fails) return;
  const ExpectedFailure& first = lines_[all.front()];
  for (report::Verdict* verdict : readings) {
    if (verdict->kind != VerdictKind::pass) continue;
    verdict->kind = VerdictKind::xpass;
    verdict->reason = "passed, where " + where(first) + " expects " + std::string(word_of(first)) +
                      " (" + first.reason + "): take the line away";
  }
}

std::vector<report::Warning> ExpectedFailures::warnings() const {
  std::vector<report::Warning> warnings;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const Seen& seen = seen_[i];
    if (seen.skipped == 0 || seen.judged + seen.others > 0) continue;
    warnings.push_back({.where = where(lines_[i]),
                        .text = "every case that `" + printable(lines_[i].glob) +
                                "` matches was skipped: whether it still fails does not show"});
  }
  return warnings;
}

std::vector<const ExpectedFailure*> ExpectedFailures::not_judged() const {
  std::vector<const ExpectedFailure*> all;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (seen_[i].judged == 0) all.push_back(&lines_[i]);
  }
  return all;
}

}  // namespace startle::cases
