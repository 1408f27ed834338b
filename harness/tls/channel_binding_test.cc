// What a session binds to, against a GnuTLS peer that computes it by itself: tls-exporter inside
// TLS 1.3, tls-unique inside 1.2, nothing where neither is safe.

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

// A GnuTLS session of its own that negotiates what it is told to.
class Peer {
 public:
  Peer(net::Stream& stream, unsigned role, const char* priority) : stream_(stream) {
    gnutls_session_t raw = nullptr;
    check(gnutls_init(&raw, role | GNUTLS_NONBLOCK), "gnutls_init");
    session_.reset(raw);
    check(gnutls_priority_set_direct(raw, priority, nullptr), "gnutls_priority_set_direct");
    check(gnutls_credentials_set(raw, GNUTLS_CRD_CERTIFICATE, credentials_->get()), "credentials");
    gnutls_transport_set_ptr(raw, this);
    gnutls_transport_set_push_function(raw, push);
    gnutls_transport_set_pull_function(raw, pull);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  Task<void> shake_hands() {
    std::array<char, 4096> chunk{};
    int rc = gnutls_handshake(session_.get());
    while (true) {
      if (!out_.empty()) co_await stream_.write(std::exchange(out_, {}));
      if (rc == 0 || gnutls_error_is_fatal(rc) != 0) co_return;
      const net::IoResult got = co_await stream_.read_some(chunk);
      if (got.status != net::IoStatus::ok) co_return;
      in_.append(chunk.data(), got.count);
      rc = gnutls_handshake(session_.get());
    }
  }

  // RFC 9266, 2: 32 octets of the exporter, with an empty context.
  std::string exported() const {
    constexpr std::string_view kLabel = "EXPORTER-Channel-Binding";
    std::array<char, 32> made{};
    EXPECT_EQ(gnutls_prf_rfc5705(session_.get(), kLabel.size(), kLabel.data(), 0, "", made.size(),
                                 made.data()),
              0);
    return {made.data(), made.size()};
  }
  // RFC 5929, 3: the first Finished.
  std::string finished() const {
    gnutls_datum_t data{};
    EXPECT_EQ(gnutls_session_channel_binding(session_.get(), GNUTLS_CB_TLS_UNIQUE, &data), 0);
    std::string made(reinterpret_cast<const char*>(data.data), data.size);
    gnutls_free(data.data);
    return made;
  }

 private:
  static ssize_t push(gnutls_transport_ptr_t self, const void* from, size_t size) {
    static_cast<Peer*>(self)->out_.append(static_cast<const char*>(from), size);
    return static_cast<ssize_t>(size);
  }
  static ssize_t pull(gnutls_transport_ptr_t self, void* into, size_t size) {
    std::string& in = static_cast<Peer*>(self)->in_;
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

// The last flight travels with what is written first, here with nothing.
Task<void> shake(Session& session, HandshakeEnd& into) {
  const HandshakeResult result = co_await session.handshake();
  if (result.end == HandshakeEnd::established) co_await session.write("");
  into = result.end;
}

struct Row {
  const char* name;
  const char* priority;  // of the peer
  const char* type;      // "": nothing to bind to
  std::size_t octets;
};

TEST(ChannelBinding, IsWhatThePeerComputes) {
  for (const Row& row : {Row{"TLS 1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.3", "tls-exporter", 32},
                         {"TLS 1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.2", "tls-unique", 12},
                         // RFC 7677, 4
                         {"TLS 1.2 without the extended master secret",
                          "NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH", "", 0}}) {
    for (const unsigned role : {GNUTLS_CLIENT, GNUTLS_SERVER}) {
      SCOPED_TRACE(std::string(row.name) + (role == GNUTLS_CLIENT ? ", server" : ", client"));
      net::MemoryWorld world;
      const net::StreamPair wire = net::make_memory_pair(world);
      const auto session = role == GNUTLS_SERVER
                               ? Session::client(*wire.client, "smtp.example.test", nullptr)
                               : Session::server(*wire.server, credentials_for_test());
      Peer peer(role == GNUTLS_SERVER ? *wire.server : *wire.client, role, row.priority);
      session->set_deadline(60s);
      EXPECT_FALSE(session->channel_binding()) << "before the handshake";
      HandshakeEnd end = HandshakeEnd::broken;
      world.spawn(shake(*session, end));
      world.spawn(peer.shake_hands());
      EXPECT_TRUE(world.run());
      ASSERT_EQ(end, HandshakeEnd::established);
      const auto binding = session->channel_binding();
      EXPECT_EQ(binding ? binding->type : "", row.type);
      if (!binding) continue;
      EXPECT_EQ(binding->data.size(), row.octets);
      const bool exporter = binding->type == "tls-exporter";
      EXPECT_EQ(binding->data, exporter ? peer.exported() : peer.finished());
    }
  }
}

struct LimitRow {
  Versions versions;
  const char* version;
  const char* type;
};

TEST(ChannelBinding, AServerSpeaksWhatItIsLimitedTo) {
  for (const LimitRow& row : {LimitRow{Versions::all, "TLS1.3", "tls-exporter"},
                              {Versions::tls_1_2, "TLS1.2", "tls-unique"},
                              {Versions::tls_1_2_without_ems, "TLS1.2", ""}}) {
    SCOPED_TRACE(word(row.versions));
    net::MemoryWorld world;
    const net::StreamPair wire = net::make_memory_pair(world);
    const auto session =
        Session::server(*wire.server, credentials_for_test(), {.versions = row.versions});
    Peer peer(*wire.client, GNUTLS_CLIENT, "NORMAL");
    session->set_deadline(60s);
    HandshakeEnd end = HandshakeEnd::broken;
    world.spawn(shake(*session, end));
    world.spawn(peer.shake_hands());
    EXPECT_TRUE(world.run());
    ASSERT_EQ(end, HandshakeEnd::established);
    EXPECT_EQ(session->version(), row.version);
    const auto binding = session->channel_binding();
    EXPECT_EQ(binding ? binding->type : "", row.type);
  }
}

TEST(ChannelBinding, BothEndsHaveTheSameAndNoTwoSessions) {
  std::string last;
  for (int i = 0; i < 2; ++i) {
    net::MemoryWorld world;
    const net::StreamPair wire = net::make_memory_pair(world);
    const auto client = Session::client(*wire.client, "smtp.example.test", nullptr);
    const auto server = Session::server(*wire.server, credentials_for_test());
    HandshakeEnd at_client = HandshakeEnd::broken;
    HandshakeEnd at_server = HandshakeEnd::broken;
    world.spawn(shake(*client, at_client));
    world.spawn(shake(*server, at_server));
    EXPECT_TRUE(world.run());
    const auto one = client->channel_binding();
    const auto other = server->channel_binding();
    ASSERT_TRUE(one && other);
    EXPECT_EQ(one->type, other->type);
    EXPECT_EQ(one->data, other->data);
    EXPECT_NE(one->data, std::exchange(last, one->data));
  }
}

}  // namespace
}  // namespace startle::tls
