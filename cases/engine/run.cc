#include "cases/engine/run.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "cases/engine/can_meet.h"
#include "cases/engine/customer_host.h"
#include "cases/engine/finding_texts.h"
#include "cases/engine/host_stores.h"
#include "cases/engine/judge.h"
#include "cases/engine/judge_process.h"
#include "cases/engine/judge_program.h"
#include "cases/engine/shown_row.h"
#include "cases/engine/turns.h"
#include "certs/element_reader.h"
#include "certs/mint.h"
#include "harness/base/error.h"
#include "harness/sasl/mechanism.h"
#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

using Clock = std::chrono::steady_clock;

// What the threads share. Kept alive by each of them: an abandoned one may outlive the run.
struct Shared {
  Shared(const Catalogue& c, const subject::Subject& s, ExchangeSource* from, const RunOptions& o)
      : catalogue(c), subject(s), source(from), options(o) {}

  const Catalogue& catalogue;
  const subject::Subject& subject;
  ExchangeSource* const source;  // null: there is none
  const RunOptions options;
  const std::shared_ptr<certs::Mint> minting =
      options.shared_mint ? options.shared_mint
                          : std::make_shared<certs::Mint>(options.worker.clock, options.mint);
  certs::Mint& mint = *minting;
  HostStores stores{mint};
  OpenedStores customers{};
  const std::chrono::system_clock::time_point began = std::chrono::system_clock::now();

  Turns turns{options.jobs};

  std::mutex mutex;
  std::condition_variable changed;
  std::size_t taken = 0;     // exchanges given out
  std::size_t reported = 0;  // verdicts handed to the reports
  bool exhausted = false;
  std::map<std::size_t, Judgement> finished{};  // not reported yet, by ordinal
};

// What a thread is doing, for the watchdog.
struct Seat {
  std::optional<std::size_t> ordinal{};
  Exchange exchange{};
  Clock::time_point since{};
  Turns::Turn turn{};
  bool abandoned = false;
};

// A slow exchange must not let the others run ahead without bound.
constexpr std::size_t kMostAhead = 512;

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
Judgement told_whole(const Shared& shared, const Exchange& exchange, Judgement judged) {
  Judgement made = as_far_as_it_stands(std::move(judged), exchange, shared.subject.standing());
  if (made.verdict.kind != report::VerdictKind::fail) return made;
  state_clauses(made.finding, exchange, shared.catalogue);
  const auto& reproduce = shared.options.reproduce;
  if (reproduce) made.finding.reproduce = reproduce(exchange);
  return made;
}

// A clock of the client's own goes on meanwhile. What stands in a store for the host stays.
std::shared_ptr<const certs::Chain> chain_for(Shared& shared, const certs::Recipe& recipe,
                                              const Exchange& exchange) {
  const std::string& host = exchange.host;
  const bool stays = exchange.store != words::HostStore::system;
  if (stays || !shared.subject.abilities().has_own_clock) return shared.mint.chain(recipe, host);
  const auto passed =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now() - shared.began);
  const auto clock = shared.mint.clock();
  return shared.mint.chain_at(recipe, host, {.given = clock, .now = clock + passed});
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
std::string prepare(Shared& shared, const Exchange& exchange, Prepared& into) {
  const certs::Recipe& recipe = shared.catalogue.recipe(exchange.certificate);
  std::string why = why_not(shared.subject, recipe, exchange);
  if (!why.empty()) return why;
  into.exchange = &exchange;
  into.chain = chain_for(shared, recipe, exchange);
  const CustomerStore* theirs = customers_store(exchange);
  std::string no = theirs == nullptr ? cannot_hold(exchange.store, into.chain->facts) : "";
  if (!no.empty()) return no;
  into.expected = expectation_with(shared.customers, exchange, *into.chain);
  into.client = shared.mint.client(exchange.client_certificate, exchange.client_name);
  into.store = theirs == nullptr
                   ? shared.stores.open(exchange, recipe, *into.chain)
                   : shared.customers.open(*theirs, exchange.store_model, *into.chain);
  return "";
}

