// Two sessions over a pair of streams in memory: what each end says of a handshake, of data and of
// the other end's alerts.

#include "harness/tls/session.h"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <vector>

#include "harness/net/memory.h"
#include "harness/tls/certificate_for_test.h"

namespace startle::tls {
namespace {

using namespace std::chrono_literals;
using net::IoStatus;
using net::Task;

// The last flight travels with what is written first, here with nothing.
Task<void> shake(Session& session, HandshakeResult& into) {
  const HandshakeResult result = co_await session.handshake();
  if (result.end == HandshakeEnd::established) co_await session.write("");
  into = result;
}

// A client and a server that have not spoken yet.
struct Both {
  explicit Both(Verifier verifier = nullptr, const std::string& name = "smtp.example.test")
      : client(Session::client(*wire.client, name, std::move(verifier))),
        server(Session::server(*wire.server, credentials_for_test())) {
    client->set_deadline(60s);
    server->set_deadline(60s);
  }
  bool shake_hands() {
    world.spawn(shake(*client, at_client));
    world.spawn(shake(*server, at_server));
    return world.run();
  }

  net::MemoryWorld world{};
  net::StreamPair wire = net::make_memory_pair(world);
  std::unique_ptr<Session> client;
  std::unique_ptr<Session> server;
  HandshakeResult at_client{.end = HandshakeEnd::broken, .text = "not run"};
  HandshakeResult at_server{.end = HandshakeEnd::broken, .text = "not run"};
};

TEST(Session, AHandshakeEstablishesTls13) {
  Both both;
  EXPECT_EQ(both.client->version(), "");
  EXPECT_FALSE(both.server->heard_anything());
  ASSERT_TRUE(both.shake_hands());
  for (const HandshakeResult* result : {&both.at_client, &both.at_server}) {
    EXPECT_EQ(result->end, HandshakeEnd::established);
    EXPECT_EQ(result->text, "");
  }
  for (const Session* session : {both.client.get(), both.server.get()}) {
    EXPECT_EQ(session->version(), "TLS1.3");
    EXPECT_TRUE(session->heard_anything());
    EXPECT_EQ(session->alert_sent(), "");
    EXPECT_EQ(session->alert_received(), "");
  }
}

struct AskRow {
  const char* name;
  bool asks;
  bool has;
  std::string shown;  // the common name of what the server is shown
};

TEST(Session, AServerThatAsksIsShownTheClientsCertificateAndDemandsNone) {
  const auto certificate = std::make_shared<const ClientCredentials>(
      std::vector<std::string>{self_signed({.common_name = "user"})}, key_for_test());
  for (const AskRow& row : {AskRow{"asked", true, true, "user"},
                            {"asked, and has none", true, false, ""},
                            {"not asked", false, true, ""}}) {
    SCOPED_TRACE(row.name);
    Both both;
    both.client = Session::client(*both.wire.client, "", nullptr, Strength::medium,
                                  row.has ? certificate : nullptr);
    both.server = Session::server(*both.wire.server, credentials_for_test(),
                                  {.asks_for_certificate = row.asks});
    ASSERT_TRUE(both.shake_hands());
    EXPECT_EQ(both.at_client.end, HandshakeEnd::established);
    EXPECT_EQ(both.at_server.end, HandshakeEnd::established);
    const PeerChain chain = both.server->peer_chain();
    EXPECT_EQ(chain.size(), row.shown.empty() ? 0U : 1U);
    if (!row.shown.empty()) {
      EXPECT_EQ(chain.common_name(), row.shown);
    }
    EXPECT_EQ(both.client->peer_chain().common_name(), "smtp.example.test");
  }
}

struct NameRow {
  const char* name;
  std::string given;
  std::string asked_for;
};

TEST(Session, TheServerLearnsTheNameThatTheClientIsToldToReach) {
  for (const NameRow& row :
       {NameRow{"a host", "smtp.example.test", "smtp.example.test"},
        {"none", "", ""},
        {"an IPv4 address is no name (RFC 6066, 3)", "127.0.0.1", ""},
        {"an IPv6 address is no name", "::1", ""},
        {"no final dot (RFC 6066, 3)", "smtp.example.test.", "smtp.example.test"}}) {
    SCOPED_TRACE(row.name);
    Both both(nullptr, row.given);
    ASSERT_TRUE(both.shake_hands());
    EXPECT_EQ(both.at_client.end, HandshakeEnd::established);
    EXPECT_EQ(both.server->server_name(), row.asked_for);
  }
}

Task<void> send(Session& session, std::string bytes, net::IoResult& into) {
  into = co_await session.write(bytes);
}

Task<void> receive(Session& session, std::size_t size, std::string& into) {
  std::array<char, 5000> chunk{};
  while (into.size() < size) {
    const net::IoResult got = co_await session.read_some(chunk);
    if (got.status != IoStatus::ok) break;
    into.append(chunk.data(), got.count);
  }
}

TEST(Session, CarriesDataBothWaysWhateverItsSize) {
  Both both;
  ASSERT_TRUE(both.shake_hands());
  // 16384 is the most one record holds (RFC 8446, 5.1).
  for (const std::size_t size : {1U, 16384U, 16385U, 100000U}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 256);
    const std::array<std::pair<Session*, Session*>, 2> ways{
        {{both.client.get(), both.server.get()}, {both.server.get(), both.client.get()}}};
    for (const auto& [from, to] : ways) {
      net::IoResult sent{.status = IoStatus::broken};
      std::string got;
      both.world.spawn(send(*from, bytes, sent));
      both.world.spawn(receive(*to, size, got));
      ASSERT_TRUE(both.world.run());
      EXPECT_EQ(sent.status, IoStatus::ok);
      EXPECT_EQ(sent.count, size);
      EXPECT_TRUE(got == bytes) << size << " bytes, and " << got.size() << " came";
    }
  }
}

struct AlertRow {
  Alert alert;
  const char* name;
};

TEST(Session, TheServerSeesTheVeryAlertThatTheVerifierChose) {
  for (const AlertRow& row : {AlertRow{Alert::bad_certificate, "bad_certificate"},
                              {Alert::unsupported_certificate, "unsupported_certificate"},
                              {Alert::certificate_revoked, "certificate_revoked"},
                              {Alert::certificate_expired, "certificate_expired"},
                              {Alert::certificate_unknown, "certificate_unknown"},
                              {Alert::unknown_ca, "unknown_ca"},
                              {Alert::access_denied, "access_denied"},
                              {Alert::internal_error, "internal_error"}}) {
    SCOPED_TRACE(row.name);
    Both both([&](const PeerChain&) { return row.alert; });
    ASSERT_TRUE(both.shake_hands());
    EXPECT_EQ(both.at_client.end, HandshakeEnd::refused);
    EXPECT_EQ(both.client->alert_sent(), row.name);
    EXPECT_EQ(both.client->version(), "");
    EXPECT_EQ(both.at_server.end, HandshakeEnd::alert_received);
    EXPECT_EQ(both.at_server.text, std::string("the peer sent the alert ") + row.name);
    EXPECT_EQ(both.server->alert_received(), row.name);
  }
}

TEST(Session, TheVerifierSeesWhatTheServerShows) {
  std::string name;
  Both both([&](const PeerChain& chain) -> std::optional<Alert> {
    name = chain.common_name() + " of " + std::to_string(chain.size());
    return std::nullopt;
  });
  ASSERT_TRUE(both.shake_hands());
  EXPECT_EQ(both.at_client.end, HandshakeEnd::established);
  EXPECT_EQ(name, "smtp.example.test of 1");
}

TEST(Session, AnExceptionOfTheVerifierSurfacesAboveGnutls) {
  Both both([](const PeerChain&) -> std::optional<Alert> { throw std::out_of_range("boom"); });
  try {
    both.shake_hands();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::out_of_range& e) {
    EXPECT_STREQ(e.what(), "boom");
  }
  EXPECT_EQ(both.client->version(), "");
}

Task<void> read_end(Session& session, net::IoResult& into) {
  std::array<char, 16> chunk{};
  into = co_await session.read_some(chunk);
}

Task<void> say_goodbye(Session& session) {
  co_await session.close_notify();
}

TEST(Session, CloseNotifyIsToldApartFromAMereClose) {
  for (const bool notifies : {true, false}) {
    Both both;
    ASSERT_TRUE(both.shake_hands());
    net::IoResult got{};
    if (notifies) both.world.spawn(say_goodbye(*both.client));
    both.world.spawn(read_end(*both.server, got));
    if (!notifies) both.client->close();
    ASSERT_TRUE(both.world.run());
    EXPECT_EQ(got.status, IoStatus::closed);
    EXPECT_EQ(both.client->alert_sent(), notifies ? "close_notify" : "");
    EXPECT_EQ(both.server->alert_received(), notifies ? "close_notify" : "");
  }
}

TEST(Session, LibraryVersionNamesGnutls) {
  EXPECT_EQ(library_version(), std::string("GnuTLS ") + gnutls_check_version(nullptr));
}

}  // namespace
}  // namespace startle::tls
