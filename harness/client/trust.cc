#include "harness/client/trust.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/base/text.h"

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
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

bool is_host_name(const std::string& text) {
  if (text.empty() || text.size() > 253 || text.front() == '.' || text.back() == '.') return false;
  return std::all_of(
             text.begin(), text.end(),
             [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; }) &&
         text.find("..") == std::string::npos;
}

// A name (without its final dot) or an address goes where it belongs; anything else can match
// nothing and is dropped.
void accept(std::string token, Trust& trust) {
  if (is_address(token)) {
    trust.addresses.push_back(token);
    return;
  }
  if (token.size() > 1 && token.back() == '.') token.pop_back();
  if (is_host_name(token) && !is_address(token)) trust.names.push_back(token);
}

Trust read_java(const Settings& s) {
  const bool checks_identity = !words::is_based_on(s.trust_model, TrustModel::javamail);
  Trust trust{.check_path = !s.trust, .check_name = checks_identity};
  accept(s.host, trust);
  if (s.trust && *s.trust != "*") {
    const auto tokens = split_on_white_space(*s.trust);
    trust.host_must_be_listed = true;
    trust.host_is_listed = std::find(tokens.begin(), tokens.end(), s.host) != tokens.end();
  }
  return trust;
}

}  // namespace

std::optional<Trust> read_trust(const Settings& s, std::string& why) {
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
