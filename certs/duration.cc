#include "certs/duration.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace startle::certs {
namespace {

struct Unit {
  std::string_view name;
  long seconds;
};
constexpr std::array<Unit, 5> kUnits{
    {{"y", 365L * 86400}, {"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}}};
constexpr long kLongest = 40 * kUnits[0].seconds;

}  // namespace

std::optional<std::chrono::seconds> read_duration(std::string_view text) {
  long number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                 [&](const Unit& candidate) { return candidate.name == text; });
  if (unit == kUnits.end()) return std::nullopt;
  const long limit = kLongest / unit->seconds;
  if (number < -limit || number > limit) return std::nullopt;
  return std::chrono::seconds(number * unit->seconds);
}

std::string duration_text(std::chrono::seconds duration) {
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& candidate) {
    return duration.count() != 0 && duration.count() % candidate.seconds == 0;
  });
  if (unit == kUnits.end()) return "0s";
  return std::to_string(duration.count() / unit->seconds) + std::string(unit->name);
}

std::optional<std::chrono::sys_seconds> read_date(std::string_view text) {
  constexpr std::string_view kForm = "yyyy-MM-ddThh:mm:ssZ";
  if (text.size() != kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    const bool wants_digit = std::string_view("yMdhms").find(kForm[i]) != std::string_view::npos;
    if (wants_digit ? !is_digit : text[i] != kForm[i]) return std::nullopt;
  }
  const auto number = [text](std::size_t at, std::size_t digits) {
    int value = 0;
    for (const char c : text.substr(at, digits)) value = value * 10 + (c - '0');
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year{number(0, 4)},
                                        std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                        std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  const int hours = number(11, 2);
  const int minutes = number(14, 2);
  const int seconds = number(17, 2);
  if (!day.ok() || hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
  return std::chrono::sys_days{day} + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
         std::chrono::seconds{seconds};
}

}  // namespace startle::certs
