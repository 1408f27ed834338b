#pragma once
// The words of a judgement: how an exchange can end, which invariants it can break, how severe
// that is, and the names of the trust models. The client takes these words from here and nothing
// else of this folder (a test holds it to that).

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/base/words.h"
#include "harness/words/ending.h"
#include "harness/words/protocol.h"

namespace startle::words {

// What the value of `trust` means (harness/oracle/README.md). A model rests on a base: it does as
// that one does wherever nothing says otherwise, neither a recipe nor code. A root's base is
// itself.
enum class TrustModel { documented, javamail, javamail_identity, angus, jndi, pkix };
// Whose it is: a library's belongs to the protocols that the library speaks.
enum class ModelOf { anybody, mail_clients, directory_clients };
struct TrustModelRow {
  TrustModel value{};
  std::string_view word{};
  TrustModel base{};
  ModelOf of{};
};
inline constexpr auto kTrustModelRows = std::to_array<TrustModelRow>({
    {TrustModel::documented, "documented", TrustModel::pkix, ModelOf::anybody},    // no path
    {TrustModel::javamail, "javamail", TrustModel::angus, ModelOf::mail_clients},  // no name
    // The name as JavaMail matches it, once the handshake is over.
    {TrustModel::javamail_identity, "javamail-identity", TrustModel::angus, ModelOf::mail_clients},
    {TrustModel::angus, "angus", TrustModel::pkix, ModelOf::mail_clients},      // as Java does
    {TrustModel::jndi, "jndi", TrustModel::angus, ModelOf::directory_clients},  // knows no `trust`
    {TrustModel::pkix, "pkix", TrustModel::pkix, ModelOf::anybody},
});
inline constexpr auto kTrustModels = word_table_of(kTrustModelRows);
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

// Whether there are clients of this model that speak the protocol.
constexpr bool fits(TrustModel m, Protocol p) {
  switch (kTrustModelRows[static_cast<std::size_t>(m)].of) {
    case ModelOf::anybody:
      break;
    case ModelOf::mail_clients:
      return row_of(p).is_mail;
    case ModelOf::directory_clients:
      return row_of(p).is_directory;
  }
  return true;
}

// Java's libraries: a certificate is validated as Java's own TLS does, where nothing replaces that.
constexpr bool is_javas(TrustModel m) {
  return is_based_on(m, TrustModel::angus);
}
// Of those, the mail libraries: `trust` is a literal list of hosts whose certificate is not
// validated; where it is absent Java validates. Models that are none of Java's take its tokens as
// names to look for; to Java's LDAP client it is nothing.
constexpr bool has_literal_list(TrustModel m) {
  return is_javas(m) && !is_based_on(m, TrustModel::jndi);
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
  did_not_await_tls,
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
    {Invariant::did_not_await_tls, "did-not-await-tls"},
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
