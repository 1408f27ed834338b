#include "harness/base/date.h"

#include <gtest/gtest.h>

namespace startle {
namespace {

using std::chrono::sys_days;
using std::chrono::year;
using namespace std::chrono_literals;

TEST(Date, EveryDayIsReadAsItIsWritten) {
  const sys_days end = sys_days{year{2101} / 1 / 1};
  for (sys_days day = sys_days{year{1899} / 1 / 1}; day < end; day += std::chrono::days{1}) {
    ASSERT_EQ(read_day(day_text(day)), day) << day_text(day);
  }
}

TEST(Date, TheFirstAndTheLast) {
  EXPECT_EQ(day_text(sys_days{year{0} / 1 / 1}), "0000-01-01");
  EXPECT_EQ(read_day("0000-01-01"), sys_days{year{0} / 1 / 1});
  EXPECT_EQ(time_text(sys_days{year{9999} / 12 / 31} + 23h + 59min + 59s), "9999-12-31T23:59:59Z");
  EXPECT_EQ(read_time("9999-12-31T23:59:59Z"), sys_days{year{9999} / 12 / 31} + 23h + 59min + 59s);
}

TEST(Date, ATimeBeforeTheEpochHasItsOwnDay) {
  EXPECT_EQ(time_text(std::chrono::sys_seconds{-1s}), "1969-12-31T23:59:59Z");
}

struct TextRow {
  const char* name;
  std::string_view text;
};

void PrintTo(const TextRow& row, std::ostream* out) {
  *out << row.name;
}

class NoDateTest : public testing::TestWithParam<TextRow> {};

TEST_P(NoDateTest, IsNeitherADayNorATime) {
  EXPECT_EQ(read_day(GetParam().text), std::nullopt);
  EXPECT_EQ(read_time(GetParam().text), std::nullopt);
}

const TextRow kNoDates[] = {
    {"Nothing", ""},
    {"OneDigit", "2026-1-21"},
    {"Blank", "2026- 1-21"},
    {"Sign", "+026-01-21"},
    {"FiveDigits", "12026-01-21"},
    {"NoSuchMonth", "2026-13-01"},
    {"NoSuchDay", "2026-02-29"},
    {"Slashes", "2026/11/21"},
    {"SomethingBehind", "2026-11-21 "},
    {"TimeOfOneDigit", "2026-11-21T1:00:00Z"},
    {"NoZone", "2026-11-21T12:00:00"},
    {"AnotherZone", "2026-11-21T12:00:00+01:00"},
    {"LowerCase", "2026-11-21t12:00:00z"},
    {"Hour24", "2026-11-21T24:00:00Z"},
    {"Minute60", "2026-11-21T12:60:00Z"},
    {"LeapSecond", "2026-12-31T23:59:60Z"},
    {"Fraction", "2026-11-21T12:00:00.5Z"},
    {"BehindTheZone", "2026-11-21T12:00:00Zz"},
};
INSTANTIATE_TEST_SUITE_P(All, NoDateTest, testing::ValuesIn(kNoDates),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Date, ADayIsNoTimeAndATimeNoDay) {
  EXPECT_EQ(read_time("2026-11-21"), std::nullopt);
  EXPECT_EQ(read_day("2026-11-21T12:00:00Z"), std::nullopt);
}

}  // namespace
}  // namespace startle
