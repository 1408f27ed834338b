#pragma once
// `startle explain WHAT`: a case, a cell or a whole matrix, a finding, an ending, an invariant, a
// requirement, a certificate, a bug class, a known bug or a defect, by its id.

#include <iosfwd>
#include <string>
#include <vector>

#include "cases/program/explain/explanation.h"

namespace startle::program {

enum class ExplainReport { text, json, markdown };
inline constexpr auto kExplainReports = word_table<ExplainReport>({
    {ExplainReport::text, "text"},
    {ExplainReport::json, "json"},
    {ExplainReport::markdown, "markdown"},
});
constexpr Words words_of(ExplainReport) {
  return kExplainReports;
}

// One for each kind of thing that has the name; `KIND:NAME` is of that kind alone. A file of the
// user's own is explained by the cases, matrices and certificates in it. Throws
// Error(Fault::usage), with the nearest name, where there is none.
std::vector<Explanation> explained(cases::Catalogue& catalogue, const Knowledge& knowledge,
                                   const std::string& what);

// Prints what is explained to `out`. Returns the exit status.
int explain_subject(const std::string& what, ExplainReport report, std::ostream& out);

// Each name that explained() takes, with its kind, by which it is told apart: cells of matrices and
// the 676 findings of reason/.. are left out, as there are too many to list.
struct SubjectName {
  std::string kind{};
  std::string name{};
};
std::vector<SubjectName> every_subject(const cases::Catalogue& catalogue,
                                       const Knowledge& knowledge);

}  // namespace startle::program
