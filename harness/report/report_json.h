#pragma once
// What the reports in JSON and in JSON Lines have in common: the parts of a run as JSON, each with
// the members of format 1 in their order.

#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "harness/report/json_value.h"
#include "harness/report/spool.h"
#include "harness/report/verdict.h"

namespace startle::report {

// What is known before the first case.
Json head_json(const RunInfo& info);
Json verdict_json(const Verdict& verdict);
// So as a line of JSON Lines: with what the client and the server said, in which nonces differ
// from run to run.
Json line_json(const Verdict& verdict);
// A finding in the line of its first case; with what was said where the line itself has it not.
Json described_json(const Finding& finding, bool with_dialogue);
Json summary_json(const Summary& summary);
Json warnings_json(const std::vector<Warning>& warnings);
Json configurations_json(const std::vector<ConfiguredServer>& servers);

// Which cases each finding has, kept in a file: there may be as many as the run has cases.
class CasesOfFindings {
 public:
  // Anything but a failure is ignored.
  void add(const Verdict& verdict);
  // The findings as a JSON array, each with the list of its cases.
  void write(std::ostream& out, const std::vector<Finding>& findings);

 private:
  struct Ids {
    std::string last{};                                         // not in the file yet
    std::vector<std::pair<std::size_t, std::size_t>> blocks{};  // in the file: offset, size
  };
  std::map<std::string, Ids> ids_{};  // by finding; JSON strings, each behind a comma
  Spool spool_{};
};

}  // namespace startle::report
