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

}  // namespace startle::certs
