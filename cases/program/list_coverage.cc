#include "cases/program/list_coverage.h"

#include <algorithm>
#include <iostream>
#include <thread>

#include "cases/engine/coverage.h"
#include "cases/engine/glob.h"
#include "cases/engine/kills.h"
#include "cases/program/commands.h"
#include "harness/report/json_value.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

using namespace cases;
using report::Json;

std::vector<Coverage> wanted(const Catalogue& catalogue, const std::vector<std::string>& globs) {
  std::vector<Coverage> all = coverage_of(catalogue);
  std::erase_if(all, [&](const Coverage& one) {
    return !globs.empty() && std::none_of(globs.begin(), globs.end(), [&](const std::string& glob) {
      return glob_matches(glob, one.requirement->id);
    });
  });
  return all;
}

std::string no_requirement(const Catalogue& catalogue, const std::vector<std::string>& globs) {
  if (globs.empty()) return "startle: the catalogue holds no requirement\n";
  const std::string& glob = globs.front();
  std::vector<std::string> ids;
  for (const Requirement& one : catalogue.requirements()) ids.push_back(one.id);
  return "startle: no requirement matches `" + glob + "`" + near_id(glob, ids) +
         " (`startle list --coverage` shows all)\n";
}

void print_line(const Coverage& one) {
  std::cout << one.requirement->id << '\t';
  if (one.is_open()) {
    std::cout << "open: no case names it, and nothing says why";
  } else if (one.cases.empty()) {
    std::cout << "out of scope: " << *one.requirement->out_of_scope;
  } else {
    std::cout << one.cases.front();
    if (one.cases.size() > 1) std::cout << " and " << one.cases.size() - 1 << " more";
  }
  std::cout << '\n';
}

void print_text(const std::vector<Coverage>& all) {
  std::size_t covered = 0;
  std::size_t open = 0;
  for (const Coverage& one : all) {
    print_line(one);
    if (!one.cases.empty()) ++covered;
    if (one.is_open()) ++open;
  }
  std::cout << all.size() - open << " of " << all.size() << " covered or reasoned: " << covered
            << " covered, " << all.size() - open - covered << " out of scope\n";
}

Json as_json(const Coverage& one) {
  const bool reasoned = one.cases.empty() && one.requirement->out_of_scope;
  return {{"id", one.requirement->id},
          {"clause", one.requirement->clause},
          {"cases", one.cases},
          {"reason", reasoned ? Json(*one.requirement->out_of_scope) : Json()}};
}

bool is_meant(const Kills& kills) {
  return std::any_of(kills.by.begin(), kills.by.end(), [](const Kill& kill) { return kill.meant; });
}

std::string why_not_killed(const Kills& kills) {
  if (kills.by.empty()) return "no case fails it: a hole in the catalogue";
  return "only cases that are there for something else fail it";
}

Json as_json(const Kills& kills) {
  Json ids = Json::array();
  Json each = Json::array();
  for (const Kill& kill : kills.by) {
    ids.push_back(kill.id);
    each.push_back({{"case", kill.id},
                    {"severity", word(kill.severity)},
                    {"finding", kill.finding},
                    {"meant", kill.meant}});
  }
  return {{"name", kills.defect->name},
          {"bug_class", kills.defect->bug_class},
          {"severity", word(kills.defect->severity)},
          {"does", kills.defect->does},
          {"killed_by", ids},
          {"kills", each},
          {"reason", is_meant(kills) ? Json() : Json(why_not_killed(kills))}};
}

KillTable run_killers(const Catalogue& catalogue) {
  RunOptions options;
  options.worker.clock = now();
  options.jobs = std::max(1U, std::thread::hardware_concurrency());
  options.mint = mint_options(false);
  tls::set_run_clock(options.worker.clock);
  return kill_table(catalogue, options);
}

// False: a defect lives, or the correct client fails what is to prove something.
bool print_json(const Catalogue& catalogue, const std::vector<Coverage>& all) {
  const KillTable table = run_killers(catalogue);
  Json requirements = Json::array();
  for (const Coverage& one : all) requirements.push_back(as_json(one));
  Json defects = Json::array();
  for (const Kills& kills : table.defects) defects.push_back(as_json(kills));
  const Json whole{{"format", 1},
                   {"requirements", requirements},
                   {"defects", defects},
                   {"failed_by_correct", table.failed_by_correct}};
  std::cout << whole.dump(1) << '\n';
  return table.failed_by_correct.empty() &&
         std::all_of(table.defects.begin(), table.defects.end(), is_meant);
}

}  // namespace

int list_coverage(const Catalogue& catalogue, const std::vector<std::string>& globs, bool json) {
  const std::vector<Coverage> all = wanted(catalogue, globs);
  if (all.empty()) {
    std::cerr << no_requirement(catalogue, globs);
    return kNotJudged;
  }
  bool sound = std::none_of(all.begin(), all.end(), [](const Coverage& c) { return c.is_open(); });
  if (json) {
    sound = print_json(catalogue, all) && sound;
  } else {
    print_text(all);
  }
  return sound ? kAllAsExpected : kFindings;
}

}  // namespace startle::program
