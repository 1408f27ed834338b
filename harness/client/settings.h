#pragma once
// What the client is told: the customer's configuration, and how long to wait.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "harness/base/words.h"
#include "harness/client/host_trust_store.h"
#include "harness/sasl/salted_passwords.h"
#include "harness/tls/credentials.h"
#include "harness/tls/key_log.h"
#include "harness/words/tls_policy.h"
#include "harness/words/words.h"

namespace startle::client {

// RFC 5321, 4.5.3.2: the least a client should wait for each reply.
struct Timeouts {
  std::chrono::milliseconds connect = std::chrono::minutes(1);
  std::chrono::milliseconds greeting = std::chrono::minutes(5);
  std::chrono::milliseconds command = std::chrono::minutes(5);  // EHLO, STARTTLS, AUTH, MAIL, RCPT
  std::chrono::milliseconds handshake = std::chrono::minutes(5);
  std::chrono::milliseconds data_initiation = std::chrono::minutes(2);
  std::chrono::milliseconds data_termination = std::chrono::minutes(10);

  // One limit for everything, for runs in real time.
  static Timeouts all(std::chrono::milliseconds limit) {
    return {limit, limit, limit, limit, limit, limit};
  }
};

// How far an exchange goes; behind that it takes leave.
enum class StopAfter {
  tls,      // once TLS stands, before anybody is named
  auth,     // once the server has taken the credential
  sender,   // SMTP: once it has taken MAIL FROM
  message,  // all there is: a message was taken, a search answered
};
inline constexpr auto kStops = word_table<StopAfter>({
    {StopAfter::tls, "tls"},
    {StopAfter::auth, "auth"},
    {StopAfter::sender, "sender"},
    {StopAfter::message, "message"},
});
constexpr Words words_of(StopAfter) {
  return kStops;
}

struct Settings {
  words::Mode mode = words::Mode::smtp_starttls;
  words::TlsPolicy tls_policy = words::TlsPolicy::required;
  unsigned attempts = 1;  // of an exchange that fails for now; counts in a ProcessState
  std::string host{};     // as configured (`url`); the name a certificate is checked for
  std::uint16_t port = 25;
  std::optional<std::string> username{};
  std::optional<std::string> password{};
  std::optional<std::string> trust{};  // nullopt: the attribute is absent
  words::TrustModel trust_model = words::TrustModel::documented;
  std::shared_ptr<const tls::TrustStore> store{};      // the system's trust anchors
  std::shared_ptr<const HostTrustStore> host_store{};  // null: there is none for the host
  // STARTTLS is tried, and where it is not to be had, credentials and mail go out in clear.
  bool may_do_without_tls() const { return words::may_do_without_tls(mode, tls_policy); }
  const tls::TrustStore& anchors() const { return host_store ? host_store->anchors() : *store; }
  // One of sasl::kMechanisms, used or nothing. EXTERNAL (RFC 4422, A): the client's certificate is
  // the credential, no password is sent. OAUTHBEARER, XOAUTH2: the password is the token. nullopt:
  // in SMTP what the server offers decides, LDAP binds by name and password.
  std::optional<std::string> mechanism{};
  // Null: salted passwords are computed each time. Not for several threads.
  std::shared_ptr<sasl::SaltedPasswords> salted_passwords{};
  std::shared_ptr<const tls::ClientCredentials> certificate{};  // shown to a server that asks
  tls::KeyLog key_log{};  // none: secrets of TLS are told to nobody

  std::string sender = "sender@example.test";  // MAIL FROM
  std::string recipient = "recipient@example.test";
  std::string message = "Subject: startle\r\n\r\nA message of the startle test suite.\r\n";
  std::string ehlo_name = "client.example.test";

  // LDAP: what is looked for after the bind (RFC 4511, 4.5.1), from `base` downwards.
  std::string base = "dc=example,dc=test";
  std::string filter = "(objectClass=*)";  // RFC 4515
  Timeouts timeouts{};
  // Where it stops earlier, it ends as one that succeeds, and its sentence says how far it went.
  StopAfter stop_after = StopAfter::message;
};

// The attribute of the customer's file that asks for the TLS of `mode`.
constexpr const char* tls_attribute(words::Mode mode) {
  return words::is_implicit_tls(mode) ? "ssl=\"true\"" : "starttls=\"true\"";
}

}  // namespace startle::client
