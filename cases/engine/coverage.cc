#include "cases/engine/coverage.h"

#include <algorithm>
#include <map>
#include <set>

#include "harness/report/reports.h"
#include "harness/subject/subject.h"

namespace startle::cases {
namespace {

using Covering = std::map<std::string, std::vector<std::string>>;  // by requirement

// The matrix that shows every certificate there is; null: a catalogue without one.
const Matrix* certificates_of(const Catalogue& catalogue) {
  for (const Matrix& matrix : catalogue.matrices()) {
    const bool all = std::any_of(matrix.axes.begin(), matrix.axes.end(),
                                 [](const Axis& axis) { return axis.every_certificate; });
    if (all) return &matrix;
  }
  return nullptr;
}

// The first mode of `matrix` in which the requirement is kept or broken.
std::string mode_for(const Axis& modes, Layer layer) {
  for (const Change& value : modes.values) {
    const words::Mode* mode = value.value_of(&Setup::mode);
    if (mode != nullptr && word(words::protocol_of(*mode)) == word(layer)) return value.id;
  }
  return modes.values.front().id;
}

// The cell of `matrix` that shows `certificate` and is at its base otherwise.
std::string base_cell(const Matrix& matrix, const std::string& certificate, Layer layer) {
  std::string id = matrix.id;
  for (const Axis& axis : matrix.axes) {
    const std::string& base = axis.base.empty() ? axis.values.front().id : axis.base;
    id += "/" + axis.name + "=";
    if (axis.every_certificate) {
      id += certificate;
    } else {
      id += axis.name == "mode" ? mode_for(axis, layer) : base;
    }
  }
  return id;
}

Covering covering(const Catalogue& catalogue) {
  Covering by;
  for (const Case& single : catalogue.cases()) {
    for (const std::string& id : single.requirements) by[id].push_back(single.id);
  }
  for (const Matrix& matrix : catalogue.matrices()) {
    for (const std::string& id : matrix.requirements) by[id].push_back(matrix.id);
  }
  if (const Matrix* shows = certificates_of(catalogue)) {
    for (const std::string& recipe : catalogue.recipe_ids()) {
      for (const std::string& id : catalogue.purpose(recipe).requirements) {
        const Layer layer = catalogue.requirement(id).protocol;
        by[id].push_back(base_cell(*shows, recipe, layer));
      }
    }
  }
  return by;
}

// Keeps the failures of a run.
class Failures final : public report::Report {
 public:
  void add(const report::Verdict& verdict) override {
    if (verdict.kind == report::VerdictKind::error) failed.push_back(verdict);
    if (verdict.kind == report::VerdictKind::fail) failed.push_back(verdict);
  }
  void end(const report::RunEnd&) override {}

  std::vector<report::Verdict> failed{};
};

std::vector<report::Verdict> failures(const Catalogue& catalogue, const std::string& client,
                                      const Plan& plan, const RunOptions& options) {
  const auto subject = subject::make_subject(client);
  Selection selection(plan);
  Failures failures;
  run_all(catalogue, *subject, selection, options, {&failures});
  return std::move(failures.failed);
}

// Single cases state what is right themselves: the trust model changes little. Certificates are
// judged by both of the models that verify; the rest are cells of which no single case can be made.
std::vector<Plan> plans_of_killers(const Catalogue& catalogue) {
  using words::TrustModel;
  return {{.cases = catalogue.cases(), .globs = {"smtp", "ldap"}},
          {.matrices = catalogue.matrices(),
           .globs = {"matrix/certificates/mode=smtp-starttls/trust=host/*",
                     "matrix/trust/mode=smtp-starttls/trust=upper-case/certificate=valid/"
                     "credential=valid",
                     "matrix/full/mode=smtp-starttls/trust=host/certificate=self-signed/"
                     "credential=valid/store=*"},
           .models = {TrustModel::documented, TrustModel::pkix}}};
}

class Purposes {
 public:
  explicit Purposes(const Catalogue& catalogue) : catalogue_(catalogue) {
    for (const Case& single : catalogue.cases()) classes_[single.id] = single.bug_class;
  }
  // What class of client the case is there for; empty: none. A cell whose client has a store for
  // the host is there for what is taken for the certificate in it.
  std::string_view of(const report::Verdict& verdict) const {
    const auto single = classes_.find(verdict.id);
    if (single != classes_.end()) return single->second;
    if (verdict.store_model) return "TOFU-WIDE";
    return catalogue_.purpose(verdict.certificate).bug_class;
  }

 private:
  const Catalogue& catalogue_;
  std::map<std::string, std::string> classes_{};
};

// One kill a case, the worst of the models.
Kills kills_of(const subject::Defect& defect, const std::vector<report::Verdict>& failed,
               const Purposes& purposes) {
  Kills kills{.defect = &defect};
  for (const report::Verdict& v : failed) {
    if (v.kind != report::VerdictKind::fail) continue;
    Kill kill{.id = v.id,
              .severity = *v.severity,
              .finding = v.finding,
              .meant = purposes.of(v) == defect.bug_class};
    const auto same = std::find_if(kills.by.begin(), kills.by.end(),
                                   [&](const Kill& one) { return one.id == v.id; });
    if (same == kills.by.end()) {
      kills.by.push_back(std::move(kill));
    } else if (same->severity < kill.severity) {
      *same = std::move(kill);
    }
  }
  return kills;
}

}  // namespace

std::vector<Coverage> coverage_of(const Catalogue& catalogue) {
  Covering by = covering(catalogue);
  std::vector<Coverage> all;
  for (const Requirement& one : catalogue.requirements()) {
    all.push_back({.requirement = &one, .cases = std::move(by[one.id])});
  }
  return all;
}

KillTable kill_table(const Catalogue& catalogue, const RunOptions& options) {
  const std::vector<Plan> plans = plans_of_killers(catalogue);
  const auto failed_by = [&](const std::string& client) {
    std::vector<report::Verdict> all;
    for (const Plan& plan : plans) {
      for (report::Verdict& v : failures(catalogue, client, plan, options)) {
        all.push_back(std::move(v));
      }
    }
    return all;
  };
  KillTable table;
  std::set<std::string> unproven;
  for (const report::Verdict& v : failed_by("builtin")) {
    if (unproven.insert(v.id).second) table.failed_by_correct.push_back(v.id);
  }
  const Purposes purposes(catalogue);
  for (const subject::Defect& defect : subject::defects()) {
    std::vector<report::Verdict> failed = failed_by("defect:" + std::string(defect.name));
    std::erase_if(failed, [&](const report::Verdict& v) { return unproven.count(v.id) != 0; });
    table.defects.push_back(kills_of(defect, failed, purposes));
  }
  return table;
}

}  // namespace startle::cases
