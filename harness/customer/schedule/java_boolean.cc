#include "harness/customer/schedule/java_boolean.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/customer/schedule/attributes.h"
#include "harness/xml/complaint.h"

namespace startle::customer {
namespace {

constexpr std::array<std::string_view, 10> kMeansNo{"false", "no",   "off",   "0",    "n",
                                                    "f",     "nein", "never", "none", "disabled"};

std::string_view without_blanks_around(std::string_view text) {
  while (!text.empty() && is_blank(text.substr(0, 1))) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.substr(text.size() - 1))) text.remove_suffix(1);
  return text;
}

}  // namespace

JavaBoolean java_boolean(std::string_view written) {
  const std::string meant = ascii_lower(without_blanks_around(written));
  return {.as_java_reads_it = equal_ignoring_case(written, "true"),
          .as_it_is_meant = !meant.empty() && std::ranges::find(kMeansNo, meant) == kMeansNo.end()};
}

std::string told_misread(std::string_view key, std::string_view written) {
  return std::string(key) + "=" + xml::quotation(written) +
         ": Java reads it as false, as everything but true without a blank (in any letter case)";
}

}  // namespace startle::customer
