#pragma once
// One table of words per enumeration, used to parse and to print. An enumeration takes part by
// declaring, beside itself, `words_of(E)` that returns its words in the order of the enumerators
// (which start at 0). Words are spelled as in XML and reports: `-` where C++ has `_`.

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace startle {

using Words = std::span<const std::string_view>;

template <class E>
concept Worded = requires(E e) {
  { words_of(e) } -> std::convertible_to<Words>;
};

template <Worded E>
std::string_view word(E value) {
  return words_of(value)[static_cast<std::size_t>(value)];
}

template <Worded E>
std::optional<E> from_word(std::string_view given) {
  const Words words = words_of(E{});
  const auto found = std::find(words.begin(), words.end(), given);
  if (found == words.end()) return std::nullopt;
  return static_cast<E>(found - words.begin());
}

template <Worded E>
std::size_t count_of() {
  return words_of(E{}).size();
}

// "a, b, c"
std::string comma_separated(Words words);

// The candidate nearest to `given` (Levenshtein distance at most a third of its length,
// rounded up); empty when none is near. For "did you mean ..?".
std::string_view nearest(std::string_view given, Words candidates);

}  // namespace startle
