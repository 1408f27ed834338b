// Sessions whose peer speaks no TLS, too old a TLS, or stops speaking.

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <utility>

#include "harness/net/memory.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/session.h"

namespace startle::tls {
namespace {

using namespace std::chrono_literals;
using net::Task;

Task<void> shake(Session& session, HandshakeResult& into) {
  into = co_await session.handshake();
}

enum class Side { client, server };

// One session; the test is its peer.
struct Alone {
  explicit Alone(Side side)
      : own(side == Side::client ? *wire.client : *wire.server),
        peer(side == Side::client ? *wire.server : *wire.client),
        session(side == Side::client ? Session::client(own, "smtp.example.test", nullptr)
                                     : Session::server(own, credentials_for_test())) {
    session->set_deadline(60s);
  }
  HandshakeResult shake_hands() {
    HandshakeResult result;
    world.spawn(shake(*session, result));
    EXPECT_TRUE(world.run());
    return result;
  }
  void hears(std::string_view bytes) { world.spawn(send(peer, std::string(bytes))); }

  static Task<void> send(net::Stream& stream, std::string bytes) { co_await stream.write(bytes); }

  net::MemoryWorld world{};
  net::StreamPair wire = net::make_memory_pair(world);
  net::Stream& own;
  net::Stream& peer;
  std::unique_ptr<Session> session;
};

TEST(SessionPeer, PlainTextIsNoTlsAndIsKept) {
  Alone client(Side::client);
  client.hears("250 2.0.0 injected\r\n");
  const HandshakeResult result = client.shake_hands();
  EXPECT_EQ(result.end, HandshakeEnd::not_tls);
  EXPECT_EQ(result.text, "the peer sent plain text where a TLS handshake belongs");
  EXPECT_EQ(client.session->plain_text(), "250 2.0.0 injected\r\n");
  EXPECT_EQ(client.session->alert_sent(), "unexpected_message");
}

TEST(SessionPeer, AServerAnswersPlainTextWithNothing) {
  Alone server(Side::server);
  server.hears("EHLO client.example.test\r\n");
  EXPECT_EQ(server.shake_hands().end, HandshakeEnd::not_tls);
  EXPECT_EQ(server.session->plain_text(), "EHLO client.example.test\r\n");
  EXPECT_EQ(server.session->alert_sent(), "");
}

struct EndRow {
  const char* name;
  void (*peer_does)(net::Stream& peer);
  HandshakeEnd end;
  const char* text;
  net::Instant took;
};

TEST(SessionPeer, ClosingStallingAndResettingAreThreeEnds) {
  for (const EndRow& row :
       {EndRow{"closes", [](net::Stream& peer) { peer.close(); }, HandshakeEnd::closed,
               "the connection was closed during the handshake", 0s},
        EndRow{"stalls", [](net::Stream&) {}, HandshakeEnd::timed_out,
               "the handshake did not end in time", 60s},
        EndRow{"resets", [](net::Stream& peer) { peer.reset(); }, HandshakeEnd::broken,
               "the connection was reset during the handshake", 0s}}) {
    for (const Side side : {Side::client, Side::server}) {
      SCOPED_TRACE(std::string(row.name) + (side == Side::client ? ", client" : ", server"));
      Alone alone(side);
      row.peer_does(alone.peer);
      const HandshakeResult result = alone.shake_hands();
      EXPECT_EQ(result.end, row.end);
      EXPECT_EQ(result.text, row.text);
      EXPECT_EQ(alone.world.now(), row.took);
      EXPECT_FALSE(alone.session->heard_anything());
      EXPECT_EQ(alone.session->version(), "");
    }
  }
}

TEST(SessionPeer, APeerThatTricklesDoesNotMoveTheDeadline) {
  Alone server(Side::server);
  // The header of a record of 512 bytes, then its body byte by byte, one a second.
  server.world.spawn([](net::World& world, net::Stream& peer) -> Task<void> {
    co_await peer.write(std::string_view("\x16\x03\x01\x02\x00\x01", 6));
    for (int i = 1; i < 500; ++i) {
      co_await world.sleep_until(std::chrono::seconds(i));
      const net::IoResult sent = co_await peer.write("\x01");
      if (sent.status != net::IoStatus::ok) break;
    }
  }(server.world, server.peer));
  HandshakeResult result;
  server.world.spawn(shake(*server.session, result));
  server.world.run(200s);
  EXPECT_EQ(result.end, HandshakeEnd::timed_out);
}

struct RecordRow {
  const char* name;
  std::string bytes;
  HandshakeEnd end;
  const char* alert_sent;
  const char* alert_received;
};

TEST(SessionPeer, RecordsThatAreNoHandshake) {
  using namespace std::string_literals;
  for (const RecordRow& row :
       {RecordRow{"an alert in clear", "\x15\x03\x03\x00\x02\x02\x28"s,
                  HandshakeEnd::alert_received, "", "handshake_failure"},
        RecordRow{"a handshake message of no known type", "\x16\x03\x01\x00\x04\x63\x00\x00\x00"s,
                  HandshakeEnd::failed, "unexpected_message", ""},
        RecordRow{"a record longer than any may be", "\x16\x03\x01\xff\xff"s, HandshakeEnd::failed,
                  "record_overflow", ""}}) {
    SCOPED_TRACE(row.name);
    Alone server(Side::server);
    server.hears(row.bytes);
    const HandshakeResult result = server.shake_hands();
    EXPECT_EQ(result.end, row.end) << result.text;
    EXPECT_NE(result.text, "");
    EXPECT_EQ(server.session->alert_sent(), row.alert_sent);
    EXPECT_EQ(server.session->alert_received(), row.alert_received);
    EXPECT_TRUE(server.session->heard_anything());
  }
}

// What a client that offers no more than `priority` says first.
std::string client_hello(const char* priority) {
  gnutls_session_t raw = nullptr;
  check(gnutls_init(&raw, GNUTLS_CLIENT | GNUTLS_NONBLOCK), "gnutls_init");
  const SessionHandle session(raw);
  check(gnutls_priority_set_direct(raw, priority, nullptr), "gnutls_priority_set_direct");
  std::string hello;
  gnutls_transport_set_ptr(raw, &hello);
  gnutls_transport_set_push_function(
      raw, [](gnutls_transport_ptr_t into, const void* from, size_t size) -> ssize_t {
        static_cast<std::string*>(into)->append(static_cast<const char*>(from), size);
        return static_cast<ssize_t>(size);
      });
  gnutls_transport_set_pull_function(raw, [](gnutls_transport_ptr_t, void*, size_t) -> ssize_t {
    errno = EAGAIN;
    return -1;
  });
  gnutls_handshake(raw);
  return hello;
}

TEST(SessionPeer, VersionsBelow12AreRefused) {
  Alone server(Side::server);
  server.hears(client_hello("NORMAL:-VERS-ALL:+VERS-TLS1.1"));
  EXPECT_EQ(server.shake_hands().end, HandshakeEnd::failed);
  EXPECT_EQ(server.session->alert_sent(), "protocol_version");
}

// A GnuTLS server of its own, which does what ours never does: changes its keys.
class OtherServer {
 public:
  explicit OtherServer(net::Stream& stream) : stream_(stream) {
    gnutls_session_t raw = nullptr;
    check(gnutls_init(&raw, GNUTLS_SERVER | GNUTLS_NONBLOCK), "gnutls_init");
    session_.reset(raw);
    check(gnutls_set_default_priority(raw), "gnutls_set_default_priority");
    check(gnutls_credentials_set(raw, GNUTLS_CRD_CERTIFICATE, credentials_->get()), "credentials");
    gnutls_transport_set_ptr(raw, this);
    gnutls_transport_set_push_function(raw, push);
    gnutls_transport_set_pull_function(raw, pull);
    gnutls_transport_set_pull_timeout_function(
        raw, [](gnutls_transport_ptr_t, unsigned) -> int { return 1; });
  }
  OtherServer(const OtherServer&) = delete;
  OtherServer& operator=(const OtherServer&) = delete;

