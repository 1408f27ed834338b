#include "fake-servers/dialogue/auth_watch.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/wire/ldap_message.h"

namespace startle::fake {

using sasl::Mechanism;

namespace {

// How much is given away where the other end is not the server: the lowest kind proves the server
// and the channel, the highest hands over the secret. Within a kind no mechanism is weaker: a
// client may try the password with LOGIN that PLAIN did not take (RFC 4954, 4).
int exposure(Mechanism m) {
  if (hands_over_secret(m)) return 3;
  if (m == Mechanism::cram_md5) return 2;
  return is_scram(m) && !binds_to_channel(m) ? 1 : 0;
}

template <typename Codes, typename Code>
bool holds(const Codes& codes, Code code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

void AuthWatch::attempted(Mechanism mechanism) {
  cancelled_ = false;
  challenged_ = false;
  last_ = mechanism;
  const bool weaker_than_refused =
      std::any_of(seen_.auth_refused.begin(), seen_.auth_refused.end(),
                  [&](Mechanism refused) { return exposure(mechanism) > exposure(refused); });
  // Of what the server does not know the next of the list is tried, but not for less protection.
  const bool less_than_unknown =
      std::any_of(seen_.auth_not_known.begin(), seen_.auth_not_known.end(), [&](Mechanism unknown) {
        return (binds_to_channel(unknown) && !binds_to_channel(mechanism)) ||
               (hands_over_secret(mechanism) && !hands_over_secret(unknown));
      });
  if (weaker_than_refused || less_than_unknown) seen_.stepped_down = true;
}

void AuthWatch::refused() {
  if (const auto last = std::exchange(last_, std::nullopt)) seen_.auth_refused.push_back(*last);
}

void AuthWatch::not_known() {
  if (challenged_ || cancelled_) return refused();
  if (const auto last = std::exchange(last_, std::nullopt)) seen_.auth_not_known.push_back(*last);
}

void AuthWatch::smtp_replied(int code) {
  if (!last_) return;
  if (code == 334) {
    challenged_ = true;
    return;
  }
  // RFC 4954, 4 and 6; RFC 5321, 4.2.4: of the command, or of the mechanism.
  constexpr std::array<int, 3> kNotKnown{500, 501, 504};
  // Of the connection or its state.
  constexpr std::array<int, 3> kOther{421, 503, 530};
  if (holds(kNotKnown, code)) return not_known();
  if (code >= 400 && (!holds(kOther, code) || cancelled_)) return refused();
  last_.reset();
}

void AuthWatch::ldap_replied(std::int64_t code) {
  if (!last_) return;
  if (code == wire::kLdapSaslBindInProgress) {
    challenged_ = true;
    return;
  }
  constexpr std::array<std::int64_t, 2> kNotKnown{wire::kLdapProtocolError,
                                                  wire::kLdapAuthMethodNotSupported};
  constexpr std::array<std::int64_t, 9> kRefused{wire::kLdapStrongerAuthRequired,
                                                 wire::kLdapConfidentialityRequired,
                                                 wire::kLdapInappropriateAuthentication,
                                                 wire::kLdapInvalidCredentials,
                                                 wire::kLdapInsufficientAccessRights,
                                                 wire::kLdapBusy,
                                                 wire::kLdapUnavailable,
                                                 wire::kLdapUnwillingToPerform,
                                                 wire::kLdapOther};
  if (holds(kNotKnown, code)) return not_known();
  if (holds(kRefused, code)) return refused();
  last_.reset();
}

}  // namespace startle::fake
