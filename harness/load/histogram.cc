#include "harness/load/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

namespace startle::load {
namespace {

// Each power of two is parted into so many buckets of equal width: a bucket is less than 0.1 % of
// what it holds.
constexpr std::uint64_t kParts = 1024;

// Durations below 2 * kParts have buckets of their own; the others lose their lowest `lost` bits.
int bits_lost(std::uint64_t value) {
  return std::max(0, static_cast<int>(std::bit_width(value / kParts)) - 1);
}

std::size_t bucket_of(std::uint64_t value) {
  const int lost = bits_lost(value);
  return static_cast<std::size_t>(lost) * kParts + (value >> lost);
}

// The greatest value that falls there.
std::uint64_t end_of(std::size_t bucket) {
  if (bucket < 2 * kParts) return bucket;
  const std::uint64_t lost = bucket / kParts - 1;
  return ((bucket - lost * kParts + 1) << lost) - 1;
}

}  // namespace

void Histogram::add(Duration took) {
  const auto value = static_cast<std::uint64_t>(std::max<Duration::rep>(took.count(), 0));
  const std::size_t bucket = bucket_of(value);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  longest_ = std::max(longest_, Duration(value));
}

void Histogram::merge(const Histogram& other) {
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  longest_ = std::max(longest_, other.longest_);
}

Histogram::Duration Histogram::quantile(double share) const {
  const double wanted = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_));
  const auto place = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
  std::uint64_t passed = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    passed += buckets_[i];
    if (passed >= place) return std::min(longest_, Duration(end_of(i)));
  }
  return longest_;
}

}  // namespace startle::load
