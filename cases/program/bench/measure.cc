#include "cases/program/bench/measure.h"

#include <sys/resource.h>

#include <algorithm>
#include <ctime>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "cases/program/interruption.h"
#include "harness/base/error.h"
#include "harness/client/decisions.h"
#include "harness/net/descriptor_limit.h"
#include "harness/net/memory.h"
#include "harness/net/tcp.h"
#include "harness/tls/clock.h"
#include "harness/tls/priority.h"

namespace startle::program {
namespace {

using net::Task;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

// Of the calling thread, in microseconds.
double thread_cpu_us() {
  std::timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

// As the correct client, of one version and one group.
class BenchDecisions final : public client::Decisions {
 public:
  explicit BenchDecisions(const BenchTls& tls)
      : priority_(tls::parse_priority(bench_priority(tls))), version_(tls.version) {}
  gnutls_priority_t offered_alone() const override { return priority_.get(); }
  bool judges_certificate(const client::Settings& settings) const override {
    return settings.trust != "*";
  }
  // Nothing was verified where nothing was to be.
  bool may_resume(const client::Settings&, bool, const client::Settings&) const override {
    return true;
  }
  bool uses_tickets_again() const override { return true; }
  // RFC 8446, 4.1.3: who does not offer TLS 1.3 does not miss it.
  bool minds_downgrade_mark() const override { return version_ == tls::Version::tls_1_3; }

 private:
  tls::PriorityHandle priority_;
  tls::Version version_;
};

// One thread of the generator.
struct Part {
  load::LoadResult result{};
  double cpu_us = 0;
  std::exception_ptr failure{};
};

Task<void> load_and_end(net::World& world, const load::LoadTarget& target,
                        const load::LoadOptions& options, load::LoadCounts& counts,
                        load::LoadResult& result, net::Acceptor* acceptor) {
  co_await load::load(world, target, options, counts, result);
  if (acceptor != nullptr) acceptor->interrupt();
  world.stop();
}

class Generator {
 public:
  Generator(const RowPlan& plan, const BenchPlace& place) : plan_(plan), place_(place) {
    auto decisions = std::make_unique<BenchDecisions>(plan.tls);
    built_in_ = subject::make_built_in("bench", std::move(decisions));
    settings_ = place.client;
    settings_.mode = plan.mode;
    settings_.stop_after = plan.stop_after;
    settings_.timeouts = client::Timeouts::all(place.deadline);
    parts_.resize(std::max(1U, plan.threads));
  }

  Row run(const TellBench& tell) {
    const double server_before = place_.own != nullptr ? place_.own->cpu_us() : 0;
    const auto began = Clock::now();
    {
      std::vector<std::jthread> threads = start();
      watch(began, tell);
    }
    Row row{.plan = plan_, .server = place_.server, .key = place_.key};
    row.wall_s = seconds_since(began);
    row.interrupted = Interruption::signal() != 0;
    for (Part& part : parts_) {
      if (part.failure) std::rethrow_exception(part.failure);
      row.result.merge(part.result);
      row.client_cpu_us += part.cpu_us;
    }
    if (plan_.transport == cases::Transport::tcp) {
      row.wall_s = std::chrono::duration<double>(row.result.lasted).count();
    }
    if (place_.own != nullptr) row.server_cpu_us = place_.own->cpu_us() - server_before;
    return row;
  }

 private:
  std::vector<std::jthread> start() {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      try {
        threads.emplace_back([this, i, clock = tls::run_clock()] { generate(i, clock); });
        ++running_;
      } catch (const std::system_error& e) {
        counts_.stop = true;
        throw Error(Fault::system, std::string("a thread cannot be started: ") + e.what() +
                                       ": take fewer (--threads)");
      }
    }
    return threads;
  }

  // The share of one thread.
  load::LoadOptions options_of(std::size_t i) const {
    const std::size_t threads = parts_.size();
    const auto share = [&](std::size_t all) {
      return all / threads + (i < all % threads ? 1U : 0U);
    };
    load::LoadOptions options{.connections = share(plan_.connections),
                              .rate = plan_.rate,
                              .resumes = plan_.tls.resumption == Resumption::ticket,
                              .thread = i,
                              .threads = threads};
    if (plan_.handshakes) options.exchanges = share(*plan_.handshakes);
    const bool ends_by_clock = !plan_.handshakes && plan_.transport == cases::Transport::tcp;
    if (ends_by_clock) {
      options.length =
          std::chrono::duration_cast<net::Instant>(std::chrono::duration<double>(plan_.seconds));
    }
    return options;
  }

  void generate(std::size_t i, std::chrono::sys_seconds clock) {
    Part& part = parts_[i];
    try {
      tls::set_run_clock(clock);
      const double before = thread_cpu_us();
      if (place_.in_memory != nullptr) {
        generate_in_memory(options_of(i), part);
      } else {
        generate_over_tcp(options_of(i), part);
      }
      part.cpu_us = thread_cpu_us() - before;
    } catch (...) {
      part.failure = std::current_exception();
      counts_.stop = true;
    }
    --running_;
  }

  void generate_in_memory(const load::LoadOptions& options, Part& part) {
    net::MemoryWorld world;
    net::MemoryListener listener(world);
    fake::Server server = *place_.in_memory;
    server.salted_passwords = std::make_shared<sasl::SaltedPasswords>();
    client::Settings settings = settings_;
    settings.salted_passwords = server.salted_passwords;
    const load::LoadTarget target{
        .subject = *built_in_, .connector = listener, .settings = settings};
    world.spawn(serve_all(world, listener, server));
    world.spawn(load_and_end(world, target, options, counts_, part.result, &listener));
    world.run();
    world.abandon();
  }

  void generate_over_tcp(const load::LoadOptions& options, Part& part) {
    net::RealWorld world;
    const net::Endpoint at = place_.at.value();
    net::FixedConnector connector(world, at);
    client::Settings settings = settings_;
    settings.salted_passwords = std::make_shared<sasl::SaltedPasswords>();
    const load::LoadTarget target{
        .subject = place_.subject != nullptr ? *place_.subject : *built_in_,
        .connector = connector,
        .settings = settings,
        .endpoint = at,
        .trust = place_.trust,
        .deadline = place_.deadline};
    world.spawn(load_and_end(world, target, options, counts_, part.result, nullptr));
    world.run();
    world.abandon();
  }

  // Until the threads are done.
  void watch(Clock::time_point began, const TellBench& tell) {
    constexpr std::uint64_t kHopeless = 50;  // failures, and no success
    const bool ends_by_us = !plan_.handshakes && plan_.transport == cases::Transport::memory;
    while (running_ > 0) {
      std::this_thread::sleep_for(10ms);
      const BenchMoment now{.seconds = seconds_since(began),
                            .done = counts_.done,
                            .failed = counts_.failed,
                            .open = counts_.open};
      if (ends_by_us && now.seconds >= plan_.seconds) counts_.stop = true;
      if (Interruption::signal() != 0) counts_.stop = true;
      if (now.done == 0 && now.failed >= kHopeless) counts_.stop = true;
      if (tell) tell(plan_, now);
    }
  }

  const RowPlan& plan_;
  const BenchPlace& place_;
  std::unique_ptr<subject::Subject> built_in_{};
  client::Settings settings_{};
  std::vector<Part> parts_{};
  load::LoadCounts counts_{};
  std::atomic<int> running_ = 0;
};

}  // namespace

double ended_children_cpu_us() {
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return us(used.ru_utime) + us(used.ru_stime);
}

std::string bench_priority(const BenchTls& tls) {
  const std::string version(word(tls.version));
  // AES-128-GCM first, as the field's measurements of handshakes have it.
  std::string text = "NORMAL:-VERS-ALL:+VERS-TLS" + version +
                     ":-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:-GROUP-ALL";
  if (tls.group) {
    return text + ":+GROUP-" + std::string(kGroupNames[static_cast<std::size_t>(*tls.group)]);
  }
  return text +
         ":+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1:+GROUP-FFDHE2048";
}

std::string make_room_for(std::size_t connections) {
  const std::size_t limit = net::raise_descriptor_limit();
  constexpr std::size_t kOurOwn = 64;
  const std::size_t wanted = connections + kOurOwn;
  if (limit >= wanted) return "";
  return "this process may have " + std::to_string(limit) + " open files, and " +
         std::to_string(connections) + " connections need " + std::to_string(wanted) +
         ": raise the limit (ulimit -n), or take fewer (--connections)";
}

Row measure(const RowPlan& plan, const BenchPlace& place, const TellBench& tell) {
  return Generator(plan, place).run(tell);
}

}  // namespace startle::program
