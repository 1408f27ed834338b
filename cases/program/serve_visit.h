#pragma once
// One connection of a served server, from when it was accepted until its event is told. It is
// accepted and reported by the main thread, and belongs to the thread that serves it in between.

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "cases/program/serve_threads.h"
#include "fake-servers/dialogue/observation.h"
#include "fake-servers/dialogue/server.h"
#include "harness/net/stream.h"

namespace startle::program {

struct Visit {
  enum class Role { server, referral };

  unsigned port = 0;
  Role role = Role::server;
  fake::Server server{};  // as this client meets it
  std::unique_ptr<net::Stream> stream{};

  fake::Observation seen{};
  bool said_anything = false;
  net::Instant lasted{};
};

// Those of one server that are being served, wherever. They may go later than whoever made this.
class Visits : public std::enable_shared_from_this<Visits> {
 public:
  explicit Visits(ServeThreads& threads) : threads_(threads), open_(threads.size()) {}

  // Serves it at that place, then calls `then` on the main thread.
  void serve(std::shared_ptr<Visit> visit, const ServeThreads::Place& place,
             std::function<void()> then);
  // Resets all connections; each of them still comes to its end.
  void reset();
  // Whoever comes now has come back: to the server itself a client has said something, or has met
  // what there was to be met.
  bool was_there_before() const { return was_visited_; }
  void note_visit() { was_visited_ = true; }
  // How often a client has said something.
  std::uint64_t heard() const { return heard_; }

 private:
  class Connection;
  ServeThreads& threads_;
  std::vector<std::list<net::Stream*>> open_;  // by place, of whose thread each is
  std::atomic<bool> was_visited_ = false;
  std::atomic<std::uint64_t> heard_ = 0;
};

}  // namespace startle::program
