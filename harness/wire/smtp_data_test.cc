#include "harness/wire/smtp_data.h"

#include <gtest/gtest.h>

namespace startle::wire {
namespace {

struct StuffingRow {
  const char* name;
  std::string_view message;
  std::string_view sent;
};

constexpr StuffingRow kMessages[] = {
    {"empty", "", ".\r\n"},
    {"one_line", "hello\r\n", "hello\r\n.\r\n"},
    {"unfinished_line", "hello", "hello\r\n.\r\n"},
    {"dot_at_the_start", ".x\r\n", "..x\r\n.\r\n"},
    {"dot_alone", ".\r\n", "..\r\n.\r\n"},
    {"dot_at_each_line", ".\r\n.\r\n..\r\n", "..\r\n..\r\n...\r\n.\r\n"},
    {"dot_inside", "a.b\r\nc.\r\n", "a.b\r\nc.\r\n.\r\n"},
    {"empty_lines", "\r\n\r\n", "\r\n\r\n.\r\n"},
    {"bare_lf_starts_no_line", "a\n.\nb\r\n", "a\n.\nb\r\n.\r\n"},
    {"bare_cr_starts_no_line", "a\r.\rb\r\n", "a\r.\rb\r\n.\r\n"},
    {"ends_with_cr", "a\r", "a\r\r\n.\r\n"},
    {"ends_with_lf", "a\n", "a\n\r\n.\r\n"},
};

TEST(SmtpData, IsStuffedAndNothingElse) {
  for (const StuffingRow& row : kMessages) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(dot_stuffed(row.message), row.sent);
    const auto read = parse_smtp_data(row.sent, 1000);
    const auto* parsed = std::get_if<ParsedData>(&read);
    ASSERT_NE(parsed, nullptr);
    EXPECT_EQ(parsed->consumed, row.sent.size());
    EXPECT_TRUE(parsed->content.starts_with(row.message));
    for (std::size_t cut = 0; cut < row.sent.size(); ++cut) {
      EXPECT_TRUE(std::holds_alternative<NeedMore>(parse_smtp_data(row.sent.substr(0, cut), 1000)));
    }
  }
}

struct ContentRow {
  const char* name;
  std::string_view input;
  std::string_view content;
  std::string_view left_behind;
};

constexpr ContentRow kContents[] = {
    {"empty", ".\r\nQUIT\r\n", "", "QUIT\r\n"},
    {"first_end_counts", "a\r\n.\r\nb\r\n.\r\n", "a\r\n", "b\r\n.\r\n"},
    {"lf_dot_lf", "a\n.\nMAIL\r\n.\r\n", "a\n.\nMAIL\r\n", ""},
    {"lf_dot_crlf", "a\n.\r\nMAIL\r\n.\r\n", "a\n.\r\nMAIL\r\n", ""},
    {"crlf_dot_lf", "a\r\n.\nMAIL\r\n.\r\n", "a\r\n\nMAIL\r\n", ""},
    {"crlf_dot_cr", "a\r\n.\rMAIL\r\n.\r\n", "a\r\n\rMAIL\r\n", ""},
    {"cr_dot_cr", "a\r.\rMAIL\r\n.\r\n", "a\r.\rMAIL\r\n", ""},
    {"dot_lf_first", ".\nMAIL\r\n.\r\n", "\nMAIL\r\n", ""},
    {"unstuffed_dot_is_taken_off", ".a\r\n.\r\n", "a\r\n", ""},
    {"one_dot_of_each_line", "...\r\n..\r\n.\r\n", "..\r\n.\r\n", ""},
};

TEST(SmtpData, EndsOnlyAtCrLfDotCrLf) {
  for (const ContentRow& row : kContents) {
    SCOPED_TRACE(row.name);
    const auto read = parse_smtp_data(row.input, 1000);
    const auto* parsed = std::get_if<ParsedData>(&read);
    ASSERT_NE(parsed, nullptr);
    EXPECT_EQ(parsed->content, row.content);
    EXPECT_EQ(row.input.substr(parsed->consumed), row.left_behind);
  }
}

TEST(SmtpData, IsBounded) {
  const std::string_view sent = "hello\r\n.\r\n";
  EXPECT_TRUE(std::holds_alternative<ParsedData>(parse_smtp_data(sent, 10)));
  EXPECT_TRUE(std::holds_alternative<NeedMore>(parse_smtp_data(sent.substr(0, 8), 9)));
  EXPECT_TRUE(std::holds_alternative<Malformed>(parse_smtp_data(sent.substr(0, 9), 9)));
  EXPECT_EQ(std::get<Malformed>(parse_smtp_data(sent, 9)),
            (Malformed{8, "a message is longer than 9 octets"}));
  EXPECT_EQ(std::get<Malformed>(parse_smtp_data(std::string(5000, 'x'), 1000)),
            (Malformed{999, "a message is longer than 1000 octets"}));
}

}  // namespace
}  // namespace startle::wire
