// What a server shows against what the store of its host holds.

#include <algorithm>

#include "harness/base/shell_word.h"
#include "harness/customer/home/home.h"
#include "harness/customer/home/home_remedy.h"
#include "harness/customer/home/shown_file.h"
#include "harness/customer/store/certificate_text.h"
#include "harness/tls/certification_path.h"
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

// Where every path to one that is held has an authority in it that has expired: that one. What is
// held has no dates for Java, and neither has the server's own (RFC 5280, 6.1.1 (d)).
std::optional<std::string> expired_on_the_way(const std::vector<Held>& trusted,
                                              const std::vector<std::string>& shown_der) {
  std::vector<std::string> anchors;
  for (const Held& held : trusted) {
    if (held.entry->der == shown_der.front()) return std::nullopt;
    if (held.certificate) anchors.push_back(held.entry->der);
  }
  std::vector<tls::Certificate> sent;
  for (const std::string& der : shown_der) {
    if (auto certificate = readable(der)) sent.push_back(std::move(certificate));
  }
  if (sent.empty()) return std::nullopt;
  const tls::PathReport path = tls::best_path(sent, tls::TrustStore(anchors), false);
  if (path.authority_dates != tls::Dates::expired) return std::nullopt;
  for (std::size_t i = 1; i < sent.size(); ++i) {
    if (tls::dates_of(sent[i].get()) != tls::Dates::expired) continue;
    return "the certificate " + std::to_string(i + 1) + " that it shows, which expired on " +
           tls::last_day_of(sent[i].get());
  }
  return std::nullopt;
}

}  // namespace

ShownAnchor anchor_of(const std::vector<std::string>& shown_der, const std::filesystem::path& file,
                      bool is_pem) {
  std::vector<tls::Certificate> shown;
  for (const std::string& der : shown_der) shown.push_back(readable(der));
  std::vector<bool> passed(shown.size());
  std::size_t top = 0;
  for (std::size_t at = 0; at < shown.size();) {
    passed[at] = true;
    const bool current = shown[at] && tls::dates_of(shown[at].get()) == tls::Dates::current;
    if (at == 0 || current) top = at;
    std::size_t next = 0;
    while (next < shown.size() && (passed[next] || !issued(shown[next], shown[at]))) ++next;
    at = next;
  }
  const bool is_self_signed = issued(shown[top], shown[top]);
  return {.file = file,
          .is_pem = is_pem,
          .number = top + 1,
          .is_authority = top > 0,
          .is_self_signed = is_self_signed,
          .subject = subject_of(shown_der[top]),
          .fingerprint = fingerprint_text(shown_der[top])};
}

std::optional<ShownAnchor> anchor_in(const std::string& bytes, const std::filesystem::path& file) {
  try {
    const auto der = read_shown(bytes, file.string());
    if (der.empty()) return std::nullopt;
    return anchor_of(der, file, is_pem_as_it_stands(bytes));
  } catch (const Error&) {
    return std::nullopt;  // what it is else is said of it
  }
}

std::vector<StoreDiagnosis> compare_with_shown(const FoundStore& found,
                                               const std::vector<std::string>& shown_der,
                                               const std::string& host) {
  if (!found.store || shown_der.empty()) return {};
  const Remedy remedy(found.file, host, found.use);
  const auto say = [&](StoreProblem problem, const std::string& what, Commands commands) {
    return std::vector{StoreDiagnosis{.problem = problem,
                                      .file = found.file,
                                      .sentence = remedy.name() + " " + what,
                                      .remedy = std::move(commands)}};
  };
  std::vector<Held> trusted;
  for (const StoreEntry& entry : found.store->entries) {
    if (is_anchor(entry)) trusted.push_back({&entry, readable(entry.der)});
  }

  if (leads_to(trusted, shown_der)) {
    const auto late = expired_on_the_way(trusted, shown_der);
    if (!late) return {};
    return say(StoreProblem::expired_path,
               "holds what the server's certificate leads to, but only through " + *late +
                   ": Java refuses that",
               remedy.add(*found.store));
  }
  // Of which find_host_store() has said why.
  if (std::none_of(trusted.begin(), trusted.end(),
                   [](const Held& held) { return held.entry->trusted; })) {
    return {};
  }
  for (const StoreEntry& entry : found.store->entries) {
    if (is_anchor(entry) || entry.der != shown_der.front()) continue;
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
               remedy.add(*found.store));
  }
  const auto count = std::count_if(trusted.begin(), trusted.end(),
                                   [](const Held& held) { return held.entry->trusted; });
  return say(StoreProblem::other_certificate,
             (count == 1 ? "holds 1 trusted certificate, which is neither the"
                         : "holds " + std::to_string(count) +
                               " trusted certificates, of which none is the") +
                 std::string(count == 1 ? " server's nor that of its issuer"
                                        : " server's or that of its issuer"),
             remedy.add(*found.store));
}

}  // namespace startle::customer
