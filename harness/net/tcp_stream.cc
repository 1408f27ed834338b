#include "harness/net/tcp_stream.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cctype>
#include <utility>

#include "harness/net/tcp.h"

namespace startle::net {
namespace {

using asio::ip::tcp;

class TcpStream final : public Stream, private World::Reader {
 public:
  TcpStream(RealWorld& world, tcp::socket socket, bool acknowledges_at_once)
      : world_(world),
        socket_(std::move(socket)),
        arrived_(world),
        limit_(world, socket_),
        acknowledges_at_once_(acknowledges_at_once) {
    asio::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
  }
  ~TcpStream() override {
    world_.forget(*this);
    *self_ = nullptr;
  }

  std::optional<IoResult> read_now(std::span<char> into) override {
    if (taken_ == have_) {
      if (end_) return IoResult{.status = *end_};
      return std::nullopt;
    }
    const std::size_t count = std::min(into.size(), have_ - taken_);
    std::copy_n(received_.data() + taken_, count, into.data());
    taken_ += count;
    return IoResult{.count = count};
  }

  Task<bool> readable() override {
    if (taken_ < have_ || end_) return at_once(true);
    // Otherwise whom a peer without end keeps busy would never see that the time is over.
    if (world_.now() >= deadline_) return at_once(false);
    if (!unsent_.empty()) return written_and_readable();
    return wait_for_bytes();
  }

  std::optional<IoResult> write_now(std::string_view bytes) override {
    if (!unsent_.empty()) {
      unsent_ += bytes;
      return std::nullopt;
    }
    asio::error_code failed;
    const std::size_t done = socket_.write_some(asio::buffer(bytes), failed);
    acknowledge();
    world_.sent();
    if (failed && failed != asio::error::would_block) return IoResult{.status = IoStatus::broken};
    if (done == bytes.size()) return IoResult{.count = done};
    unsent_ = bytes.substr(done);
    return std::nullopt;
  }

  Task<IoResult> written() override {
    const std::string left = std::exchange(unsent_, "");
    std::size_t done = 0;
    while (done < left.size()) {
      asio::error_code failed;
      done += socket_.write_some(asio::buffer(left) + done, failed);
      acknowledge();
      world_.sent();
      if (failed && failed != asio::error::would_block)
        co_return IoResult{.status = IoStatus::broken};
      const IoStatus waited = failed ? co_await writable() : IoStatus::ok;
      if (waited != IoStatus::ok) co_return IoResult{.status = waited};
    }
    co_return IoResult{.count = done};
  }

  void set_deadline(Instant deadline) override { deadline_ = deadline; }

  void close() override {
    asio::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    world_.sent();
  }

  void reset() override {
    asio::error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
    if (waiting_) world_.forget(*this);
    ended(IoStatus::broken);
    world_.sent();
  }

  std::optional<Ends> ends() const {
    asio::error_code failed;
    const tcp::endpoint own = socket_.local_endpoint(failed);
    const tcp::endpoint peer = failed ? own : socket_.remote_endpoint(failed);
    if (failed) return std::nullopt;
    return Ends{{own.address().to_string(), own.port()}, {peer.address().to_string(), peer.port()}};
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

  using AcknowledgeNow = asio::detail::socket_option::boolean<IPPROTO_TCP, TCP_QUICKACK>;

  // The system forgets it behind each read, and with each write.
  void acknowledge() {
    asio::error_code ignored;
    if (acknowledges_at_once_) socket_.set_option(AcknowledgeNow(true), ignored);
  }

  static Task<bool> at_once(bool there) { co_return there; }

  Task<bool> written_and_readable() {
    const IoResult sent = co_await written();
    if (sent.status == IoStatus::timed_out) co_return false;
    // A peer that is gone may have said why: what it sent is read even when our write failed.
    co_return co_await wait_for_bytes();
  }

  // One operation, which the deadline finds: between those of asio::async_write there is none that
  // it could cancel.
  Task<IoStatus> writable() {
    if (world_.now() >= deadline_) co_return IoStatus::timed_out;
    limit_.begin(deadline_);
    asio::error_code failed;
    co_await socket_.async_wait(tcp::socket::wait_write,
                                asio::redirect_error(asio::use_awaitable, failed));
    limit_.stop();
    if (limit_.reached()) co_return IoStatus::timed_out;
    co_return failed ? IoStatus::broken : IoStatus::ok;
  }

  Task<bool> wait_for_bytes() {
    if (!std::exchange(waiting_, true)) world_.wait_for_bytes(*this);
    return arrived_.wait(deadline_);
  }

  bool try_now() override {
    asio::error_code failed;
    const std::size_t count = socket_.read_some(asio::buffer(received_), failed);
    if (failed == asio::error::would_block) return false;
    if (failed) {
      ended(failed == asio::error::eof ? IoStatus::closed : IoStatus::broken);
      return true;
    }
    acknowledge();
    have_ = count;
    taken_ = 0;
    waiting_ = false;
    arrived_.notify();
    return true;
  }

  void want_event() override {
    if (std::exchange(event_wanted_, true)) return;
    socket_.async_wait(tcp::socket::wait_read, [self = self_](const asio::error_code&) {
      if (*self != nullptr) (*self)->event();
    });
  }

  void event() {
    event_wanted_ = false;
    if (!waiting_) return;  // what came was read already
    if (try_now()) {
      world_.forget(*this);
    } else {
      want_event();  // woken without reason, or by a cancelled write
    }
  }

  void ended(IoStatus how) {
    if (!end_) end_ = how;
    waiting_ = false;
    arrived_.notify();
  }

  RealWorld& world_;
  tcp::socket socket_;
  Signal arrived_;
  Limit limit_;
  const bool acknowledges_at_once_;
  Instant deadline_ = kNever;
  // What a socket's event finds, which may come when the stream is gone.
  std::shared_ptr<TcpStream*> self_ = std::make_shared<TcpStream*>(this);
  bool waiting_ = false;
  bool event_wanted_ = false;
  std::optional<IoStatus> end_{};
  std::array<char, 4096> received_;  // NOLINT: filled by reads
  std::size_t have_ = 0;
  std::size_t taken_ = 0;
  std::string unsent_{};
};

}  // namespace

std::optional<Ends> ends_of(const Stream& stream) {
  const auto* tcp = dynamic_cast<const TcpStream*>(&stream);
  return tcp == nullptr ? std::nullopt : tcp->ends();
}

std::unique_ptr<Stream> make_tcp_stream(RealWorld& world, tcp::socket socket,
                                        bool acknowledges_at_once) {
  return std::make_unique<TcpStream>(world, std::move(socket), acknowledges_at_once);
}

std::string in_words(const asio::error_code& failure) {
  std::string words = failure.message();
  if (!words.empty())
    words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
  return words;
}

}  // namespace startle::net
