// What goes over the wire when a chain is served: the certificates byte for byte, read or not, and
// the staple. The client is GnuTLS itself, which tells of the message before it parses it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "certs/catalogue_for_test.h"
#include "certs/der.h"
#include "certs/mint.h"
#include "harness/tls/priority.h"

namespace startle::certs {
namespace {

// One direction of a connection in memory.
struct Pipe {
  std::string bytes{};
};

struct End {
  Pipe* in = nullptr;
  Pipe* out = nullptr;
  std::string certificate_message{};  // what the peer showed

  static ssize_t pull(gnutls_transport_ptr_t self, void* into, size_t size) {
    End& end = *static_cast<End*>(self);
    if (end.in->bytes.empty()) {
      errno = EAGAIN;
      return -1;
    }
    const std::size_t count = std::min(size, end.in->bytes.size());
    std::memcpy(into, end.in->bytes.data(), count);
    end.in->bytes.erase(0, count);
    return static_cast<ssize_t>(count);
  }
  static ssize_t push(gnutls_transport_ptr_t self, const void* from, size_t size) {
    static_cast<End*>(self)->out->bytes.append(static_cast<const char*>(from), size);
    return static_cast<ssize_t>(size);
  }
  static int hook(gnutls_session_t session, unsigned type, unsigned /*when*/, unsigned incoming,
                  const gnutls_datum_t* message) {
    if (incoming != 0 &&
        (type == GNUTLS_HANDSHAKE_CERTIFICATE_PKT || type == GNUTLS_HANDSHAKE_CERTIFICATE_STATUS)) {
      static_cast<End*>(gnutls_session_get_ptr(session))
          ->certificate_message.append(reinterpret_cast<const char*>(message->data), message->size);
    }
    return 0;
  }
};

tls::SessionHandle session_over(End& end, unsigned role, gnutls_priority_t priority,
                                gnutls_certificate_credentials_t credentials) {
  auto session = tls::make<tls::SessionHandle>(gnutls_init, "gnutls_init", role | GNUTLS_NONBLOCK);
  gnutls_session_set_ptr(session.get(), &end);
  tls::check(gnutls_priority_set(session.get(), priority), "gnutls_priority_set");
  tls::check(gnutls_credentials_set(session.get(), GNUTLS_CRD_CERTIFICATE, credentials),
             "gnutls_credentials_set");
  gnutls_transport_set_ptr(session.get(), &end);
  gnutls_transport_set_pull_function(session.get(), End::pull);
  gnutls_transport_set_push_function(session.get(), End::push);
  gnutls_handshake_set_hook_function(session.get(), GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_PRE,
                                     End::hook);
  gnutls_handshake_set_max_packet_length(session.get(), 1 << 20);
  return session;
}

// What a client that trusts nobody and verifies nothing is shown; the server's complaint is in
// `failed` where there was no such message.
std::string shown(const Chain& chain, tls::Versions versions, std::string& failed) {
  Pipe up;
  Pipe down;
  End at_client{.in = &down, .out = &up};
  End at_server{.in = &up, .out = &down};
  const auto anonymous = tls::make<tls::CredentialsHandle>(gnutls_certificate_allocate_credentials,
                                                           "allocate_credentials");
  const auto client =
      session_over(at_client, GNUTLS_CLIENT, tls::server_priority(versions), anonymous.get());
  const auto server = session_over(at_server, GNUTLS_SERVER, tls::server_priority(chain.versions),
                                   chain.server->get());
  constexpr int kMostFlights = 20;
  for (int flight = 0; flight < kMostFlights; ++flight) {
    gnutls_handshake(client.get());
    const int rc = gnutls_handshake(server.get());
    if (rc != 0 && gnutls_error_is_fatal(rc) != 0) failed = gnutls_strerror_name(rc);
  }
  return at_client.certificate_message;
}

// The server cannot show it: clients offer no signature algorithm that its key has.
bool is_shown(const Recipe& recipe) {
  return recipe.leaf.key != KeyKind::dsa_2048;
}

TEST(Served, EveryChainIsShownAsItIsWhateverTheVersion) {
  Mint mint(kTestClock);
  for (const Recipe& recipe : all_recipes()) {
    for (const tls::Versions versions : {tls::Versions::all, tls::Versions::tls_1_2}) {
      SCOPED_TRACE(recipe.id + (versions == tls::Versions::all ? "" : ", TLS 1.2"));
      const auto chain = mint.chain(recipe, kTestHost);
      std::string failed;
      const std::string message = shown(*chain, versions, failed);
      if (!is_shown(recipe)) {
        EXPECT_EQ(message, "");
        EXPECT_NE(failed, "");
        continue;
      }
      std::size_t at = 0;
      for (const std::string& der : chain->sent_der) {
        at = message.find(der, at);
        ASSERT_NE(at, std::string::npos) << failed;
        at += der.size();
      }
      EXPECT_NE(message.find(chain->staple_der), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace startle::certs
