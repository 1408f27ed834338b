#include "harness/client/sasl_decisions.h"

#include <algorithm>
#include <array>

#include "harness/base/bytes.h"

namespace startle::client {

using sasl::Mechanism;

namespace {

// What is chosen without being told to, strongest first.
constexpr std::array kByStrength{Mechanism::scram_sha_256_plus,
                                 Mechanism::scram_sha_1_plus,
                                 Mechanism::scram_sha_256,
                                 Mechanism::scram_sha_1,
                                 Mechanism::cram_md5,
                                 Mechanism::plain,
                                 Mechanism::login};

bool is_usable(Mechanism one, const std::vector<std::string>& offered, const SaslPlace& place) {
  // EXTERNAL is what TLS has authenticated (RFC 4422, A).
  const bool in_clear = place.may_be_in_clear && one != Mechanism::external;
  return (place.inside_tls || in_clear) && (place.can_bind || !sasl::binds_to_channel(one)) &&
         std::find(offered.begin(), offered.end(), word(one)) != offered.end();
}

}  // namespace

std::optional<Mechanism> SaslDecisions::mechanism(const std::vector<std::string>& offered,
                                                  const SaslPlace& place,
                                                  const Settings& settings) const {
  if (settings.mechanism) {
    const auto configured = from_word<Mechanism>(*settings.mechanism);
    return configured && is_usable(*configured, offered, place) ? configured : std::nullopt;
  }
  for (const Mechanism one : kByStrength) {
    if (is_usable(one, offered, place)) return one;
  }
  return std::nullopt;
}

std::optional<Mechanism> SaslDecisions::after_refusal(const SaslRefusal& refusal,
                                                      const std::vector<std::string>& offered,
                                                      const SaslPlace& place,
                                                      const Settings& settings) const {
  constexpr std::int64_t kUnknownMechanism = 504;
  if (refusal.code != kUnknownMechanism || settings.mechanism) return std::nullopt;
  if (refusal.challenge_answered || !refusal.stated_error.empty()) return std::nullopt;
  const Mechanism first = refusal.tried.front();
  for (const Mechanism one : kByStrength) {
    const bool gives_up = (sasl::binds_to_channel(first) && !sasl::binds_to_channel(one)) ||
                          (!sasl::hands_over_secret(first) && sasl::hands_over_secret(one));
    const auto& tried = refusal.tried;
    const bool again = std::find(tried.begin(), tried.end(), one) != tried.end();
    if (!gives_up && !again && is_usable(one, offered, place)) return one;
  }
  return std::nullopt;
}

std::optional<std::string> SaslDecisions::decoded(std::string_view text) const {
  return from_base64(text);
}

std::optional<std::string> SaslDecisions::challenge(
    std::string_view challenge, const std::optional<sasl::Objection>& objection) const {
  if (objection) return std::nullopt;
  return std::string(challenge);
}

}  // namespace startle::client
