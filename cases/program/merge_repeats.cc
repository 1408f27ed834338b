#include "cases/program/merge_repeats.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

namespace startle::program {
namespace {

constexpr std::size_t kSize = sizeof(std::uint64_t);
constexpr std::size_t kBlock = 8192 * kSize;

}  // namespace

void Repeats::add(std::uint64_t known_by) {
  char bytes[kSize];
  std::memcpy(bytes, &known_by, kSize);
  waiting_.append(bytes, kSize);
  ++count_;
  if (waiting_.size() >= kBlock) write_out();
}

void Repeats::write_out() {
  spool_.write(waiting_);
  waiting_.clear();
}

std::size_t Repeats::find(const std::function<void(std::size_t, std::size_t)>& each) {
  write_out();
  const std::size_t shares = count_ / most_held_ + 1;
  std::size_t held = 0;
  for (std::size_t share = 0; share < shares; ++share) {
    std::unordered_map<std::uint64_t, std::size_t> seen;
    for (std::size_t n = 0; n < count_;) {
      const std::string block = spool_.read(n * kSize, std::min(kBlock, (count_ - n) * kSize));
      for (std::size_t at = 0; at < block.size(); at += kSize, ++n) {
        std::uint64_t known_by = 0;
        std::memcpy(&known_by, block.data() + at, kSize);
        if (known_by % shares != share) continue;
        const auto [before, is_new] = seen.emplace(known_by, n);
        if (!is_new) each(n, before->second);
      }
    }
    held = std::max(held, seen.size());
  }
  return held;
}

}  // namespace startle::program
