// What a server shows against what the store of its host holds.

#include <algorithm>

#include "harness/base/shell_word.h"
#include "harness/customer/home.h"
#include "harness/customer/home_remedy.h"
#include "harness/tls/credentials.h"
#include "harness/tls/issuance.h"

namespace startle::customer {
namespace {

// Null where nothing can be read: it is compared by its bytes alone.
tls::Certificate readable(const std::string& der) {
  try {
    return tls::certificate_from_der(der);
  } catch (const Error&) {
    return {};
  }
}

struct Held {
  const StoreEntry* entry = nullptr;
  tls::Certificate certificate{};
};

bool issued(const tls::Certificate& issuer, const tls::Certificate& certificate) {
  return issuer && certificate && tls::names_as_issuer(certificate.get(), issuer.get()) &&
         tls::signed_by(certificate.get(), issuer.get());
}

// From the end entity upwards, each by the key of the next, one of those shown is held, or was
// issued by one that is held (RFC 5280, 6.1).
bool leads_to(const std::vector<Held>& trusted, const std::vector<std::string>& shown_der) {
  std::vector<tls::Certificate> shown;
  for (const std::string& der : shown_der) shown.push_back(readable(der));
  std::vector<bool> passed(shown.size());
  for (std::size_t at = 0; at < shown.size();) {
    passed[at] = true;
    for (const Held& held : trusted) {
      if (held.entry->der == shown_der[at] || issued(held.certificate, shown[at])) return true;
    }
    std::size_t next = 0;
    while (next < shown.size() && (passed[next] || !issued(shown[next], shown[at]))) ++next;
    at = next;
  }
  return false;
}

}  // namespace

std::vector<StoreDiagnosis> compare_with_shown(const FoundStore& found,
                                               const std::vector<std::string>& shown_der,
                                               const std::string& host) {
  if (!found.store || shown_der.empty()) return {};
  const Remedy remedy(found.file, host, found.use);
  const auto say = [&](StoreProblem problem, const std::string& what, const std::string& command) {
    return std::vector{StoreDiagnosis{.problem = problem,
                                      .file = found.file,
                                      .sentence = shell_path(found.file) + " " + what,
                                      .remedy = command}};
  };
  std::vector<Held> trusted;
  for (const StoreEntry& entry : found.store->entries) {
    if (entry.trusted) trusted.push_back({&entry, readable(entry.der)});
  }
  if (trusted.empty()) return {};  // of which find_host_store() has said why

  if (leads_to(trusted, shown_der)) return {};
  for (const StoreEntry& entry : found.store->entries) {
    if (entry.trusted || entry.der != shown_der.front()) continue;
    return say(StoreProblem::not_trusted,
               "holds the certificate that the server shows, as " + shell_word(entry.alias) +
                   ", but not as a trusted one: Java does not take it",
               remedy.add(*found.store));
  }
  const tls::Certificate shown = readable(shown_der.front());
  for (const Held& held : trusted) {
    if (!shown || !held.certificate) continue;
    if (!tls::same_subject(shown.get(), held.certificate.get())) continue;
    const bool same_key = tls::same_key(shown.get(), held.certificate.get());
    return say(StoreProblem::renewed,
               "holds, as " + shell_word(held.entry->alias) +
                   ", another certificate of the subject that the server's has: it was renewed " +
                   (same_key ? "with the same key"
                             : "with a new key, or somebody stands between: ask its operator for "
                               "the fingerprint"),
               // With a private key's entry the key would go.
               remedy.add(*found.store, held.entry->of_key ? "" : held.entry->alias));
  }
  const std::size_t count = trusted.size();
  return say(StoreProblem::other_certificate,
             (count == 1 ? "holds 1 trusted certificate, which is neither the"
                         : "holds " + std::to_string(count) +
                               " trusted certificates, of which none is the") +
                 std::string(count == 1 ? " server's nor that of its issuer"
                                        : " server's or that of its issuer"),
             remedy.add(*found.store));
}

}  // namespace startle::customer
