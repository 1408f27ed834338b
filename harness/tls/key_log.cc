#include "harness/tls/key_log.h"

#include <utility>

#include "harness/base/bytes.h"
#include "harness/tls/session.h"

namespace startle::tls {
namespace {

std::string_view bytes_of(const gnutls_datum_t& datum) {
  return {reinterpret_cast<const char*>(datum.data), datum.size};
}

}  // namespace

std::string key_log_line(std::string_view label, std::string_view client_random,
                         std::string_view secret) {
  return std::string(label) + " " + to_hex(client_random) + " " + to_hex(secret) + "\n";
}

void Session::tell_secrets(KeyLog log) {
  key_log_ = std::move(log);
  usual_key_log_ = gnutls_session_get_keylog_function(session_.get());
  gnutls_session_set_keylog_function(session_.get(), see_secret);
}

// GnuTLS tells nothing of a session of TLS 1.2 that is resumed: its master secret is an earlier
// one's.
void Session::tell_resumed_secret() {
  gnutls_session_t s = session_.get();
  if (told_resumed_ || gnutls_session_is_resumed(s) == 0) return;
  told_resumed_ = true;
  if (gnutls_protocol_get_version(s) == GNUTLS_TLS1_3) return;
  gnutls_datum_t secret{};
  gnutls_session_get_master_secret(s, &secret);
  see_secret(s, "CLIENT_RANDOM", &secret);
}

int Session::see_secret(gnutls_session_t session, const char* label,
                        const gnutls_datum_t* secret) noexcept {
  auto& s = *static_cast<Session*>(gnutls_session_get_ptr(session));
  try {
    gnutls_datum_t of_client{};
    gnutls_datum_t of_server{};
    gnutls_session_get_random(session, &of_client, &of_server);
    s.key_log_(key_log_line(label, bytes_of(of_client), bytes_of(*secret)));
  } catch (...) {
    s.parked_ = std::current_exception();
    return GNUTLS_E_INTERNAL_ERROR;
  }
  return s.usual_key_log_ == nullptr ? 0 : s.usual_key_log_(session, label, secret);
}

}  // namespace startle::tls
