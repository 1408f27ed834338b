#pragma once
// The protocols and their modes, a row each. Who has to know how a protocol differs asks its row
// for the property, never for its name.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/base/words.h"
#include "harness/words/ending.h"

namespace startle::words {

// What protects a connection.
enum class Tls {
  none,
  starttls,  // begins in clear (RFC 3207; RFC 4511, 4.14)
  implicit,  // TLS from the first byte on (RFC 8314, 3)
};

// How SASL's messages travel.
enum class SaslFraming {
  base64_lines,  // RFC 4954, 4: an empty challenge is a line too, success has no data
  octets,        // RFC 4511, 4.2: they may be absent, and stand beside success
};

enum class Protocol { smtp, ldap };
struct ProtocolRow {
  Protocol value{};
  std::string_view word{};          // as elements and URL schemes have it
  std::string_view title{};         // as people write it
  std::string_view example_host{};  // of a server that nobody has given another name
  std::string_view starttls{};      // the way from clear to TLS, as its clause spells it
  Ending success{};                 // how a client ends that has done all it wanted, inside TLS
  SaslFraming sasl{};
  // Mail: LOGIN and XOAUTH2 are for it alone, and its clients send an empty name or password as
  // they are where a trust model is a library that does.
  bool is_mail = false;
  // Mail is sent: from an address for which the user has to be authorised. Without TLS a client
  // needs no user.
  bool is_submission = false;
  // A directory: its users are entries with a DN, and without a SASL mechanism a client binds with
  // name and password, or anonymously with neither (RFC 4513, 5.1).
  bool is_directory = false;
};
inline constexpr auto kProtocolRows = std::to_array<ProtocolRow>({
    {.value = Protocol::smtp,
     .word = "smtp",
     .title = "SMTP",
     .example_host = "smtp.example.test",
     .starttls = "STARTTLS",
     .success = Ending::delivered,
     .sasl = SaslFraming::base64_lines,
     .is_mail = true,
     .is_submission = true},
    {.value = Protocol::ldap,
     .word = "ldap",
     .title = "LDAP",
     .example_host = "ldap.example.test",
     .starttls = "StartTLS",
     .success = Ending::bound,
     .sasl = SaslFraming::octets,
     .is_directory = true},
});
inline constexpr auto kProtocols = word_table_of(kProtocolRows);
constexpr Words words_of(Protocol) {
  return kProtocols;
}
constexpr const ProtocolRow& row_of(Protocol p) {
  return kProtocolRows[static_cast<std::size_t>(p)];
}

// What is spoken, and how it is protected.
enum class Mode { smtp_starttls, smtps, ldap_starttls, ldaps, smtp_plain, ldap_plain };
struct ModeRow {
  Mode value{};
  std::string_view word{};
  Protocol protocol{};
  Tls tls{};
  std::uint16_t port = 0;     // the usual one
  std::string_view scheme{};  // of a URL; with STARTTLS that of the protocol without TLS
};
inline constexpr auto kModeRows = std::to_array<ModeRow>({
    {Mode::smtp_starttls, "smtp-starttls", Protocol::smtp, Tls::starttls, 25, "smtp"},
    {Mode::smtps, "smtps", Protocol::smtp, Tls::implicit, 465, "smtps"},
    {Mode::ldap_starttls, "ldap-starttls", Protocol::ldap, Tls::starttls, 389, "ldap"},
    {Mode::ldaps, "ldaps", Protocol::ldap, Tls::implicit, 636, "ldaps"},
    {Mode::smtp_plain, "smtp-plain", Protocol::smtp, Tls::none, 25, "smtp"},
    {Mode::ldap_plain, "ldap-plain", Protocol::ldap, Tls::none, 389, "ldap"},
});
inline constexpr auto kModes = word_table_of(kModeRows);
constexpr Words words_of(Mode) {
  return kModes;
}
constexpr const ModeRow& row_of(Mode m) {
  return kModeRows[static_cast<std::size_t>(m)];
}

constexpr const ModeRow& mode_row(Protocol protocol, Tls tls) {
  for (const ModeRow& row : kModeRows) {
    if (row.protocol == protocol && row.tls == tls) return row;
  }
  throw "a protocol lacks a mode";  // which the check below makes impossible
}
constexpr bool every_protocol_has_every_mode() {
  for (const ProtocolRow& row : kProtocolRows) {
    for (const Tls tls : {Tls::none, Tls::starttls, Tls::implicit}) mode_row(row.value, tls);
  }
  return true;
}
static_assert(every_protocol_has_every_mode());

constexpr Mode mode_of(Protocol protocol, Tls tls) {
  return mode_row(protocol, tls).value;
}
constexpr Protocol protocol_of(Mode m) {
  return row_of(m).protocol;
}
// TLS from the first byte on.
constexpr bool is_implicit_tls(Mode m) {
  return row_of(m).tls == Tls::implicit;
}
constexpr bool demands_tls(Mode m) {
  return row_of(m).tls != Tls::none;
}

}  // namespace startle::words
