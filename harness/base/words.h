#pragma once
// One table of words per enumeration, used to parse and to print:
//
//   enum class Colour { red, dark_red };
//   inline constexpr auto kColours = word_table<Colour>({{Colour::red, "red"}, ..});
//   constexpr Words words_of(Colour) { return kColours; }
//
// Words are spelled as in XML and reports: `-` where C++ has `_`. A table that lacks an enumerator,
// has one twice or out of order, or has the same word twice, does not compile.

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
struct WordRow {
  E value{};
  std::string_view word{};
};

// Whether E has an enumerator of this value, as the compiler prints it: a name, or `(E)7`.
template <auto value>
consteval bool is_enumerator() {
  const std::string_view printed = __PRETTY_FUNCTION__;
  const std::size_t equals = printed.find("value = ");
  return equals != std::string_view::npos && printed[equals + 8] != '(';
}

// The rows of E in the order of its enumerators, which are 0, 1, ..: a complaint of the compiler
// names the line below that is not kept.
template <class E, std::size_t n>
consteval std::array<std::string_view, n> word_table(const WordRow<E> (&rows)[n]) {
  static_assert(!is_enumerator<static_cast<E>(n)>(), "an enumerator has no word");
  std::array<std::string_view, n> words;
  for (std::size_t i = 0; i < n; ++i) {
    if (rows[i].value != static_cast<E>(i)) throw "a row is missing, twice, or out of order";
    if (rows[i].word.empty()) throw "a word is empty";
    for (std::size_t j = 0; j < i; ++j) {
      if (words[j] == rows[i].word) throw "two rows have the same word";
    }
    words[i] = rows[i].word;
  }
  return words;
}

// The same of rows that hold more, each with a `value` and a `word`.
template <class Row, std::size_t n>
consteval std::array<std::string_view, n> word_table_of(const std::array<Row, n>& rows) {
  WordRow<decltype(Row::value)> words[n];
  for (std::size_t i = 0; i < n; ++i) words[i] = {rows[i].value, rows[i].word};
  return word_table(words);
}

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
