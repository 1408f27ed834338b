#include "harness/wire/line.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace startle::wire {
namespace {

using namespace std::string_view_literals;

TEST(Line, EndsAtCrLfAndCountsFromTheStartOfTheInput) {
  const auto read = parse_line("first\r\nsecond\r\nthird", 7, 512);
  const auto& line = std::get<ParsedLine>(read);
  EXPECT_EQ(line.text, "second");
  EXPECT_EQ(line.consumed, 15U);
  EXPECT_TRUE(std::holds_alternative<NeedMore>(parse_line("first\r\n", 7, 512)));
}

struct MalformedRow {
  std::string_view input;
  std::size_t limit;
  Malformed malformed;
};

TEST(Line, IsMalformedAtTheFirstOctetThatCannotBeRight) {
  for (const MalformedRow& row : {
           MalformedRow{"ab\ncd", 512, {2, "an LF does not follow CR"}},
           {"\n", 512, {0, "an LF does not follow CR"}},
           {"ab\rc", 512, {3, "a CR is not followed by LF"}},
           {"ab\r\r\n", 512, {3, "a CR is not followed by LF"}},
           {"a\0b\r\n"sv, 512, {1, "a line holds NUL"}},
           {"abcdef", 6, {4, "a line is longer than 6 octets"}},
           {"x", 2, {0, "a line is longer than 2 octets"}},
       }) {
    const auto read = parse_line(row.input, 0, row.limit);
    ASSERT_TRUE(std::holds_alternative<Malformed>(read)) << row.input;
    EXPECT_EQ(std::get<Malformed>(read).offset, row.malformed.offset) << row.input;
    EXPECT_EQ(std::get<Malformed>(read).why, row.malformed.why) << row.input;
  }
}

TEST(Line, MayFillItsLimitExactly) {
  EXPECT_TRUE(std::holds_alternative<NeedMore>(parse_line("abcd\r", 0, 6)));
  EXPECT_EQ(std::get<ParsedLine>(parse_line("abcd\r\n", 0, 6)).text, "abcd");
  EXPECT_EQ(std::get<ParsedLine>(parse_line("\r\n", 0, 2)).text, "");
}

TEST(Line, IsNotWrittenWhenItWouldBeReadAsMore) {
  EXPECT_EQ(written_line("NOOP"), "NOOP\r\n");
  for (const auto text : {"a\r\nQUIT"sv, "a\n"sv, "\r"sv, "a\0"sv}) {
    EXPECT_THROW(written_line(text), Error) << text;
  }
  try {
    written_line("MAIL FROM:<a>\r\nDATA");
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "not one line of SMTP: MAIL FROM:<a>\\x0d\\x0aDATA");
    EXPECT_EQ(e.fault(), Fault::internal);
  }
}

}  // namespace
}  // namespace startle::wire
