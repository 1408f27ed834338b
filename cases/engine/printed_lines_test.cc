#include "cases/engine/printed_lines.h"

#include <gtest/gtest.h>

#include "harness/base/bytes.h"

namespace startle::cases {
namespace {

using Lines = std::vector<std::string>;

TEST(PrintedLines, AreThoseThatSaySomething) {
  EXPECT_EQ(printed_lines("one\r\n\n  \ntwo \x1b[1m\n", ""),
            (Lines{"client prints: one", "client prints: two \\x1b[1m"}));
}

TEST(PrintedLines, HoldNoSecret) {
  const Lines lines =
      printed_lines("bad Tr0ub4dor\nAUTH " + to_base64("\0a\0Tr0ub4dor") + "\n", "Tr0ub4dor");
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.front(), "client prints: bad <secret>");
}

TEST(PrintedLines, OfAWorkerAreItsReason) {
  EXPECT_EQ(printed_lines("{\"startle\": 1}\n{\"task\": 1, \"result\": \"refused\", \"reason\": "
                          "\"it has expired\"}\n{\"task\": 2, \"result\": \"done\"}\n",
                          ""),
            Lines{"client prints: it has expired"});
}

TEST(PrintedLines, AreTheLastOfMany) {
  std::string printed;
  for (std::size_t i = 0; i < kMostLinesPrinted + 2; ++i) printed += std::to_string(i) + "\n";
  const Lines lines = printed_lines(printed + std::string(kMostOfALinePrinted + 1, 'x'), "");
  EXPECT_EQ(lines.size(), kMostLinesPrinted + 1);
  EXPECT_EQ(lines.front(), "client prints: (3 lines)");
  EXPECT_EQ(lines[1], "client prints: 3");
  EXPECT_TRUE(lines.back().ends_with("x .."));
}

}  // namespace
}  // namespace startle::cases
