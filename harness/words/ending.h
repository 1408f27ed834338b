#pragma once
// How an exchange can end.

#include "harness/base/words.h"

namespace startle::words {

// How an exchange ended for the client. Certificate and STARTTLS endings reuse the result types of
// TLSRPT (RFC 8460, 4.3) and add what it lacks.
enum class Ending {
  delivered,
  bound,
  delivered_in_clear,
  starttls_not_supported,
  starttls_refused,
  protocol_error,
  certificate_host_mismatch,
  certificate_expired,
  certificate_not_yet_valid,
  certificate_not_trusted,
  certificate_revoked,
  certificate_wrong_purpose,
  validation_failure,
  handshake_failure,
  auth_rejected,
  auth_unavailable,
  sender_not_authorized,
  message_rejected,
  refused_by_server,
  throttled,
  configuration_error,
  not_connected,
  connection_lost,
  timeout,
  refused,  // an external client that states no reason
  crashed,  // an external client
};
inline constexpr auto kEndings = word_table<Ending>({
    {Ending::delivered, "delivered"},
    {Ending::bound, "bound"},
    {Ending::delivered_in_clear, "delivered-in-clear"},
    {Ending::starttls_not_supported, "starttls-not-supported"},
    {Ending::starttls_refused, "starttls-refused"},
    {Ending::protocol_error, "protocol-error"},
    {Ending::certificate_host_mismatch, "certificate-host-mismatch"},
    {Ending::certificate_expired, "certificate-expired"},
    {Ending::certificate_not_yet_valid, "certificate-not-yet-valid"},
    {Ending::certificate_not_trusted, "certificate-not-trusted"},
    {Ending::certificate_revoked, "certificate-revoked"},
    {Ending::certificate_wrong_purpose, "certificate-wrong-purpose"},
    {Ending::validation_failure, "validation-failure"},
    {Ending::handshake_failure, "handshake-failure"},
    {Ending::auth_rejected, "auth-rejected"},
    {Ending::auth_unavailable, "auth-unavailable"},
    {Ending::sender_not_authorized, "sender-not-authorized"},
    {Ending::message_rejected, "message-rejected"},
    {Ending::refused_by_server, "refused-by-server"},
    {Ending::throttled, "throttled"},
    {Ending::configuration_error, "configuration-error"},
    {Ending::not_connected, "not-connected"},
    {Ending::connection_lost, "connection-lost"},
    {Ending::timeout, "timeout"},
    {Ending::refused, "refused"},
    {Ending::crashed, "crashed"},
});
constexpr Words words_of(Ending) {
  return kEndings;
}

// True for the endings that say "this certificate is not accepted".
constexpr bool is_certificate_ending(Ending e) {
  return e >= Ending::certificate_host_mismatch && e <= Ending::validation_failure;
}
// True for the endings that say "the client got what it wanted".
constexpr bool is_success(Ending e) {
  return e == Ending::delivered || e == Ending::bound || e == Ending::delivered_in_clear;
}

}  // namespace startle::words
