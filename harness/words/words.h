#pragma once
// The words of a judgement: how an exchange can end, which invariants it can break, how severe
// that is, and the names of the trust models. The client takes these words from here and nothing
// else of this folder (a test holds it to that).

#include <algorithm>
#include <array>
#include <string_view>

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

// What the value of `trust` means (harness/oracle/README.md). A model rests on a base: it does as
// that one does wherever nothing says otherwise, neither a recipe nor code. A root's base is
// itself.
enum class TrustModel { documented, javamail, angus, pkix };
struct TrustModelRow {
  TrustModel value{};
  std::string_view word{};
  TrustModel base{};
};
inline constexpr std::array kTrustModelRows{
    TrustModelRow{TrustModel::documented, "documented", TrustModel::pkix},  // looks at no path
    TrustModelRow{TrustModel::javamail, "javamail", TrustModel::angus},     // looks at no name
    TrustModelRow{TrustModel::angus, "angus", TrustModel::pkix},  // as Java checks and matches
    TrustModelRow{TrustModel::pkix, "pkix", TrustModel::pkix},
};
inline constexpr auto kTrustModels = []() consteval {
  WordRow<TrustModel> rows[kTrustModelRows.size()];
  for (std::size_t i = 0; i < kTrustModelRows.size(); ++i) {
    rows[i] = {kTrustModelRows[i].value, kTrustModelRows[i].word};
  }
  return word_table<TrustModel>(rows);
}
();
constexpr Words words_of(TrustModel) {
  return kTrustModels;
}

constexpr TrustModel base_of(TrustModel m) {
  return kTrustModelRows[static_cast<std::size_t>(m)].base;
}
constexpr bool is_root(TrustModel m) {
  return base_of(m) == m;
}
// `m` is `other`, or rests on it.
constexpr bool is_based_on(TrustModel m, TrustModel other) {
  return m == other || (!is_root(m) && is_based_on(base_of(m), other));
}
// Every base leads to a root: does not compile where some lead round in a circle.
static_assert(std::ranges::all_of(kTrustModelRows, [](const TrustModelRow& row) {
  return std::ranges::any_of(kTrustModelRows, [&](const TrustModelRow& root) {
    return is_root(root.value) && is_based_on(row.value, root.value);
  });
}));

inline constexpr auto kEveryTrustModel = [] {
  std::array<TrustModel, kTrustModelRows.size()> all{};
  std::ranges::transform(kTrustModelRows, all.begin(), &TrustModelRow::value);
  return all;
}();

// Java's mail libraries: `trust` is a literal list of hosts whose certificate is not validated;
// where it is absent Java validates. The others take its tokens as names to look for.
constexpr bool is_javas(TrustModel m) {
  return is_based_on(m, TrustModel::angus);
}

// What a key store that a customer keeps for a server means (README.md, "Store").
enum class StoreModel {
  documented,  // its certificates are trusted besides the system's
  jsse,        // Java: they replace the system's, and one that is shown is accepted as it is
};
inline constexpr auto kStoreModels = word_table<StoreModel>({
    {StoreModel::documented, "documented"},
    {StoreModel::jsse, "jsse"},
});
constexpr Words words_of(StoreModel) {
  return kStoreModels;
}

// What a customer keeps for the server, beside the system's trust anchors:
// <home>/keystore/<host>.ks, or an entry in the Java runtime's own store.
enum class HostStore {
  system,                    // nothing
  host_jks,                  // the certificate that the server shows, as JKS
  host_pkcs12,               // so, as PKCS #12
  host_no_password,          // PKCS #12 of password "changeit", and none is configured
  host_wrong_password,       // another password is configured than the store's
  host_misnamed,             // the file's name is not the host's
  host_missing,              // the folder is there, the file is not
  host_corrupt,              // the file is no key store any more
  host_other_certificate,    // the certificate of another server
  host_renewed_certificate,  // the server's former certificate: the same name, another key
  cacerts,                   // the system's, and among them what the server shows
};
inline constexpr auto kHostStores = word_table<HostStore>({
    {HostStore::system, "system"},
    {HostStore::host_jks, "host-jks"},
    {HostStore::host_pkcs12, "host-pkcs12"},
    {HostStore::host_no_password, "host-no-password"},
    {HostStore::host_wrong_password, "host-wrong-password"},
    {HostStore::host_misnamed, "host-misnamed"},
    {HostStore::host_missing, "host-missing"},
    {HostStore::host_corrupt, "host-corrupt"},
    {HostStore::host_other_certificate, "host-other-certificate"},
    {HostStore::host_renewed_certificate, "host-renewed-certificate"},
    {HostStore::cacerts, "cacerts"},
});
constexpr Words words_of(HostStore) {
  return kHostStores;
}

