#include "harness/messages/literal_finder.h"

#include <queue>

#include "harness/base/text.h"

namespace startle::messages {

LiteralFinder::LiteralFinder(const std::vector<std::string>& literals) {
  for (const std::string& literal : literals) {
    for (const char c : literal) {
      const auto lower = static_cast<unsigned char>(ascii_lower(c));
      if (kind_of_[lower] == 0) kind_of_[lower] = static_cast<std::uint8_t>(kinds_++);
    }
  }
  for (char c = 'A'; c <= 'Z'; ++c) {
    kind_of_[static_cast<unsigned char>(c)] = kind_of_[static_cast<unsigned char>(ascii_lower(c))];
  }
  const auto add_state = [this] {
    next_.resize(next_.size() + kinds_, kStart);
    shorter_.push_back(kStart);
    endings_.emplace_back();
    return static_cast<std::uint32_t>(endings_.size() - 1);
  };
  add_state();
  for (std::size_t i = 0; i < literals.size(); ++i) {
    std::uint32_t state = kStart;
    for (const char c : literals[i]) {
      const std::size_t step = state * kinds_ + kind_of_[static_cast<unsigned char>(c)];
      if (next_[step] == kStart) {
        const std::uint32_t added = add_state();
        next_[step] = added;
      }
      state = next_[step];
    }
    endings_[state].push_back(i);
  }
  // In the order of their length: of each state, where the longest suffix that is a state leads.
  std::vector<std::uint32_t> suffix(endings_.size(), kStart);
  std::queue<std::uint32_t> states;
  states.push(kStart);
  while (!states.empty()) {
    const std::uint32_t state = states.front();
    states.pop();
    const std::uint32_t back = suffix[state];
    for (std::size_t kind = 0; kind < kinds_; ++kind) {
      std::uint32_t& next = next_[state * kinds_ + kind];
      const std::uint32_t around = state == kStart ? kStart : next_[back * kinds_ + kind];
      if (next == kStart) {
        next = around;
      } else {
        suffix[next] = around;
        shorter_[next] = endings_[around].empty() ? shorter_[around] : around;
        states.push(next);
      }
    }
  }
  for (std::uint32_t& next : next_) {
    if (!endings_[next].empty() || shorter_[next] != kStart) next |= kEnds;
  }
}

}  // namespace startle::messages
