#include "harness/net/tcp.h"

#include <asio/ip/tcp.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <utility>

#include "harness/base/error.h"
#include "harness/net/tcp_stream.h"

namespace startle::net {
namespace {

using asio::ip::tcp;

asio::ip::address numeric(const std::string& text) {
  asio::error_code failed;
  const auto address = asio::ip::make_address(text, failed);
  if (failed) {
    throw Error(Fault::usage,
                "`" + text + "` is not an IP address: write one in numbers, for example 127.0.0.1");
  }
  return address;
}

// What was meant by a number alone.
std::string with_address(const std::string& text) {
  constexpr std::size_t kDigits = 5;
  const bool number = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (number && text.size() <= kDigits && std::stoul(text) <= UINT16_MAX)
    return "127.0.0.1:" + text;
  return std::string("one, for example 127.0.0.1:2525") + (number ? " (ports go to 65535)" : "");
}

std::string printed(const Endpoint& at) {
  return host_and_port(at.address, at.port);
}

}  // namespace

std::vector<Endpoint> parse_listen_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) {
    throw Error(Fault::usage, "`" + text + "` is not ADDRESS:PORT: write " + with_address(text));
  }
  const std::string digits = text.substr(colon + 1);
  unsigned port = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failed != std::errc{} || end != digits.data() + digits.size() || port > 65535) {
    throw Error(Fault::usage,
                "`" + digits + "` in `" + text + "` is not a port: write one from 0 to 65535");
  }
  std::string address = text.substr(0, colon);
  const auto number = static_cast<std::uint16_t>(port);
  if (address.empty())
    return {{.address = "127.0.0.1", .port = number}, {.address = "::1", .port = number}};
  if (address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  if (address == "localhost") {
    throw Error(Fault::usage, "`" + text + "` states no IP address: write 127.0.0.1:" + digits);
  }
  return {{.address = numeric(address).to_string(), .port = number}};
}

bool is_loopback(const std::string& address) {
  return numeric(address).is_loopback();
}

PortInUse::PortInUse(const Endpoint& at)
    : Error(Fault::system, printed(at) +
                               " is in use: stop what listens there or take another port (port 0 "
                               "takes a free one)") {}

struct TcpListener::Socket {
  explicit Socket(asio::io_context& io) : acceptor(io) {}
  tcp::acceptor acceptor;
};

TcpListener::TcpListener(RealWorld& world, const Endpoint& at, Sharing sharing)
    : world_(world), socket_(std::make_unique<Socket>(world.io())), retry_(world) {
  const tcp::endpoint where(numeric(at.address), at.port);
  tcp::acceptor& acceptor = socket_->acceptor;
  asio::error_code failed;
  acceptor.open(where.protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed && sharing == Sharing::shared) {
    using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    acceptor.set_option(ReusePort(true), failed);
  }
  if (!failed && where.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), failed);
  if (!failed) acceptor.bind(where, failed);
  if (!failed) acceptor.listen(tcp::acceptor::max_listen_connections, failed);
  if (!failed) acceptor.non_blocking(true, failed);
  // Otherwise asio blocks behind a connection that was aborted until there is another.
  if (!failed) acceptor.set_option(asio::socket_base::enable_connection_aborted(true), failed);
  if (!failed) return;
  if (failed == asio::error::address_in_use) throw PortInUse(at);
  throw Error(Fault::system, "cannot listen on " + printed(at) + ": " + failed.message());
}

TcpListener::~TcpListener() = default;

Endpoint TcpListener::endpoint() const {
  const auto at = socket_->acceptor.local_endpoint();
  return {.address = at.address().to_string(), .port = at.port()};
}

Task<std::unique_ptr<Stream>> TcpListener::accept() {
  const std::function<RealWorld&()> ours = [this]() -> RealWorld& { return world_; };
  co_return co_await accept_for(ours);
}

Task<std::unique_ptr<Stream>> TcpListener::accept_for(const std::function<RealWorld&()>& whose) {
  while (true) {
    asio::error_code failed;
    if (interrupted_ && finishing_) {
      RealWorld& its_world = whose();
      tcp::socket arrived(its_world.io());
      socket_->acceptor.accept(arrived, failed);
      if (!failed) {
        co_return make_tcp_stream(its_world, std::move(arrived), acknowledges_at_once_);
      }
    }
    if (std::exchange(interrupted_, false)) break;
    co_await socket_->acceptor.async_wait(tcp::acceptor::wait_read,
                                          asio::redirect_error(asio::use_awaitable, failed));
    if (failed == asio::error::operation_aborted) continue;
    RealWorld& its_world = whose();
    tcp::socket socket(its_world.io());
    if (!failed) socket_->acceptor.accept(socket, failed);
    if (!failed) {
      co_return make_tcp_stream(its_world, std::move(socket), acknowledges_at_once_);
    }
    co_await recover(failed.value());
  }
  finishing_ = false;
  co_return nullptr;
}

void TcpListener::on_trouble(std::function<void(const std::string& sentence)> tell) {
  tell_ = std::move(tell);
  told_.clear();
}

Task<void> TcpListener::recover(int failure) {
  constexpr auto kPause = std::chrono::milliseconds(50);
  const bool gone = failure == ECONNABORTED || failure == EAGAIN || failure == EINTR;
  if (gone || interrupted_) co_return;
  tell(failure);
  co_await retry_.wait(world_.now() + kPause);
}

void TcpListener::tell(int failure) {
  constexpr auto kSeldom = std::chrono::minutes(1);
  const Instant now = world_.now();
  const auto told = told_.find(failure);
  if (!tell_ || (told != told_.end() && now - told->second < kSeldom)) return;
  told_[failure] = now;
  std::string sentence = "cannot accept a connection at " + printed(endpoint()) + ": " +
                         in_words({failure, asio::error::get_system_category()});
  if (failure == EMFILE) {
    sentence += "; clients wait until another connection ends (`ulimit -n` is the limit)";
  } else if (failure == ENFILE || failure == ENOBUFS || failure == ENOMEM) {
    sentence += "; clients wait until this machine has some again";
  }
  tell_(sentence);
}

void TcpListener::finish() {
  finishing_ = true;
  interrupt();
}

void TcpListener::interrupt() {
  interrupted_ = true;
  retry_.notify();
  asio::error_code ignored;
  socket_->acceptor.cancel(ignored);
}

void TcpListener::close() {
  asio::error_code ignored;
  socket_->acceptor.close(ignored);
}

Task<ConnectResult> FixedConnector::connect(std::string /*host*/, std::uint16_t /*port*/,
                                            Instant /*deadline*/) {
  tcp::socket socket(world_.io());
  ConnectResult result;
  Attempt& attempt = result.attempts.emplace_back(Attempt{.to = to_, .began = world_.now()});
  asio::error_code failed;
  // The other end is this machine: a connect ends at once, one way or the other.
  socket.connect({numeric(to_.address), to_.port}, failed);
  attempt.ended = world_.now();
  if (failed) {
    attempt.end = AttemptEnd::failed;
    attempt.why = in_words(failed);
    result.failed = ConnectStep::connect;
    result.why = printed(to_) + ": " + attempt.why;
    co_return result;
  }
  attempt.end = AttemptEnd::connected;
  result.stream = make_tcp_stream(world_, std::move(socket));
  co_return result;
}

}  // namespace startle::net
