#include "harness/load/bare_handshake.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/tls/priority.h"

namespace startle {
namespace {

using tls::check;
using tls::Strength;

// One side: reads what the other has written.
struct End {
  gnutls_session_t session = nullptr;
  std::string outbox{};
  End* peer = nullptr;
  std::size_t taken = 0;  // of the peer's outbox
};

ssize_t pull(gnutls_transport_ptr_t self, void* into, size_t size) {
  auto& end = *static_cast<End*>(self);
  std::string& inbox = end.peer->outbox;
  const std::size_t count = std::min(size, inbox.size() - end.taken);
  if (count == 0) {
    gnutls_transport_set_errno(end.session, EAGAIN);
    return -1;
  }
  std::memcpy(into, inbox.data() + end.taken, count);
  end.taken += count;
  return static_cast<ssize_t>(count);
}

ssize_t push(gnutls_transport_ptr_t self, const void* from, size_t size) {
  static_cast<End*>(self)->outbox.append(static_cast<const char*>(from), size);
  return static_cast<ssize_t>(size);
}

tls::SessionHandle make_session(unsigned flags, gnutls_priority_t priority,
                                gnutls_certificate_credentials_t with, End& end) {
  auto session = bare_session(flags | unsigned{GNUTLS_NONBLOCK}, priority, with);
  end.session = session.get();
  gnutls_transport_set_ptr(session.get(), &end);
  gnutls_transport_set_pull_function(session.get(), pull);
  gnutls_transport_set_push_function(session.get(), push);
  return session;
}

// gnutls_datum_t wants mutable bytes but only reads them.
unsigned char* bytes_of(const char* text) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text));
}

// What a server of TLS 1.3 sends behind the handshake is read first (RFC 8446, 4.6.1).
std::string ticket_of(gnutls_session_t client) {
  std::array<char, 1> nothing{};
  gnutls_record_recv(client, nothing.data(), nothing.size());
  gnutls_datum_t data{};
  if (gnutls_session_get_data2(client, &data) != GNUTLS_E_SUCCESS) return "";
  std::string made(reinterpret_cast<const char*>(data.data), data.size);
  gnutls_free(data.data);
  return made;
}

}  // namespace

BareHandshake::BareHandshake(std::shared_ptr<const tls::ServerCredentials> server,
                             const tls::TrustStore& anchors, std::string host,
                             const BareOptions& options)
    : server_(std::move(server)),
      server_identity_(std::move(host)),
      options_(options),
      client_(bare_client_credentials(anchors)) {}

bool BareHandshake::run() const {
  End at_client;
  End at_server{.peer = &at_client};
  at_client.peer = &at_server;
  const unsigned tickets = options_.tickets == nullptr ? unsigned{GNUTLS_NO_TICKETS} : 0U;
  const gnutls_priority_t offered =
      options_.client == nullptr ? cached_priority(Strength::medium) : options_.client;
  const auto client = make_session(GNUTLS_CLIENT | tickets, offered, client_.get(), at_client);
  const auto server = make_session(GNUTLS_SERVER | tickets, cached_priority(Strength::any),
                                   server_->get(), at_server);
  if (options_.tickets != nullptr) {
    const std::string& key = options_.tickets->bytes();
    const gnutls_datum_t sealed{bytes_of(key.data()), static_cast<unsigned>(key.size())};
    check(gnutls_session_ticket_enable_server(server.get(), &sealed),
          "gnutls_session_ticket_enable_server");
    if (!ticket_.empty()) {
      check(gnutls_session_set_data(client.get(), ticket_.data(), ticket_.size()),
            "gnutls_session_set_data");
    }
  }
  server_identity_.tell(client.get(), options_.verifies);

  int client_rc = GNUTLS_E_AGAIN;
  int server_rc = GNUTLS_E_AGAIN;
  while (client_rc != GNUTLS_E_SUCCESS || server_rc != GNUTLS_E_SUCCESS) {
    if (client_rc != GNUTLS_E_SUCCESS) client_rc = gnutls_handshake(client.get());
    if (client_rc != GNUTLS_E_SUCCESS && gnutls_error_is_fatal(client_rc) != 0) return false;
    if (server_rc != GNUTLS_E_SUCCESS) server_rc = gnutls_handshake(server.get());
    if (server_rc != GNUTLS_E_SUCCESS && gnutls_error_is_fatal(server_rc) != 0) {
      throw Error(Fault::tls_library,
                  std::string("the server's handshake: ") + gnutls_strerror(server_rc));
    }
  }
  resumed_ = gnutls_session_is_resumed(client.get()) != 0;
  if (options_.tickets != nullptr) ticket_ = ticket_of(client.get());
  return true;
}

}  // namespace startle
