// Of cases, cells, matrices and certificates: what the server does, and how to meet it.

#include <algorithm>
#include <sstream>

#include "cases/engine/finding_texts.h"
#include "cases/engine/judge_process.h"
#include "cases/engine/setting.h"
#include "cases/program/certs_drawing.h"
#include "cases/program/certs_json.h"
#include "cases/program/explain/dialogue_drawing.h"
#include "cases/program/explain/subject_exchange.h"
#include "cases/program/explain/subjects.h"
#include "harness/base/shell_word.h"

namespace startle::program {
namespace {

using cases::Exchange;
using cases::Expectation;
using words::Ending;

constexpr const char* kHost = "smtp.example.test";

std::string certificate_text(const Sources& sources, const std::string& id) {
  return "`" + id + "`: " + sources.catalogue.recipe(id).reason;
}

bool may_succeed(const Expectation& expected) {
  return std::any_of(expected.endings.begin(), expected.endings.end(), words::is_success);
}

// The finding of a client that does otherwise.
std::string finding_of(const Expectation& expected) {
  const std::string right(word(expected.endings.front()));
  return may_succeed(expected) ? "refuses/connection-lost" : "accepts/" + right;
}

const Remedy* remedy_for(const Sources& sources, const std::string& bug_class,
                         const Expectation& expected) {
  if (const Remedy* found = sources.knowledge.of_class(bug_class)) return found;
  return sources.knowledge.of_finding(finding_of(expected));
}

std::string words_for_program(const Sources& sources, const std::string& id) {
  return sources.file.empty() ? shell_word(id) : shell_path(sources.file);
}

// The settings of both that are not the usual ones.
std::vector<std::string> settings_of(const Sources& sources, const Exchange& exchange) {
  std::vector<std::string> said;
  const cases::Setup usual;
  std::string told;
  for (const cases::Setting& setting : cases::all_settings()) {
    if (!setting.stands_in(cases::Place::client)) continue;
    const auto text = cases::text_of(setting, exchange);
    if (setting.word == "mode" || text == cases::text_of(setting, usual)) continue;
    const bool filled_in = setting.word == "host" || setting.word == "trust" ||
                           setting.word == "username" || setting.word == "password";
    if (filled_in && text) continue;
    told += (told.empty() ? "" : ", ") + std::string(setting.word) + "=" +
            (text ? "\"" + *text + "\"" : "(absent)");
  }
  said.push_back("The client speaks " + std::string(word(exchange.mode)) +
                 (told.empty() ? "." : ", and is told " + told + "."));
  if (exchange.script.accepts_in_clear) {
    said.emplace_back(
        "The server takes AUTH, mail and binds in clear, to see who says them there.");
  }
  if (exchange.script.accepts_unauthenticated) {
    said.emplace_back("The server serves whoever is not authenticated, to see who goes on.");
  }
  if (exchange.script.begins_in_clear) {
    said.emplace_back("The server knows nothing of TLS from the first octet, and speaks in clear.");
  }
  const fake::SaslScript& sasl = exchange.script.sasl;
  if (sasl.in_clear) said.push_back("Before TLS it offers AUTH \"" + *sasl.in_clear + "\".");
  if (!sasl.hidden.empty()) said.push_back("It has " + sasl.hidden + ", which is not in its list.");
  if (!sasl.unknown.empty())
    said.push_back("It offers " + sasl.unknown + ", and does not know it when asked.");
  if (!sasl.refused.empty())
    said.push_back("It knows " + sasl.refused + ", and takes no credentials by it.");
  if (sasl.iterations) said.push_back("SCRAM's iteration count is " + *sasl.iterations + ".");
  if (sasl.result)
    said.push_back("In place of success the login is answered with \"" + *sasl.result + "\".");
  for (const Exchange& next : exchange.then) {
    const Expectation expected = expected_of(sources.catalogue, next);
    said.push_back("The same client process connects again, by " + std::string(word(next.mode)) +
                   ", and meets the certificate " + next.certificate + "; right is " +
                   list_of(expected.endings) +
                   (expected.reason.empty() ? "." : ": " + expected.reason + "."));
  }
  return said;
}

// The invariants that such a bug violates, and a client that has one.
void add_what_clients_do(const std::string& bug_class, const std::string& words,
                         Explanation& into) {
  if (into.remedy != nullptr) {
    for (const std::string& one : into.remedy->findings) {
      if (from_word<words::Invariant>(one)) into.see.push_back(one);
    }
  }
  for (const subject::Defect& defect : subject::defects()) {
    if (defect.bug_class != bug_class) continue;
    const std::string name = "defect:" + std::string(defect.name);
    into.reproduce.push_back(
        {.tool = "startle",
         .lines = {"startle run " + words + " --client " + name + " --dialogue"},
         .shows = "a client with a bug of that class, which " + std::string(defect.does)});
    return;
  }
}

void add_clauses(const Sources& sources, const std::vector<std::string>& ids, Explanation& into) {
  for (const std::string& id : ids) {
    into.clauses.push_back(&sources.catalogue.requirement(id));
    into.see.push_back(id);
  }
}

}  // namespace

void add_remedy(const Sources& sources, const Remedy* remedy, const std::string& bug_class,
                Explanation& into) {
  into.remedy = remedy;
  into.bugs = sources.knowledge.bugs_of(bug_class);
  if (remedy == nullptr) return;
  into.safe.push_back(remedy->safe);
  if (!bug_class.empty()) return;
  for (const std::string& one : remedy->classes) {
    const auto bugs = sources.knowledge.bugs_of(one);
    into.bugs.insert(into.bugs.end(), bugs.begin(), bugs.end());
  }
}

void draw_case(const Sources& sources, const Exchange& exchange, Explanation& into) {
  const Expectation expected = expected_of(sources.catalogue, exchange);
  into.endings = expected.endings;
  into.reason = expected.reason;
  const certs::Recipe& recipe = sources.catalogue.recipe(exchange.certificate);
  if (!expected.endings.empty()) {
    into.dialogue = drawn_dialogue(exchange, expected.endings.front(),
                                   certificate_text(sources, exchange.certificate));
  }
  const std::string words = words_for_program(sources, exchange.id);
  into.reproduce = reproductions_of(exchange, into.dialogue, recipe,
                                    cases::is_of_a_process(exchange) ? "" : words, words);
}

std::optional<Explanation> explain_case(const Sources& sources, const std::string& id) {
  const auto exchange = exchange_of(sources.catalogue, id);
  if (!exchange) return std::nullopt;
  const auto& singles = sources.catalogue.cases();
  const bool is_cell = std::none_of(singles.begin(), singles.end(),
                                    [&](const cases::Case& one) { return one.id == id; });
  Explanation made{.kind = is_cell ? "cell" : "case", .id = id, .title = exchange->summary};
  made.what = settings_of(sources, *exchange);
  draw_case(sources, *exchange, made);
  const Expectation expected = expected_of(sources.catalogue, *exchange);
  if (is_cell) {
    made.title = "a cell of a matrix: the rules say what is right";
    made.see.push_back(exchange->certificate);
  }
  if (!expected.endings.empty()) {
    made.why.push_back(cases::why_it_matters(*exchange, expected));
    if (!may_succeed(expected)) made.see.push_back(finding_of(expected));
  }
  std::string bug_class = exchange->bug_class;
  std::vector<std::string> requirements = exchange->requirements;
  if (bug_class.empty() && is_cell) {
    bug_class = sources.catalogue.purpose(exchange->certificate).bug_class;
    const auto& more = sources.catalogue.purpose(exchange->certificate).requirements;
    requirements.insert(requirements.end(), more.begin(), more.end());
  }
  add_clauses(sources, requirements, made);
  for (const cases::Requirement* one : made.clauses) made.safe.push_back(one->safe_outcome);
  if (!expected.endings.empty()) {
    add_remedy(sources, remedy_for(sources, bug_class, expected),
               bug_class.empty() ? "-" : bug_class, made);
  }
  add_what_clients_do(bug_class, words_for_program(sources, id), made);
  made.fix = exchange->fix;
  if (!bug_class.empty()) made.see.push_back(bug_class);
  return made;
}

Explanation explain_matrix(const Sources& sources, const cases::Matrix& matrix) {
  Explanation made{.kind = "matrix", .id = matrix.id, .title = matrix.summary};
  std::size_t cells = 0;
  std::string first;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    if (!matrix.has_cell(i)) continue;
    if (cells++ == 0) first = matrix.cell_id(i);
  }
  made.what.push_back("It has " + std::to_string(cells) +
                      " cells, one for each combination of the values of its axes.");
  for (const cases::Axis& axis : matrix.axes) {
    std::string values;
    constexpr std::size_t kMost = 12;
    for (std::size_t i = 0; i < std::min(axis.values.size(), kMost); ++i) {
      values += (values.empty() ? "" : ", ") + axis.values[i].id;
    }
    if (axis.values.size() > kMost) {
      values += " and " + std::to_string(axis.values.size() - kMost) + " more";
    }
    made.what.push_back(axis.name + ": " + values + ".");
  }
  made.why.emplace_back(
      "What is right in a cell follows from the certificate, the trust value and the credential, "
      "by the rules of the trust model; one bug of a client shows in many cells.");
  add_clauses(sources, matrix.requirements, made);
  for (const cases::Requirement* one : made.clauses) made.safe.push_back(one->safe_outcome);
  const std::string words = words_for_program(sources, first.empty() ? matrix.id : first);
  if (!first.empty()) {
    made.reproduce.push_back({.tool = "startle",
                              .lines = {"startle run " + words + " --dialogue"},
                              .shows = "the built-in client in its first cell",
                              .refuses = false});
    made.see.push_back(first);
  }
  add_remedy(sources, sources.knowledge.of_finding("accepts/certificate-not-trusted"), "-", made);
  return made;
}

