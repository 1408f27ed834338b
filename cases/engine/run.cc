#include "cases/engine/run.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "cases/engine/run_exchange.h"
#include "cases/engine/turns.h"
#include "harness/base/error.h"

namespace startle::cases {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct Finished {
  Judgement judgement{};
  bool known = false;  // from an earlier run
};

// What the threads share. Kept alive by each of them: an abandoned one may outlive the run.
struct Shared {
  Shared(const Catalogue& catalogue, const subject::Subject& subject, ExchangeSource& from,
         const RunOptions& how)
      : around(catalogue, subject, how), source(from), turns(how.jobs) {}

  Surroundings around;
  ExchangeSource& source;
  Turns turns;

  std::mutex mutex{};
  std::condition_variable changed{};
  std::size_t taken = 0;                 // exchanges given out
  std::size_t reported = 0;              // verdicts handed to the reports
  std::optional<std::size_t> threads{};  // how many may go on; nullopt: they are being started
  bool exhausted = false;                // nothing more is given out
  std::exception_ptr failure{};
  std::map<std::size_t, Finished> finished{};  // not reported yet, by ordinal
};

// What a thread is doing, for the watchdog.
struct Seat {
  std::size_t number = 0;
  std::optional<std::size_t> ordinal{};
  Exchange exchange{};
  std::optional<Expectation> expected{};
  Clock::time_point since{};
  Turns::Turn turn{};
  bool abandoned = false;
};

// A slow exchange must not let the others run ahead without bound.
constexpr std::size_t kMostAhead = 512;
// After a signal, or a failure, for those that are under way.
constexpr auto kGrace = 2s;

// Under the lock. False: there is none.
bool take_next(Shared& shared, Seat& seat, const Turns::Turn& turn) {
  const auto& known = shared.around.options.known;
  for (auto judged = known ? known() : std::nullopt; judged; judged = known()) {
    shared.finished.emplace(shared.taken++, Finished{std::move(*judged), true});
    shared.changed.notify_all();
  }
  auto next = shared.source.next();
  if (!next) return false;
  seat.exchange = std::move(*next);
  seat.expected.reset();
  seat.turn = turn;
  seat.since = Clock::now();
  seat.ordinal = shared.taken++;
  return true;
}

void work_on(Shared& shared, Seat& seat) {
  Turns::Turn turn;
  Worker::Options how = shared.around.options.worker;
  how.waits = [&turn] { turn->give_back(); };
  const Expects expects = [&](const Expectation& expected) {
    const std::lock_guard lock(shared.mutex);
    seat.expected = expected;
    seat.since = Clock::now();  // of several tries each has its time
  };
  std::optional<Worker> worker;  // made where its failure becomes a verdict
  while (true) {
    turn.reset();
    turn = shared.turns.take();
    Exchange exchange;
    std::size_t ordinal = 0;
    {
      std::unique_lock lock(shared.mutex);
      const auto must_end = [&] {
        return seat.abandoned || shared.exhausted ||
               (shared.threads && seat.number >= *shared.threads);
      };
      shared.changed.wait(lock, [&] {
        return must_end() || (shared.threads && shared.taken < shared.reported + kMostAhead);
      });
      if (must_end()) return;
      if (!take_next(shared, seat, turn)) {
        shared.exhausted = true;
        shared.changed.notify_all();
        return;
      }
      exchange = seat.exchange;
      ordinal = *seat.ordinal;
    }
    Judgement judgement = run_exchange(shared.around, how, worker, exchange, expects);
    const std::lock_guard lock(shared.mutex);
    if (seat.abandoned) return;
    shared.finished.emplace(ordinal, Finished{std::move(judgement)});
    seat.ordinal.reset();
    seat.turn.reset();
    shared.changed.notify_all();
  }
}

// Whatever it throws ends the run.
void work(const std::shared_ptr<Shared>& shared, const std::shared_ptr<Seat>& seat) noexcept {
  try {
    work_on(*shared, *seat);
  } catch (...) {
    const std::lock_guard lock(shared->mutex);
    if (seat->abandoned) return;
    if (!shared->failure) shared->failure = std::current_exception();
    shared->exhausted = true;
    seat->ordinal.reset();
    seat->turn.reset();
    shared->changed.notify_all();
  }
}

// Beside those who have a turn, the many who only wait.
std::size_t threads_for(const subject::Standing& standing, unsigned jobs) {
  constexpr std::size_t kMostWaiting = 240;
  const std::size_t turns = std::max(1U, jobs);
  return standing.is_program ? std::min(standing.most_at_once, turns + kMostWaiting) : turns;
}

// The threads of a run, and what is done about them from the one that has started it.
class Crew {
 public:
  Crew(std::shared_ptr<Shared> shared, Reporter& reporter)
      : shared_(std::move(shared)),
        options_(shared_->around.options),
        reporter_(reporter),
        watchdog_(options_.watchdog.count() != 0 ? options_.watchdog
                                                 : watchdog_of(options_.worker)) {}
  ~Crew() { end_threads(); }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  RunResult run() {
    try {
      start_threads(threads_for(shared_->around.standing, options_.jobs));
      report_all();
    } catch (...) {
      stop(std::current_exception());
    }
    end_threads();
    finish_reports();
    result_.tally = reporter_.tally();
    result_.configurations = reporter_.configurations();
    return std::move(result_);
  }

