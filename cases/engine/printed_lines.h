#pragma once
// What a client's process has printed, as a dialogue shows it: behind what was said on the wire.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace startle::cases {

inline constexpr std::size_t kMostLinesPrinted = 200;
inline constexpr std::size_t kMostOfALinePrinted = 2000;  // octets

// "client prints: LINE" for each line that is not blank, secrets blotted out, printable; of many
// lines the last, behind one that says how many are missing. What a worker answers is its reason
// alone, where it states one.
std::vector<std::string> printed_lines(std::string_view printed, std::string_view secret);

}  // namespace startle::cases
