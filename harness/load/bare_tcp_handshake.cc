#include "harness/load/bare_tcp_handshake.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/base/error.h"
#include "harness/tls/priority.h"

namespace startle {
namespace {

using tls::Strength;

[[noreturn]] void fail(const std::string& what, int number) {
  throw Error(Fault::system, "the bare handshake over TCP: " + what + ": " + std::strerror(number));
}

int new_socket() {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) fail("no socket is to be had", errno);
  return made;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(port);
  return at;
}

// On a free port, which is returned.
std::uint16_t listen_on(int listener) {
  sockaddr_in at = loopback(0);
  socklen_t size = sizeof at;
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&at), size) != 0 ||
      ::listen(listener, SOMAXCONN) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
    fail("cannot listen on 127.0.0.1", errno);
  }
  return ntohs(at.sin_port);
}

// As our own streams over TCP are; and no wait without a bound.
void set_up(int connection) {
  const int on = 1;
  const timeval longest{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  ::setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
}

// Neither end has tickets, nor is told by a signal that the other has left.
constexpr unsigned kPlain = unsigned{GNUTLS_NO_TICKETS} | unsigned{GNUTLS_NO_SIGNAL};

// Returns GnuTLS's last word.
int shake_hands(gnutls_session_t session, int connection) {
  gnutls_transport_set_int(session, connection);
  int rc = GNUTLS_E_INTERRUPTED;
  while (rc == GNUTLS_E_INTERRUPTED || rc == GNUTLS_E_WARNING_ALERT_RECEIVED) {
    rc = gnutls_handshake(session);
  }
  return rc;
}

}  // namespace

OwnedDescriptor::~OwnedDescriptor() {
  ::close(descriptor_);
}

BareTcpHandshake::BareTcpHandshake(std::shared_ptr<const tls::ServerCredentials> server,
                                   const tls::TrustStore& anchors, std::string host)
    : server_(std::move(server)),
      server_identity_(std::move(host)),
      client_(bare_client_credentials(anchors)),
      listener_(new_socket()),
      port_(listen_on(listener_.get())),
      thread_([this] { serve(); }) {}

BareTcpHandshake::~BareTcpHandshake() {
  ::shutdown(listener_.get(), SHUT_RDWR);  // accept() returns
}

void BareTcpHandshake::serve() {
  try {
    while (true) {
      const int accepted = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
      if (accepted < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
      if (accepted < 0 && errno == EINVAL) return;  // shut down
      if (accepted < 0) fail("accept", errno);
      const OwnedDescriptor connection(accepted);
      serve_one(connection.get());
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
    ::shutdown(listener_.get(), SHUT_RDWR);  // nobody is to wait for this thread
  }
}

// A client that refuses the chain is no fault of the server's: what it makes of it is the client's
// to say.
void BareTcpHandshake::serve_one(int connection) const {
  set_up(connection);
  const auto session =
      bare_session(GNUTLS_SERVER | kPlain, cached_priority(Strength::any), server_->get());
  shake_hands(session.get(), connection);
}

bool BareTcpHandshake::run() {
  const OwnedDescriptor connection(new_socket());
  set_up(connection.get());
  const sockaddr_in at = loopback(port_);
  int rc = GNUTLS_E_SUCCESS;
  const int connected =
      ::connect(connection.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at);
  const int why = errno;
  if (connected == 0) {
    const auto session =
        bare_session(GNUTLS_CLIENT | kPlain, cached_priority(Strength::medium), client_.get());
    server_identity_.tell(session.get(), true);
    rc = shake_hands(session.get(), connection.get());
    // The server waits for what is not going to come; otherwise it closes when it has cleaned up.
    if (rc != GNUTLS_E_SUCCESS) ::shutdown(connection.get(), SHUT_WR);
    std::array<char, 256> rest{};
    while (::recv(connection.get(), rest.data(), rest.size(), 0) > 0) {
    }
  }
  {
    const std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
  }
  if (connected != 0) fail("cannot connect to 127.0.0.1:" + std::to_string(port_), why);
  if (rc == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR) return false;
  if (rc != GNUTLS_E_SUCCESS) {
    throw Error(Fault::tls_library, std::string("the client's handshake: ") + gnutls_strerror(rc));
  }
  return true;
}

Microseconds BareTcpHandshake::server_cpu_time() {
  clockid_t clock{};
  const int failed = ::pthread_getcpuclockid(thread_.native_handle(), &clock);
  if (failed != 0) fail("the CPU time of a thread cannot be read", failed);
  return cpu_time(clock);
}

}  // namespace startle