  // Shakes hands; then a KeyUpdate (RFC 8446, 4.6.3) and `bytes`, each a record of its own, go in
  // one segment.
  Task<void> say(std::string bytes) {
    std::array<char, 4096> chunk{};
    for (int rc = gnutls_handshake(session_.get()); rc != 0;
         rc = gnutls_handshake(session_.get())) {
      if (gnutls_error_is_fatal(rc) != 0) co_return;
      if (!out_.empty()) co_await stream_.write(std::exchange(out_, {}));
      const net::IoResult got = co_await stream_.read_some(chunk);
      if (got.status != net::IoStatus::ok) co_return;
      in_.append(chunk.data(), got.count);
    }
    EXPECT_EQ(gnutls_session_key_update(session_.get(), GNUTLS_KU_PEER), 0);
    gnutls_record_send(session_.get(), bytes.data(), bytes.size());
    co_await stream_.write(out_);
  }

 private:
  static ssize_t push(gnutls_transport_ptr_t self, const void* from, size_t size) {
    static_cast<OtherServer*>(self)->out_.append(static_cast<const char*>(from), size);
    return static_cast<ssize_t>(size);
  }
  static ssize_t pull(gnutls_transport_ptr_t self, void* into, size_t size) {
    std::string& in = static_cast<OtherServer*>(self)->in_;
    if (in.empty()) {
      errno = EAGAIN;
      return -1;
    }
    const std::size_t count = in.copy(static_cast<char*>(into), size);
    in.erase(0, count);
    return static_cast<ssize_t>(count);
  }

  net::Stream& stream_;
  std::shared_ptr<const ServerCredentials> credentials_ = credentials_for_test();
  SessionHandle session_{};
  std::string in_{};
  std::string out_{};
};

Task<void> shake_and_read(Session& session, std::string& into, net::IoStatus& status) {
  const HandshakeResult result = co_await session.handshake();
  EXPECT_EQ(result.end, HandshakeEnd::established) << result.text;
  std::array<char, 64> chunk{};
  const net::IoResult got = co_await session.read_some(chunk);
  status = got.status;
  into.assign(chunk.data(), got.count);
}

TEST(SessionPeer, WhatComesInOneSegmentWithAKeyUpdateIsRead) {
  Alone client(Side::client);
  OtherServer server(client.peer);
  std::string read;
  net::IoStatus status = net::IoStatus::broken;
  client.world.spawn(shake_and_read(*client.session, read, status));
  client.world.spawn(server.say("250 hello\r\n"));
  EXPECT_TRUE(client.world.run());
  EXPECT_EQ(status, net::IoStatus::ok);
  EXPECT_EQ(read, "250 hello\r\n");
}

}  // namespace
}  // namespace startle::tls
