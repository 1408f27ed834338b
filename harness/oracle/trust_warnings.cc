#include <algorithm>
#include <string_view>

#include "harness/base/utf_8.h"
#include "harness/oracle/oracle.h"
#include "harness/oracle/quote.h"
#include "harness/oracle/trust_value.h"

namespace startle::oracle {
namespace {

bool has_byte(const std::string& text, auto is) {
  return std::any_of(text.begin(), text.end(), is);
}

// Letters beyond ASCII, which an A-label can stand for: no blank, no quotation mark, nothing
// invisible.
bool has_foreign_letter(const std::string& text) {
  for (std::string_view rest = text; !rest.empty();) {
    const auto character = first_character(rest);
    if (!character) return false;
    const char32_t code = character->code;
    const bool is_sign = (code >= 0x80 && code <= 0xbf) || (code >= 0x2000 && code <= 0x206f) ||
                         (code >= 0x3000 && code <= 0x3003) || code == 0xfeff || code >= 0xfff0;
    if (code >= 0x80 && !is_sign) return true;
    rest.remove_prefix(character->octets);
  }
  return false;
}

// What would be right instead, where the mistake can be recognised.
std::string hint(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (has_byte(text, [](char c) { return c == ',' || c == ';'; })) {
    return "; names are separated by blanks";
  }
  if (has_byte(text, [](char c) { return c == '*'; })) {
    return "; a wildcard belongs in a certificate, never in trust";
  }
  if (has_foreign_letter(text)) {
    return "; write it in its A-label form (xn--..)";
  }
  if (colon != std::string::npos && colon > 0 && colon + 1 < text.size() &&
      text.find_first_not_of("0123456789", colon + 1) == std::string::npos) {
    return "; a port does not belong in trust";
  }
  return "";
}

std::string names_warning(words::TrustModel model, const std::string& host, const Token& token,
                          bool alone) {
  const std::string text = quoted(token.text);
  if (token.kind == TokenKind::nothing) {
    return text + " is neither a host name nor an IP address: it matches nothing" +
           hint(token.text);
  }
  if (token.kind != TokenKind::asterisk) return "";
  if (!alone) return "`*` matches nothing: it means any host only where it stands alone";
  if (is_documented(model)) return "";
  return "`*` names no host and is ignored: the certificate must still be issued to " +
         quoted(host);
}

std::string list_warning(const std::string& host, const Token& token) {
  if (token.text == host) return "";
  if (token.kind == TokenKind::asterisk) {
    return "`*` matches nothing: it means any host only where it is the whole value, without "
           "blanks";
  }
  return quoted(token.text) + " is not the configured host " + quoted(host) +
         ", letter for letter: it matches nothing";
}

}  // namespace

std::vector<std::string> trust_warnings(words::TrustModel model, const std::string& host,
                                        const std::optional<std::string>& trust) {
  const bool literal_list = words::has_literal_list(model);
  if (!trust || (literal_list && *trust == "*")) return {};
  if (words::is_javas(model) && !literal_list) {
    return {
        "Java's LDAP client knows no trust: the value is ignored, and the certificate must be "
        "valid and issued to " +
        quoted(host)};
  }
  const std::vector<Token> tokens = tokens_of(*trust);
  std::vector<std::string> warnings;
  for (const Token& token : tokens) {
    std::string warning = literal_list ? list_warning(host, token)
                                       : names_warning(model, host, token, tokens.size() == 1);
    if (!warning.empty()) warnings.push_back(std::move(warning));
  }
  return warnings;
}

}  // namespace startle::oracle
