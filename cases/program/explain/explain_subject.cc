#include "cases/program/explain/explain_subject.h"

#include <algorithm>
#include <iostream>
#include <set>

#include "cases/program/commands.h"
#include "cases/program/explain/subjects.h"

namespace startle::program {
namespace {

using cases::Catalogue;

constexpr std::string_view kDefect = "defect:";

// "case:smtp/x" as its kind and its name; of what has none, an empty kind.
struct Wanted {
  std::string kind{};
  std::string name{};
};

Wanted wanted_of(const std::string& what) {
  static const std::set<std::string> kinds{"case",      "cell",      "matrix",      "finding",
                                           "ending",    "invariant", "requirement", "certificate",
                                           "bug-class", "known-bug", "defect"};
  const std::size_t colon = what.find(':');
  if (colon == std::string::npos || !kinds.contains(what.substr(0, colon))) return {"", what};
  // A defect's own name has the kind in it.
  if (what.starts_with(kDefect)) return {"defect", what};
  return {what.substr(0, colon), what.substr(colon + 1)};
}

template <class All, class Is>
auto find_in(const All& all, Is is) -> decltype(&*all.begin()) {
  const auto found = std::find_if(all.begin(), all.end(), is);
  return found == all.end() ? nullptr : &*found;
}

std::set<std::string> bug_classes(const Catalogue& catalogue, const Knowledge& knowledge) {
  std::set<std::string> all;
  for (const cases::Case& one : catalogue.cases()) all.insert(one.bug_class);
  for (const std::string& id : catalogue.recipe_ids()) all.insert(catalogue.purpose(id).bug_class);
  for (const subject::Defect& one : subject::defects()) all.insert(std::string(one.bug_class));
  for (const KnownBug& one : knowledge.bugs()) all.insert(one.bug_class);
  all.erase("");
  return all;
}

// Everything of that name, whatever it is.
class Search {
 public:
  Search(const Sources& sources, const Wanted& wanted) : sources_(sources), wanted_(wanted) {}

  std::vector<Explanation> found() {
    const Catalogue& catalogue = sources_.catalogue;
    const std::string& name = wanted_.name;
    if (auto made = explain_case(sources_, name); made && is_wanted(made->kind)) {
      add(std::move(*made));
    }
    if (const auto* matrix =
            find_in(catalogue.matrices(), [&](const auto& one) { return one.id == name; });
        matrix != nullptr && is_wanted("matrix")) {
      add(explain_matrix(sources_, *matrix));
    }
    const bool invariant = from_word<words::Invariant>(name).has_value();
    if (is_finding(name) && (is_wanted("finding") || (invariant && is_wanted("invariant")))) {
      add(explain_finding(sources_, name));
    }
    if (const auto ending = from_word<words::Ending>(name); ending && is_wanted("ending")) {
      add(explain_ending(sources_, *ending));
    }
    if (const auto* requirement =
            find_in(catalogue.requirements(), [&](const auto& one) { return one.id == name; });
        requirement != nullptr && is_wanted("requirement")) {
      add(explain_requirement(sources_, *requirement));
    }
    if (find_in(catalogue.recipe_ids(), [&](const auto& one) { return one == name; }) != nullptr &&
        is_wanted("certificate")) {
      add(explain_certificate(sources_, name));
    }
    add_bugs(name);
    return std::move(all_);
  }

 private:
  bool is_wanted(const std::string& kind) const {
    return wanted_.kind.empty() || wanted_.kind == kind;
  }
  void add(Explanation made) { all_.push_back(std::move(made)); }

  void add_bugs(const std::string& name) {
    if (bug_classes(sources_.catalogue, sources_.knowledge).contains(name) &&
        is_wanted("bug-class")) {
      add(explain_bug_class(sources_, name));
    }
    // Its other ids are such names, too.
    if (const auto* bug =
            find_in(sources_.knowledge.bugs(),
                    [&](const KnownBug& one) {
                      return one.id == name ||
                             (name.starts_with("CVE-") &&
                              (" " + one.also + " ").find(" " + name + " ") != std::string::npos);
                    });
        bug != nullptr && is_wanted("known-bug")) {
      add(explain_bug(sources_, *bug));
    }
    const std::string bare = name.starts_with(kDefect) ? name.substr(kDefect.size()) : name;
    if (const auto* defect =
            find_in(subject::defects(), [&](const auto& one) { return one.name == bare; });
        defect != nullptr && is_wanted("defect")) {
      add(explain_defect(sources_, *defect));
    }
  }

