#include "harness/pcapng/recorded.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "harness/net/tcp.h"
#include "harness/pcapng/blotter.h"

namespace startle::pcapng {
namespace {

using net::IoResult;
using net::IoStatus;
using net::Task;

// By which Wireshark knows each protocol, its usual port first.
constexpr std::array<std::pair<std::uint16_t, std::uint16_t>, 2> kAlso{{{25, 587}, {389, 3268}}};

struct Parties {
  Party client{};
  Party server{};
  bool is_real = false;
  std::uint16_t port = 0;  // the server's, where another stands in its place
};

// Of no network: the numbers of connections are told apart by the client's.
Parties made_up(std::uint32_t number, std::uint16_t port) {
  constexpr std::uint32_t kFirstPort = 1024;
  constexpr std::uint32_t kPorts = 0x10000 - kFirstPort;
  constexpr std::uint32_t kHosts = 254;
  const std::uint32_t host = 1 + number / kPorts % kHosts;
  return {.client = {"198.51.100." + std::to_string(host),
                     static_cast<std::uint16_t>(kFirstPort + number % kPorts)},
          .server = {"192.0.2.1", port}};
}

Parties parties_of(const net::Stream& stream, const Connection& connection, std::uint32_t number) {
  const auto ends = net::ends_of(stream);
  if (!ends) return made_up(number, connection.usual_port);
  Parties made{.client = {ends->peer.address, ends->peer.port},
               .server = {ends->own.address, ends->own.port},
               .is_real = true};
  if (connection.own == Side::client) std::swap(made.client, made.server);
  const std::pair also{connection.usual_port, made.server.port};
  const bool is_known = made.server.port == connection.usual_port ||
                        std::find(kAlso.begin(), kAlso.end(), also) != kAlso.end();
  if (!is_known) made.port = std::exchange(made.server.port, connection.usual_port);
  return made;
}

std::string comment_of(const Connection& connection, const Parties& parties) {
  if (parties.port == 0) return connection.about;
  return connection.about + (connection.about.empty() ? "" : "; ") + "the server's port is " +
         std::to_string(parties.port);
}

class Recorded final : public net::Stream {
 public:
  Recorded(std::shared_ptr<Evidence> evidence, const net::World& world,
           std::unique_ptr<net::Stream> inner, const Connection& connection)
      : evidence_(std::move(evidence)),
        world_(world),
        inner_(std::move(inner)),
        own_(connection.own),
        said_{Blotter(connection.blotted), Blotter(connection.blotted)} {
    const std::uint32_t number = evidence_->next_number();
    const Parties parties = parties_of(*inner_, connection, number);
    is_real_ = parties.is_real;
    conversation_.emplace(parties.client, parties.server, number);
    evidence_->add_packets(now(), conversation_->open(), comment_of(connection, parties));
  }
  ~Recorded() override {
    add_what_was_read();
    add(conversation_->close(own_));
  }
  Recorded(const Recorded&) = delete;
  Recorded& operator=(const Recorded&) = delete;

  std::optional<IoResult> read_now(std::span<char> into) override {
    add_what_was_read();
    const std::optional<IoResult> got = inner_->read_now(into);
    if (!got) return got;
    if (got->status == IoStatus::ok) {
      read_.assign(into.data(), got->count);
      read_at_ = now();
    } else if (got->status == IoStatus::closed) {
      add(conversation_->close(other(own_)));
    } else if (got->status == IoStatus::broken) {
      add(conversation_->reset(other(own_)));
    }
    return got;
  }
  Task<bool> readable() override {
    add_what_was_read();
    return inner_->readable();
  }
  std::optional<IoResult> write_now(std::string_view bytes) override {
    add_what_was_read();
    const std::optional<IoResult> sent = inner_->write_now(bytes);
    if (!sent || sent->status == IoStatus::ok) say(own_, bytes, now());
    return sent;
  }
  Task<IoResult> written() override {
    add_what_was_read();
    return inner_->written();
  }
  void set_deadline(net::Instant deadline) override { inner_->set_deadline(deadline); }
  void close() override {
    add_what_was_read();
    inner_->close();
    add(conversation_->close(own_));
  }
  void reset() override {
    add_what_was_read();
    inner_->reset();
    add(conversation_->reset(own_));
  }

 private:
  Time now() const { return is_real_ ? evidence_->now() : evidence_->clock() + world_.now(); }
  void add(const Packets& packets) { evidence_->add_packets(now(), packets); }
  void say(Side who, std::string_view bytes, Time at) {
    Blotter& blotter = said_[static_cast<std::size_t>(who)];
    const std::string told = blotter.blotted(bytes);
    evidence_->add_packets(at, conversation_->say(who, told));
  }
  void add_what_was_read() {
    if (read_.empty()) return;
    say(other(own_), read_, read_at_);
    read_.clear();
  }

  std::shared_ptr<Evidence> evidence_;
  const net::World& world_;
  std::unique_ptr<net::Stream> inner_;
  Side own_;
  std::array<Blotter, 2> said_;
  std::optional<Conversation> conversation_{};
  bool is_real_ = false;
  std::string read_{};  // and not yet written down
  Time read_at_{};
};

}  // namespace

std::unique_ptr<net::Stream> recorded(std::shared_ptr<Evidence> evidence, const net::World& world,
                                      std::unique_ptr<net::Stream> inner,
                                      const Connection& connection) {
  if (evidence == nullptr || !evidence->wants_packets() || inner == nullptr) return inner;
  return std::make_unique<Recorded>(std::move(evidence), world, std::move(inner), connection);
}

RecordedConnector::RecordedConnector(std::shared_ptr<Evidence> evidence, const net::World& world,
                                     net::Connector& inner, const Connection& connection)
    : evidence_(std::move(evidence)), world_(world), inner_(inner), connection_(connection) {
  connection_.own = Side::client;
}

Task<net::ConnectResult> RecordedConnector::connect(std::string host, std::uint16_t port,
                                                    net::Instant deadline) {
  net::ConnectResult result = co_await inner_.connect(std::move(host), port, deadline);
  result.stream = recorded(evidence_, world_, std::move(result.stream), connection_);
  co_return result;
}

}  // namespace startle::pcapng
