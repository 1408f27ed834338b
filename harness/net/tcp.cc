#include "harness/net/tcp.h"

#include <asio/ip/tcp.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <charconv>
#include <utility>

#include "harness/base/error.h"

namespace startle::net {
namespace {

using asio::ip::tcp;

asio::ip::address numeric(const std::string& text) {
  asio::error_code failed;
  const auto address = asio::ip::make_address(text, failed);
  if (failed) throw Error(Fault::usage, "`" + text + "` is not an IP address");
  return address;
}

std::string printed(const Endpoint& at) {
  const bool v6 = at.address.find(':') != std::string::npos;
  return (v6 ? "[" + at.address + "]" : at.address) + ":" + std::to_string(at.port);
}

class TcpStream final : public Stream {
 public:
  TcpStream(World& world, tcp::socket socket) : socket_(std::move(socket)), limit_(world, socket_) {
    asio::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
  }

  Task<IoResult> read_some(std::span<char> into) override {
    limit_.begin(deadline_);
    asio::error_code failed;
    const std::size_t count = co_await socket_.async_read_some(
        asio::buffer(into.data(), into.size()), asio::redirect_error(asio::use_awaitable, failed));
    limit_.stop();
    co_return result(failed, count);
  }

  Task<IoResult> write(std::string_view bytes) override {
    // The common case takes no turn of the event loop: the socket's buffer has room.
    asio::error_code failed;
    std::size_t done = socket_.write_some(asio::buffer(bytes), failed);
    if (failed == asio::error::would_block) failed = {};
    if (failed || done == bytes.size()) co_return result(failed, done);
    limit_.begin(deadline_);
    done += co_await asio::async_write(socket_, asio::buffer(bytes.substr(done)),
                                       asio::redirect_error(asio::use_awaitable, failed));
    limit_.stop();
    co_return result(failed, done);
  }

  void set_deadline(Instant deadline) override { deadline_ = deadline; }

  void close() override {
    asio::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  }

  void reset() override {
    asio::error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

 private:
  // Cancels what the socket is doing when the deadline comes.
  class Limit final : public Deadline {
   public:
    Limit(World& world, tcp::socket& socket) : Deadline(world), socket_(socket) {}
    void begin(Instant deadline) {
      reached_ = false;
      if (deadline != kNever) start(deadline);
    }
    bool reached() const { return reached_; }

   private:
    void expired() override {
      reached_ = true;
      asio::error_code ignored;
      socket_.cancel(ignored);
    }
    tcp::socket& socket_;
    bool reached_ = false;
  };

  IoResult result(const asio::error_code& failed, std::size_t count) const {
    if (!failed) return {.count = count};
    if (failed == asio::error::eof) return {.status = IoStatus::closed};
    return {.status = limit_.reached() ? IoStatus::timed_out : IoStatus::broken};
  }

  tcp::socket socket_;
  Limit limit_;
  Instant deadline_ = kNever;
};

}  // namespace

std::vector<Endpoint> parse_listen_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) {
    throw Error(Fault::usage, "`" + text + "` is not ADDRESS:PORT, for example 127.0.0.1:2525");
  }
  const std::string digits = text.substr(colon + 1);
  unsigned port = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failed != std::errc{} || end != digits.data() + digits.size() || port > 65535) {
    throw Error(Fault::usage, "`" + digits + "` in `" + text + "` is not a port (0-65535)");
  }
  std::string address = text.substr(0, colon);
  const auto number = static_cast<std::uint16_t>(port);
  if (address.empty())
    return {{.address = "127.0.0.1", .port = number}, {.address = "::1", .port = number}};
  if (address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  return {{.address = numeric(address).to_string(), .port = number}};
}

bool is_loopback(const std::string& address) {
  return numeric(address).is_loopback();
}

struct TcpListener::Socket {
  explicit Socket(asio::io_context& io) : acceptor(io) {}
  tcp::acceptor acceptor;
};

TcpListener::TcpListener(RealWorld& world, const Endpoint& at)
    : world_(world), socket_(std::make_unique<Socket>(world.io())) {
  const tcp::endpoint where(numeric(at.address), at.port);
  tcp::acceptor& acceptor = socket_->acceptor;
  asio::error_code failed;
  acceptor.open(where.protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed && where.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), failed);
  if (!failed) acceptor.bind(where, failed);
  if (!failed) acceptor.listen(tcp::acceptor::max_listen_connections, failed);
  if (!failed) return;
  if (failed == asio::error::address_in_use) {
    throw Error(Fault::system, printed(at) +
                                   " is in use: stop what listens there or take another " +
                                   "port (port 0 takes a free one)");
  }
  throw Error(Fault::system, "cannot listen on " + printed(at) + ": " + failed.message());
}

TcpListener::~TcpListener() = default;

Endpoint TcpListener::endpoint() const {
  const auto at = socket_->acceptor.local_endpoint();
  return {.address = at.address().to_string(), .port = at.port()};
}

Task<std::unique_ptr<Stream>> TcpListener::accept() {
  while (!std::exchange(interrupted_, false)) {
    asio::error_code failed;
    tcp::socket socket =
        co_await socket_->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failed));
    if (!failed) co_return std::make_unique<TcpStream>(world_, std::move(socket));
    // A connection that was reset before we took it is no reason to stop listening.
    if (failed != asio::error::connection_aborted) interrupted_ = true;
  }
  co_return nullptr;
}

void TcpListener::interrupt() {
  interrupted_ = true;
  asio::error_code ignored;
  socket_->acceptor.cancel(ignored);
}

Task<ConnectResult> FixedConnector::connect(std::string /*host*/, std::uint16_t /*port*/,
                                            Instant /*deadline*/) {
  tcp::socket socket(world_.io());
  asio::error_code failed;
  // The other end is this machine: a connect ends at once, one way or the other.
  socket.connect({numeric(to_.address), to_.port}, failed);
  if (failed) co_return ConnectResult{.why = printed(to_) + ": " + failed.message()};
  co_return ConnectResult{.stream = std::make_unique<TcpStream>(world_, std::move(socket))};
}

}  // namespace startle::net
