#include "harness/load/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

namespace startle::load {
namespace {

using namespace std::chrono_literals;
using Duration = Histogram::Duration;

constexpr double kShares[] = {0.0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0};

// By its definition, of all that there is.
Duration exact(std::vector<Duration> all, double share) {
  std::sort(all.begin(), all.end());
  const auto place = static_cast<std::size_t>(std::ceil(share * static_cast<double>(all.size())));
  return all[place == 0 ? 0 : place - 1];
}

// Of orders of magnitude from nanoseconds to hours.
std::vector<Duration> durations(unsigned seed, std::size_t count, double widest) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> magnitude(0, widest);
  std::vector<Duration> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.emplace_back(static_cast<Duration::rep>(std::pow(10, magnitude(random))));
  }
  return all;
}

Histogram of(const std::vector<Duration>& all) {
  Histogram made;
  for (const Duration one : all) made.add(one);
  return made;
}

TEST(Histogram, IsWithinAThousandthOfExactQuantiles) {
  for (const double widest : {3.0, 6.5, 9.0, 13.5}) {
    const std::vector<Duration> all = durations(7, 20'000, widest);
    const Histogram histogram = of(all);
    for (const double share : kShares) {
      const auto right = static_cast<double>(exact(all, share).count());
      const auto told = static_cast<double>(histogram.quantile(share).count());
      EXPECT_GE(told, right) << share << " of 10^" << widest;
      EXPECT_LE(told, right * 1.001) << share << " of 10^" << widest;
    }
    EXPECT_EQ(histogram.longest(), *std::max_element(all.begin(), all.end()));
    EXPECT_EQ(histogram.count(), all.size());
  }
}

TEST(Histogram, IsExactWhereItSees) {
  EXPECT_EQ(of({1ns, 2ns, 3ns, 4ns}).quantile(0.5), 2ns);
  EXPECT_EQ(of({1ns, 2ns, 3ns, 4ns}).quantile(0.51), 3ns);
  EXPECT_EQ(of({2047ns}).quantile(0.5), 2047ns);
  EXPECT_EQ(of({2048ns, 2049ns, 9s}).quantile(0.6), 2049ns) << "the two share a bucket";
  EXPECT_EQ(of({1234567ns}).quantile(0.5), 1234567ns) << "no quantile exceeds the longest";
  EXPECT_EQ(of({-5ns, 7ns}).quantile(0.5), 0ns);
  EXPECT_EQ(of({Duration::max()}).quantile(1), Duration::max());
}

TEST(Histogram, IsEmptyAtFirst) {
  EXPECT_EQ(Histogram().count(), 0U);
  EXPECT_EQ(Histogram().quantile(0.99), 0ns);
  EXPECT_EQ(Histogram().longest(), 0ns);
}

TEST(Histogram, MergesToWhatItWouldHaveBeenAlone) {
  const std::vector<Duration> first = durations(1, 3000, 6);
  const std::vector<Duration> second = durations(2, 5000, 9);
  std::vector<Duration> both = first;
  both.insert(both.end(), second.begin(), second.end());
  for (const bool turned : {false, true}) {
    Histogram merged = of(turned ? second : first);
    merged.merge(of(turned ? first : second));
    merged.merge(Histogram());
    EXPECT_EQ(merged.count(), both.size());
    EXPECT_EQ(merged.longest(), of(both).longest());
    for (const double share : kShares) EXPECT_EQ(merged.quantile(share), of(both).quantile(share));
  }
}

}  // namespace
}  // namespace startle::load
