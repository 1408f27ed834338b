#pragma once
// Times as recipes write them: relative to the run's clock, a whole number and a unit, "90s",
// "-12h", "30d", "1y" (365 days).

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace startle::certs {

inline constexpr std::string_view kDurationForm =
    "a whole number and a unit (s, min, h, d or y), such as -30d, at most 40y";

// nullopt when it has not kDurationForm.
std::optional<std::chrono::seconds> read_duration(std::string_view text);

// In the largest unit that divides it; read_duration gives the same back.
std::string duration_text(std::chrono::seconds duration);

}  // namespace startle::certs
