#include "harness/tls/demanding_server_for_test.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "harness/tls/handle.h"
#include "harness/tls/priority.h"

namespace startle::tls {
namespace {

struct Wire {
  SessionHandle session{};
  std::string in{};
  std::string out{};

  static ssize_t pull(gnutls_transport_ptr_t self, void* into, size_t size) noexcept {
    auto& wire = *static_cast<Wire*>(self);
    if (wire.in.empty()) {
      gnutls_transport_set_errno(wire.session.get(), EAGAIN);
      return -1;
    }
    const std::size_t count = std::min(size, wire.in.size());
    std::memcpy(into, wire.in.data(), count);
    wire.in.erase(0, count);
    return static_cast<ssize_t>(count);
  }
  static ssize_t push(gnutls_transport_ptr_t self, const void* from, size_t size) noexcept {
    static_cast<Wire*>(self)->out.append(static_cast<const char*>(from), size);
    return static_cast<ssize_t>(size);
  }
};

}  // namespace

net::Task<void> demand_certificate(net::Stream& stream, const ServerCredentials& credentials) {
  const auto wire = std::make_unique<Wire>();
  wire->session =
      make<SessionHandle>(gnutls_init, "gnutls_init", unsigned{GNUTLS_SERVER | GNUTLS_NONBLOCK});
  gnutls_session_t s = wire->session.get();
  check(gnutls_priority_set(s, cached_priority(Strength::any)), "gnutls_priority_set");
  check(gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE, credentials.get()),
        "gnutls_credentials_set");
  gnutls_certificate_server_set_request(s, GNUTLS_CERT_REQUIRE);
  gnutls_transport_set_ptr(s, wire.get());
  gnutls_transport_set_pull_function(s, Wire::pull);
  gnutls_transport_set_push_function(s, Wire::push);
  std::string chunk(4096, '\0');
  int rc = gnutls_handshake(s);
  while (rc != GNUTLS_E_SUCCESS && gnutls_error_is_fatal(rc) == 0) {
    co_await stream.write(wire->out);
    wire->out.clear();
    const net::IoResult got = co_await stream.read_some(chunk);
    if (got.status != net::IoStatus::ok) co_return;
    wire->in.append(chunk.data(), got.count);
    rc = gnutls_handshake(s);
  }
  if (rc != GNUTLS_E_SUCCESS) gnutls_alert_send_appropriate(s, rc);
  co_await stream.write(wire->out);
  stream.close();
}

}  // namespace startle::tls
