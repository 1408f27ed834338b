#include "harness/client/trust.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "harness/base/text.h"
#include "harness/tls/server_name.h"

namespace startle::client {
namespace {

using words::TrustModel;

std::vector<std::string> split_on_white_space(const std::string& text) {
  constexpr std::string_view kWhiteSpace = " \t\n\v\f\r";
  std::vector<std::string> tokens;
  std::size_t at = text.find_first_not_of(kWhiteSpace);
  while (at != std::string::npos) {
    const std::size_t end = std::min(text.find_first_of(kWhiteSpace, at), text.size());
    tokens.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kWhiteSpace, end);
  }
  return tokens;
}

bool is_address(const std::string& text) {
  if (text.find('\0') != std::string::npos) return false;  // inet_pton() would stop there
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

// A name (without its final dot) or an address goes where it belongs; anything else can match
// nothing and is dropped.
void accept(const std::string& token, Trust& trust) {
  std::string name = tls::ascii_server_name(token);
  if (is_address(name)) {
    trust.addresses.push_back(std::move(name));
  } else if (tls::is_host_name(name)) {
    if (name.ends_with('.')) name.pop_back();
    trust.names.push_back(std::move(name));
  }
}

// Java takes one to four decimal numbers for an IPv4 address, the last of which fills what is left:
// the same written with four, or `text`.
std::string dotted_quad(const std::string& text) {
  std::string decimal;  // inet_aton would read a leading zero as octal
  bool at_start = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '.' && !is_digit(c)) return text;
    const bool more = i + 1 < text.size() && text[i + 1] != '.';
    if (!(at_start && c == '0' && more)) decimal += c;
    at_start = c == '.' || (at_start && c == '0');
  }
  in_addr address{};
  if (text.size() > 15 || ::inet_aton(decimal.c_str(), &address) == 0) return text;
  std::array<char, INET_ADDRSTRLEN> quad{};
  return ::inet_ntop(AF_INET, &address, quad.data(), quad.size());
}

// Java's LDAP client: the value of `trust` is none of its settings. Behind StartTLS it wants the
// host without a final dot.
Trust read_jndi(const Settings& s) {
  const bool starttls = !words::is_implicit_tls(s.mode);
  Trust trust{.check_path = true,
              .check_name = true,
              .matcher = NameMatcher::jsse,
              .name_behind_handshake = starttls};
  if (!starttls || !s.host.ends_with('.')) accept(dotted_quad(s.host), trust);
  return trust;
}

Trust read_java(const Settings& s) {
  const bool checks_identity = !words::is_based_on(s.trust_model, TrustModel::javamail);
  Trust trust{.check_path = !s.trust, .check_name = checks_identity, .matcher = NameMatcher::jsse};
  if (words::is_based_on(s.trust_model, TrustModel::javamail_identity)) {
    trust.matcher = NameMatcher::javamail;
    trust.name_behind_handshake = true;
    trust.names = {s.host};
  } else {
    accept(dotted_quad(s.host), trust);
  }
  if (s.trust && *s.trust != "*") {
    const auto tokens = split_on_white_space(*s.trust);
    trust.host_must_be_listed = true;
    trust.host_is_listed = std::find(tokens.begin(), tokens.end(), s.host) != tokens.end();
  }
  return trust;
}

}  // namespace

std::optional<Trust> read_trust(const Settings& s, std::string& why) {
  if (words::is_based_on(s.trust_model, TrustModel::jndi)) return read_jndi(s);
  if (words::is_javas(s.trust_model)) return read_java(s);
  const auto tokens = split_on_white_space(s.trust.value_or(""));
  const bool any = tokens.size() == 1 && tokens.front() == "*";
  Trust trust{.check_name = true};
  if (words::is_based_on(s.trust_model, TrustModel::documented)) {
    if (tokens.empty()) {
      why = s.trust ? "trust is empty: it must name the hosts to trust, or be *"
                    : std::string(tls_attribute(s.mode)) + " needs trust: the hosts to trust, or *";
      return std::nullopt;
    }
    if (any) return Trust{.check_nothing = true};
  } else {
    trust.check_path = true;
    accept(s.host, trust);
  }
  for (const std::string& token : tokens) accept(token, trust);
  return trust;
}

}  // namespace startle::client
