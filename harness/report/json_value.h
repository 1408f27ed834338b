#pragma once
// What every JSON that startle writes has in common: the order of members stays that in which they
// are named, and text of peers, which may be no UTF-8, never breaks it.

#include <nlohmann/json.hpp>
#include <string>
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

}  // namespace startle::report
