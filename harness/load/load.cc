#include "harness/load/load.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "harness/client/process_state.h"

namespace startle::load {
namespace {

using client::Outcome;
using client::Phase;
using net::Instant;
using net::Task;
using namespace std::chrono_literals;

Part part_of(Phase phase) {
  switch (phase) {
    case Phase::configuration:
    case Phase::connect:
      return Part::connect;
    case Phase::greeting:
    case Phase::capabilities:
      return Part::greeting;
    case Phase::starttls:
      return Part::go_ahead;
    case Phase::handshake:
      return Part::tls;
    default:
      return Part::after;
  }
}

// A client process, which has one exchange after the other.
struct Slot {
  Slot(net::Connector& inner, Traffic& traffic) : connector(inner, traffic) {}
  CountedConnector connector;
  client::ProcessState state{};
};

class Load {
 public:
  Load(net::World& world, const LoadTarget& target, const LoadOptions& options, LoadCounts& counts,
       LoadResult& result)
      : world_(world),
        target_(target),
        options_(options),
        counts_(counts),
        result_(result),
        one_over_(world),
        began_(world.now()) {}

  Task<void> run() {
    if (options_.rate > 0) {
      co_await arrive();
    } else {
      for (std::size_t i = 0; i < options_.connections; ++i) {
        ++open_;
        world_.spawn(keep_going());
      }
    }
    while (open_ > 0) co_await one_over_.wait(net::kNever);
    result_.lasted = world_.now() - began_;
  }

 private:
  bool is_over() const {
    return counts_.stop || begun_ >= options_.exchanges ||
           (options_.length != net::kNever && world_.now() - began_ >= options_.length);
  }

  // ---- closed loop -----------------------------------------------------------------------------

  Task<void> keep_going() {
    const std::unique_ptr<Slot> slot = take_slot();
    while (!is_over()) {
      ++begun_;
      co_await exchange(*slot, world_.now());
    }
    --open_;
    one_over_.notify();
  }

  // ---- open loop -------------------------------------------------------------------------------

  // From the beginning on; those of other threads lie between.
  Instant arrival(std::uint64_t number) const {
    const double place = static_cast<double>(number) * static_cast<double>(options_.threads) +
                         static_cast<double>(options_.thread);
    return Instant(static_cast<Instant::rep>(place / options_.rate * 1e9));
  }

  Task<void> arrive() {
    for (std::uint64_t i = 0; !is_over(); ++i) {
      const Instant intended = arrival(i);
      if (intended >= options_.length) break;
      while (world_.now() < began_ + intended && !counts_.stop) {
        // A stop is seen soon, however rare arrivals are.
        const Instant next = std::min<Instant>(began_ + intended, world_.now() + 100ms);
        co_await world_.sleep_until(next);
      }
      while (open_ >= options_.connections) co_await one_over_.wait(net::kNever);
      if (counts_.stop) break;
      ++begun_;
      ++open_;
      world_.spawn(arrived(began_ + intended));
    }
  }

  Task<void> arrived(Instant intended) {
    std::unique_ptr<Slot> slot = take_slot();
    co_await exchange(*slot, intended);
    idle_.push_back(std::move(slot));
    --open_;
    one_over_.notify();
  }

  std::unique_ptr<Slot> take_slot() {
    if (idle_.empty()) return std::make_unique<Slot>(target_.connector, result_.traffic);
    std::unique_ptr<Slot> slot = std::move(idle_.back());
    idle_.pop_back();
    return slot;
  }

  // ---- both ------------------------------------------------------------------------------------

  Task<void> exchange(Slot& slot, Instant intended) {
    ++counts_.open;
    const subject::ExchangeRequest request{.connector = slot.connector,
                                           .endpoint = target_.endpoint,
                                           .settings = target_.settings,
                                           .trust = target_.trust,
                                           .state = options_.resumes ? &slot.state : nullptr,
                                           .deadline = target_.deadline};
    subject::ExchangeResult made = co_await target_.subject.exchange(world_, request);
    note(made, intended);
    co_await slot.state.close();
    for (std::unique_ptr<net::Stream>& left : slot.connector.take_left()) {
      co_await see_off(std::move(left));
    }
    --counts_.open;
  }

  // A connection that is closed before all that came was read is reset, and the server may lose
  // what was sent last.
  Task<void> see_off(std::unique_ptr<net::Stream> stream) {
    stream->close();
    stream->set_deadline(world_.now() + 1s);
    std::array<char, 512> rest{};
    net::IoResult read{};
    do {
      read = co_await stream->read_some(rest);
    } while (read.status == net::IoStatus::ok);
  }

  void note(const subject::ExchangeResult& made, Instant intended) {
    const Outcome& outcome = made.outcome;
    if (made.hung) return fail(words::Ending::timeout, "it was ended at the deadline");
    if (!made.cannot.empty()) return fail(words::Ending::configuration_error, made.cannot);
    if (!words::is_success(outcome.ending)) return fail(outcome.ending, outcome.sentence);
    ++result_.done;
    ++counts_.done;
    if (outcome.resumed) ++result_.resumed;
    result_.tls_version = outcome.tls_version;
    result_.tls_group = outcome.tls_group;
    std::array<Instant, kParts.size()> took{};
    std::array<bool, kParts.size()> came{};
    Instant end = world_.now();
    for (const client::PhaseRecord& phase : outcome.phases) {
      if (phase.phase == Phase::quit) {
        end = phase.began;
        break;
      }
      const auto part = static_cast<std::size_t>(part_of(phase.phase));
      took[part] += phase.took();
      came[part] = true;
    }
    took.back() = end - intended;
    came.back() = true;
    for (std::size_t i = 0; i < took.size(); ++i) {
      if (came[i]) result_.took[i].add(took[i]);
    }
  }

  void fail(words::Ending ending, const std::string& sentence) {
    ++counts_.failed;
    ++result_.failures[ending];
    result_.said.try_emplace(ending, sentence);
  }

  net::World& world_;
  const LoadTarget& target_;
  const LoadOptions& options_;
  LoadCounts& counts_;
  LoadResult& result_;
  net::Signal one_over_;
  const Instant began_;
  std::uint64_t begun_ = 0;
  std::size_t open_ = 0;
  std::vector<std::unique_ptr<Slot>> idle_{};
};

}  // namespace

std::uint64_t LoadResult::failed() const {
  std::uint64_t all = 0;
  for (const auto& [ending, count] : failures) all += count;
  return all;
}

void LoadResult::merge(const LoadResult& other) {
  done += other.done;
  resumed += other.resumed;
  for (const auto& [ending, count] : other.failures) failures[ending] += count;
  said.insert(other.said.begin(), other.said.end());
  for (std::size_t i = 0; i < took.size(); ++i) took[i].merge(other.took[i]);
  traffic.add(other.traffic);
  lasted = std::max(lasted, other.lasted);
  if (tls_version.empty()) tls_version = other.tls_version;
  if (tls_group.empty()) tls_group = other.tls_group;
}

Task<void> load(net::World& world, const LoadTarget& target, const LoadOptions& options,
                LoadCounts& counts, LoadResult& result) {
  Load all(world, target, options, counts, result);
  co_await all.run();
}

}  // namespace startle::load
