#pragma once
// Reads back what make_json_report and make_json_lines_report wrote, one case at a time: memory
// does not grow with the number of cases. A report comes from another machine, perhaps from an
// interrupted run, and is believed in nothing that can be checked.

#include <cstddef>
#include <functional>
#include <istream>
#include <map>
#include <string>
#include <vector>

#include "harness/report/report_elements.h"
#include "harness/report/verdict.h"

namespace startle::report {

// All but its cases.
struct ReadReport {
  RunInfo info{};  // `cases`: how many it has; `selected` of a report that does not say so too
  Summary summary{};
  std::vector<Warning> warnings{};
  bool complete = true;  // also where the report does not say so
  double wall_s = 0;
  bool cut_off = false;          // of JSON Lines: the last line is missing, or torn
  std::size_t end_of_cases = 0;  // of JSON Lines: where what stands behind the last case begins
  std::map<std::string, Finding> findings{};  // by id; which cases they have stands in the cases
};

inline constexpr std::size_t kMostBytesOfACase = 4 << 20;
inline constexpr std::size_t kMostFindings = 10'000;

// What is read of a case, and where it stands.
using EachCase = std::function<void(Verdict&& verdict, const ElementPlace& place)>;

// `name` opens every complaint. `each` gets every case in order; what it throws is passed on.
// Throws Error(Fault::input): no JSON, cut off, no report of format 1, a word that there is not, a
// failure without its finding, a summary that does not fit the cases.
ReadReport read_report(std::istream& in, const std::string& name, const EachCase& each);

// So of one that may be cut off where its run was: of JSON Lines a last line that is torn is passed
// over, and the last line may be missing; then `findings` has those that a case describes, and
// nothing else that is known at the end. Each failure is handed on with what describes it.
ReadReport read_what_is_left(std::istream& in, const std::string& name, const EachCase& each);
// What is known before the first case.
struct RunHead {
  RunInfo info{};
  bool is_lines = false;  // JSON Lines
};
RunHead read_run_head(std::istream& in, const std::string& name);

// The reverse of verdict_json. Throws Error(Fault::input, sentence).
Verdict verdict_from(const nlohmann::json& json);

}  // namespace startle::report
