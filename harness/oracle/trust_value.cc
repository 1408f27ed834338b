#include "harness/oracle/trust_value.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/oracle/host_name.h"

namespace startle::oracle {
namespace {

constexpr std::string_view kWhiteSpace = " \t\n\v\f\r";

TokenKind kind_of(std::string_view written) {
  if (written == "*") return TokenKind::asterisk;
  const std::string text = presented_form(written);
  if (address_octets(text)) return TokenKind::ip_address;
  if (is_host_name(without_final_dot(text))) return TokenKind::host_name;
  return TokenKind::nothing;
}

void add_reference(const Token& token, std::vector<std::string>& identities) {
  if (token.kind != TokenKind::host_name && token.kind != TokenKind::ip_address) return;
  const std::string form = presented_form(token.text);
  const std::string_view name = without_final_dot(form);
  const bool known = std::any_of(identities.begin(), identities.end(), [&](const auto& other) {
    return equal_ignoring_case(other, name);
  });
  if (!known) identities.emplace_back(name);
}

}  // namespace

std::vector<Token> tokens_of(std::string_view value) {
  std::vector<Token> tokens;
  while (true) {
    const std::size_t begin = value.find_first_not_of(kWhiteSpace);
    if (begin == std::string_view::npos) return tokens;
    value.remove_prefix(begin);
    const std::string_view text = value.substr(0, value.find_first_of(kWhiteSpace));
    tokens.push_back({std::string(text), kind_of(text)});
    value.remove_prefix(text.size());
  }
}

References references_of(words::TrustModel model, std::string_view host,
                         const std::optional<std::string>& trust) {
  const std::vector<Token> tokens = tokens_of(trust.value_or(""));
  References references;
  if (is_documented(model)) {
    references.anyone = tokens.size() == 1 && tokens.front().kind == TokenKind::asterisk;
  } else {
    add_reference({std::string(host), kind_of(host)}, references.identities);
  }
  for (const Token& token : tokens) add_reference(token, references.identities);
  return references;
}

JavaTrust java_trust(std::string_view host, const std::optional<std::string>& trust) {
  if (!trust) return JavaTrust::pkix;
  if (*trust == "*") return JavaTrust::anyone;
  const std::vector<Token> tokens = tokens_of(*trust);
  const bool listed = std::any_of(tokens.begin(), tokens.end(),
                                  [&](const Token& token) { return token.text == host; });
  return listed ? JavaTrust::listed : JavaTrust::unlisted;
}

}  // namespace startle::oracle
