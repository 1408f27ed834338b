// How JSON that others wrote is read.

#include "harness/report/json_value.h"

#include <gtest/gtest.h>

#include <string>

namespace startle::report {
namespace {

using std::string_literals::operator""s;

std::string nested(std::size_t levels, bool objects = false) {
  std::string text;
  for (std::size_t i = 1; i < levels; ++i) text += objects ? "{\"a\":" : "[";
  text += objects ? "{}" : "[]";
  return text + std::string(levels - 1, objects ? '}' : ']');
}

struct TextRow {
  const char* name = "";
  std::string text{};
  const char* why = "";  // nullptr: it is taken
};

TEST(ReadJson, TakesOneValueAndTellsWhatElseItIs) {
  const TextRow rows[] = {
      {"an object", R"({"a": 1, "b": {"a": [1, {"a": "a"}]}})", nullptr},
      {"a number", " 12 ", nullptr},
      {"one name in two objects of a list", R"([{"a": 1}, {"a": 2}])", nullptr},
      {"an empty name", R"({"": 1})", nullptr},
      {"64 levels", nested(64), nullptr},
      {"64 levels of objects", nested(64, true), nullptr},
      {"65 levels", nested(65), "is nested more than 64 levels deep"},
      {"65 levels of objects", nested(65, true), "is nested more than 64 levels deep"},
      {"levels without end", std::string(100000, '['), "is nested more than 64 levels deep"},
      {"a member twice", R"({"a": 1, "b": 2, "a": 3})", "has the member `a` twice"},
      {"a member twice, one escaped", R"({"a": 1, "\u0061": 3})", "has the member `a` twice"},
      {"a member twice, within", R"([0, {"b": {"c": [], "c": []}}])", "has the member `c` twice"},
      {"a member of control characters", R"({"\u0000\u001b": 1, "\u0000\u001b": 1})",
       "has the member `\\x00\\x1b` twice"},
      {"more behind a NUL", "{\"a\": 1}\0, 5"s, "has an octet of NUL in it"},
      {"nothing", "", "is no JSON"},
      {"two objects", "{} {}", "is no JSON"},
      {"cut off", R"({"a": )", "is no JSON"},
      {"broken UTF-8", "\"\xff\"", "is no JSON"},
  };
  for (const TextRow& row : rows) {
    const auto read = read_json(row.text);
    const auto* wrong = std::get_if<NotJson>(&read);
    EXPECT_EQ(wrong == nullptr, row.why == nullptr) << row.name;
    if (wrong != nullptr && row.why != nullptr) {
      EXPECT_EQ(wrong->why, row.why) << row.name;
    }
  }
}

TEST(ReadJson, KeepsWhatStandsThere) {
  const auto read = read_json(R"({"z": "a\u0000b", "a": [1, null]})");
  const Json& json = std::get<Json>(read);
  EXPECT_EQ(json.begin().key(), "z");
  EXPECT_EQ(json["z"], "a\0b"s);
  EXPECT_EQ(json["a"], Json({1, nullptr}));
}

TEST(Shortened, EndsBetweenTwoCharacters) {
  EXPECT_EQ(shortened("four", 4), "four");
  EXPECT_EQ(shortened("fourth", 4), "four..");
  EXPECT_EQ(shortened("fou\u00e9", 4), "fou..");
  EXPECT_EQ(shortened("\u00e9\u00e9\u00e9", 4), "\u00e9\u00e9..");
}

}  // namespace
}  // namespace startle::report
