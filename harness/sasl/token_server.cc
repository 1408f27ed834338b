#include "harness/sasl/token_server.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "harness/base/text.h"

namespace startle::sasl {
namespace {

constexpr char kSeparator = '\x01';
constexpr std::string_view kBearer = "Bearer ";

// As it stands in a gs2 header (RFC 5801, 4).
std::optional<std::string> plain_name(std::string_view written) {
  std::string name;
  while (!written.empty()) {
    if (written.starts_with("=2C") || written.starts_with("=3D")) {
      name += written[1] == '2' ? ',' : '=';
      written.remove_prefix(3);
    } else if (written.front() == '=') {
      return std::nullopt;
    } else {
      name += written.front();
      written.remove_prefix(1);
    }
  }
  return name;
}

std::string_view taken_until(char end, std::string_view& text) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view head = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return head;
}

struct Credential {
  std::string name{};
  std::string token{};
};

// key "=" value, each ended by ^A, and one ^A more (RFC 7628, 3.1).
std::optional<Credential> read_pairs(std::string_view pairs, Credential into) {
  bool authorized = false;
  while (!pairs.empty() && pairs.front() != kSeparator) {
    if (pairs.find(kSeparator) == std::string_view::npos) return std::nullopt;
    std::string_view value = taken_until(kSeparator, pairs);
    if (value.find('=') == std::string_view::npos) return std::nullopt;
    const std::string_view key = taken_until('=', value);
    if (key == "user") into.name = value;
    if (key != "auth") continue;
    if (!equal_ignoring_case(value.substr(0, kBearer.size()), kBearer)) return std::nullopt;
    into.token = value.substr(kBearer.size());
    authorized = true;
  }
  if (!authorized || pairs != std::string_view(&kSeparator, 1)) return std::nullopt;
  return into;
}

std::optional<Credential> read_oauthbearer(std::string_view message) {
  const std::string_view flag = taken_until(',', message);
  if (flag != "n" && flag != "y" && !flag.starts_with("p=")) return std::nullopt;
  std::string_view authorization = taken_until(',', message);
  std::string name;
  if (authorization.starts_with("a=")) {
    const auto plain = plain_name(authorization.substr(2));
    if (!plain) return std::nullopt;
    name = *plain;
  } else if (!authorization.empty()) {
    return std::nullopt;
  }
  if (message.empty() || message.front() != kSeparator) return std::nullopt;
  return read_pairs(message.substr(1), {.name = std::move(name)});
}

class TokenServer final : public ServerExchange {
 public:
  TokenServer(Mechanism mechanism, const ServerSide& side) : mechanism_(mechanism), side_(side) {}

  ServerStep step(const std::optional<std::string>& message) override {
    if (!message) return ServerChallenge{};
    const bool bearer = mechanism_ == Mechanism::oauthbearer;
    if (refused_) {
      // RFC 7628, 3.2.3; XOAUTH2: an empty response.
      const std::string_view dummy = bearer ? std::string_view(&kSeparator, 1) : "";
      if (*message != dummy) return ServerNonsense{};
      return ServerFailure{};
    }
    const auto given = bearer ? read_oauthbearer(*message) : read_pairs(*message, Credential{});
    if (!given) return ServerNonsense{};
    const std::string* token = side_.password_of ? side_.password_of(given->name) : nullptr;
    if (token != nullptr && *token == given->token) return ServerSuccess{.name = given->name};
    refused_ = true;
    return ServerChallenge{token_failure(mechanism_)};
  }

 private:
  Mechanism mechanism_;
  const ServerSide& side_;
  bool refused_ = false;
};

}  // namespace

std::unique_ptr<ServerExchange> token_server(Mechanism mechanism, const ServerSide& side) {
  return std::make_unique<TokenServer>(mechanism, side);
}

std::string token_failure(Mechanism mechanism) {
  if (mechanism == Mechanism::oauthbearer) {
    return R"({"status":"invalid_token","scope":"mail"})";
  }
  return R"({"status":"400","schemes":"Bearer","scope":"mail"})";
}

}  // namespace startle::sasl
