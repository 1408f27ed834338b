#include "harness/report/comparison.h"

#include <algorithm>
#include <utility>

#include "harness/report/summary.h"

namespace startle::report {
namespace {

bool is_judged(const ComparedResult& result) {
  return result.kind != VerdictKind::skip && result.kind != VerdictKind::error;
}

bool is_failure(const ComparedResult& result) {
  return result.kind == VerdictKind::fail || result.kind == VerdictKind::xpass ||
         result.kind == VerdictKind::error;
}

// Whether a client that names no reason may have ended so.
bool is_refusal(const std::optional<words::Ending>& ending) {
  return ending && !words::is_success(*ending) && *ending != words::Ending::crashed &&
         *ending != words::Ending::timeout;
}

bool same_ending(const ComparedResult& a, const ComparedResult& b) {
  if (a.ending == b.ending) return true;
  const bool one_is_silent =
      a.ending == words::Ending::refused || b.ending == words::Ending::refused;
  return one_is_silent && is_refusal(a.ending) && is_refusal(b.ending);
}

bool any_drifts(const std::vector<std::optional<ComparedResult>>& results) {
  for (std::size_t a = 0; a < results.size(); ++a) {
    for (std::size_t b = a + 1; results[a] && b < results.size(); ++b) {
      if (results[b] && drift_apart(*results[a], *results[b])) return true;
    }
  }
  return false;
}

// What tells clients of one name apart, one after the other until each has a label of its own.
using Trait = std::string (*)(const Compared&);
constexpr Trait kTraits[] = {
    [](const Compared& c) { return c.run.client_version; },
    [](const Compared& c) { return c.trust_model; },
    [](const Compared& c) { return c.store_model.empty() ? "" : c.store_model + " store"; },
    [](const Compared& c) { return c.run.tls_library; },
    [](const Compared& c) { return c.run.transport; },
    [](const Compared& c) { return c.source; },
};

}  // namespace

bool drift_apart(const ComparedResult& a, const ComparedResult& b) {
  const auto skipped = [](const ComparedResult& r) { return r.kind == VerdictKind::skip; };
  if (skipped(a) || skipped(b)) return false;
  return a.kind != b.kind || !same_ending(a, b);
}

std::size_t Comparison::add(Compared client) {
  clients_.push_back(std::move(client));
  for (ComparedCase& one : cases_) one.results.resize(clients_.size());
  return clients_.size() - 1;
}

void Comparison::set(std::size_t client, const std::string& id, ComparedResult result) {
  const auto [found, is_new] = index_.try_emplace(id, cases_.size());
  if (is_new) cases_.push_back({.id = id});
  ComparedCase& one = cases_[found->second];
  one.results.resize(clients_.size());
  one.results[client] = std::move(result);
}

void Comparison::finish() {
  index_.clear();
  for (ComparedCase& one : cases_) {
    for (std::size_t at = 0; at < one.results.size(); ++at) {
      if (!one.results[at]) continue;
      const ComparedResult& result = *one.results[at];
      Compared& client = clients_[at];
      count(client.summary, result.kind, result.severity);
      if (is_failure(result)) ++one.failing;
      if (result.kind != VerdictKind::fail) continue;
      one.severity = std::max(one.severity, result.severity);
      client.worst = std::max(client.worst, result.severity);
    }
    one.drifts = any_drifts(one.results);
  }
  std::ranges::sort(cases_, [](const ComparedCase& a, const ComparedCase& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    if (a.failing != b.failing) return a.failing > b.failing;
    return a.id < b.id;
  });
  label_clients();
}

void Comparison::label_clients() {
  for (Compared& client : clients_) client.label = client.run.client_name;
  const auto of_label = [&](const std::string& label) {
    std::vector<Compared*> all;
    for (Compared& client : clients_) {
      if (client.label == label) all.push_back(&client);
    }
    return all;
  };
  for (const Trait trait : kTraits) {
    std::set<std::string> labels;
    for (const Compared& client : clients_) labels.insert(client.label);
    for (const std::string& label : labels) {
      const std::vector<Compared*> alike = of_label(label);
      const bool differ = std::ranges::any_of(
          alike, [&](const Compared* one) { return trait(*one) != trait(*alike.front()); });
      for (Compared* one : alike) {
        if (differ && !trait(*one).empty()) one->label += " " + trait(*one);
      }
    }
  }
  // The same one twice, as it stands.
  for (std::size_t at = 0; at < clients_.size(); ++at) {
    const std::vector<Compared*> alike = of_label(clients_[at].label);
    for (std::size_t n = 1; n < alike.size(); ++n) {
      alike[n]->label += " #" + std::to_string(n + 1);
    }
  }
}

std::size_t Comparison::comparable() const {
  return static_cast<std::size_t>(std::ranges::count_if(cases_, [](const ComparedCase& one) {
    return std::ranges::count_if(one.results, [](const std::optional<ComparedResult>& result) {
             return result && is_judged(*result);
           }) >= 2;
  }));
}

bool ComparedRun::add(const Verdict& verdict) {
  if (!seen_.insert(verdict.id + " [" + reading_of(verdict) + "]").second) return false;
  kept_.push_back({.id = verdict.id,
                   .trust_model = verdict.trust_model,
                   .store_model = verdict.store_model,
                   .result = {.kind = verdict.kind,
                              .ending = verdict.observed,
                              .expected = verdict.expected,
                              .violations = verdict.violations,
                              .severity = verdict.severity,
                              .finding = verdict.finding,
                              .reason = verdict.reason}});
  return true;
}

void ComparedRun::finish(Comparison& comparison, const Compared& client) {
  using words::StoreModel;
  using Reading = std::pair<words::TrustModel, StoreModel>;
  std::map<Reading, std::size_t> columns;
  const bool all_stores = client.run.store_model == "all";
  const auto reading_of_kept = [all_stores](const Kept& kept) {
    return Reading(kept.trust_model, all_stores ? kept.store_model.value_or(StoreModel::documented)
                                                : StoreModel::documented);
  };
  std::set<Reading> judged;
  for (const Kept& kept : kept_) {
    if (is_judged(kept.result)) judged.insert(reading_of_kept(kept));
  }
  for (Kept& kept : kept_) {
    const Reading reading = reading_of_kept(kept);
    // Of several models, one that this client's cases were all skipped under is no column.
    if (!judged.empty() && judged.count(reading) == 0) continue;
    const StoreModel store = reading.second;
    const auto [found, is_new] = columns.try_emplace(reading, 0);
    if (is_new) {
      Compared column = client;
      column.trust_model = word(kept.trust_model);
      column.store_model = all_stores ? std::string(word(store)) : "";
      found->second = comparison.add(std::move(column));
    }
    comparison.set(found->second, kept.id, std::move(kept.result));
  }
  if (columns.empty()) {
    Compared column = client;
    column.trust_model = client.run.trust_model;
    comparison.add(std::move(column));
  }
  kept_.clear();
}

}  // namespace startle::report
