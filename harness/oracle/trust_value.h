#pragma once
// What the value of `trust` says: its tokens, and what the models make of them (README.md,
// "Trust value"). The client reads the value with code of its own.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/words/words.h"

namespace startle::oracle {

// Whether the list of hosts is all that counts, as the product's documentation has it: a listed
// name needs no path to a trust anchor.
constexpr bool is_documented(words::TrustModel model) {
  return words::is_based_on(model, words::TrustModel::documented);
}

// What a token can be to `documented` and `pkix`.
enum class TokenKind {
  host_name,   // perhaps with one final dot, which does not count
  ip_address,  // an IPv4 or IPv6 literal
  asterisk,    // `*`: means anyone only as the sole token
  nothing,     // none of these: it matches nothing
};

struct Token {
  std::string text{};  // as configured
  TokenKind kind = TokenKind::nothing;
};

// Split on white space (space, tab, line feed, vertical tab, form feed, carriage return: what
// Java's \s matches); a value of white space alone has no tokens.
std::vector<Token> tokens_of(std::string_view value);

// The reference identities of `documented` and `pkix` (RFC 9525, 6.1).
struct References {
  bool anyone = false;                    // `documented` only: nothing is validated
  std::vector<std::string> identities{};  // as certificates have them; no doubles
};
// documented: the listed names are the whole set. pkix: the host and the listed names. Tokens that
// match nothing are left out. Only for these two models.
References references_of(words::TrustModel model, std::string_view host,
                         const std::optional<std::string>& trust);

// What the models of words::has_literal_list() read in the value: hosts whose certificate is not
// validated, and which alone may be talked to.
enum class JavaTrust {
  pkix,      // absent: the certificate is validated
  anyone,    // exactly `*`
  listed,    // the host stands in the list, letter for letter
  unlisted,  // it does not: the server is refused
};
JavaTrust java_trust(std::string_view host, const std::optional<std::string>& trust);

}  // namespace startle::oracle
