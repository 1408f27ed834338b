#include "harness/base/printable.h"

#include <gtest/gtest.h>

namespace startle {
namespace {

struct PrintableRow {
  const char* name;
  std::string_view bytes;
  std::string_view shown;
};

constexpr PrintableRow kRows[] = {
    {"ascii", "250 OK ~", "250 OK ~"},
    {"c0_and_del", "a\x1b[2J\t\x7f", "a\\x1b[2J\\x09\\x7f"},
    {"utf8_of_each_length", "\u00e4\u20ac\U0001f600", "\u00e4\u20ac\U0001f600"},
    {"c1", "\xc2\x85\xc2\x9f\xc2\xa0", "\\xc2\\x85\\xc2\\x9f\xc2\xa0"},
    {"lone_continuation", "\x80x", "\\x80x"},
    {"cut_sequence", "x\xe2\x82", "x\\xe2\\x82"},
    {"broken_sequence", "\xe2\x82x", "\\xe2\\x82x"},
    {"overlong_slash", "\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf",
     "\\xc0\\xaf\\xe0\\x80\\xaf\\xf0\\x80\\x80\\xaf"},
    {"surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80"},
    {"above_unicode", "\xf4\x90\x80\x80\xf5", "\\xf4\\x90\\x80\\x80\\xf5"},
    {"last_of_unicode", "\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd"},
    {"not_in_xml", "\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd",
     "\\xef\\xbf\\xbe\\xef\\xbf\\xbf\xef\xbf\xbd"},
};

TEST(Printable, ShowsTextAndEscapesTheRest) {
  for (const PrintableRow& row : kRows) EXPECT_EQ(printable(row.bytes), row.shown) << row.name;
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

}  // namespace
}  // namespace startle
