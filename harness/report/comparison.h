#pragma once
// What the same cases came to under several clients, versions and settings, side by side: which are
// failed by whom, and where they drift apart. From the verdicts alone, wherever they come from: a
// run or its report. All verdicts are held, without what was said in them.

#include <cstddef>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "harness/report/verdict.h"

namespace startle::report {

// A client as it was run once, under one trust model (and one store model).
struct Compared {
  RunInfo run{};
  std::string source{};  // the report's file; empty: it was run for this comparison
  std::string trust_model{};
  std::string store_model{};  // empty: there is but one
  bool complete = true;
  // Filled by Comparison:
  std::string label{};  // short, and no other's
  Summary summary{};
  std::optional<words::Severity> worst{};
};

// What a case came to under one of the clients.
struct ComparedResult {
  VerdictKind kind = VerdictKind::pass;
  std::optional<words::Ending> ending{};
  std::vector<words::Ending> expected{};
  std::vector<words::Invariant> violations{};
  std::optional<words::Severity> severity{};
  std::string finding{};
  std::string reason{};
};

struct ComparedCase {
  std::string id{};
  std::optional<words::Severity> severity{};             // the worst of any client
  std::size_t failing = 0;                               // clients that fail it
  std::vector<std::optional<ComparedResult>> results{};  // by client; nullopt: it was not run
  bool drifts = false;
};

// Whether both were judged, and came to something else: another verdict, or another ending. One
// that refused without a reason (`refused`) has come to the same as one that has named its own.
bool drift_apart(const ComparedResult& a, const ComparedResult& b);

class Comparison {
 public:
  // Returns its index, the column of its results.
  std::size_t add(Compared client);
  // What this client has of the case by then is replaced.
  void set(std::size_t client, const std::string& id, ComparedResult result);
  // Nothing is added behind it: labels, and the order of cases.
  void finish();

  const std::vector<Compared>& clients() const { return clients_; }
  // Worst first, then by how many clients fail it, then by id.
  const std::vector<ComparedCase>& cases() const { return cases_; }
  // How many cases two clients at least were judged in.
  std::size_t comparable() const;

 private:
  void label_clients();

  std::vector<Compared> clients_{};
  std::vector<ComparedCase> cases_{};
  std::map<std::string, std::size_t> index_{};  // of `cases_` by id, until they are ordered
};

// The verdicts of one run, which are known before all is known of the run itself.
class ComparedRun {
 public:
  // False: this case was there already, under the same reading.
  bool add(const Verdict& verdict);
  // Adds what was run under each trust model, and under each store model where the run had all, as
  // a client of its own. `client`: what they have in common; its models are filled here.
  void finish(Comparison& comparison, const Compared& client);

 private:
  struct Kept {
    std::string id{};
    words::TrustModel trust_model{};
    std::optional<words::StoreModel> store_model{};
    ComparedResult result{};
  };
  std::vector<Kept> kept_{};
  std::set<std::string> seen_{};
};

// One object; `version` is startle's.
void write_comparison_json(std::ostream& out, const Comparison& comparison,
                           const std::string& version);
// For a person, in at most 120 columns unless an id is longer.
void write_comparison_text(std::ostream& out, const Comparison& comparison);

}  // namespace startle::report
