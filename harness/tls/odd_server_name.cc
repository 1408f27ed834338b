// A server passes over a name of SNI that it does not know (RFC 6066, 3); GnuTLS ends the handshake
// at one that is no host name, though Docker gives such names (`openldap_1`) and clients send them.
// It cannot be told not to, and a name changed before it sees it would spoil the transcript (RFC
// 8446, 4.4.1). So it is changed between: when the transcript has it, and before it is read. GnuTLS
// reads extensions in passes; the first, for the version, comes in between, and reads what is ours.
// So a server is made, too, to overlook the groups of finite fields that a client names, and to
// give one that is too small.

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
  const auto place_of = [&](std::string_view part) {
    return body->data + (part.data() - message.data());
  };
  const auto name = server_name_in(message);
  try {
    if (name && !is_host_name(std::string(*name))) {
      s.odd_server_name_ = *name;
      s.name_in_message_ = place_of(*name);
    }
  } catch (...) {
    return GNUTLS_E_MEMORY_ERROR;
  }
  constexpr std::uint16_t kSupportedGroups = 10;  // RFC 7919, 3
  const auto groups = extension_in(message, kSupportedGroups);
  if (groups && s.profile_ != nullptr && s.profile_->lie == ServerLie::weak_dh) {
    s.groups_in_message_ = {place_of(*groups), groups->size()};
  }
  if (s.name_in_message_ == nullptr && s.groups_in_message_.empty()) return 0;
  // Extensions that clients send and GnuTLS gives away: ec_point_formats (RFC 8422, 5.1.2), whose
  // absence in the answer says what it would, and psk_key_exchange_modes (RFC 8446, 4.2.9), of no
  // use without tickets. Where a client sends neither, the handshake ends:
  // HandshakeEnd::own_failure.
  for (const int id : {11, 45}) {
    const auto answers_nothing = [](gnutls_session_t, gnutls_buffer_t) { return 0; };
    gnutls_session_ext_register(
        session, "before server_name", id, GNUTLS_EXT_VERSION_NEG, hide_in_hello, answers_nothing,
        nullptr, nullptr, nullptr,
        GNUTLS_EXT_FLAG_OVERRIDE_INTERNAL | GNUTLS_EXT_FLAG_CLIENT_HELLO | GNUTLS_EXT_FLAG_TLS);
  }
  return 0;
}

int Session::hide_in_hello(gnutls_session_t session, const unsigned char* /*data*/,
                           std::size_t /*size*/) noexcept {
  auto& s = *static_cast<Session*>(gnutls_session_get_ptr(session));
  if (s.name_in_message_ != nullptr) {
    std::fill_n(s.name_in_message_, s.odd_server_name_.size(), static_cast<unsigned char>('x'));
  }
  s.name_in_message_ = nullptr;
  // Behind the length of their list they are numbers of two octets, 256 to 511 those of finite
  // fields; 0x2a2a is nobody's (RFC 8701, 2).
  for (std::size_t at = 2; at + 1 < s.groups_in_message_.size(); at += 2) {
    if (s.groups_in_message_[at] == 1) std::fill_n(&s.groups_in_message_[at], 2, 0x2a);
  }
  s.groups_in_message_ = {};
  return 0;
}

}  // namespace startle::tls
