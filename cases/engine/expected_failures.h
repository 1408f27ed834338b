#pragma once
// Failures that are known and wait to be mended: a file names them, a line each, and a run fails
// for anything else, and for a listed case that passes. A line is
//
//   CASE-GLOB ENDING|INVARIANT reason
//
// `#` opens a line of comment. A line means that failure alone: the case failed, and ended so, or
// broke that invariant. It holds under every trust model that is run.

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/selection.h"
#include "harness/report/verdict.h"

namespace startle::cases {

struct ExpectedFailure {
  std::string glob{};  // as glob_matches takes it
  std::variant<words::Ending, words::Invariant> what{};
  std::string reason{};
  std::size_t line = 0;  // from 1
};

std::string_view word_of(const ExpectedFailure& expected);
// The verdict, of a case that it lists, is of this failure.
bool is_of(const report::Verdict& failed, const ExpectedFailure& expected);

class ExpectedFailures {
 public:
  // `file` opens each complaint.
  ExpectedFailures(std::string file, std::string_view text);
  static ExpectedFailures read(const std::filesystem::path& file);  // throws Error(Fault::input)

  const std::vector<ExpectedFailure>& lines() const { return lines_; }
  // What is wrong with lines, "FILE:LINE: sentence" each; empty: nothing.
  const std::vector<std::string>& complaints() const { return complaints_; }
  // So of those that list no case: of the run, or where the plan is of a part (files, globs, quick,
  // a mode, a sample, a shard, a configuration) none of the catalogue either.
  std::vector<std::string> stale(const Plan& plan, const Catalogue& catalogue) const;

  // Makes a failure that is expected `xfail` and a listed case that passes `xpass`, and says by
  // which line. `readings`: what one case comes to, under each trust model and reading of a store
  // that is run; it passes where it passes under all, or fails otherwise. Called once for each.
  void apply(std::span<report::Verdict* const> readings);
  // Of a case to which that was done in an earlier run.
  void note(std::span<report::Verdict* const> readings);
  // Of the lines whose cases were all skipped in what apply() has seen.
  std::vector<report::Warning> warnings() const;
  // The lines of which apply() has seen no case that was judged.
  std::vector<const ExpectedFailure*> not_judged() const;
  // Of the failure; null: none.
  const ExpectedFailure* line_for(const report::Verdict& failed) const;

 private:
  struct Seen {
    std::size_t skipped = 0;
    std::size_t judged = 0;
    std::size_t others = 0;  // errors
  };
  void add(std::string_view line, std::size_t number);
  void see(std::span<report::Verdict* const> readings, const std::vector<std::size_t>& listing);
  std::string where(const ExpectedFailure& expected) const;
  // Whether the line of a failure was found.
  bool apply_to_failure(report::Verdict& failed) const;
  // Those that list the case, in the order of the file, by their index.
  std::vector<std::size_t> listing(const std::string& id) const;

  std::string file_;
  std::vector<ExpectedFailure> lines_{};
  std::vector<std::string> complaints_{};
  std::vector<Seen> seen_{};                                 // by line
  std::map<std::string, std::vector<std::size_t>> by_id_{};  // lines without * and ?
  std::vector<std::size_t> with_wildcards_{};
};

}  // namespace startle::cases
