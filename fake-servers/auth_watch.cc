#include "fake-servers/auth_watch.h"

#include <algorithm>
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

}  // namespace

void AuthWatch::attempted(Mechanism mechanism) {
  cancelled_ = false;
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
  if (const auto last = std::exchange(last_, std::nullopt)) seen_.auth_not_known.push_back(*last);
}

void AuthWatch::smtp_replied(int code) {
  if (!last_ || code == 334) return;
  constexpr int kNotKnown = 504;
  if (code == kNotKnown) return not_known();
  // What speaks of the command, of the connection or of its state is no refusal of the credentials
  // (RFC 4954, 4), unless the client itself would not go on.
  constexpr std::array<int, 5> kOther{421, 500, 501, 503, 530};
  const bool other = std::find(kOther.begin(), kOther.end(), code) != kOther.end();
  if (code >= 400 && (!other || cancelled_)) return refused();
  last_.reset();
}

void AuthWatch::ldap_replied(std::int64_t code) {
  if (!last_ || code == wire::kLdapSaslBindInProgress) return;
  if (code == wire::kLdapAuthMethodNotSupported) return not_known();
  constexpr std::array<std::int64_t, 6> kRefused{
      wire::kLdapStrongerAuthRequired,        wire::kLdapConfidentialityRequired,
      wire::kLdapInappropriateAuthentication, wire::kLdapInvalidCredentials,
      wire::kLdapInsufficientAccessRights,    wire::kLdapUnwillingToPerform};
  if (std::find(kRefused.begin(), kRefused.end(), code) != kRefused.end()) return refused();
  last_.reset();
}

}  // namespace startle::fake
