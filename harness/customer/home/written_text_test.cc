#include "harness/customer/home/written_text.h"

#include <gtest/gtest.h>

namespace startle::customer {
namespace {

using namespace std::string_literals;
using enum WrittenText::Form;

struct TextRow {
  const char* name;
  std::string bytes;
  WrittenText::Form form;
  std::string text;
};

void PrintTo(const TextRow& row, std::ostream* out) {
  *out << row.name;
}

class WrittenTextTest : public testing::TestWithParam<TextRow> {};

TEST_P(WrittenTextTest, IsRead) {
  const auto read = read_text(GetParam().bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->form, GetParam().form);
  EXPECT_EQ(read->text, GetParam().text);
}

const TextRow kRows[] = {
    {"Plain", "a\xc3\xa4\n", plain, "a\xc3\xa4\n"},
    {"Nothing", "", plain, ""},
    {"NoUtf8", "a\xff", plain, "a\xff"},
    {"Utf8Mark", "\xef\xbb\xbf"s + "a", marked_utf_8, "a"},
    {"LittleEndian",
     "\xff\xfe"
     "a\0\xe4\0"s,
     utf_16, "a\xc3\xa4"},
    {"BigEndian", "\xfe\xff\0a\0\xe4"s, utf_16, "a\xc3\xa4"},
    {"LittleEndianWithoutAMark", "a\0b\0"s, utf_16, "ab"},
    {"BigEndianWithoutAMark", "\0a\0b"s, utf_16, "ab"},
    {"NulsThatAreNone", "a\0\0\0"s, plain, "a\0\0\0"s},
};
INSTANTIATE_TEST_SUITE_P(All, WrittenTextTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(WrittenText, ThatIsCutOffIsNone) {
  EXPECT_FALSE(
      read_text("\xff\xfe"
                "a"));
  EXPECT_FALSE(read_text("\xfe\xff\xd8\x3d"s));
}

}  // namespace
}  // namespace startle::customer
