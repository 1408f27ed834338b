#pragma once
// What a server's TLS is like where it is not as a sound server's: what it speaks, and how it lies.
// Plain data; server_profile.cc has the lies, by the hooks that GnuTLS gives.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"
#include "harness/tls/handle.h"
#include "harness/tls/priority.h"

namespace startle::tls {

enum class Version { tls_1_0, tls_1_1, tls_1_2, tls_1_3 };
inline constexpr auto kVersionNumbers = word_table<Version>({
    {Version::tls_1_0, "1.0"},
    {Version::tls_1_1, "1.1"},
    {Version::tls_1_2, "1.2"},
    {Version::tls_1_3, "1.3"},
});
constexpr Words words_of(Version) {
  return kVersionNumbers;
}

// By the names that GnuTLS has for them.
inline constexpr std::array<std::string_view, 7> kGroups{
    "X25519", "X448", "SECP256R1", "SECP384R1", "SECP521R1", "FFDHE2048", "FFDHE3072"};
inline constexpr std::array<std::string_view, 10> kCiphers{
    "AES-128-GCM", "AES-256-GCM", "CHACHA20-POLY1305", "AES-128-CCM", "AES-128-CCM-8",
    "AES-128-CBC", "AES-256-CBC", "3DES-CBC",          "ARCFOUR-128", "NULL"};
inline constexpr std::array<std::string_view, 6> kSignatures{
    "ECDSA-SHA1", "RSA-SHA1",   "ECDSA-SHA256", "ECDSA-SECP256R1-SHA256",
    "RSA-SHA256", "EDDSA-ED448"};

// Of the handshake protocol (RFC 8446, 4; RFC 5246, 7.4).
enum class Message {
  hello_request,
  server_hello,
  encrypted_extensions,
  certificate,
  server_key_exchange,
  certificate_request,
  server_hello_done,
  certificate_verify,
  finished,
  key_update,
};
inline constexpr auto kMessages = word_table<Message>({
    {Message::hello_request, "hello-request"},
    {Message::server_hello, "server-hello"},
    {Message::encrypted_extensions, "encrypted-extensions"},
    {Message::certificate, "certificate"},
    {Message::server_key_exchange, "server-key-exchange"},
    {Message::certificate_request, "certificate-request"},
    {Message::server_hello_done, "server-hello-done"},
    {Message::certificate_verify, "certificate-verify"},
    {Message::finished, "finished"},
    {Message::key_update, "key-update"},
});
constexpr Words words_of(Message) {
  return kMessages;
}

enum class AlertLevel { warning, fatal };
inline constexpr auto kAlertLevels = word_table<AlertLevel>({
    {AlertLevel::warning, "warning"},
    {AlertLevel::fatal, "fatal"},
});
constexpr Words words_of(AlertLevel) {
  return kAlertLevels;
}

struct SaidAlert {
  unsigned number = 0;
  AlertLevel level = AlertLevel::fatal;
};

enum class ServerLie {
  none,
  another_key,              // signs with a key that is not its certificate's
  no_certificates,          // an empty list where its certificates belong
  anonymous,                // TLS 1.2 without any certificate (RFC 5246, F.1.1.1)
  downgrade_mark_tls_1_1,   // in its random, in TLS 1.2: "I would speak 1.3, but you ask for 1.1"
  downgrade_mark_tls_1_2,   // the same with 1.2 (RFC 8446, 4.1.3)
  demands_server_name,      // unrecognized_name, fatal, unless SNI has a name (RFC 6066, 3)
  strict_server_name,       // the same where SNI has what is no host name, or one with a final dot
  reply_in_first_flight,    // TLS 1.3: speaks before it has heard the client's Finished; legal
  weak_dh,                  // TLS 1.2: a Diffie-Hellman group of 1024 bits, whatever is asked for
  no_secure_renegotiation,  // TLS 1.2: knows nothing of RFC 5746
};
inline constexpr auto kServerLies = word_table<ServerLie>({
    {ServerLie::none, "none"},
    {ServerLie::another_key, "another-key"},
    {ServerLie::no_certificates, "no-certificates"},
    {ServerLie::anonymous, "anonymous"},
    {ServerLie::downgrade_mark_tls_1_1, "downgrade-mark-1.1"},
    {ServerLie::downgrade_mark_tls_1_2, "downgrade-mark-1.2"},
    {ServerLie::demands_server_name, "demands-server-name"},
    {ServerLie::strict_server_name, "strict-server-name"},
    {ServerLie::reply_in_first_flight, "reply-in-first-flight"},
    {ServerLie::weak_dh, "weak-dh"},
    {ServerLie::no_secure_renegotiation, "no-secure-renegotiation"},
});
constexpr Words words_of(ServerLie) {
  return kServerLies;
}

// Octets of a handshake message that are not what they should be. The server itself believes in
// them: they count in its Finished.
struct MessageChange {
  Message message = Message::server_hello;
  int octet = 1;        // of the message's body, the first is 1, the last is -1
  std::string bytes{};  // put there; empty: the lowest bit of that octet is turned
};

// TLS 1.3: where the server would send `before`. TLS 1.2 sends its first flight at once: there
// `before` is its ServerHello or its Finished.
struct AlertBefore {
  Message before = Message::server_hello;
  SaidAlert alert{};
};

struct ServerProfile {
  // Empty: what a sound server has.
  std::vector<Version> versions{};
  std::vector<std::string> groups{};
  std::vector<std::string> ciphers{};
  std::vector<std::string> signatures{};
  ServerLie lie = ServerLie::none;
  std::vector<MessageChange> changes{};
  std::optional<AlertBefore> alert{};

  // `otherwise`: what it speaks where `versions` does not say. Made once for each.
  gnutls_priority_t priority(Versions otherwise) const;
};

}  // namespace startle::tls
