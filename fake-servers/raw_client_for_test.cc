#include "fake-servers/raw_client_for_test.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "fake-servers/chain_for_test.h"
#include "harness/base/bytes.h"
#include "harness/tls/session.h"
#include "harness/wire/printable.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using net::IoStatus;
using net::Task;

// How long a server may be silent before the client speaks again.
constexpr net::Instant kPatience = 1min;

class RawClient {
 public:
  RawClient(net::World& world, net::Stream& clear, std::string& transcript)
      : world_(world), clear_(clear), stream_(&clear), transcript_(transcript) {}

  Task<void> run(std::vector<std::string> says) {
    bool open = co_await listen();
    for (const std::string& what : says) {
      if (!open) break;
      if (what == kLeave) break;
      if (what == kHandshake) {
        open = co_await shake_hands();
      } else {
        note("C: ", what);
        co_await stream_->write(what);
        open = co_await listen();
      }
    }
    if (open && session_) co_await session_->close_notify();
    clear_.close();
  }

 private:
  Task<bool> listen() {
    std::string heard;
    std::array<char, 4096> chunk{};
    IoStatus status = IoStatus::ok;
    while (status == IoStatus::ok) {
      stream_->set_deadline(world_.now() + kPatience);
      const net::IoResult got = co_await stream_->read_some(chunk);
      status = got.status;
      heard.append(chunk.data(), got.count);
    }
    if (!heard.empty()) note("S: ", heard);
    if (status == IoStatus::closed) transcript_ += "S: (closes)\n";
    if (status == IoStatus::broken) transcript_ += "S: (resets)\n";
    co_return status == IoStatus::timed_out;
  }

  Task<bool> shake_hands() {
    session_ = tls::Session::client(clear_, certs::kTestHost, nullptr);
    clear_.set_deadline(world_.now() + kPatience);
    const tls::HandshakeResult result = co_await session_->handshake();
    transcript_ += "C: " + kHandshake + (result.text.empty() ? "" : ": " + result.text) + "\n";
    stream_ = session_.get();
    if (result.end != tls::HandshakeEnd::established) co_return false;
    co_await session_->write("");  // the last flight
    co_return true;
  }

  void note(const std::string& who, std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = std::min(bytes.find("\r\n"), bytes.size());
      const bool whole = end < bytes.size();
      std::string line = wire::printable(bytes.substr(0, end));
      if (line.size() > 100) line = std::to_string(line.size()) + " characters";
      transcript_ += who + line + (whole ? "\n" : " (no CRLF)\n");
      bytes.remove_prefix(std::min(end + 2, bytes.size()));
    }
  }

  net::World& world_;
  net::Stream& clear_;
  net::Stream* stream_;
  std::unique_ptr<tls::Session> session_{};
  std::string& transcript_;
};

}  // namespace

Talk talk(SmtpServer server, const std::vector<std::string>& says) {
  Talk result;
  net::MemoryWorld world;
  net::StreamPair pair = net::make_memory_pair(world);
  RawClient client(world, *pair.client, result.transcript);
  world.spawn(serve_smtp(world, std::move(pair.server), server, result.seen));
  world.spawn(client.run(says));
  EXPECT_TRUE(world.run(24h)) << "somebody waits for ever:\n" << result.transcript;
  return result;
}

SmtpServer server_for_test(Script script) {
  return {.name = certs::kTestHost,
          .script = std::move(script),
          .credentials = chain_called("valid").server,
          .users = {{.name = kUser, .password = kCanary, .senders = {kSender}}},
          .secret = kCanary};
}

std::string auth_plain(const std::string& user, const std::string& password) {
  return "AUTH PLAIN " + to_base64(std::string(1, '\0') + user + std::string(1, '\0') + password);
}

}  // namespace startle::fake
