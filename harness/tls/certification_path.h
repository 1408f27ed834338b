#pragma once
// Path building and validation of our own, after RFC 4158 and RFC 5280, 6.1: for chains that GnuTLS
// does not simply accept. It takes the first path it tries, counts an authority that issued itself
// against a path length, and does not say which rule is broken.

#include <span>
#include <string>

#include "harness/tls/credentials.h"
#include "harness/tls/handle.h"

namespace startle::tls {

enum class Dates { current, expired, not_yet_valid };
// Against the run's clock. Of a validity that ends before it begins, the end counts, unless
// `beginning_first`.
Dates dates_of(gnutls_x509_crt_t certificate, bool beginning_first = false);

// Where its validity begins and ends, "2026-11-20".
std::string first_day_of(gnutls_x509_crt_t certificate);
std::string last_day_of(gnutls_x509_crt_t certificate);

// A rule of RFC 5280, 6.1 for the authorities on the way.
enum class Rule {
  none,
  signature,           // 6.1.3 (a) (1)
  version,             // only version 3 can say that it is an authority: 6.1.4 (k)
  ca_flag,             // 6.1.4 (k)
  key_usage,           // 6.1.4 (n)
  path_length,         // 6.1.4 (l): one that issued itself does not count
  name_constraints,    // 6.1.3 (b) and (c)
  critical_extension,  // 6.1.4 (o)
};

// Of the authorities on a way; of an anchor the key alone: nobody verifies its own signature.
struct LinkStrength {
  unsigned least_rsa_bits = 0;  // 0: none has an RSA key
  bool md5 = false;             // a signature is over that digest
  bool sha1 = false;
  bool key_unknown = false;  // GnuTLS cannot verify anything under a key
  bool is_strong() const {   // RFC 9325, 4.5
    return (least_rsa_bits == 0 || least_rsa_bits >= 2048) && !md5 && !sha1 && !key_unknown;
  }
};
void add_key_of(gnutls_x509_crt_t authority, LinkStrength& links);
void add_signature_of(gnutls_x509_crt_t authority, LinkStrength& links);

// What a walk from the end entity to a trust anchor found (RFC 5280, 6.1).
struct PathReport {
  bool anchored = true;           // an anchor was reached
  bool signature_valid = true;    // the end entity's, where its issuer is at hand
  bool extensions_known = true;   // no critical extension of the end entity is unknown
  Rule broken_rule = Rule::none;  // the first, from the end entity upwards
  // The first of the authorities' on the way that is not current; an anchor has no dates (RFC
  // 5280, 6.1.1 (d)).
  Dates authority_dates = Dates::current;
  // How strong the links above the end entity are, whatever is asked of them.
  LinkStrength links{};
};

// Of all paths from the first of `sent` to an anchor the one that breaks least; each certificate
// stands in it once. Bounded: a list made to have very many paths is not searched through.
PathReport best_path(std::span<const Certificate> sent, const TrustStore& anchors,
                     bool beginning_first);

// Whether it has a critical extension that GnuTLS does not process (RFC 5280, 4.2).
bool has_unknown_critical_extension(gnutls_x509_crt_t certificate);

}  // namespace startle::tls
