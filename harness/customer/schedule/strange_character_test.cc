#include "harness/customer/schedule/strange_character.h"

#include <gtest/gtest.h>

namespace startle::customer {
namespace {

struct Strange {
  const char* text;
  const char* name;
  Strangeness kind;
  std::size_t nth;
};

// The names are those of Unicode's UnicodeData.txt.
TEST(StrangeCharacter, IsNamedWithItsPlace) {
  for (const Strange& row : {
           Strange{"mail\u200b.example.com", "U+200B (ZERO WIDTH SPACE)", Strangeness::invisible,
                   4},
           {"\ufeffmail", "U+FEFF (ZERO WIDTH NO-BREAK SPACE)", Strangeness::invisible, 0},
           {"mail\u00ad", "U+00AD (SOFT HYPHEN)", Strangeness::invisible, 4},
           {"mail\u200e", "U+200E (LEFT-TO-RIGHT MARK)", Strangeness::invisible, 4},
           {"a\u00a0b", "U+00A0 (NO-BREAK SPACE)", Strangeness::blank, 1},
           {"a\u202fb", "U+202F (NARROW NO-BREAK SPACE)", Strangeness::blank, 1},
           {"a\u3000b", "U+3000 (IDEOGRAPHIC SPACE)", Strangeness::blank, 1},
           {"\u201ea\u201c", "U+201E (DOUBLE LOW-9 QUOTATION MARK)", Strangeness::quotation_mark,
            0},
           {"\u2019a", "U+2019 (RIGHT SINGLE QUOTATION MARK)", Strangeness::quotation_mark, 0},
           {"\"a\"", "U+0022 (QUOTATION MARK)", Strangeness::quotation_mark, 0},
           {"a\u2011b", "U+2011 (NON-BREAKING HYPHEN)", Strangeness::hyphen, 1},
           {"a\u2212b", "U+2212 (MINUS SIGN)", Strangeness::hyphen, 1},
           {"a\u3002b", "U+3002 (IDEOGRAPHIC FULL STOP)", Strangeness::full_stop, 1},
           {"\u00fc\ufffd", "U+FFFD (REPLACEMENT CHARACTER)", Strangeness::damaged, 1},
           {"\xff\u200b", "U+200B (ZERO WIDTH SPACE)", Strangeness::invisible, 1},
       }) {
    const auto found = first_strange_character(row.text);
    ASSERT_TRUE(found) << row.text;
    EXPECT_EQ(found->name, row.name);
    EXPECT_EQ(found->kind, row.kind) << row.name;
    EXPECT_EQ(found->nth, row.nth) << row.name;
    EXPECT_FALSE(remedy(found->kind).empty()) << row.name;
  }
}

TEST(StrangeCharacter, IsNoneOfAName) {
  for (const char* name :
       {"", "mail.example.com", "xn--bcher-kva.example", "b\u00fccher.example", "2001:db8::1",
        "mail_1", "\u043f\u043e\u0447\u0442\u0430.\u0440\u0444", "\u90f5\u4ef6.example"}) {
    EXPECT_FALSE(first_strange_character(name)) << name;
  }
}

}  // namespace
}  // namespace startle::customer
