#include "harness/base/utf_8.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace startle {
namespace {

TEST(Utf8, EveryCharacterIsReadBackAsItWasWritten) {
  for (char32_t code = 0; code <= 0x10ffff; ++code) {
    if (code == 0xd800) code = 0xe000;  // the surrogates between are none
    std::string text;
    add_utf_8(text, code);
    text += "z";
    const auto read = first_character(text);
    ASSERT_TRUE(read) << std::hex << std::uint32_t{code};
    ASSERT_TRUE(read->code == code) << std::hex << std::uint32_t{code};
    ASSERT_EQ(read->octets, text.size() - 1);
  }
}

struct BrokenRow {
  const char* name;
  std::string_view text;
};

void PrintTo(const BrokenRow& row, std::ostream* out) {
  *out << row.name;
}

class BrokenTest : public testing::TestWithParam<BrokenRow> {};

TEST_P(BrokenTest, IsNoCharacter) {
  EXPECT_FALSE(first_character(GetParam().text));
}

const BrokenRow kBroken[] = {
    {"ContinuationAlone", "\x80z"},
    {"CutOffAfterOne", "\xc3"},
    {"CutOffAfterTwo", "\xe2\x82"},
    {"CutOffAfterThree", "\xf0\x9f\x98"},
    {"NoContinuation", "\xc3z"},
    {"NoSecondContinuation", "\xe2\x82z"},
    {"SlashInTwo", "\xc0\xaf"},
    {"SlashInThree", "\xe0\x80\xaf"},
    {"TwoOctetsInThree", "\xe0\x9f\xbf"},
    {"ThreeOctetsInFour", "\xf0\x8f\xbf\xbf"},
    {"FirstSurrogate", "\xed\xa0\x80"},
    {"LastSurrogate", "\xed\xbf\xbf"},
    {"BehindTheLast", "\xf4\x90\x80\x80"},
    {"FiveOctets", "\xf8\x88\x80\x80\x80"},
    {"AllOnes", "\xff\xff"},
};
INSTANTIATE_TEST_SUITE_P(All, BrokenTest, testing::ValuesIn(kBroken),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle
