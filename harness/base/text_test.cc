#include "harness/base/text.h"

#include <gtest/gtest.h>

namespace startle {
namespace {

TEST(Text, LettersAndDigitsAreThoseOfAscii) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool upper = byte >= 'A' && byte <= 'Z';
    const bool lower = byte >= 'a' && byte <= 'z';
    const bool digit = byte >= '0' && byte <= '9';
    EXPECT_EQ(is_letter(c), upper || lower) << byte;
    EXPECT_EQ(is_digit(c), digit) << byte;
    EXPECT_EQ(is_alphanumeric(c), upper || lower || digit) << byte;
    EXPECT_EQ(ascii_lower(c), upper ? static_cast<char>(byte + 32) : c) << byte;
    EXPECT_EQ(ascii_upper(c), lower ? static_cast<char>(byte - 32) : c) << byte;
  }
}

// U+00C4 and U+00E4 differ in the bit that letters of ASCII differ in.
TEST(Text, OtherCharactersStayAsTheyAre) {
  EXPECT_EQ(ascii_lower("M\xc3\x84RZ@[`{"), "m\xc3\x84rz@[`{");
  EXPECT_EQ(ascii_upper("m\xc3\xa4rz@[`{"), "M\xc3\xa4RZ@[`{");
}

TEST(Text, EqualIgnoringCaseIsOfAsciiAlone) {
  EXPECT_TRUE(equal_ignoring_case("Mail.Example.TEST", "mAIL.example.test"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_FALSE(equal_ignoring_case("mail", "mail."));
  EXPECT_FALSE(equal_ignoring_case("m\xc3\x84rz", "m\xc3\xa4rz"));
  EXPECT_FALSE(equal_ignoring_case("@[", "`{"));
}

}  // namespace
}  // namespace startle
