// A client that asks by SNI for what is no host name is shown the certificate all the same.
// GnuTLS's own client stands in for those that do.

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "harness/net/memory.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/client_hello.h"
#include "harness/tls/session.h"

namespace startle::tls {
namespace {

using namespace std::chrono_literals;

class Client {
 public:
  Client(const std::string& name, const char* priority) {
    gnutls_init(&session_, GNUTLS_CLIENT | GNUTLS_NONBLOCK);
    gnutls_priority_set_direct(session_, priority, nullptr);
    gnutls_certificate_allocate_credentials(&credentials_);
    gnutls_credentials_set(session_, GNUTLS_CRD_CERTIFICATE, credentials_);
    gnutls_server_name_set(session_, GNUTLS_NAME_DNS, name.data(), name.size());
    gnutls_transport_set_ptr(session_, this);
    gnutls_transport_set_push_function(session_, push);
    gnutls_transport_set_pull_function(session_, pull);
  }
  ~Client() {
    gnutls_deinit(session_);
    gnutls_certificate_free_credentials(credentials_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  int shake() { return gnutls_handshake(session_); }
  std::string said{};
  std::string heard{};

 private:
  static ssize_t push(gnutls_transport_ptr_t self, const void* from, size_t size) {
    static_cast<Client*>(self)->said.append(static_cast<const char*>(from), size);
    return static_cast<ssize_t>(size);
  }
  static ssize_t pull(gnutls_transport_ptr_t self, void* into, size_t size) {
    Client& client = *static_cast<Client*>(self);
    const std::size_t count = client.heard.copy(static_cast<char*>(into), size);
    client.heard.erase(0, count);
    if (count > 0) return static_cast<ssize_t>(count);
    gnutls_transport_set_errno(client.session_, EAGAIN);
    return -1;
  }

  gnutls_session_t session_ = nullptr;
  gnutls_certificate_credentials_t credentials_ = nullptr;
};

net::Task<void> shake(Session& session, HandshakeResult& into) {
  into = co_await session.handshake();
  co_await session.write("");  // the last flight
}

void expect_handshake(const std::string& name, const char* priority) {
  SCOPED_TRACE(name + " " + priority);
  net::MemoryWorld world;
  net::StreamPair wire = net::make_memory_pair(world);
  const auto session = Session::server(*wire.server, credentials_for_test());
  session->set_deadline(60s);
  HandshakeResult result{.end = HandshakeEnd::broken};
  world.spawn(shake(*session, result));
  Client client(name, priority);
  int status = GNUTLS_E_AGAIN;
  for (int turn = 0; turn < 10 && status == GNUTLS_E_AGAIN; ++turn) {
    status = client.shake();
    if (!client.said.empty()) wire.client->write_now(std::exchange(client.said, ""));
    world.run(1s);
    std::array<char, 4096> chunk{};
    while (const auto got = wire.client->read_now(chunk)) {
      if (got->status != net::IoStatus::ok) break;
      client.heard.append(chunk.data(), got->count);
    }
  }
  EXPECT_EQ(status, GNUTLS_E_SUCCESS) << gnutls_strerror(status);
  EXPECT_EQ(result.end, HandshakeEnd::established) << result.text;
  EXPECT_EQ(session->server_name(), name);
}

// found in keycloak issue 13251 and osixia/container-openldap issue 383: names of compose services.
TEST(OddServerName, IsPassedOverAndKept) {
  for (const char* priority :
       {"NORMAL", "NORMAL:-VERS-TLS1.3", "NORMAL:-GROUP-ALL:+GROUP-FFDHE8192:+GROUP-SECP256R1"}) {
    for (const std::string& name :
         {std::string("openldap_1"), std::string("${smtp.host}"), std::string("a b"),
          std::string("*.example.test"), std::string("-bad.example.test"), std::string("127.1"),
          std::string(250, '_'), std::string("smtp.example.test")}) {
      expect_handshake(name, priority);
    }
  }
}

TEST(ClientHello, ServerNameIsFoundOrAbsentButNeverBeyondTheEnd) {
  const std::string head(34, 'r');
  const std::string body = head + std::string("\0\0\2\x13\1\1\0", 7) +
                           std::string("\0\x0f\0\x17\0\0\0\0\0\x07\0\5\0\0\2a_", 17);
  EXPECT_EQ(server_name_in(body), "a_");
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_EQ(server_name_in(std::string_view(body).substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(server_name_in(head + std::string("\0\0\2\x13\1\1\0\0\0", 9)), std::nullopt);
}

TEST(ClientHello, AnExtensionIsFoundByItsType) {
  const std::string body = std::string(34, 'r') + std::string("\0\0\2\x13\1\1\0", 7) +
                           std::string("\0\x0a\0\x17\0\0\0\5\0\2ab", 12);
  constexpr std::uint16_t kExtendedMasterSecret = 23;
  constexpr std::uint16_t kStatusRequest = 5;
  EXPECT_EQ(extension_in(body, kExtendedMasterSecret), "");
  EXPECT_EQ(extension_in(body, kStatusRequest), "ab");
  EXPECT_EQ(extension_in(body, 0x0500), std::nullopt);
  EXPECT_EQ(extension_in(body.substr(0, body.size() - 1), kStatusRequest), std::nullopt);
}

TEST(ClientHello, SaysWhetherTheClientAsksForAStaple) {
  // GnuTLS 3.7 asks, whether or not it is told to: who asks for nothing is no client of ours.
  for (const bool told : {false, true}) {
    net::MemoryWorld world;
    net::StreamPair wire = net::make_memory_pair(world);
    const auto server = Session::server(*wire.server, credentials_for_test());
    const auto client = Session::client(*wire.client, "smtp.example.test", nullptr,
                                        Strength::medium, nullptr, told);
    server->set_deadline(60s);
    client->set_deadline(60s);
    HandshakeResult of_server{.end = HandshakeEnd::broken};
    HandshakeResult of_client = of_server;
    world.spawn(shake(*server, of_server));
    world.spawn(shake(*client, of_client));
    world.run(60s);
    EXPECT_EQ(of_server.end, HandshakeEnd::established) << of_server.text;
    EXPECT_TRUE(server->is_asked_for_staple());
  }
}

}  // namespace
}  // namespace startle::tls
