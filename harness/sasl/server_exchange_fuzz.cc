// Any bytes, cut into lines, as what clients of every mechanism send: the exchange ends, nobody is
// let in who has not the secret, and nothing that the server sends holds it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/fuzz/claims.h"
#include "harness/sasl/server_exchange.h"

namespace startle::sasl {
namespace {

using fuzz::must_hold;

const std::string kSecret = "a secret that no input has";
SaltedPasswords salted;  // a derivation of a key costs as much as a hundred messages

std::vector<std::optional<std::string>> messages_in(std::string_view input) {
  std::vector<std::optional<std::string>> all;
  while (all.size() < 6) {
    const std::size_t end = input.find('\n');
    const std::string_view line = input.substr(0, end);
    // The first may be absent.
    all.push_back(all.empty() && line == "-" ? std::nullopt : std::optional(std::string(line)));
    if (end == std::string_view::npos) break;
    input.remove_prefix(end + 1);
  }
  return all;
}

void check(Mechanism mechanism, const std::vector<std::optional<std::string>>& messages) {
  ServerSide side;
  side.password_of = [](const std::string& name) { return name == "user" ? &kSecret : nullptr; };
  side.external = [](const std::string& authorization) { return authorization == "user"; };
  side.salted = &salted;
  if (binds_to_channel(mechanism)) side.binding = ChannelBinding{"tls-exporter", "32 octets"};
  const auto exchange = server_exchange(mechanism, side);
  for (const auto& message : messages) {
    const ServerStep step = exchange->step(message);
    if (const auto* challenge = std::get_if<ServerChallenge>(&step)) {
      must_hold(challenge->data.find(kSecret) == std::string::npos, "no secret is sent");
      continue;
    }
    const bool entered = std::holds_alternative<ServerSuccess>(step);
    must_hold(!entered || mechanism == Mechanism::external, "nobody enters without the secret");
    return;
  }
}

}  // namespace
}  // namespace startle::sasl

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::sasl;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.find(kSecret) != std::string_view::npos) return 0;
  const auto messages = messages_in(input);
  for (std::size_t i = 0; i < kMechanisms.size(); ++i) check(static_cast<Mechanism>(i), messages);
  return 0;
}
