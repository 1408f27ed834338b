#include "harness/messages/literal_finder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "harness/base/text.h"

namespace startle::messages {
namespace {

using Found = std::vector<std::pair<std::size_t, std::size_t>>;

Found found_in(const std::vector<std::string>& literals, std::string_view text, std::size_t part) {
  const LiteralFinder finder(literals);
  Found all;
  LiteralFinder::State state = LiteralFinder::kStart;
  for (std::size_t at = 0; at < text.size(); at += part) {
    state = finder.go_on(state, text.substr(at, part), [&](std::size_t literal, std::size_t end) {
      all.emplace_back(literal, at + end);
    });
  }
  std::ranges::sort(all);
  return all;
}

TEST(LiteralFinder, FindsThoseInsideOthersToo) {
  EXPECT_EQ(found_in({"she", "he", "hers", "HIS"}, "ushers, his", 99),
            (Found{{0, 4}, {1, 4}, {2, 6}, {3, 11}}));
  EXPECT_EQ(found_in({"aa", "aa"}, "AAA", 99), (Found{{0, 2}, {0, 3}, {1, 2}, {1, 3}}));
}

// Against the plainest search there is, whole and in parts.
TEST(LiteralFinder, FindsWhatASearchFinds) {
  std::mt19937 random(5);
  const auto text_of = [&random](std::size_t size) {
    std::string made;
    while (made.size() < size) made += "abAB \xc3"[random() % 6];
    return made;
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> literals;
    while (literals.size() < 6) literals.push_back(ascii_lower(text_of(1 + random() % 4)));
    const std::string text = text_of(80);
    Found expected;
    for (std::size_t i = 0; i < literals.size(); ++i) {
      const std::string lower = ascii_lower(text);
      for (std::size_t at = lower.find(literals[i]); at != std::string::npos;
           at = lower.find(literals[i], at + 1)) {
        expected.emplace_back(i, at + literals[i].size());
      }
    }
    std::ranges::sort(expected);
    EXPECT_EQ(found_in(literals, text, 99), expected);
    EXPECT_EQ(found_in(literals, text, 1 + random() % 7), expected);
  }
}

}  // namespace
}  // namespace startle::messages
