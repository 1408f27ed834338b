#include "harness/wire/smtp_reply.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace startle::wire {
namespace {

using namespace std::string_literals;

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

struct ReplyRow {
  const char* name;
  std::string input;
  SmtpReply reply;
  std::string left_behind{};
};

const ReplyRow kReplies[] = {
    {"one_line", "220 mail.example.test ESMTP\r\n", {220, {"mail.example.test ESMTP"}}},
    {"code_alone", "220\r\n", {220, {""}}},
    {"code_and_space", "220 \r\n", {220, {""}}},
    {"several_lines", "250-a\r\n250-b c\r\n250 d\r\n", {250, {"a", "b c", "d"}}},
    {"lines_without_text", "250-\r\n250-\r\n250\r\n", {250, {"", "", ""}}},
    {"highest_and_lowest_digits", "559 x\r\n", {559, {"x"}}},
    {"leading_space_is_text", "250  x\r\n", {250, {" x"}}},
    {"tab_and_8_bit_text", "250 a\tb\xff\r\n", {250, {"a\tb\xff"}}},
    {"injected_behind", "220 go\r\n250 fake\r\n", {220, {"go"}}, "250 fake\r\n"},
    {"fragment_behind", "220 go\r\n250-AUTH", {220, {"go"}}, "250-AUTH"},
    {"longest_line", "220 " + repeated("x", 506) + "\r\n", {220, {repeated("x", 506)}}},
};

TEST(SmtpReply, IsReadWholeAndNotAnOctetFurther) {
  for (const ReplyRow& row : kReplies) {
    SCOPED_TRACE(row.name);
    const auto read = parse_smtp_reply(row.input);
    const auto* parsed = std::get_if<ParsedReply>(&read);
    ASSERT_NE(parsed, nullptr);
    EXPECT_EQ(parsed->reply, row.reply);
    EXPECT_EQ(row.input.substr(parsed->consumed), row.left_behind);
    for (std::size_t cut = 0; cut < parsed->consumed; ++cut) {
      EXPECT_TRUE(std::holds_alternative<NeedMore>(parse_smtp_reply(row.input.substr(0, cut))));
    }
  }
}

struct MalformedRow {
  const char* name;
  std::string input;
  Malformed malformed;
};

const MalformedRow kMalformed[] = {
    {"another_protocol", "SSH-2.0\r\n", {0, "a reply line starts with three digits"}},
    {"http", "HTTP/1.1 400 Bad Request", {0, "a reply line starts with three digits"}},
    {"tls_alert", "\x15\x03\x03", {0, "a reply line starts with three digits"}},
    {"empty_line", "\r\n", {0, "a reply line starts with three digits"}},
    {"two_digits", "25 OK\r\n", {2, "a reply line starts with three digits"}},
    {"first_digit_too_low", "150 x", {0, "the first digit of a reply code is 2 to 5"}},
    {"first_digit_too_high", "6", {0, "the first digit of a reply code is 2 to 5"}},
    {"second_digit", "299 x", {1, "the second digit of a reply code is 0 to 5"}},
    {"four_digits", "2500 x", {3, "a space or a hyphen follows the reply code"}},
    {"colon", "250: x", {3, "a space or a hyphen follows the reply code"}},
    {"tab", "250\tx", {3, "a space or a hyphen follows the reply code"}},
    {"codes_change", "250-a\r\n251 b\r\n", {9, "the code changes inside one reply"}},
    {"failure_in_success", "250-a\r\n5", {7, "the code changes inside one reply"}},
    {"text_for_a_line", "250-a\r\nb\r\n", {7, "a reply line starts with three digits"}},
    {"lf_only", "220 go\n", {6, "an LF does not follow CR"}},
    {"lf_behind_the_code", "220\n", {3, "an LF does not follow CR"}},
    {"two_replies_by_lf", "220 go\n250 on\r\n", {6, "an LF does not follow CR"}},
    {"cr_only", "220 go\r250", {7, "a CR is not followed by LF"}},
    {"cr_cr_lf", "220 go\r\r\n", {7, "a CR is not followed by LF"}},
    {"nul", "220 g\0o\r\n"s, {5, "a line holds NUL"}},
    {"nul_behind_the_code", "220\0"s, {3, "a line holds NUL"}},
    {"line_too_long", "220 " + repeated("x", 507), {510, "a line is longer than 512 octets"}},
    {"second_line_too_long",
     "220-a\r\n220 " + repeated("x", 600),
     {517, "a line is longer than 512 octets"}},
    {"endless_lines", repeated("250-x\r\n", 10000), {65536, "a reply is longer than 65536 octets"}},
};

TEST(SmtpReply, IsMalformedAsSoonAsItIsCertain) {
  for (const MalformedRow& row : kMalformed) {
    SCOPED_TRACE(row.name);
    const auto read = parse_smtp_reply(row.input);
    const auto* malformed = std::get_if<Malformed>(&read);
    ASSERT_NE(malformed, nullptr);
    EXPECT_EQ(malformed->offset, row.malformed.offset);
    EXPECT_EQ(malformed->why, row.malformed.why);
    const auto early = parse_smtp_reply(row.input.substr(0, row.malformed.offset + 1));
    EXPECT_EQ(early, read);
    const auto before = parse_smtp_reply(row.input.substr(0, row.malformed.offset));
    EXPECT_TRUE(std::holds_alternative<NeedMore>(before));
  }
}

TEST(SmtpReply, MayFillItsLimitsExactly) {
  const std::string line = "250-x\r\n250 y\r\n";
  EXPECT_TRUE(
      std::holds_alternative<ParsedReply>(parse_smtp_reply(line, {.line = 7, .reply = 14})));
  EXPECT_EQ(std::get<Malformed>(parse_smtp_reply(line, {.line = 6, .reply = 14})),
            (Malformed{4, "a line is longer than 6 octets"}));
  EXPECT_EQ(std::get<Malformed>(parse_smtp_reply(line, {.line = 7, .reply = 13})),
            (Malformed{13, "a reply is longer than 13 octets"}));
}

struct EnhancedRow {
  int code;
  std::string line;
  std::string enhanced;
};

TEST(SmtpReply, HasAnEnhancedCodeOnlyOfItsOwnClass) {
  for (const EnhancedRow& row : {
           EnhancedRow{535, "5.7.8 Error: authentication failed", "5.7.8"},
           {250, "2.1.0", "2.1.0"},
           {450, "4.123.456 later", "4.123.456"},
           {535, "4.7.8 another class", ""},
           {334, "3.7.8 no class of RFC 3463", ""},
           {554, "5.7.8: colon", ""},
           {554, "5.7 two parts", ""},
           {554, "5.7. x", ""},
           {554, "5..8 x", ""},
           {554, "5.7.8.9", ""},
           {554, "5.1234.8 x", ""},
           {554, "5.07.8 leading zero", ""},
           {554, " 5.7.8 not at the start", ""},
           {554, "5.7.", ""},
           {554, "", ""},
       }) {
    EXPECT_EQ((SmtpReply{row.code, {row.line}}.enhanced_code()), row.enhanced) << row.line;
  }
  EXPECT_EQ((SmtpReply{550, {"no", "5.1.1 not the first line"}}.enhanced_code()), "");
  EXPECT_EQ(SmtpReply{}.enhanced_code(), "");
}

TEST(SmtpReply, HasTheSeverityOfItsFirstDigit) {
  EXPECT_TRUE((SmtpReply{235, {""}}.positive_completion()));
  EXPECT_TRUE((SmtpReply{354, {""}}.positive_intermediate()));
  EXPECT_TRUE((SmtpReply{454, {""}}.transient_failure()));
  EXPECT_TRUE((SmtpReply{554, {""}}.permanent_failure()));
  EXPECT_FALSE((SmtpReply{354, {""}}.positive_completion()));
  EXPECT_FALSE((SmtpReply{454, {""}}.permanent_failure()));
}

TEST(SmtpReply, IsShownOnOneLine) {
  EXPECT_EQ((SmtpReply{250, {"a", "", "b"}}.text()), "a / b");
  EXPECT_EQ((SmtpReply{550, {"\x1b[2Jgone\xff"}}.text()), "\\x1b[2Jgone\\xff");
  EXPECT_EQ((SmtpReply{220, {""}}.text()), "");
}

TEST(SmtpReply, IsWrittenAsItIsRead) {
  EXPECT_EQ(written({220, {"mail.example.test ESMTP"}}), "220 mail.example.test ESMTP\r\n");
  EXPECT_EQ(written({250, {"a", "", "STARTTLS"}}), "250-a\r\n250-\r\n250 STARTTLS\r\n");
  EXPECT_EQ(written({220, {""}}), "220\r\n");
  EXPECT_THROW(written({250, {"a\r\n250 b"}}), Error);
  EXPECT_THROW(written({250, {}}), Error);
}

}  // namespace
}  // namespace startle::wire