 private:
  using Lock = std::unique_lock<std::mutex>;

  // Empty: it was; otherwise why not.
  std::string start_thread(std::size_t number) {
    try {
      auto seat = std::make_shared<Seat>();
      seat->number = number;
      seats_.reserve(seats_.size() + 1);
      threads_.reserve(seats_.size() + 1);
      threads_.emplace_back(work, shared_, seat);
      seats_.push_back(std::move(seat));
      return "";
    } catch (const std::system_error& e) {
      return e.code().message();
    } catch (const std::bad_alloc&) {
      return "memory is short";
    }
  }

  void start_threads(std::size_t wanted) {
    std::string why;
    while (threads_.size() < wanted && why.empty()) why = start_thread(threads_.size());
    if (why.empty()) return set_most(wanted);
    if (threads_.empty()) {
      throw Error(Fault::system, "no thread can be started: " + why +
                                     ": allow more processes or memory (ulimit -u, ulimit -v)");
    }
    // What took all there is leaves nothing to work with.
    const std::size_t most = (threads_.size() + 3) / 4;
    set_most(most);
    if (!options_.warn) return;
    options_.warn("only " + std::to_string(threads_.size()) + " of " + std::to_string(wanted) +
                  " threads can be started (" + why + "): going on with " + std::to_string(most));
  }
  void set_most(std::size_t threads) {
    const std::lock_guard lock(shared_->mutex);
    shared_->threads = threads;
    shared_->changed.notify_all();
  }

  void report_all() {
    Lock lock(shared_->mutex);
    while (true) {
      shared_->changed.wait_for(lock, 200ms, [&] { return has_next() || is_over(); });
      report_those_in_order(lock);
      if (options_.progress) options_.progress(shared_->reported);
      if (options_.stop && !result_.stopped && options_.stop()) stop_giving_out();
      if (shared_->failure || reporter_.failure()) stop_giving_out();
      if (is_over()) return;
      if (result_.stopped && Clock::now() > give_up_) return;
      end_hung();
    }
  }
  bool has_next() const {
    return !reporter_.failure() && shared_->finished.count(shared_->reported) > 0;
  }
  bool is_over() const {
    return shared_->exhausted && !has_next() &&
           std::none_of(seats_.begin(), seats_.end(),
                        [](const auto& seat) { return seat->ordinal.has_value(); });
  }
  // Outside the lock: reports write files.
  void report_those_in_order(Lock& lock) {
    while (has_next()) {
      auto next = shared_->finished.extract(shared_->reported);
      lock.unlock();
      report(std::move(next.mapped()));
      lock.lock();
      ++shared_->reported;
      shared_->changed.notify_all();
    }
  }
  void report(Finished&& finished) {
    if (finished.known) {
      reporter_.add_known(std::move(finished.judgement));
    } else {
      reporter_.add(std::move(finished.judgement));
    }
  }
  // Under the lock.
  void stop_giving_out() {
    if (!std::exchange(result_.stopped, true)) give_up_ = Clock::now() + kGrace;
    shared_->exhausted = true;
    shared_->changed.notify_all();
  }
  void stop(std::exception_ptr failure) {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->failure) shared_->failure = std::move(failure);
    stop_giving_out();
  }

