#include "cases/program/progress.h"

#include <gtest/gtest.h>

namespace startle::program {
namespace {

TEST(Progress, SaysTheTimeLeftOfWorkThatGoesOnAsItDid) {
  EXPECT_EQ(time_left(100, 200, 10), ", 11 s left");
  EXPECT_EQ(time_left(1, 13, 10), ", 2 min 1 s left");
  EXPECT_EQ(time_left(1, 721, 10), ", 2 h 0 min left");
}

TEST(Progress, SaysNoTimeLeftWhereItIsAGuessOrNone) {
  EXPECT_EQ(time_left(0, 200, 10), "");
  EXPECT_EQ(time_left(100, 200, 1.9), "");
  EXPECT_EQ(time_left(200, 200, 10), "");
}

}  // namespace
}  // namespace startle::program
