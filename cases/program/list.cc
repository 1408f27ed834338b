// startle list: what there is to run, one id per line.

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cases/engine/catalogue.h"
#include "cases/engine/selection.h"
#include "cases/program/commands.h"
#include "harness/subject/defect.h"

namespace startle::program {
namespace {

using namespace cases;
using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> globs{};
  bool json = false;
  bool certificates = false;
  bool defects = false;
};

struct Row {
  std::string id{};
  std::string summary{};
  std::vector<std::string> requirements{};
};

void print(const std::vector<Row>& rows, const Options& options) {
  if (!options.json) {
    for (const Row& row : rows) std::cout << row.id << '\n';
    return;
  }
  Json list = Json::array();
  for (const Row& row : rows) {
    list.push_back({{"id", row.id}, {"summary", row.summary}, {"requirements", row.requirements}});
  }
  std::cout << Json{{"format", 1}, {"cases", list}}.dump(1) << '\n';
}

// Every cell of a matrix is a case with an id of its own.
std::vector<Row> rows_of(const Catalogue& catalogue, const std::vector<std::string>& globs) {
  std::vector<Row> rows;
  const auto add = [&](std::string id, const std::string& summary, const auto& requirements) {
    const bool wanted =
        globs.empty() || std::any_of(globs.begin(), globs.end(),
                                     [&](const auto& glob) { return glob_matches(glob, id); });
    if (wanted) rows.push_back({std::move(id), summary, requirements});
  };
  for (const Case& c : catalogue.cases()) add(c.id, c.summary, c.requirements);
  for (const Matrix& m : catalogue.matrices()) {
    if (globs.empty()) {
      rows.push_back({m.id, m.summary, m.requirements});
      continue;
    }
    for (std::size_t i = 0; i < m.size(); ++i) {
      if (m.has_cell(i)) add(m.cell_id(i), m.summary, m.requirements);
    }
  }
  return rows;
}

int list(const Options& options) {
  if (options.defects) {
    std::vector<Row> rows;
    for (const auto& d : subject::defects()) {
      rows.push_back({"defect:" + std::string(d.name), std::string(d.does), {}});
    }
    print(rows, options);
    return kAllAsExpected;
  }
  const Catalogue catalogue = Catalogue::load();
  std::vector<Row> rows;
  if (options.certificates) {
    for (const std::string& id : catalogue.recipe_ids()) {
      rows.push_back({id, catalogue.recipe(id).reason, {}});
    }
  } else {
    rows = rows_of(catalogue, options.globs);
  }
  if (rows.empty()) {
    std::cerr << "startle: no case matches `" << options.globs.front()
              << "` (`startle list` shows all)\n";
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
  sub.flag("--json", options->json, "With summary and requirements");
  sub.flag("--certificates", options->certificates, "The ids of certificates instead");
  sub.flag("--defects", options->defects, "The defective clients for run --client instead");
  sub.footer(
      "Examples:\n  startle list\n  startle list 'matrix/trust/*/certificate=expired/*' | wc -l");
  sub.runs([options] { return list(*options); });
}

}  // namespace startle::program