  // An exchange that blocks inside one call cannot be ended, only left behind. Under the lock.
  void end_hung() {
    for (const auto& seat : std::vector(seats_)) {
      if (!seat->ordinal || Clock::now() - seat->since < watchdog_) continue;
      shared_->finished.emplace(
          *seat->ordinal,
          Finished{judgement_of_hung(shared_->around, seat->exchange, seat->expected)});
      leave_behind(*seat);
      const std::string why = shared_->exhausted ? "" : start_thread(seat->number);
      if (why.empty()) continue;
      const std::string sentence = "no thread can be started in place of one that hangs: " + why;
      const bool none_is_left = std::all_of(seats_.begin(), seats_.end(),
                                            [](const auto& each) { return each->abandoned; });
      if (none_is_left) throw Error(Fault::system, sentence);
      if (options_.warn) options_.warn(sentence);
    }
  }
  void leave_behind(Seat& seat) {
    seat.ordinal.reset();
    seat.abandoned = true;
    result_.threads_abandoned = true;
    seat.turn->give_back();
  }

  void end_threads() {
    {
      Lock lock(shared_->mutex);
      shared_->exhausted = true;
      shared_->changed.notify_all();
      const auto is_busy = [](const auto& seat) { return seat->ordinal.has_value(); };
      if (result_.stopped) {
        shared_->changed.wait_until(
            lock, give_up_, [&] { return std::none_of(seats_.begin(), seats_.end(), is_busy); });
      }
      for (const auto& seat : seats_) {
        if (is_busy(seat)) leave_behind(*seat);
      }
    }
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      seats_[i]->abandoned ? threads_[i].detach() : threads_[i].join();
    }
    threads_.clear();
    seats_.clear();
  }

  // Of a run that was stopped what is judged is reported all the same, but not a case whose other
  // readings are missing where failures are expected.
  void finish_reports() {
    result_.failure = shared_->failure ? shared_->failure : reporter_.failure();
    if (!result_.stopped) return reporter_.finish();
    try {
      for (auto& [ordinal, finished] : shared_->finished) {
        if (options_.expected == nullptr) report(std::move(finished));
      }
    } catch (...) {
      if (!result_.failure) result_.failure = std::current_exception();
    }
    if (options_.expected == nullptr) return reporter_.finish();
    reporter_.break_off();
  }

  std::shared_ptr<Shared> shared_;
  const RunOptions& options_;
  Reporter& reporter_;
  const std::chrono::milliseconds watchdog_;
  std::vector<std::shared_ptr<Seat>> seats_{};
  std::vector<std::thread> threads_{};  // of the seats
  Clock::time_point give_up_{};
  RunResult result_{};
};

}  // namespace

std::chrono::milliseconds watchdog_of(const Worker::Options& worker) {
  if (worker.transport == Transport::tcp) {
    return (worker.deadline != 0ms ? worker.deadline : usual_deadline(worker.transport)) + 10s;
  }
  return std::max<std::chrono::milliseconds>(60s, worker.deadline + 10s);
}

RunResult run_all(const Catalogue& catalogue, const subject::Subject& subject,
                  ExchangeSource& source, const RunOptions& options, Reporter& reporter) {
  return Crew(std::make_shared<Shared>(catalogue, subject, source, options), reporter).run();
}

RunResult run_all(const Catalogue& catalogue, const subject::Subject& subject,
                  ExchangeSource& source, const RunOptions& options,
                  const std::vector<report::Report*>& reports) {
  Reporter reporter(options.expected, reports);
  RunResult result = run_all(catalogue, subject, source, options, reporter);
  if (result.failure) std::rethrow_exception(result.failure);
  return result;
}

}  // namespace startle::cases
