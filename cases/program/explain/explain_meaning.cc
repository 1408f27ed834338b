// Of findings, invariants, endings, requirements, bug classes, known bugs and defects: what they
// mean, and the case or certificate that shows it.

#include <algorithm>

#include "cases/engine/finding_texts.h"
#include "cases/program/certs_json.h"
#include "cases/program/explain/subject_exchange.h"
#include "cases/program/explain/subjects.h"

namespace startle::program {
namespace {

using words::Ending;

constexpr std::size_t kMostCases = 6;

bool ends_so(const std::vector<Ending>& endings, std::optional<Ending> ending) {
  if (!ending) return true;
  return !endings.empty() && endings.front() == *ending;
}

// Whether a certificate, told to a client of RFC 5280 and 9525, ends so.
bool certificate_ends_so(const Sources& sources, const std::string& id,
                         std::optional<Ending> ending) {
  const certs::Recipe& recipe = sources.catalogue.recipe(id);
  for (const ModelEndings& of : endings_of(recipe, "smtp.example.test")) {
    if (of.model == words::TrustModel::pkix) return ends_so(of.endings, ending);
  }
  return false;
}

const cases::Case* find_case(const Sources& sources, const std::string& id) {
  const auto& all = sources.catalogue.cases();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const cases::Case& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

// A case or certificate that shows what is explained.
struct Shown {
  std::string case_id{};
  std::string certificate{};
};

// Those that show bugs of these classes first, as they are known best.
std::optional<Shown> shown_of(const Sources& sources, const std::vector<std::string>& classes,
                              std::optional<Ending> ending) {
  for (const std::string& one : classes) {
    for (const KnownBug* bug : sources.knowledge.bugs_of(one)) {
      const cases::Case* single = find_case(sources, bug->case_id);
      if (single != nullptr && ends_so(single->expect.endings, ending))
        return Shown{single->id, ""};
      if (!bug->certificate.empty() && certificate_ends_so(sources, bug->certificate, ending)) {
        return Shown{"", bug->certificate};
      }
    }
  }
  // SMTP with STARTTLS is what most people know.
  const cases::Case* found = nullptr;
  const auto is_better = [&](const cases::Case& one) {
    return found == nullptr || (found->setup.mode != words::Mode::smtp_starttls &&
                                one.setup.mode == words::Mode::smtp_starttls);
  };
  for (const cases::Case& one : sources.catalogue.cases()) {
    const bool of_class = std::find(classes.begin(), classes.end(), one.bug_class) != classes.end();
    const bool wanted = classes.empty() ? ending.has_value() : of_class;
    if (wanted && ends_so(one.expect.endings, ending) && is_better(one)) found = &one;
  }
  if (found != nullptr) return Shown{found->id, ""};
  for (const std::string& id : sources.catalogue.recipe_ids()) {
    const std::string& bug_class = sources.catalogue.purpose(id).bug_class;
    const bool of_class = std::find(classes.begin(), classes.end(), bug_class) != classes.end();
    const bool wanted = classes.empty() ? ending.has_value() : of_class;
    if (wanted && certificate_ends_so(sources, id, ending)) return Shown{"", id};
  }
  return std::nullopt;
}

void draw(const Sources& sources, const std::optional<Shown>& shown, Explanation& into) {
  if (!shown) return;
  if (!shown->certificate.empty()) {
    draw_certificate(sources, shown->certificate, into);
    into.drawn_of = shown->certificate;
  } else if (const auto exchange = exchange_of(sources.catalogue, shown->case_id)) {
    draw_case(sources, *exchange, into);
    into.drawn_of = shown->case_id;
  }
  into.see.push_back(into.drawn_of);
}

// "It is right in 20 cases: a, b and 18 more."
void list_cases(const std::string& beginning, const std::vector<std::string>& ids,
                Explanation& into) {
  if (ids.empty()) return;
  std::string text = beginning + " " + std::to_string(ids.size()) + ": ";
  for (std::size_t i = 0; i < std::min(ids.size(), kMostCases); ++i) {
    text += (i == 0 ? "" : ", ") + ids[i];
  }
  if (ids.size() > kMostCases) {
    text += " and " + std::to_string(ids.size() - kMostCases) + " more";
  }
  into.what.push_back(text + ".");
}

std::vector<std::string> cases_of_classes(const Sources& sources,
                                          const std::vector<std::string>& classes) {
  std::vector<std::string> ids;
  const auto has = [&](const std::string& one) {
    return std::find(classes.begin(), classes.end(), one) != classes.end();
  };
  for (const cases::Case& one : sources.catalogue.cases()) {
    if (has(one.bug_class)) ids.push_back(one.id);
  }
  for (const std::string& id : sources.catalogue.recipe_ids()) {
    if (has(sources.catalogue.purpose(id).bug_class)) ids.push_back(id);
  }
  return ids;
}

std::string title_of_finding(const std::string& id) {
  if (const auto invariant = from_word<words::Invariant>(id)) {
    return std::string(cases::what_happened(*invariant));
  }
  if (id == "accepts/common-name") {
    return "the client went by the common name of the certificate, which is none of its names";
  }
  const std::size_t slash = id.find('/');
  const std::string behind = id.substr(slash + 1);
  if (id.starts_with("accepts/")) {
    return "the client went on, or took for success, where " + behind + " was right";
  }
  if (id.starts_with("refuses/")) {
    return "the client ended with " + behind + " where it had to succeed";
  }
  const std::size_t second = behind.find('/');
  return "the client ended with " + behind.substr(second + 1) + " where " +
         behind.substr(0, second) + " was right";
}

// The ending that a finding is about; nullopt: an invariant.
std::optional<Ending> right_ending(const std::string& id) {
  if (id == "accepts/common-name") return Ending::certificate_host_mismatch;
  const std::size_t slash = id.find('/');
  if (slash == std::string::npos || id.starts_with("refuses/")) return std::nullopt;
  const std::string behind = id.substr(slash + 1);
  return from_word<Ending>(behind.substr(0, behind.find('/')));
}

// Why it matters and what is to be done, in each protocol, where that differs.
void add_finding_texts(const std::string& id, Explanation& into) {
  for (const words::ProtocolRow& row : words::kProtocolRows) {
    cases::Exchange exchange;
    exchange.mode = words::mode_of(row.value, words::Tls::starttls);
    report::Finding finding{.id = id};
    cases::Expectation expected{.endings = {right_ending(id).value_or(row.success)}};
    cases::explain(finding, exchange, expected);
    const std::string why = finding.why.empty() ? "" : std::string(row.title) + ": " + finding.why;
    if (!why.empty()) into.why.push_back(why);
    if (finding.fix.empty()) continue;
    into.fix += (into.fix.empty() ? "" : " ") + std::string(row.title) + ": " + finding.fix + ".";
  }
}

}  // namespace

Explanation explain_finding(const Sources& sources, const std::string& id) {
  const bool invariant = from_word<words::Invariant>(id).has_value();
  Explanation made{
      .kind = invariant ? "invariant" : "finding", .id = id, .title = title_of_finding(id)};
  if (invariant) {
    made.what.emplace_back(
        "An invariant: what no client may do, whatever is right otherwise. It is judged by what "
        "the "
        "server saw, and a finding of `startle run` has its name.");
  } else {
    made.what.emplace_back(
        "A finding of `startle run`: one cause, with all the cases that show it.");
  }
  add_finding_texts(id, made);
  const Remedy* remedy = sources.knowledge.of_finding(id);
  add_remedy(sources, remedy, "", made);
  if (remedy != nullptr) {
    list_cases("Cases and certificates meant for such bugs,",
               cases_of_classes(sources, remedy->classes), made);
    auto shown = shown_of(sources, remedy->classes, right_ending(id));
    if (!shown) shown = shown_of(sources, {}, right_ending(id));
    draw(sources, shown, made);
  }
  if (const auto ending = right_ending(id)) made.see.emplace_back(word(*ending));
  return made;
}

Explanation explain_ending(const Sources& sources, Ending ending) {
  const std::string id(word(ending));
  const EndingText& text = sources.knowledge.of_ending(ending);
  Explanation made{.kind = "ending", .id = id, .title = text.means};
  made.what.push_back("What to look at next: " + text.ask);
  std::vector<std::string> right;
  for (const cases::Case& one : sources.catalogue.cases()) {
    if (ends_so(one.expect.endings, ending)) right.push_back(one.id);
  }
  list_cases("It is right first in cases,", right, made);
  std::vector<std::string> shown;
  for (const std::string& one : sources.catalogue.recipe_ids()) {
    if (certificate_ends_so(sources, one, ending)) shown.push_back(one);
  }
  list_cases("So ends a client of RFC 5280 and RFC 9525 that is shown the certificates,", shown,
             made);
  const std::string finding = words::is_success(ending) ? "refuses/" + id : "accepts/" + id;
  const Remedy* remedy = sources.knowledge.of_finding(finding);
  add_finding_texts(finding, made);
  add_remedy(sources, remedy, "", made);
  draw(sources, shown_of(sources, {}, ending), made);
  made.see.push_back(finding);
  return made;
}

Explanation explain_requirement(const Sources& sources, const cases::Requirement& requirement) {
  Explanation made{.kind = "requirement", .id = requirement.id, .title = requirement.rule};
  made.what.push_back(requirement.clause + ", " + std::string(word(requirement.level)) + ", " +
                      (requirement.party == cases::Party::client
                           ? "a client's duty."
                           : "a server's duty, whose neglect a client has to stand."));
  made.what.push_back("A server exposes the neglect: " + requirement.exposed_by);
  if (requirement.out_of_scope) {
    made.what.push_back("No case is to cover it: " + *requirement.out_of_scope);
  }
  made.clauses.push_back(&requirement);
  made.safe.push_back(requirement.safe_outcome);
  std::vector<std::string> covering;
  std::vector<std::string> classes;
  std::optional<Shown> shown;
  const auto add = [&](const std::string& id, const std::string& bug_class, const Shown& as) {
    covering.push_back(id);
    const bool known = std::find(classes.begin(), classes.end(), bug_class) != classes.end();
    if (!bug_class.empty() && !known) classes.push_back(bug_class);
    if (!shown) shown = as;
  };
  const auto names = [&](const std::vector<std::string>& ids) {
    return std::find(ids.begin(), ids.end(), requirement.id) != ids.end();
  };
  for (const cases::Case& one : sources.catalogue.cases()) {
    if (names(one.requirements)) add(one.id, one.bug_class, {one.id, ""});
  }
  for (const std::string& id : sources.catalogue.recipe_ids()) {
    const cases::Purpose& purpose = sources.catalogue.purpose(id);
    if (names(purpose.requirements)) add(id, purpose.bug_class, {"", id});
  }
  for (const cases::Matrix& one : sources.catalogue.matrices()) {
    if (!names(one.requirements)) continue;
    covering.push_back(one.id);
    made.see.push_back(one.id);
  }
  list_cases("Covered by", covering, made);
  draw(sources, shown, made);
  const Remedy* remedy = nullptr;
  for (const std::string& one : classes) {
    if (remedy == nullptr) remedy = sources.knowledge.of_class(one);
    const auto bugs = sources.knowledge.bugs_of(one);
    made.bugs.insert(made.bugs.end(), bugs.begin(), bugs.end());
    made.see.push_back(one);
  }
  if (remedy == nullptr) {
    const bool refuses = !made.endings.empty() && !words::is_success(made.endings.front());
    remedy = sources.knowledge.of_finding(
        refuses ? "accepts/" + std::string(word(made.endings.front())) : "refuses/refused");
  }
  made.remedy = remedy;
  return made;
}

Explanation explain_bug_class(const Sources& sources, const std::string& bug_class) {
  const Remedy* remedy = sources.knowledge.of_class(bug_class);
  Explanation made{.kind = "bug-class", .id = bug_class};
  if (remedy != nullptr) made.title = "mended so: " + remedy->title;
  list_cases("Cases and certificates meant for it,", cases_of_classes(sources, {bug_class}), made);
  for (const subject::Defect& defect : subject::defects()) {
    if (defect.bug_class != bug_class) continue;
    made.what.push_back("defect:" + std::string(defect.name) +
                        " has it: " + std::string(defect.does) + ".");
    made.see.push_back("defect:" + std::string(defect.name));
  }
  add_remedy(sources, remedy, bug_class, made);
  draw(sources, shown_of(sources, {bug_class}, std::nullopt), made);
  return made;
}

Explanation explain_bug(const Sources& sources, const KnownBug& bug) {
  Explanation made{.kind = "known-bug", .id = bug.id, .title = bug.product + ": " + bug.what};
  made.what.push_back("Protocols: " + bug.protocol + ". Source: " + bug.source + ".");
  if (!bug.also.empty()) made.what.push_back("Also: " + bug.also + ".");
  if (!bug.unshown.empty()) made.what.push_back("No case shows it: " + bug.unshown + ".");
  const Remedy* remedy = sources.knowledge.of_class(bug.bug_class);
  add_remedy(sources, remedy, bug.bug_class, made);
  if (bug.unshown.empty()) draw(sources, Shown{bug.case_id, bug.certificate}, made);
  made.see.push_back(bug.bug_class);
  return made;
}

Explanation explain_defect(const Sources& sources, const subject::Defect& defect) {
  const std::string bug_class(defect.bug_class);
  Explanation made{.kind = "defect",
                   .id = "defect:" + std::string(defect.name),
                   .title = "the built-in client, which " + std::string(defect.does)};
  made.what.push_back("It is as bad as " + std::string(word(defect.severity)) + ", of the class " +
                      bug_class + ".");
  list_cases("Cases and certificates meant for that class,", cases_of_classes(sources, {bug_class}),
             made);
  add_remedy(sources, sources.knowledge.of_class(bug_class), bug_class, made);
  draw(sources, shown_of(sources, {bug_class}, std::nullopt), made);
  made.see.push_back(bug_class);
  return made;
}

}  // namespace startle::program