void draw_certificate(const Sources& sources, const std::string& id, Explanation& into) {
  const certs::Recipe& recipe = sources.catalogue.recipe(id);
  cases::Setup setup;
  setup.certificate = id;
  if (!certs::inapplicable(recipe, kHost).empty()) return;
  const Exchange exchange =
      cases::make_exchange(setup, id, kHost, {.trust = words::TrustModel::pkix}, /*seed=*/1);
  const Expectation expected = expected_of(sources.catalogue, exchange);
  into.endings = expected.endings;
  into.reason = expected.reason;
  if (expected.endings.empty()) return;
  into.dialogue = drawn_dialogue(exchange, expected.endings.front(), certificate_text(sources, id));
  const std::string words =
      sources.file.empty() ? "smtp --certificate " + shell_word(id) : shell_path(sources.file);
  into.reproduce = reproductions_of(exchange, into.dialogue, recipe, words, "");
}

Explanation explain_certificate(const Sources& sources, const std::string& id) {
  const certs::Recipe& recipe = sources.catalogue.recipe(id);
  Explanation made{.kind = "certificate", .id = id, .title = recipe.reason};
  if (certs::inapplicable(recipe, kHost).empty()) {
    std::istringstream page(drawing_of(recipe, sources.catalogue.kind(id), kHost, false));
    for (std::string line; std::getline(page, line);) made.picture.push_back(line);
  }
  draw_certificate(sources, id, made);
  made.clause = recipe.clause + ": " + recipe.reason;
  const cases::Purpose& purpose = sources.catalogue.purpose(id);
  add_clauses(sources, purpose.requirements, made);
  const Expectation expected{.endings = made.endings};
  if (!made.endings.empty()) {
    Exchange exchange;
    made.why.push_back(cases::why_it_matters(exchange, expected));
    add_remedy(sources, remedy_for(sources, purpose.bug_class, expected),
               purpose.bug_class.empty() ? "-" : purpose.bug_class, made);
    if (!may_succeed(expected)) made.see.push_back(finding_of(expected));
  }
  if (!purpose.bug_class.empty()) made.see.push_back(purpose.bug_class);
  return made;
}

}  // namespace startle::program
