#pragma once
// What is said of each kind of subject, put together from the catalogue and the knowledge beside
// it.

#include <optional>
#include <string>

#include "cases/engine/catalogue.h"
#include "cases/program/explain/explanation.h"
#include "cases/program/explain/knowledge.h"
#include "harness/subject/defect.h"

namespace startle::program {

// What explanations are made from; both outlive them.
struct Sources {
  const cases::Catalogue& catalogue;
  const Knowledge& knowledge;
  std::string file{};  // of the user's own, which `run` and `serve` are to read; empty: none
};

// A case or a cell; nullopt: there is none of that id.
std::optional<Explanation> explain_case(const Sources& sources, const std::string& id);
Explanation explain_matrix(const Sources& sources, const cases::Matrix& matrix);
Explanation explain_certificate(const Sources& sources, const std::string& id);
Explanation explain_requirement(const Sources& sources, const cases::Requirement& requirement);
// An invariant is a finding, too.
Explanation explain_finding(const Sources& sources, const std::string& id);
Explanation explain_ending(const Sources& sources, words::Ending ending);
Explanation explain_bug_class(const Sources& sources, const std::string& bug_class);
Explanation explain_bug(const Sources& sources, const KnownBug& bug);
Explanation explain_defect(const Sources& sources, const subject::Defect& defect);

// Adds what a case or certificate of that id shows: its dialogue, how it ends, how it is met by
// hand.
void draw_case(const Sources& sources, const cases::Exchange& exchange, Explanation& into);
void draw_certificate(const Sources& sources, const std::string& id, Explanation& into);

// Adds the remedy and, of its bug class or of all its classes, the bugs that clients have had.
void add_remedy(const Sources& sources, const Remedy* remedy, const std::string& bug_class,
                Explanation& into);

}  // namespace startle::program
