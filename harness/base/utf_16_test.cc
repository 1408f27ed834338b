#include "harness/base/utf_16.h"

#include <gtest/gtest.h>

namespace startle {
namespace {

using namespace std::string_literals;

TEST(Utf16, ThereAndBack) {
  for (const auto& [utf_8, utf_16] : {
           std::pair{""s, ""s},
           {"a"s, "\0a"s},
           {"\0"s, "\0\0"s},
           {"\x7f\xc2\x80\xdf\xbf"s, "\0\x7f\0\x80\x07\xff"s},
           {"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"s, "\x08\0\xd7\xff\xe0\0\xff\xff"s},
           {"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"s, "\xd8\0\xdc\0\xdb\xff\xdf\xff"s},
       }) {
    EXPECT_EQ(utf_16_of_utf_8(utf_8), utf_16);
    EXPECT_EQ(utf_8_of_utf_16(utf_16), utf_8);
  }
}

TEST(Utf16, WhatIsNotUtf8) {
  for (const char* bad : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3(", "\xe0\x80\x80",
                          "\xe2\x82", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xfe"}) {
    EXPECT_EQ(utf_16_of_utf_8(bad), std::nullopt);
  }
}

TEST(Utf16, WhatIsNotUtf16) {
  for (const std::string& bad :
       {"a"s, "\0a\0"s, "\xd8\0"s, "\xd8\0\0a"s, "\xd8\0\xd8\0"s, "\xdc\0"s, "\xdc\0\xd8\0"s}) {
    EXPECT_EQ(utf_8_of_utf_16(bad), std::nullopt);
  }
}

}  // namespace
}  // namespace startle
