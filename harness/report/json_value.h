#pragma once
// What every JSON that startle writes has in common: the order of members stays that in which they
// are named, and text of peers, which may be no UTF-8, never breaks it. And how JSON that others
// wrote is read.

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/base/words.h"

namespace startle::report {

using Json = nlohmann::ordered_json;

template <class E>
Json words_json(const std::vector<E>& values) {
  Json list = Json::array();
  for (const E value : values) list.push_back(word(value));
  return list;
}

inline Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

// On one line; bytes that are no UTF-8 are replaced.
inline std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// `text`, which is printable, or the beginning of it and "..": for a complaint that names it.
std::string shortened(std::string text, std::size_t most = 80);

// What can be meant is nested less; who walks through more may run out of stack.
inline constexpr int kMostLevelsOfJson = 64;

struct NotJson {
  bool is_syntax = true;           // else it is JSON, and such as nobody here takes
  std::string why = "is no JSON";  // the end of a sentence that names the text
};

// One JSON value that is all of `text`. Refused, beside what is no JSON: more than
// kMostLevelsOfJson levels, two members of one name in an object, and octets of NUL, which would
// hide what stands behind them. J is Json or nlohmann::json.
template <class J = Json>
std::variant<J, NotJson> read_json(std::string_view text);

}  // namespace startle::report