// How the connection is protected and what is spoken inside: STARTTLS (RFC 3207; RFC 4511, 4.14),
// implicit TLS (RFC 8314, 3), or nothing at all.
enum class Mode { smtp_starttls, smtps, ldap_starttls, ldaps, smtp_plain, ldap_plain };
inline constexpr auto kModes = word_table<Mode>({
    {Mode::smtp_starttls, "smtp-starttls"},
    {Mode::smtps, "smtps"},
    {Mode::ldap_starttls, "ldap-starttls"},
    {Mode::ldaps, "ldaps"},
    {Mode::smtp_plain, "smtp-plain"},
    {Mode::ldap_plain, "ldap-plain"},
});
constexpr Words words_of(Mode) {
  return kModes;
}

enum class Protocol { smtp, ldap };
inline constexpr auto kProtocols = word_table<Protocol>({
    {Protocol::smtp, "smtp"},
    {Protocol::ldap, "ldap"},
});
constexpr Words words_of(Protocol) {
  return kProtocols;
}

constexpr Protocol protocol_of(Mode m) {
  const bool ldap = m == Mode::ldap_starttls || m == Mode::ldaps || m == Mode::ldap_plain;
  return ldap ? Protocol::ldap : Protocol::smtp;
}
// TLS from the first byte on.
constexpr bool is_implicit_tls(Mode m) {
  return m == Mode::smtps || m == Mode::ldaps;
}
constexpr bool demands_tls(Mode m) {
  return m != Mode::smtp_plain && m != Mode::ldap_plain;
}

// What no client may do, whatever the expectation; judged from the server's side alone.
enum class Invariant {
  secret_in_clear,
  payload_in_clear,
  secret_to_refused_peer,
  continued_after_refusal,
  believed_injected_bytes,
  stale_capabilities,
  answered_forged_challenge,
  wrong_channel_binding,
  stepped_down,
  secret_in_output,
  hung,
};
inline constexpr auto kInvariants = word_table<Invariant>({
    {Invariant::secret_in_clear, "secret-in-clear"},
    {Invariant::payload_in_clear, "payload-in-clear"},
    {Invariant::secret_to_refused_peer, "secret-to-refused-peer"},
    {Invariant::continued_after_refusal, "continued-after-refusal"},
    {Invariant::believed_injected_bytes, "believed-injected-bytes"},
    {Invariant::stale_capabilities, "stale-capabilities"},
    {Invariant::answered_forged_challenge, "answered-forged-challenge"},
    {Invariant::wrong_channel_binding, "wrong-channel-binding"},
    {Invariant::stepped_down, "stepped-down"},
    {Invariant::secret_in_output, "secret-in-output"},
    {Invariant::hung, "hung"},
});
constexpr Words words_of(Invariant) {
  return kInvariants;
}

// From harmless to worst, so that severities compare.
enum class Severity { note, wrong_reason, false_refuse, false_accept, leak };
inline constexpr auto kSeverities = word_table<Severity>({
    {Severity::note, "note"},
    {Severity::wrong_reason, "wrong-reason"},
    {Severity::false_refuse, "false-refuse"},
    {Severity::false_accept, "false-accept"},
    {Severity::leak, "leak"},
});
constexpr Words words_of(Severity) {
  return kSeverities;
}

}  // namespace startle::words
