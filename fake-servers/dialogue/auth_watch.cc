#include "fake-servers/dialogue/auth_watch.h"

#include <algorithm>
#include <utility>

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

// Each time, and beyond a number once: each attempt is held against all of them.
void note_refused(std::vector<Mechanism>& refused, Mechanism mechanism) {
  const bool known = std::find(refused.begin(), refused.end(), mechanism) != refused.end();
  if (refused.size() < Observation::kMostMechanisms || !known) refused.push_back(mechanism);
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
  if (const auto last = std::exchange(last_, std::nullopt)) note_refused(seen_.auth_refused, *last);
}

void AuthWatch::not_known() {
  if (challenged_ || cancelled_) return refused();
  const auto last = std::exchange(last_, std::nullopt);
  if (last) note_refused(seen_.auth_not_known, *last);
}

void AuthWatch::replied(AuthReply reply) {
  if (!last_) return;
  switch (reply) {
    case AuthReply::challenge:
      challenged_ = true;
      return;
    case AuthReply::not_known:
      return not_known();
    case AuthReply::refused:
      return refused();
    case AuthReply::not_attempted:
      if (cancelled_) return refused();
      break;
    case AuthReply::other:
      break;
  }
  last_.reset();
}

}  // namespace startle::fake
