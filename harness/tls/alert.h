#pragma once
// TLS alerts by the names of the registry (RFC 8446, 6 and RFC 5246, 7.2).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace startle::tls {

enum class Alert : std::uint8_t {
  close_notify = 0,
  unexpected_message = 10,
  handshake_failure = 40,
  bad_certificate = 42,
  unsupported_certificate = 43,
  certificate_revoked = 44,
  certificate_expired = 45,
  certificate_unknown = 46,
  unknown_ca = 48,
  access_denied = 49,
  decode_error = 50,
  decrypt_error = 51,
  protocol_version = 70,
  insufficient_security = 71,
  internal_error = 80,
  bad_certificate_status_response = 113,
};

// "certificate_expired"; "alert_123" for a number the registry does not know.
std::string alert_name(unsigned description);
inline std::string alert_name(Alert alert) {
  return alert_name(static_cast<unsigned>(alert));
}

// The reverse.
std::optional<unsigned> alert_number(std::string_view name);

// What its sender may mean by it, for a person, "it does not trust who issued it"; empty: nothing
// more than its name says.
std::string_view alert_meaning(unsigned description);
// It is about the peer's certificate (RFC 8446, 6.2).
bool is_about_certificate(unsigned description);

}  // namespace startle::tls