Judgement run_process(Shared& shared, Worker& worker, const Exchange& exchange) {
  if (!shared.subject.abilities().keeps_process) {
    return unjudged(report::VerdictKind::skip, exchange,
                    "the client makes every connection in a process of its own");
  }
  std::vector<Prepared> prepared;
  std::vector<ConnectionSetup> setups;
  std::vector<Expectation> expected;
  for (const Exchange* each : connections_of(exchange)) {
    const std::string why = prepare(shared, *each, prepared.emplace_back());
    if (!why.empty()) return unjudged(report::VerdictKind::skip, exchange, why);
    const Prepared& made = prepared.back();
    setups.push_back({made.exchange, made.chain.get(), made.client.get(), made.store});
    expected.push_back(made.expected);
  }
  const ProcessRun process = worker.run_process(setups);
  Judgement made = told_whole(
      shared, exchange, judge_process(exchange, expected, process, shared.subject.standing()));
  if (shared.options.keep_dialogue) {
    made.verdict.dialogue = fake::transcript(process.seen, exchange.secret);
  }
  return made;
}

Judgement run_one(Shared& shared, const Worker::Options& how, std::optional<Worker>& worker,
                  const Exchange& exchange) {
  try {
    tls::set_run_clock(shared.options.worker.clock);
    if (!exchange.left_out.empty()) {
      return unjudged(report::VerdictKind::skip, exchange, exchange.left_out);
    }
    if (is_shown_row(exchange)) return {.verdict = judge_shown(exchange)};
    if (!worker) worker.emplace(shared.subject, how);
    if (is_of_a_process(exchange)) return run_process(shared, *worker, exchange);
    Prepared with;
    const std::string why = prepare(shared, exchange, with);
    if (!why.empty()) return unjudged(report::VerdictKind::skip, exchange, why);
    const Run run = worker->run(exchange, *with.chain, with.client.get(), with.store);
    Judgement made = told_whole(
        shared, exchange, judge_client(exchange, with.expected, run, shared.subject.standing()));
    if (shared.options.keep_dialogue) {
      made.verdict.dialogue = fake::transcript(run.seen, exchange.secret);
    }
    return made;
  } catch (const std::exception& e) {
    return unjudged(report::VerdictKind::error, exchange, e.what());
  }
}

void work(const std::shared_ptr<Shared>& shared, const std::shared_ptr<Seat>& seat) {
  Turns::Turn turn;
  Worker::Options how = shared->options.worker;
  how.waits = [&turn] { turn->give_back(); };
  std::optional<Worker> worker;  // made where its failure becomes a verdict
  while (true) {
    Exchange exchange;
    std::size_t ordinal = 0;
    turn.reset();
    turn = shared->turns.take();
    {
      std::unique_lock lock(shared->mutex);
      shared->changed.wait(lock, [&] {
        return seat->abandoned || shared->exhausted ||
               shared->taken < shared->reported + kMostAhead;
      });
      if (seat->abandoned || shared->exhausted) return;
      auto next = shared->source->next();
      if (!next) {
        shared->exhausted = true;
        shared->changed.notify_all();
        return;
      }
      exchange = std::move(*next);
      ordinal = shared->taken++;
      seat->ordinal = ordinal;
      seat->turn = turn;
      seat->exchange = exchange;
      seat->since = Clock::now();
    }
    Judgement judgement = run_one(*shared, how, worker, exchange);
    const std::lock_guard lock(shared->mutex);
    if (seat->abandoned) return;
    seat->ordinal.reset();
    seat->turn.reset();
    shared->finished.emplace(ordinal, std::move(judgement));
    shared->changed.notify_all();
  }
}

// Hands judgements on, in their order: at once, or where failures are expected the readings of one
// case together.
class Reporter {
 public:
  Reporter(ExpectedFailures* expected, const std::vector<report::Report*>& reports,
           RunResult& result)
      : expected_(expected), reports_(reports), result_(result) {}

  void add(Judgement&& judgement) {
    const bool is_another =
        !waiting_.empty() && waiting_.front().verdict.id != judgement.verdict.id;
    if (is_another) hand_on();
    waiting_.push_back(std::move(judgement));
    if (expected_ == nullptr) hand_on();
  }

