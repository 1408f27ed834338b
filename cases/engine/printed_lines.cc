#include "cases/engine/printed_lines.h"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "fake-servers/dialogue/secret.h"
#include "harness/base/printable.h"

namespace startle::cases {
namespace {

constexpr std::string_view kPrints = "client prints: ";

// Of a worker's answer its reason, and of its greeting nothing; any other line as it is.
std::string without_contract(std::string_view line) {
  if (!line.starts_with("{\"")) return std::string(line);
  const nlohmann::json answer = nlohmann::json::parse(line, nullptr, false);
  if (!answer.is_object()) return std::string(line);
  if (answer.contains("startle")) return "";
  if (!answer.contains("task") || !answer.contains("result")) return std::string(line);
  const auto reason = answer.find("reason");
  return reason == answer.end() || !reason->is_string() ? "" : reason->get<std::string>();
}

}  // namespace

std::vector<std::string> printed_lines(std::string_view printed, std::string_view secret) {
  std::vector<std::string> lines;
  std::size_t left_out = 0;
  for (std::size_t begin = 0; begin < printed.size();) {
    const std::size_t end = std::min(printed.find('\n', begin), printed.size());
    std::string_view line = printed.substr(begin, end - begin);
    begin = end + 1;
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    std::string shown = without_contract(line);
    if (shown.empty()) continue;
    shown = fake::blotted(shown, secret);
    if (shown.size() > kMostOfALinePrinted) shown = shown.substr(0, kMostOfALinePrinted) + " ..";
    lines.push_back(std::string(kPrints) + printable(shown));
  }
  if (lines.size() > kMostLinesPrinted) {
    left_out = lines.size() - kMostLinesPrinted;
    lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(left_out));
    lines.insert(lines.begin(), std::string(kPrints) + "(" + std::to_string(left_out) + " lines)");
  }
  return lines;
}

}  // namespace startle::cases
