// Names that are the same, and what is in them.

#include "fake-servers/dialogue/distinguished_name.h"

#include <gtest/gtest.h>

namespace startle::fake {
namespace {

using namespace std::string_literals;

struct SameRow {
  const char* a;
  const char* b;
  bool same;
};

TEST(DistinguishedName, NamesOfOneEntryAreTheSame) {
  for (const SameRow& row : {SameRow{"uid=a,dc=b", "UID=A,DC=B", true},
                             {"uid=a,dc=b", " uid = a , dc = b ", true},
                             {"uid=a\\2cb,dc=b", "uid=a\\,b,dc=b", true},
                             {"uid=a=b", "uid=a\\3Db", true},
                             {"", "", true},
                             {"uid=\\ a", "uid=\\20a", true},
                             {"uid=\\ a,dc=b", "uid=a,dc=b", false},
                             {"uid=a\\ ,dc=b", "uid=a,dc=b", false},
                             {"uid=a,dc=b", "uid=a", false},
                             {"uid=a,dc=b", "uid=a\\,dc=b", false},
                             {"uid=a", "cn=a", false},
                             {"x", "x", false}}) {
    EXPECT_EQ(same_dn(row.a, row.b), row.same) << row.a << " and " << row.b;
  }
}

struct ValueRow {
  const char* name;
  const char* value;
};

TEST(DistinguishedName, TheFirstValueIsThatOfTheEntry) {
  for (const ValueRow& row : {ValueRow{"uid=scheduler,dc=example,dc=test", "scheduler"},
                              {"uid=a\\, b,dc=test", "a, b"},
                              {"uid=\\c3\\a9", "\xc3\xa9"},
                              {"uid=a=b", "a=b"},
                              {"uid=  a b  ,dc=test", "a b"},
                              {"uid=\\ a\\ ,dc=test", " a "},
                              {"scheduler", "scheduler"},
                              {"", ""}}) {
    EXPECT_EQ(first_value(row.name), row.value) << row.name;
  }
}

TEST(DistinguishedName, AnEscapedValueIsReadBack) {
  for (const std::string& value :
       {"user"s, "a, b"s, "#1"s, "x=y+z"s, "back\\slash"s, "\"q\" <r>;"s, " a "s, "a\0b"s}) {
    EXPECT_EQ(first_value("uid=" + escaped_value(value) + ",dc=test"), value);
  }
}

}  // namespace
}  // namespace startle::fake
