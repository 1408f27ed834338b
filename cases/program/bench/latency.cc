#include "cases/program/bench/latency.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

namespace startle::program {

std::string number_text(double number) {
  constexpr int kDigits = 3;
  if (!std::isfinite(number)) return "-";
  if (number == 0) return "0";
  const int before = static_cast<int>(std::floor(std::log10(std::abs(number)))) + 1;
  std::ostringstream text;
  text << std::fixed << std::setprecision(std::clamp(kDigits - before, 0, 6)) << number;
  return text.str();
}

std::string duration_text(double us) {
  if (us < 1e3) return number_text(us) + " us";
  if (us < 1e6) return number_text(us / 1e3) + " ms";
  return number_text(us / 1e6) + " s";
}

}  // namespace startle::program
