#pragma once
// What every parser of this folder owes its callers, checked by the fuzz targets.

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <variant>

#include "harness/wire/parsed.h"

namespace startle::wire {

inline void must_hold(bool property, const char* name) {
  if (property) return;
  std::fprintf(stderr, "does not hold: %s\n", name);
  std::abort();
}

// Reading depends on the bytes alone, not on how they were cut (see parsed.h). `parse` maps bytes
// to a variant of Parsed, NeedMore, Malformed. Returns the answer for the whole input.
// Long inputs are cut at the last eight places and at about 64 others.
template <class Parsed, class Parse>
auto answer_of_every_cut(std::string_view input, Parse parse) {
  const auto whole = parse(input);
  std::size_t settled = input.size() + 1;  // the shortest prefix that is not NeedMore
  if (const auto* parsed = std::get_if<Parsed>(&whole)) {
    must_hold(parsed->consumed > 0 && parsed->consumed <= input.size(), "consumes what is there");
    settled = parsed->consumed;
    const auto again = parse(input.substr(0, settled));
    const auto* alone = std::get_if<Parsed>(&again);
    must_hold(alone != nullptr && *alone == *parsed, "the consumed bytes alone parse to the same");
  } else if (const auto* malformed = std::get_if<Malformed>(&whole)) {
    must_hold(malformed->offset < input.size(),
              "what is malformed is so at an offset in the input");
    must_hold(!malformed->why.empty(), "what is malformed has a reason");
    settled = malformed->offset + 1;
    const auto again = parse(input.substr(0, settled));
    const auto* early = std::get_if<Malformed>(&again);
    must_hold(early != nullptr && *early == *malformed,
              "what is malformed is reported as soon as seen");
  }
  const std::size_t step = std::max<std::size_t>(1, settled / 64);
  for (std::size_t back = 1; back <= settled; back += back < 8 ? 1 : step) {
    must_hold(std::holds_alternative<NeedMore>(parse(input.substr(0, settled - back))),
              "every shorter prefix needs more");
  }
  return whole;
}

}  // namespace startle::wire
