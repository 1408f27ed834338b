#include "harness/base/date.h"

#include <array>
#include <cstdio>

#include "harness/base/text.h"

namespace startle {
namespace {

// Whether `text` is like `form`, in which letters stand for digits.
bool has_form(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool wants_digit = ascii_lower(form[i]) == form[i] && is_letter(form[i]);
    if (wants_digit ? !is_digit(text[i]) : text[i] != form[i]) return false;
  }
  return true;
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

constexpr std::string_view kDay = "yyyy-mm-dd";
constexpr std::string_view kTimeOfDay = "Thh:mm:ssZ";

}  // namespace

std::optional<std::chrono::sys_days> read_day(std::string_view text) {
  if (!has_form(text, kDay)) return std::nullopt;
  const std::chrono::year_month_day day{
      std::chrono::year{number(text.substr(0, 4))},
      std::chrono::month{static_cast<unsigned>(number(text.substr(5, 2)))},
      std::chrono::day{static_cast<unsigned>(number(text.substr(8, 2)))}};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days{day};
}

std::optional<std::chrono::sys_seconds> read_time(std::string_view text) {
  const auto day = read_day(text.substr(0, kDay.size()));
  if (!day) return std::nullopt;
  text.remove_prefix(kDay.size());
  if (!has_form(text, kTimeOfDay)) return std::nullopt;
  const int hours = number(text.substr(1, 2));
  const int minutes = number(text.substr(4, 2));
  const int seconds = number(text.substr(7, 2));
  if (hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
  return *day + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
         std::chrono::seconds{seconds};
}

std::string day_text(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::string time_text(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "T%02d:%02d:%02dZ",
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return day_text(day) + text.data();
}

}  // namespace startle
