#include "cases/engine/turns.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "harness/base/process_for_test.h"

namespace startle::cases {
namespace {

using namespace std::chrono_literals;

TEST(Turns, AreAtLeastOne) {
  Turns none(0);
  EXPECT_NE(none.take(), nullptr);
}

TEST(Turns, AreNotMoreThanThereAre) {
  Turns turns(2);
  auto first = turns.take();
  const auto second = turns.take();
  auto third = std::async(std::launch::async, [&turns] { return turns.take(); });
  EXPECT_EQ(third.wait_for(20ms), std::future_status::timeout);
  first.reset();
  EXPECT_EQ(third.wait_for(kPatience), std::future_status::ready);
}

TEST(Turns, MayBeGivenBackBeforeTheirEnd) {
  Turns turns(1);
  const auto first = turns.take();
  first->give_back();
  EXPECT_NE(turns.take(), nullptr);
}

TEST(Turns, AreGivenBackOnce) {
  Turns turns(1);
  auto first = turns.take();
  first->give_back();
  first->give_back();
  first.reset();
  const auto second = turns.take();
  auto third = std::async(std::launch::async, [&turns] { return turns.take(); });
  EXPECT_EQ(third.wait_for(20ms), std::future_status::timeout) << "there are two of one";
  second->give_back();
  EXPECT_EQ(third.wait_for(kPatience), std::future_status::ready);
}

TEST(Turns, AreGivenBackByTheLastWhoHasThem) {
  Turns turns(1);
  auto first = turns.take();
  auto same = first;
  first.reset();
  auto next = std::async(std::launch::async, [&turns] { return turns.take(); });
  EXPECT_EQ(next.wait_for(20ms), std::future_status::timeout);
  same.reset();
  EXPECT_EQ(next.wait_for(kPatience), std::future_status::ready);
}

TEST(Turns, LetManyThreadsThroughFewAtATime) {
  constexpr int kMost = 3;
  Turns turns(kMost);
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 200; ++round) {
          const auto turn = turns.take();
          const int here = ++now;
          for (int seen = most; here > seen && !most.compare_exchange_weak(seen, here);) {
          }
          --now;
          if (round % 2 == 0) turn->give_back();
          ++done;
        }
      });
    }
  }
  EXPECT_EQ(done, 1600);
  EXPECT_LE(most, kMost);
}

}  // namespace
}  // namespace startle::cases
