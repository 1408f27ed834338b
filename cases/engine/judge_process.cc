#include "cases/engine/judge_process.h"

#include <optional>
#include <string>
#include <utility>

#include "cases/engine/judge_program.h"
#include "fake-servers/protocols.h"

namespace startle::cases {
namespace {

using report::VerdictKind;

bool is_worse(const report::Verdict& one, const report::Verdict& than) {
  const auto rank = [](VerdictKind kind) {
    // What was not judged is no pass.
    return kind == VerdictKind::error  ? 3
           : kind == VerdictKind::fail ? 2
           : kind == VerdictKind::skip ? 1
                                       : 0;
  };
  if (rank(one.kind) != rank(than.kind)) return rank(one.kind) > rank(than.kind);
  return one.kind == VerdictKind::fail && one.severity > than.severity;
}

}  // namespace

std::vector<const Exchange*> connections_of(const Exchange& exchange) {
  std::vector<const Exchange*> all{&exchange};
  for (const Exchange& next : exchange.then) all.push_back(&next);
  return all;
}

bool is_of_a_process(const Exchange& exchange) {
  return !exchange.then.empty() || exchange.attempts != Setup{}.attempts;
}

Judgement judge_process(const Exchange& exchange, const std::vector<Expectation>& expected,
                        const ProcessRun& process, const subject::Standing& standing) {
  const std::vector<const Exchange*> connections = connections_of(exchange);
  std::optional<Judgement> worst;
  double ms = 0;
  for (std::size_t i = 0; i < process.runs.size(); ++i) {
    Judgement made = judge_client(*connections[i], expected[i], process.runs[i], standing);
    if (connections.size() > 1) {
      const std::string which =
          "connection " + std::to_string(i + 1) + " of " + std::to_string(connections.size());
      made.verdict.reason = which + ": " + made.verdict.reason;
      made.finding.seen = made.verdict.reason;
    }
    ms += made.verdict.ms;
    // Of those that pass the last one stands for all.
    const bool passes = made.verdict.kind == VerdictKind::pass;
    const bool all_passed = !worst || worst->verdict.kind == VerdictKind::pass;
    if (!worst || is_worse(made.verdict, worst->verdict) || (passes && all_passed)) {
      worst = std::move(made);
    }
  }
  Judgement judgement = std::move(worst).value();
  judgement.verdict.ms = ms;
  judgement.verdict.connections = process.seen.connections;
  judgement.verdict.handshakes = process.seen.handshakes;
  if (judgement.verdict.kind == VerdictKind::fail) {
    judgement.verdict.dialogue = fake::transcript(process.seen, exchange.secret);
  }
  return judgement;
}

}  // namespace startle::cases
