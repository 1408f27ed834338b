#pragma once
// Dates and times as text: RFC 3339, in UTC, of the years 0000 to 9999.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace startle {

// "2026-11-21", of a calendar that has this day.
std::optional<std::chrono::sys_days> read_day(std::string_view text);
// "2026-11-21T12:00:00Z"; there is no leap second.
std::optional<std::chrono::sys_seconds> read_time(std::string_view text);

std::string day_text(std::chrono::sys_days day);
std::string time_text(std::chrono::sys_seconds time);

}  // namespace startle
