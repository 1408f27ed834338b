#pragma once
// What a client makes of a server with which STARTTLS comes to nothing.

#include "harness/base/words.h"
#include "harness/words/protocol.h"

namespace startle::words {

// In the modes that begin in clear; where TLS is implicit, or none is wanted, there is no choice.
// JavaMail's mail.smtp.starttls.required and mail.smtp.starttls.enable, OpenLDAP's -ZZ and -Z. JNDI
// has no such setting: whoever uses it goes on, or not, by code of his own.
enum class TlsPolicy {
  required,  // nothing is said in clear beyond asking for TLS (RFC 3207, 6; RFC 4513, 6.2)
  enable,    // where it is not offered, or refused, the session goes on in clear (RFC 3207, 4)
};
inline constexpr auto kTlsPolicies = word_table<TlsPolicy>({
    {TlsPolicy::required, "required"},
    {TlsPolicy::enable, "enable"},
});
constexpr Words words_of(TlsPolicy) {
  return kTlsPolicies;
}

// A client of `mode` that is told `policy` may end up without TLS.
constexpr bool may_do_without_tls(Mode mode, TlsPolicy policy) {
  return policy == TlsPolicy::enable && row_of(mode).tls == Tls::starttls;
}

}  // namespace startle::words
