// startle list: what there is to run, one id per line.

#include <algorithm>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/finding_texts.h"
#include "cases/engine/glob.h"
#include "cases/engine/judge.h"
#include "cases/engine/selection.h"
#include "cases/program/commands.h"
#include "cases/program/list_coverage.h"
#include "cases/program/run_request.h"
#include "harness/client/settings.h"
#include "harness/report/json_value.h"
#include "harness/subject/defect.h"
#include "harness/subject/description_reader.h"
#include "harness/subject/task_folder.h"

namespace startle::program {
namespace {

using namespace cases;
using report::Json;

struct Options {
  std::vector<std::string> globs{};
  std::string trust_model{};
  bool json = false;
  bool certificates = false;
  bool defects = false;
  bool clients = false;
  bool hosts = false;
  bool coverage = false;
};

struct Row {
  std::string id{};
  std::string summary{};
  std::vector<std::string> requirements{};
  Json expectation = Json::object();
};

// What is right for the client of an exchange, who is hurt where it is not so, and what the server
// takes.
Json expectation_of(const Exchange& exchange, const Catalogue& catalogue) {
  const certs::Recipe& recipe = catalogue.recipe(exchange.certificate);
  const std::string cannot = certs::inapplicable(recipe, exchange.host);
  Expectation expected{.reason = cannot};
  if (cannot.empty()) {
    expected = cases::expectation_of(exchange, certs::facts_of(recipe, exchange.host));
  }
  const bool is_directory = row_of(words::protocol_of(exchange.mode)).is_directory;
  return {{"trust_model", word(exchange.trust_model)},
          {"expected", report::words_json(expected.endings)},
          {"reason", expected.reason},
          {"why", cannot.empty() ? Json(why_it_matters(exchange, expected)) : Json()},
          {"sender", is_directory ? Json() : Json(exchange.users.front().senders.front())},
          {"recipients", is_directory ? Json() : Json::array({client::Settings{}.recipient})}};
}

void print(const std::vector<Row>& rows, const Options& options) {
  if (!options.json) {
    for (const Row& row : rows) std::cout << row.id << '\n';
    return;
  }
  Json list = Json::array();
  for (const Row& row : rows) {
    list.push_back({{"id", row.id}, {"summary", row.summary}, {"requirements", row.requirements}});
    list.back().update(row.expectation);
  }
  std::cout << Json{{"format", 1}, {"cases", list}}.dump(1) << '\n';
}

// Every cell of a matrix is a case with an id of its own.
std::vector<Row> rows_of(const Catalogue& catalogue, const Options& options) {
  const auto& globs = options.globs;
  const auto model = options.trust_model.empty()
                         ? words::TrustModel::documented
                         : option_word<words::TrustModel>("--trust-model", options.trust_model);
  std::vector<Row> rows;
  const auto is_wanted = [&](const std::string& id) {
    return globs.empty() || std::any_of(globs.begin(), globs.end(),
                                        [&](const auto& glob) { return glob_matches(glob, id); });
  };
  const auto exchange = [&](const Setup& setup, const std::string& id) {
    return make_exchange(setup, id, RunRequest{}.name, {.trust = model}, 1);
  };
  for (const Case& c : catalogue.cases()) {
    if (!is_wanted(c.id)) continue;
    rows.push_back({.id = c.id, .summary = c.summary, .requirements = c.requirements});
    if (!options.json) continue;
    Exchange made = exchange(c.setup, c.id);
    made.stated = stated(c.expect);
    made.why = c.why;
    rows.back().expectation = expectation_of(made, catalogue);
  }
  for (const Matrix& m : catalogue.matrices()) {
    if (globs.empty()) {
      rows.push_back({.id = m.id, .summary = m.summary, .requirements = m.requirements});
      continue;
    }
    const GlobRanges candidates(m, globs);
    for (std::size_t i = candidates.next(0); i < m.size(); i = candidates.next(i + 1)) {
      std::string id = m.has_cell(i) ? m.cell_id(i) : "";
      if (id.empty() || !is_wanted(id)) continue;
      rows.push_back({.id = id, .summary = m.summary, .requirements = m.requirements});
      if (options.json)
        rows.back().expectation = expectation_of(exchange(m.cell(i), id), catalogue);
    }
  }
  return rows;
}

// What a run of all cases needs in /etc/hosts, where a client can be given none of its own.
int list_hosts(const Catalogue& catalogue) {
  std::set<std::string> hosts{std::string(words::row_of(words::Protocol::smtp).example_host)};
  for (const Case& one : catalogue.cases()) {
    if (one.setup.host.find('{') == std::string::npos) hosts.insert(one.setup.host);
  }
  std::set<std::string> lines;
  for (const std::string& host : hosts) {
    std::istringstream all(subject::hosts_lines(host, "127.0.0.1"));
    for (std::string line; std::getline(all, line);) lines.insert(line);
  }
  for (const std::string& line : lines) std::cout << line << '\n';
  return kAllAsExpected;
}

int list(const Options& options) {
  if (options.clients) {
    const auto names = subject::description_names(Catalogue::clients_folder());
    for (const std::string& name : names) std::cout << name << '\n';
    if (!names.empty()) return kAllAsExpected;
    std::cerr << "startle: the catalogue describes no client\n";
    return kNotJudged;
  }
  if (options.defects) {
    std::vector<Row> rows;
    for (const auto& d : subject::defects()) {
      rows.push_back({.id = "defect:" + std::string(d.name), .summary = std::string(d.does)});
    }
    print(rows, options);
    return kAllAsExpected;
  }
  const Catalogue catalogue = Catalogue::load();
  if (options.hosts) return list_hosts(catalogue);
  if (options.coverage) return list_coverage(catalogue, options.globs, options.json);
  std::vector<Row> rows;
  if (options.certificates) {
    for (const std::string& id : catalogue.recipe_ids()) {
      rows.push_back({.id = id, .summary = catalogue.recipe(id).reason});
    }
  } else {
    rows = rows_of(catalogue, options);
  }
  if (rows.empty() && (options.globs.empty() || options.certificates)) {
    std::cerr << "startle: the catalogue holds no "
              << (options.certificates ? "certificate" : "case") << '\n';
    return kNotJudged;
  }
  if (rows.empty()) {
    std::vector<std::string> ids;
    for (const Case& c : catalogue.cases()) ids.push_back(c.id);
    for (const Matrix& m : catalogue.matrices()) ids.push_back(m.id);
    std::cerr << "startle: no case matches `" << options.globs.front() << "`"
              << near_id(options.globs.front(), ids) << " (`startle list` shows all)\n";
    return kNotJudged;
  }
  print(rows, options);
  return kAllAsExpected;
}

}  // namespace

void add_list(CommandLine& startle) {
  auto options = std::make_shared<Options>();
  CommandLine sub = startle.command("list", "Print the ids of cases, one per line");
  sub.option("what", options->globs, "Globs; with one, every cell of a matrix is listed")
      .value("GLOB");
  sub.option("--trust-model", options->trust_model,
             "What --json says is expected of a cell: by this model [documented]")
      .value("MODEL");
  sub.flag("--json", options->json,
           "With summary, requirements, and what is expected of the client and why");
  sub.flag("--certificates", options->certificates, "The ids of certificates instead");
  sub.flag("--defects", options->defects, "The defective clients for run --client instead");
  sub.flag("--clients", options->clients,
           "Other people's clients that are described, for run --client, instead");
  sub.flag("--hosts", options->hosts,
           "The lines that /etc/hosts needs where a program under test cannot be given its own");
  sub.flag(
      "--coverage", options->coverage,
      "Each requirement instead, or those that a GLOB matches: which cases cover it, or why none "
      "does; exit 1 where neither is known. With --json also which cases fail which defect, for "
      "which all of them are run");
  sub.footer(
      "Examples:\n  startle list\n  startle list 'matrix/trust/*/certificate=expired/*' | wc -l\n"
      "  startle list --coverage 'RFC3207-*'");
  sub.runs([options] { return list(*options); });
}

}  // namespace startle::program
