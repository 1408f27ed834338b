#include "cases/engine/tries.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace startle::cases {
namespace {

using report::Verdict;
using report::VerdictKind;

// What failed once has failed, whatever else could not be judged.
int badness(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::fail:
      return 3;
    case VerdictKind::error:
      return 2;
    case VerdictKind::skip:
      return 1;
    case VerdictKind::pass:
    case VerdictKind::xfail:
    case VerdictKind::xpass:
      return 0;
  }
  return 0;
}

bool is_as_bad(const Verdict& one, const Verdict& other) {
  return one.kind == other.kind && one.severity == other.severity && one.finding == other.finding;
}

// Worse, or as bad and before it in an order that owes nothing to chance.
bool counts_before(const Verdict& one, const Verdict& other) {
  const auto rank = [](const Verdict& verdict) {
    const int severity = verdict.severity ? static_cast<int>(*verdict.severity) : -1;
    return std::pair(badness(verdict.kind), severity);
  };
  if (rank(one) != rank(other)) return rank(one) > rank(other);
  return std::tie(one.finding, one.observed) < std::tie(other.finding, other.observed);
}

bool ends_the_tries(const Verdict& verdict) {
  const auto& violations = verdict.violations;
  const bool hung =
      std::find(violations.begin(), violations.end(), words::Invariant::hung) != violations.end();
  return hung || (verdict.kind == VerdictKind::skip && verdict.connections == 0);
}

}  // namespace

Judgement worst_of_tries(const std::function<Judgement()>& one, const std::string& races) {
  std::vector<Judgement> tries;
  double ms = 0;
  do {
    tries.push_back(one());
    ms += tries.back().verdict.ms;
  } while (tries.size() < kTries && !ends_the_tries(tries.back().verdict));
  const auto worst = std::min_element(tries.begin(), tries.end(),
                                      [](const Judgement& first, const Judgement& second) {
                                        return counts_before(first.verdict, second.verdict);
                                      });
  const auto seen = std::count_if(tries.begin(), tries.end(), [&](const Judgement& each) {
    return is_as_bad(each.verdict, worst->verdict);
  });
  Judgement made = std::move(*worst);
  made.verdict.ms = ms;
  if (made.verdict.kind != VerdictKind::fail) return made;
  made.verdict.reason += "; in " + std::to_string(seen) + " of " + std::to_string(tries.size()) +
                         (tries.size() == 1 ? " try: " : " tries: ") + races;
  made.finding.seen = made.verdict.reason;
  return made;
}

}  // namespace startle::cases
