#include "harness/tls/handshake_end.h"

#include <gnutls/gnutls.h>

namespace startle::tls {

using net::IoStatus;

bool opens_record(char first) {
  return first >= 20 && first <= 23;
}

std::optional<unsigned> plain_alert(std::string_view records) {
  constexpr std::size_t kHeader = 5;  // type, version (2), length (2)
  constexpr unsigned char kAlert = 21;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(records[i]); };
  while (records.size() >= kHeader) {
    const std::size_t length = byte(3) * 256U + byte(4);
    if (records.size() < kHeader + length) break;
    if (records.size() == kHeader + length && byte(0) == kAlert && length == 2) {
      return byte(kHeader + 1);
    }
    records.remove_prefix(kHeader + length);
  }
  return std::nullopt;
}

std::string text_of_error(int error) {
  if (error == GNUTLS_E_HANDSHAKE_TOO_LARGE) {
    return "the peer's handshake message has more than 128 KiB: its certificates are too many, or "
           "too long";
  }
  return gnutls_strerror(error);
}

bool is_own_failure(int error) {
  return error == GNUTLS_E_RECEIVED_DISALLOWED_NAME || error == GNUTLS_E_PK_SIGN_FAILED ||
         error == GNUTLS_E_INTERNAL_ERROR || error == GNUTLS_E_MEMORY_ERROR;
}

HandshakeEnd end_of(IoStatus status) {
  switch (status) {
    case IoStatus::closed:
      return HandshakeEnd::closed;
    case IoStatus::timed_out:
      return HandshakeEnd::timed_out;
    case IoStatus::ok:
    case IoStatus::broken:
      break;
  }
  return HandshakeEnd::broken;
}

const char* text_of(IoStatus status) {
  switch (status) {
    case IoStatus::closed:
      return "the connection was closed during the handshake";
    case IoStatus::timed_out:
      return "the handshake did not end in time";
    case IoStatus::ok:
    case IoStatus::broken:
      break;
  }
  return "the connection was reset during the handshake";
}

}  // namespace startle::tls
