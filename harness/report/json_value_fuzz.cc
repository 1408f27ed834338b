// Any bytes as JSON that others wrote, a request of `serve --control` above all: refused with a
// reason that is fit to be shown, or taken; and what was taken is written and taken again.

#include <algorithm>
#include <string_view>
#include <variant>

#include "harness/base/fuzz/claims.h"
#include "harness/base/printable.h"
#include "harness/report/json_value.h"

namespace startle::report {
namespace {

using fuzz::must_hold;

int levels_of(const Json& json) {
  if (!json.is_structured()) return 0;
  int most = 0;
  for (const Json& each : json) most = std::max(most, levels_of(each));
  return most + 1;
}

template <class J>
void check(std::string_view text) {
  const auto read = read_json<J>(text);
  if (const auto* wrong = std::get_if<NotJson>(&read)) {
    must_hold(printable(wrong->why) == wrong->why && wrong->why.size() < 200,
              "a reason is a printable line");
    must_hold(wrong->is_syntax == (wrong->why == "is no JSON"), "what is no JSON is called so");
    return;
  }
  const J& json = std::get<J>(read);
  const auto again = read_json<J>(json.dump());
  must_hold(std::holds_alternative<J>(again), "what is written can be read");
  must_hold(std::get<J>(again).dump() == json.dump(), "and is the same");
}

}  // namespace
}  // namespace startle::report

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::report;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check<Json>(text);
  check<nlohmann::json>(text);
  const auto read = read_json(text);
  if (const Json* json = std::get_if<Json>(&read)) {
    must_hold(levels_of(*json) <= kMostLevelsOfJson, "it is not nested deeply");
  }
  return 0;
}