  // Those that wait for another reading of their case.
  void hand_on() {
    if (waiting_.empty()) return;
    std::vector<report::Verdict*> readings;
    for (Judgement& each : waiting_) readings.push_back(&each.verdict);
    if (expected_ != nullptr) expected_->apply(readings);
    for (const Judgement& each : waiting_) {
      result_.tally.add(each.verdict, each.finding);
      result_.configurations.add(each.verdict);
      for (report::Report* report : reports_) report->add(each.verdict);
    }
    waiting_.clear();
  }

 private:
  ExpectedFailures* expected_;
  const std::vector<report::Report*>& reports_;
  RunResult& result_;
  std::vector<Judgement> waiting_{};
};

}  // namespace

namespace {

// Beside those who have a turn, the many who only wait.
std::size_t threads_for(const subject::Standing& standing, unsigned jobs) {
  constexpr std::size_t kMostWaiting = 240;
  const std::size_t turns = std::max(1U, jobs);
  return standing.is_program ? std::min(standing.most_at_once, turns + kMostWaiting) : turns;
}

}  // namespace

std::chrono::milliseconds watchdog_of(const Worker::Options& worker) {
  using namespace std::chrono_literals;
  if (worker.transport == Transport::tcp) {
    return (worker.deadline != 0ms ? worker.deadline : usual_deadline(worker.transport)) + 10s;
  }
  return std::max<std::chrono::milliseconds>(60s, worker.deadline + 10s);
}

RunResult run_all(const Catalogue& catalogue, const subject::Subject& subject,
                  ExchangeSource& source, const RunOptions& options,
                  const std::vector<report::Report*>& reports) {
  const auto shared = std::make_shared<Shared>(catalogue, subject, &source, options);
  const auto watchdog =
      options.watchdog.count() != 0 ? options.watchdog : watchdog_of(options.worker);
  std::vector<std::shared_ptr<Seat>> seats;
  std::vector<std::thread> threads;
  const auto start_thread = [&] {
    seats.push_back(std::make_shared<Seat>());
    threads.emplace_back(work, shared, seats.back());
  };
  for (std::size_t i = 0; i < threads_for(subject.standing(), options.jobs); ++i) start_thread();

  RunResult result;
  Reporter reporter(options.expected, reports, result);
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->changed.wait_for(lock, std::chrono::milliseconds(200), [&] {
      return shared->finished.count(shared->reported) > 0 ||
             (shared->exhausted && shared->reported == shared->taken);
    });
    // In order, outside the lock: reports write files.
    while (true) {
      auto next = shared->finished.extract(shared->reported);
      if (next.empty()) break;
      lock.unlock();
      reporter.add(std::move(next.mapped()));
      lock.lock();
      ++shared->reported;
      shared->changed.notify_all();
    }
    if (options.progress) options.progress(shared->reported);
    if (shared->exhausted && shared->reported == shared->taken) break;

    // An exchange that blocks inside one call cannot be ended, only left behind.
    for (const auto& seat : std::vector(seats)) {
      if (!seat->ordinal || Clock::now() - seat->since < watchdog) continue;
      Run hung{.hung = true};
      const auto chain =
          shared->mint.chain(catalogue.recipe(seat->exchange.certificate), seat->exchange.host);
      shared->finished.emplace(
          *seat->ordinal,
          told_whole(*shared, seat->exchange,
                     judge(seat->exchange,
                           expectation_with(shared->customers, seat->exchange, *chain), hung)));
      seat->ordinal.reset();
      seat->turn->give_back();
      seat->abandoned = true;
      result.threads_abandoned = true;
      start_thread();
    }
  }
  lock.unlock();
  reporter.hand_on();
  for (std::size_t i = 0; i < threads.size(); ++i) {
    seats[i]->abandoned ? threads[i].detach() : threads[i].join();
  }
  return result;
}

struct Bench::State {
  State(const Catalogue& catalogue, const subject::Subject& subject, const RunOptions& options)
      : shared(catalogue, subject, nullptr, options) {}
  Shared shared;
  std::optional<Worker> worker{};
};

Bench::Bench(const Catalogue& catalogue, const subject::Subject& subject, const RunOptions& options)
    : state_(std::make_unique<State>(catalogue, subject, options)) {}

Bench::~Bench() = default;

Judgement Bench::judge(const Exchange& exchange) {
  return run_one(state_->shared, state_->shared.options.worker, state_->worker, exchange);
}

}  // namespace startle::cases
