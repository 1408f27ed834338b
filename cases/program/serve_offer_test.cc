#include "cases/program/serve_offer.h"

#include <gtest/gtest.h>

#include "cases/program/commands.h"

namespace startle::program {
namespace {

// The clients of `serve` have a clock of their own.
TEST(ServeOffer, WhatIsNearItsEdgeIsMadeAnewForEachConnection) {
  auto time = now();
  Offers offers(time, {}, [&time] { return time; });
  const ServeOffer expired = offers.offer({.what = "smtp", .certificate = "expired"});
  const ServeOffer valid = offers.offer({.what = "smtp"});
  EXPECT_EQ(expired.shown(), expired.chain);
  time += std::chrono::hours(1);
  const auto later = expired.shown();
  EXPECT_NE(later->sent_der.front(), expired.chain->sent_der.front());
  EXPECT_EQ(later->anchors_der, expired.chain->anchors_der);
  EXPECT_EQ(valid.shown(), valid.chain);
  // Another start: its dates are those of now, its anchors the same file.
  const ServeOffer again = offers.offer({.what = "smtp", .certificate = "expired"});
  EXPECT_NE(again.chain->sent_der.front(), expired.chain->sent_der.front());
  EXPECT_EQ(again.chain->anchors_der, expired.chain->anchors_der);
}

TEST(ServeOffer, WhatIsASecondAwayIsNotJudged) {
  Offers offers(now(), {}, now);
  EXPECT_EQ(
      offers.offer({.what = "smtp", .certificate = "not-yet-valid-for-a-second"}).expected.untold,
      "a validity begins or ends within a minute of the clock, and the client goes by its own");
  EXPECT_EQ(offers.offer({.what = "smtp", .certificate = "expired"}).expected.untold, "");
}

}  // namespace
}  // namespace startle::program
