// A server passes over a name of SNI that it does not know (RFC 6066, 3); GnuTLS ends the handshake
// at one that is no host name, though Docker gives such names (`openldap_1`) and clients send them.
// It cannot be told not to, and a name changed before it sees it would spoil the transcript (RFC
// 8446, 4.4.1). So it is changed between: when the transcript has it, and before it is read. GnuTLS
// reads extensions in passes; the first, for the version, comes in between, and reads what is ours.

#include <gnutls/gnutls.h>

#include <algorithm>
#include <string_view>

#include "harness/tls/client_hello.h"
#include "harness/tls/server_name.h"
#include "harness/tls/session.h"

namespace startle::tls {

int Session::see_client_hello(gnutls_session_t session, unsigned /*type*/, unsigned /*when*/,
                              unsigned incoming, const gnutls_datum_t* body) noexcept {
  auto& s = *static_cast<Session*>(gnutls_session_get_ptr(session));
  if (incoming == 0) return 0;
  const std::string_view message(reinterpret_cast<const char*>(body->data), body->size);
  constexpr std::uint16_t kStatusRequest = 5;  // RFC 6066, 8
  s.asked_for_staple_ = extension_in(message, kStatusRequest).has_value();
  const auto name = server_name_in(message);
  try {
    if (!name || is_host_name(std::string(*name))) return 0;
    s.odd_server_name_ = *name;
  } catch (...) {
    return GNUTLS_E_MEMORY_ERROR;
  }
  s.name_in_message_ = body->data + (name->data() - message.data());
  // Extensions that clients send and GnuTLS gives away: ec_point_formats (RFC 8422, 5.1.2), whose
  // absence in the answer says what it would, and psk_key_exchange_modes (RFC 8446, 4.2.9), of no
  // use without tickets. Where a client sends neither, the handshake ends:
  // HandshakeEnd::own_failure.
  for (const int id : {11, 45}) {
    const auto answers_nothing = [](gnutls_session_t, gnutls_buffer_t) { return 0; };
    gnutls_session_ext_register(
        session, "before server_name", id, GNUTLS_EXT_VERSION_NEG, hide_server_name,
        answers_nothing, nullptr, nullptr, nullptr,
        GNUTLS_EXT_FLAG_OVERRIDE_INTERNAL | GNUTLS_EXT_FLAG_CLIENT_HELLO | GNUTLS_EXT_FLAG_TLS);
  }
  return 0;
}

int Session::hide_server_name(gnutls_session_t session, const unsigned char* /*data*/,
                              std::size_t /*size*/) noexcept {
  auto& s = *static_cast<Session*>(gnutls_session_get_ptr(session));
  if (s.name_in_message_ != nullptr) {
    std::fill_n(s.name_in_message_, s.odd_server_name_.size(), static_cast<unsigned char>('x'));
  }
  s.name_in_message_ = nullptr;
  return 0;
}

}  // namespace startle::tls
