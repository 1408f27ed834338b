#include "harness/net/host_connector.h"

#include <algorithm>
#include <array>
#include <asio/ip/tcp.hpp>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "harness/net/tcp_stream.h"

namespace startle::net {
namespace {

using asio::ip::tcp;

bool is_v6(const std::string& address) {
  return address.find(':') != std::string::npos;
}

// `[::1]` without its brackets.
std::string without_brackets(const std::string& host) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  return bracketed ? host.substr(1, host.size() - 2) : host;
}

bool is_address(const std::string& host) {
  asio::error_code failed;
  asio::ip::make_address(host, failed);
  return !failed;
}

// The attempts at one host, at first none of them begun. Destroying it closes what has not won.
class Race {
 public:
  Race(RealWorld& world, const std::vector<std::string>& addresses, std::uint16_t port)
      : world_(world), changed_(world) {
    for (const std::string& address : addresses) {
      attempts_.push_back({.to = {.address = address, .port = port}});
      sockets_.emplace_back(world.io());
    }
  }
  ~Race() { *self_ = nullptr; }
  Race(const Race&) = delete;
  Race& operator=(const Race&) = delete;

  // Until one has connected, all have failed, or the deadline has passed (false).
  Task<bool> run(Instant deadline, Instant delay) {
    while (!winner_) {
      const bool some_left = begun_ < attempts_.size();
      if (!some_left && under_way_ == 0) co_return true;
      if (world_.now() >= deadline) co_return false;
      if (some_left && world_.now() >= next_begins_) {
        next_begins_ = world_.now() + delay;
        begin_next();
      } else {
        co_await changed_.wait(std::min(deadline, some_left ? next_begins_ : kNever));
      }
    }
    co_return true;
  }

  // Null: nobody.
  std::unique_ptr<Stream> winner() {
    if (!winner_) return nullptr;
    return make_tcp_stream(world_, std::move(sockets_[*winner_]));
  }

  std::vector<Attempt> take_attempts() {
    for (std::size_t i = 0; i < begun_; ++i) {
      if (attempts_[i].end != AttemptEnd::not_tried) continue;
      attempts_[i].end = winner_ ? AttemptEnd::overtaken : AttemptEnd::unanswered;
      attempts_[i].ended = world_.now();
    }
    return std::move(attempts_);
  }

 private:
  void begin_next() {
    const std::size_t index = begun_++;
    ++under_way_;
    Attempt& attempt = attempts_[index];
    attempt.began = world_.now();
    asio::error_code failed;
    const auto address = asio::ip::make_address(attempt.to.address, failed);
    if (failed) {
      settle(index, failed);
      return;
    }
    sockets_[index].async_connect(tcp::endpoint(address, attempt.to.port),
                                  [self = self_, index](const asio::error_code& how) {
                                    if (*self != nullptr) (*self)->settle(index, how);
                                  });
  }

  void settle(std::size_t index, const asio::error_code& failed) {
    --under_way_;
    Attempt& attempt = attempts_[index];
    attempt.ended = world_.now();
    if (failed) {
      attempt.end = AttemptEnd::failed;
      attempt.why = in_words(failed);
      next_begins_ = world_.now();
    } else {
      attempt.end = winner_ ? AttemptEnd::overtaken : AttemptEnd::connected;
      if (!winner_) winner_ = index;
    }
    changed_.notify();
  }

  RealWorld& world_;
  Signal changed_;
  // What a socket's event finds, which may come when the race is over.
  std::shared_ptr<Race*> self_ = std::make_shared<Race*>(this);
  std::vector<Attempt> attempts_{};
  std::vector<tcp::socket> sockets_{};  // of the attempts, in their order
  std::size_t begun_ = 0;
  std::size_t under_way_ = 0;
  Instant next_begins_{};
  std::optional<std::size_t> winner_{};
};

// "5 s", "1.5 s", "250 ms".
std::string span_in_words(Instant span) {
  const double seconds = std::chrono::duration<double>(std::max(span, Instant{})).count();
  std::array<char, 32> text{};
  if (seconds < 0.9995) {
    std::snprintf(text.data(), text.size(), "%.0f ms", seconds * 1000);
  } else {
    std::snprintf(text.data(), text.size(), "%.6g s", std::round(seconds * 10) / 10);
  }
  return text.data();
}

// "::1: connection refused; 127.0.0.1 was tried"
std::string attempts_in_words(const std::vector<Attempt>& attempts) {
  std::string text;
  for (const Attempt& one : attempts) {
    if (!text.empty()) text += "; ";
    text += one.to.address;
    if (one.end == AttemptEnd::failed) text += ": " + one.why;
    if (one.end == AttemptEnd::unanswered) text += " was tried";
    if (one.end == AttemptEnd::not_tried) text += " was not tried";
  }
  return text;
}

}  // namespace

std::vector<std::string> interleaved(const std::vector<std::string>& addresses) {
  std::vector<std::string> first;
  std::vector<std::string> second;
  for (const std::string& one : addresses) {
    auto& family = is_v6(one) == is_v6(addresses.front()) ? first : second;
    if (std::find(family.begin(), family.end(), one) == family.end()) family.push_back(one);
  }
  std::vector<std::string> all;
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) all.push_back(first[i]);
    if (i < second.size()) all.push_back(second[i]);
  }
  return all;
}

Task<ConnectResult> HostConnector::connect(std::string host, std::uint16_t port, Instant deadline) {
  const Instant began = world_.now();
  const std::string name = without_brackets(host);
  ConnectResult result;
  Resolved found{.addresses = {name}};
  const bool literal = is_address(name);
  if (!literal) {
    std::optional<Resolved> answer = co_await resolve(world_, resolver_, name, deadline);
    if (!answer) {
      result.failed = ConnectStep::deadline;
      result.why = name + ": the name was not resolved within " + span_in_words(deadline - began);
      co_return result;
    }
    found = std::move(*answer);
  }
  if (found.addresses.empty()) {
    result.failed = ConnectStep::resolve;
    result.why = name + ": " + found.why;
    co_return result;
  }
  Race race(world_, interleaved(found.addresses), port);
  const bool in_time = co_await race.run(deadline, attempt_delay_);
  result.stream = race.winner();
  result.attempts = race.take_attempts();
  if (result.stream) co_return result;
  const std::string at = host_and_port(name, port) + ": ";
  if (!in_time) {
    result.failed = ConnectStep::deadline;
    result.why = at + "no answer within " + span_in_words(deadline - began) + " (" +
                 attempts_in_words(result.attempts) + ")";
  } else {
    result.failed = ConnectStep::connect;
    result.why = at + (literal ? result.attempts.front().why : attempts_in_words(result.attempts));
  }
  co_return result;
}

}  // namespace startle::net
