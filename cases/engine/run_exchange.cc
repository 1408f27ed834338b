#include "cases/engine/run_exchange.h"

#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/engine/can_meet.h"
#include "cases/engine/finding_texts.h"
#include "cases/engine/judge.h"
#include "cases/engine/judge_process.h"
#include "cases/engine/judge_program.h"
#include "cases/engine/printed_lines.h"
#include "cases/engine/shown_row.h"
#include "cases/engine/tries.h"
#include "certs/element_reader.h"
#include "harness/base/error.h"
#include "harness/sasl/mechanism.h"
#include "harness/tls/clock.h"

namespace startle::cases {

Surroundings::Surroundings(const Catalogue& of, const subject::Subject& under_test,
                           const RunOptions& how)
    : catalogue(of),
      subject(under_test),
      standing(under_test.standing()),
      options(how),
      minting(how.shared_mint ? how.shared_mint
                              : std::make_shared<certs::Mint>(how.worker.clock, how.mint)),
      mint(*minting),
      stores(mint),
      began(how.began.value_or(std::chrono::system_clock::now())) {}

namespace {

constexpr std::string_view kMemoryIsShort =
    "memory is short: allow more (ulimit -v), or run fewer at once (--jobs)";

Judgement unjudged(report::VerdictKind kind, const Exchange& exchange, const std::string& why) {
  Judgement made{.verdict = verdict_on(exchange)};
  made.verdict.kind = kind;
  made.verdict.reason = why;
  return made;
}

// What the customer keeps for the host, where the exchange is theirs; null: nothing.
const CustomerStore* customers_store(const Exchange& exchange) {
  return exchange.customer && exchange.customer->store ? &*exchange.customer->store : nullptr;
}

Expectation expectation_with(OpenedStores& stores, const Exchange& exchange,
                             const certs::Chain& chain) {
  const CustomerStore* theirs = customers_store(exchange);
  if (theirs == nullptr) return expectation_of(exchange, chain.facts);
  const MetStore met = stores.meet(*theirs, exchange.store_model, chain);
  return expectation_of(exchange, met.facts, met.kept);
}

// Where it failed: with the clauses that it broke and the command that runs it again.
Judgement told_whole(const Surroundings& around, const Exchange& exchange, Judgement judged) {
  Judgement made = as_far_as_it_stands(std::move(judged), exchange, around.standing);
  if (made.verdict.kind != report::VerdictKind::fail) return made;
  state_clauses(made.finding, exchange, around.catalogue);
  const auto& reproduce = around.options.reproduce;
  if (reproduce) made.finding.reproduce = reproduce(exchange);
  return made;
}

// A clock of the client's own goes on meanwhile. What stands in a store for the host stays.
std::shared_ptr<const certs::Chain> chain_for(Surroundings& around, const certs::Recipe& recipe,
                                              const Exchange& exchange) {
  const std::string& host = exchange.host;
  const bool stays = exchange.store != words::HostStore::system;
  if (stays || !around.subject.abilities().has_own_clock) return around.mint.chain(recipe, host);
  const auto passed =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now() - around.began);
  const auto clock = around.mint.clock();
  return around.mint.chain_at(recipe, host, {.given = clock, .now = clock + passed});
}

// A connection that is to be made.
struct Prepared {
  const Exchange* exchange = nullptr;
  std::shared_ptr<const certs::Chain> chain{};
  std::shared_ptr<const certs::ClientIdentity> client{};
  std::shared_ptr<const client::HostTrustStore> store{};
  Expectation expected{};
};

// Why it is not; empty: it stands in `into`.
std::string prepare(Surroundings& around, const Exchange& exchange, Prepared& into) {
  const certs::Recipe& recipe = around.catalogue.recipe(exchange.certificate);
  std::string why = why_not(around.subject, recipe, exchange);
  if (!why.empty()) return why;
  into.exchange = &exchange;
  into.chain = chain_for(around, recipe, exchange);
  const CustomerStore* theirs = customers_store(exchange);
  std::string no = theirs == nullptr ? cannot_hold(exchange.store, into.chain->facts) : "";
  if (!no.empty()) return no;
  into.expected = expectation_with(around.customers, exchange, *into.chain);
  into.client = around.mint.client(exchange.client_certificate, exchange.client_name);
  into.store = theirs == nullptr
                   ? around.stores.open(exchange, recipe, *into.chain)
                   : around.customers.open(*theirs, exchange.store_model, *into.chain);
  return "";
}

Judgement run_alone(Surroundings& around, Worker& worker, const Exchange& exchange,
                    const Expects& expects) {
  Prepared with;
  const std::string why = prepare(around, exchange, with);
  if (!why.empty()) return unjudged(report::VerdictKind::skip, exchange, why);
  if (expects) expects(with.expected);
  const Run run = worker.run(exchange, *with.chain, with.client.get(), with.store);
  Judgement made =
      told_whole(around, exchange, judge_client(exchange, with.expected, run, around.standing));
  if (around.options.keep_dialogue) {
    made.verdict.dialogue = fake::transcript(run.seen, exchange.secret);
    for (std::string& line : printed_lines(run.printed, exchange.secret)) {
      made.verdict.dialogue.push_back(std::move(line));
    }
  }
  return made;
}

Judgement run_process(Surroundings& around, Worker& worker, const Exchange& exchange,
                      const Expects& expects) {
  if (!around.subject.abilities().keeps_process) {
    return unjudged(report::VerdictKind::skip, exchange,
                    "the client makes every connection in a process of its own");
  }
  std::vector<Prepared> prepared;
  std::vector<ConnectionSetup> setups;
  std::vector<Expectation> expected;
  for (const Exchange* each : connections_of(exchange)) {
    const std::string why = prepare(around, *each, prepared.emplace_back());
    if (!why.empty()) return unjudged(report::VerdictKind::skip, exchange, why);
    const Prepared& made = prepared.back();
    setups.push_back({made.exchange, made.chain.get(), made.client.get(), made.store});
    expected.push_back(made.expected);
  }
  if (expects) expects(expected.front());
  const ProcessRun process = worker.run_process(setups);
  Judgement made =
      told_whole(around, exchange, judge_process(exchange, expected, process, around.standing));
  if (around.options.keep_dialogue) {
    made.verdict.dialogue = fake::transcript(process.seen, exchange.secret);
  }
  return made;
}

}  // namespace

