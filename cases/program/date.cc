#include "cases/program/date.h"

#include <cstdio>

#include "harness/base/error.h"

namespace startle::program {

using namespace std::chrono;

sys_seconds parse_date(const std::string& option, const std::string& text) {
  int y = 0;
  unsigned m = 0;
  unsigned d = 0;
  int hour = 12;
  int minute = 0;
  int second = 0;
  int day_end = 0;
  int end = 0;
  const int parts = std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &y, &m, &d, &day_end);
  bool good = parts == 3;
  if (good && static_cast<std::size_t>(day_end) != text.size()) {
    good = std::sscanf(text.c_str() + day_end, "T%2d:%2d:%2dZ%n", &hour, &minute, &second, &end) ==
               3 &&
           static_cast<std::size_t>(day_end + end) == text.size();
  }
  const year_month_day date{year(y), month(m), day(d)};
  // Chains reach some years around the clock, and X.509 has four digits for the year.
  good = good && date.ok() && y >= 1990 && y <= 9900 && hour < 24 && minute < 60 && second < 60 &&
         hour >= 0 && minute >= 0 && second >= 0;
  if (!good) {
    throw Error(Fault::usage,
                option + " " + text +
                    " is no date from 1990 to 9900: write 2026-11-21 or 2026-11-21T12:00:00Z");
  }
  return sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
}

sys_seconds today() {
  return time_point_cast<seconds>(system_clock::now());
}

}  // namespace startle::program
