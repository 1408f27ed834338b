#pragma once
// How a client reaches a server and how a server is reached.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/net/stream.h"

namespace startle::net {

struct Endpoint {
  std::string address{};  // numeric
  std::uint16_t port = 0;
};

// "mail.example.test:25", "[::1]:25".
std::string host_and_port(const std::string& host, std::uint16_t port);

// What came of one address.
enum class AttemptEnd {
  not_tried,
  unanswered,  // when the deadline passed
  failed,
  overtaken,  // another one connected first
  connected,
};
inline constexpr auto kAttemptEnds = word_table<AttemptEnd>({{AttemptEnd::not_tried, "not-tried"},
                                                             {AttemptEnd::unanswered, "unanswered"},
                                                             {AttemptEnd::failed, "failed"},
                                                             {AttemptEnd::overtaken, "overtaken"},
                                                             {AttemptEnd::connected, "connected"}});
constexpr Words words_of(AttemptEnd) {
  return kAttemptEnds;
}

struct Attempt {
  Endpoint to{};
  AttemptEnd end = AttemptEnd::not_tried;
  std::string why{};  // when it failed: the system's words
  Instant began{};    // both 0 when not tried
  Instant ended{};
};

// What it was that did not succeed.
enum class ConnectStep {
  resolve,   // the name has no address
  connect,   // no address could be connected to
  deadline,  // it passed first: while resolving when there are no attempts, else while connecting
};
inline constexpr auto kConnectSteps =
    word_table<ConnectStep>({{ConnectStep::resolve, "resolve"},
                             {ConnectStep::connect, "connect"},
                             {ConnectStep::deadline, "deadline"}});
constexpr Words words_of(ConnectStep) {
  return kConnectSteps;
}

struct ConnectResult {
  std::unique_ptr<Stream> stream{};     // null: not connected
  std::string why{};                    // one sentence when not connected
  std::optional<ConnectStep> failed{};  // when not connected
  std::vector<Attempt> attempts{};      // an entry per address, in their order; none in memory
};

class Connector {
 public:
  virtual ~Connector() = default;
  virtual Task<ConnectResult> connect(std::string host, std::uint16_t port, Instant deadline) = 0;
};

class Acceptor {
 public:
  virtual ~Acceptor() = default;
  // The next connection; null when interrupted, and for no other reason.
  virtual Task<std::unique_ptr<Stream>> accept() = 0;
  // Ends the accept() that is under way, or the next one; the listener stays.
  virtual void interrupt() = 0;
  // So too, behind the connections that have arrived by now.
  virtual void finish() { interrupt(); }
  // `tell` is told, in one sentence, why connections that have arrived are not accepted for now. Of
  // clients that were gone too early nothing is said.
  virtual void on_trouble(std::function<void(const std::string& sentence)> /*tell*/) {}
};

}  // namespace startle::net