Judgement run_exchange(Surroundings& around, const Worker::Options& how,
                       std::optional<Worker>& worker, const Exchange& exchange,
                       const Expects& expects) {
  try {
    tls::set_run_clock(around.options.worker.clock);
    if (!exchange.left_out.empty()) {
      return unjudged(report::VerdictKind::skip, exchange, exchange.left_out);
    }
    if (is_shown_row(exchange)) return {.verdict = judge_shown(exchange)};
    if (!worker) worker.emplace(around.subject, how);
    const auto one_try = [&] {
      return is_of_a_process(exchange) ? run_process(around, *worker, exchange, expects)
                                       : run_alone(around, *worker, exchange, expects);
    };
    // In memory nothing is left to chance.
    const bool races = !exchange.races.empty() && how.transport == Transport::tcp;
    return races ? worst_of_tries(one_try, exchange.races) : one_try();
  } catch (const std::bad_alloc&) {
    return unjudged(report::VerdictKind::error, exchange, std::string(kMemoryIsShort));
  } catch (const std::exception& e) {
    return unjudged(report::VerdictKind::error, exchange, e.what());
  }
}

Judgement judgement_of_hung(const Surroundings& around, const Exchange& exchange,
                            const std::optional<Expectation>& expected) {
  const certs::Recipe& recipe = around.catalogue.recipe(exchange.certificate);
  Expectation right;
  if (expected) {
    right = *expected;
  } else if (certs::inapplicable(recipe, exchange.host).empty()) {
    right = expectation_of(exchange, certs::facts_of(recipe, exchange.host));
  }
  return told_whole(around, exchange, judge(exchange, right, Run{.hung = true}));
}

struct Bench::State {
  State(const Catalogue& catalogue, const subject::Subject& subject, const RunOptions& options)
      : around(catalogue, subject, options) {}
  Surroundings around;
  std::optional<Worker> worker{};
};

Bench::Bench(const Catalogue& catalogue, const subject::Subject& subject, const RunOptions& options)
    : state_(std::make_unique<State>(catalogue, subject, options)) {}

Bench::~Bench() = default;

Judgement Bench::judge(const Exchange& exchange) {
  return run_exchange(state_->around, state_->around.options.worker, state_->worker, exchange);
}

}  // namespace startle::cases
