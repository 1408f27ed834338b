// Two lines of any bytes: what a customer wrote for `trust` or for the host, and a name of a
// certificate. Whoever is matched, by every model, is a host name or an address.

#include <algorithm>
#include <string>
#include <string_view>

#include "harness/base/fuzz/claims.h"
#include "harness/oracle/host_name.h"
#include "harness/oracle/java_identity.h"
#include "harness/oracle/reference_identity.h"
#include "harness/oracle/trust_value.h"

namespace startle::oracle {
namespace {

using namespace std::string_literals;

using fuzz::must_hold;

void check_trust(const std::string& trust) {
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  const std::vector<Token> tokens = tokens_of(trust);
  std::size_t visible = 0;
  for (const Token& token : tokens) {
    must_hold(!token.text.empty() && token.text.find_first_of(kBlanks) == std::string::npos,
              "a token is a word");
    visible += token.text.size();
  }
  const auto is_blank = [&](char c) { return kBlanks.find(c) != std::string_view::npos; };
  must_hold(visible == trust.size() - static_cast<std::size_t>(
                                          std::count_if(trust.begin(), trust.end(), is_blank)),
            "nothing but blanks stands between them");
  for (const auto model : {words::TrustModel::documented, words::TrustModel::pkix}) {
    const References references = references_of(model, "a.test", trust);
    must_hold(!references.anyone || (is_documented(model) && tokens.size() == 1),
              "anyone is meant by a lone asterisk");
    for (const std::string& identity : references.identities) {
      must_hold(is_host_name(presented_form(identity)) || address_octets(identity),
                "what is looked for is a name or an address");
      must_hold(
          std::count(references.identities.begin(), references.identities.end(), identity) == 1,
          "and no double");
    }
  }
  must_hold((java_trust("a.test", trust) == JavaTrust::anyone) == (trust == "*"),
            "Java knows one asterisk");
}

// A name's form has what was written of ASCII, and nothing of it is lost.
void check_form(const std::string& host) {
  const std::string form = presented_form(host);
  must_hold(!is_host_name(form) || host.find_first_of(" ;:\"'=/@,\\\0"s) == std::string::npos,
            "a name that no host has is no host's");
}

void check_match(const std::string& reference, const std::string& name) {
  PresentedIdentity presented;
  presented.dns_names = {name};
  const Match found = match(reference, presented);
  const bool is_name = is_host_name(without_final_dot(presented_form(reference)));
  must_hold(found == Match::no || is_name, "a name matches names alone");
  must_hold(found != Match::yes || name.find('*') != std::string::npos ||
                is_host_name(without_final_dot(presented_form(name))),
            "and is one, or a wildcard");
  java_identifies(reference, presented);
  if (is_host_name(reference)) {
    presented.dns_names = {reference};
    must_hold(match(reference, presented) == Match::yes, "a name matches itself");
  }
}

}  // namespace
}  // namespace startle::oracle

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::oracle;
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string second = input.substr(std::min(line + 1, input.size()));
  check_trust(input);
  check_form(input.substr(0, line));
  check_match(input.substr(0, line), second);
  return 0;
}