  const Sources& sources_;
  const Wanted& wanted_;
  std::vector<Explanation> all_{};
};

std::string nothing_known(const Catalogue& catalogue, const Knowledge& knowledge,
                          const Wanted& wanted) {
  std::vector<std::string> names;
  std::size_t below = 0;
  std::string first;
  for (const SubjectName& one : every_subject(catalogue, knowledge)) {
    if (!wanted.kind.empty() && one.kind != wanted.kind) {
      if (one.name != wanted.name) continue;
      return "`" + one.name + "` is the name of a " + one.kind + ", of no " + wanted.kind +
             ": write `startle explain " + one.name + "`";
    }
    names.push_back(one.name);
    if (one.kind != "case" || !one.name.starts_with(wanted.name + "/")) continue;
    if (below++ == 0) first = one.name;
  }
  if (below > 0) {
    return "`" + wanted.name + "` is a folder of " + std::to_string(below) +
           " cases: name one, for example `startle explain " + first + "`";
  }
  const std::string near = near_id(wanted.name, names);
  return "there is nothing to explain of the name `" + wanted.name + "`" + near +
         (near.empty() ? ": write" : " Write") +
         " the id of a case, a finding, an ending, an invariant, a requirement or a certificate "
         "(`startle list`, `startle certs list` and `startle list --coverage` show them)";
}

}  // namespace

std::vector<SubjectName> every_subject(const Catalogue& catalogue, const Knowledge& knowledge) {
  std::vector<SubjectName> all;
  for (const cases::Case& one : catalogue.cases()) all.push_back({"case", one.id});
  for (const cases::Matrix& one : catalogue.matrices()) all.push_back({"matrix", one.id});
  for (const std::string& one : every_finding()) {
    if (one.starts_with("reason/")) continue;
    all.push_back({from_word<words::Invariant>(one) ? "invariant" : "finding", one});
  }
  for (const std::string_view one : words::kEndings) all.push_back({"ending", std::string(one)});
  for (const auto& one : catalogue.requirements()) all.push_back({"requirement", one.id});
  for (const std::string& one : catalogue.recipe_ids()) all.push_back({"certificate", one});
  for (const std::string& one : bug_classes(catalogue, knowledge)) {
    all.push_back({"bug-class", one});
  }
  for (const KnownBug& one : knowledge.bugs()) all.push_back({"known-bug", one.id});
  for (const subject::Defect& one : subject::defects()) {
    all.push_back({"defect", std::string(kDefect) + std::string(one.name)});
  }
  return all;
}

std::vector<Explanation> explained(Catalogue& catalogue, const Knowledge& knowledge,
                                   const std::string& what) {
  Sources sources{.catalogue = catalogue, .knowledge = knowledge};
  if (is_file(what)) {
    sources.file = what;
    std::vector<Explanation> all;
    for (const std::string& id : catalogue.add_file(what)) {
      const Wanted wanted{"", id};
      for (Explanation& one : Search(sources, wanted).found()) all.push_back(std::move(one));
    }
    return all;
  }
  const Wanted wanted = wanted_of(what);
  std::vector<Explanation> all = Search(sources, wanted).found();
  if (all.empty()) throw Error(Fault::usage, nothing_known(catalogue, knowledge, wanted));
  return all;
}

int explain_subject(const std::string& what, ExplainReport report, std::ostream& out) {
  Catalogue catalogue = Catalogue::load();
  const Knowledge knowledge = Knowledge::load(catalogue);
  const std::vector<Explanation> all = explained(catalogue, knowledge, what);
  switch (report) {
    case ExplainReport::text:
      write_text(out, all);
      break;
    case ExplainReport::json:
      write_json(out, all);
      break;
    case ExplainReport::markdown:
      write_markdown(out, all);
      break;
  }
  return kAllAsExpected;
}

}  // namespace startle::program
