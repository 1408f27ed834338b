#include "harness/messages/pattern.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/words.h"

namespace startle::messages {
namespace {

constexpr std::array<std::string_view, 8> kKept{"host",   "name", "address", "port",
                                                "number", "date", "alias",   "text"};
constexpr std::size_t kLongestFact = 253;

bool may_hold_blanks(std::string_view kept) {
  return kept == "date" || kept == "text";
}

bool is_of_word(char c) {
  return is_alphanumeric(c) || (static_cast<unsigned char>(c) & 0x80) != 0;
}

// What stands around a value, and is none of it.
std::string_view trimmed(std::string_view value) {
  constexpr std::string_view kAround = " \t\"'`<>()[],;";
  while (!value.empty() && kAround.find(value.front()) != std::string_view::npos) {
    value.remove_prefix(1);
  }
  while (!value.empty() && (kAround.find(value.back()) != std::string_view::npos ||
                            value.back() == '.' || value.back() == ':' || value.back() == '!')) {
    value.remove_suffix(1);
  }
  return value;
}

// nullopt: it is no such value.
std::optional<std::string> value_in(std::string_view kept, std::string_view gap) {
  const std::string_view value = trimmed(gap);
  if (value.empty() || value.size() > kLongestFact) return std::nullopt;
  if (!may_hold_blanks(kept) && value.find_first_of(" \t") != std::string_view::npos) {
    return std::nullopt;
  }
  if ((kept == "number" || kept == "port") && !std::ranges::all_of(value, is_digit)) {
    return std::nullopt;
  }
  return std::string(value);
}

// Of a host with its port behind it both are kept.
void add_fact(const std::string& name, std::string value, std::vector<Fact>& facts) {
  const std::size_t colon = value.rfind(':');
  const bool with_port =
      name == "host" && colon != std::string::npos && colon > 0 && colon + 1 < value.size() &&
      std::all_of(value.begin() + static_cast<std::ptrdiff_t>(colon) + 1, value.end(), is_digit);
  if (with_port) {
    facts.push_back({"port", value.substr(colon + 1)});
    value.erase(colon);
  }
  facts.push_back({name, std::move(value)});
}

// The word that `text` begins with, or for what may hold blanks the rest of its line.
std::string_view head(std::string_view kept, std::string_view text) {
  if (may_hold_blanks(kept)) return text.substr(0, text.find_first_of("\r\n"));
  const std::size_t begin = text.find_first_not_of(" \t\"'`<([");
  if (begin == std::string_view::npos) return {};
  const std::size_t end = text.find_first_of(" \t\r\n\"'`<>()[],;", begin);
  return text.substr(begin, end == std::string_view::npos ? end : end - begin);
}

std::string_view last_word(std::string_view text) {
  const std::size_t end = text.find_last_not_of(" \t\"'`>)]:,");
  if (end == std::string_view::npos) return {};
  const std::size_t begin = text.find_last_of(" \t\"'`<>()[],;=", end);
  return text.substr(begin == std::string_view::npos ? 0 : begin + 1, end - begin);
}

bool begins_word(std::string_view text, std::size_t at) {
  return at == 0 || !is_of_word(text[at]) || !is_of_word(text[at - 1]);
}
bool ends_word(std::string_view text, std::size_t end) {
  return end >= text.size() || !is_of_word(text[end - 1]) || !is_of_word(text[end]);
}

// A pattern's text, in literal characters and gaps.
struct Token {
  bool gap = false;
  std::string text{};  // of a gap what is kept, "" of `*`
};

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  const auto add = [&](char c) {
    if (tokens.empty() || tokens.back().gap) tokens.push_back({});
    tokens.back().text += ascii_lower(c);
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      if (++i == text.size()) throw std::invalid_argument("ends with a backslash: write \\\\");
      add(text[i]);
    } else if (text[i] == '*') {
      tokens.push_back({.gap = true});
    } else if (text[i] == '{') {
      const std::size_t end = text.find('}', i);
      const std::string kept(text.substr(i + 1, end == std::string_view::npos ? 0 : end - i - 1));
      if (std::ranges::find(kKept, kept) == kKept.end()) {
        throw std::invalid_argument("keeps {" + kept + "}, but what can be kept is " +
                                    comma_separated(kKept));
      }
      tokens.push_back({.gap = true, .text = kept});
      i = end;
    } else {
      add(text[i]);
    }
  }
  return tokens;
}

}  // namespace

Pattern Pattern::parse(std::string_view text) {
  Pattern made;
  made.text_ = std::string(text);
  bool after_gap = false;
  for (Token& token : tokens_of(text)) {
    if (token.gap) {
      if (after_gap) throw std::invalid_argument("has two gaps side by side: one says as much");
      after_gap = true;
      (made.pieces_.empty() ? made.before_ : made.behind_) = token.text;
      if (made.pieces_.empty()) made.inside_word_ = token.text.empty();
      continue;
    }
    if (!made.pieces_.empty()) made.gaps_.push_back(std::exchange(made.behind_, ""));
    made.weight_ += token.text.size();
    made.pieces_.push_back(std::move(token.text));
    after_gap = false;
  }
  if (made.pieces_.empty()) throw std::invalid_argument("has no words: nothing is known by it");
  made.ends_inside_word_ = after_gap && made.behind_.empty();
  if (made.last_piece().size() < kLeastOfALastPiece) {
    throw std::invalid_argument("ends with `" + made.last_piece() + "`, which is too little: " +
                                std::to_string(kLeastOfALastPiece) + " characters at least");
  }
  return made;
}

std::optional<Pattern::Found> Pattern::ending_at(std::string_view text, std::string_view lower,
                                                 std::size_t end) const {
  const std::string& last = last_piece();
  if (end < last.size() || (!ends_inside_word_ && !ends_word(lower, end))) return std::nullopt;
  // From the end to the front, each piece as near as it stands: gaps are as short as can be.
  std::vector<std::size_t> begins(pieces_.size());
  begins.back() = end - last.size();
  for (std::size_t i = pieces_.size() - 1; i > 0; --i) {
    const std::string& piece = pieces_[i - 1];
    if (begins[i] < piece.size()) return std::nullopt;
    const std::size_t from = begins[i] - std::min(begins[i], kMostOfAGap + piece.size());
    const std::size_t at = lower.substr(from, begins[i] - from).rfind(piece);
    if (at == std::string_view::npos) return std::nullopt;
    begins[i - 1] = from + at;
  }
  if (!inside_word_ && !begins_word(lower, begins.front())) return std::nullopt;
  Found found{.begin = begins.front(), .end = end};
  const auto keep = [&found](const std::string& name, std::string_view gap) {
    if (name.empty()) return true;
    auto value = value_in(name, gap);
    if (!value) return false;
    add_fact(name, *std::move(value), found.facts);
    return true;
  };
  if (!keep(before_, last_word(text.substr(0, begins.front())))) return std::nullopt;
  for (std::size_t i = 1; i < pieces_.size(); ++i) {
    const std::size_t from = begins[i - 1] + pieces_[i - 1].size();
    if (!keep(gaps_[i - 1], text.substr(from, begins[i] - from))) return std::nullopt;
  }
  if (!behind_.empty()) {
    const std::string_view word = head(behind_, text.substr(end));
    if (!keep(behind_, word)) return std::nullopt;
  }
  return found;
}

std::optional<Pattern::Found> Pattern::find(std::string_view text) const {
  const std::string lower = ascii_lower(text);
  for (std::size_t at = lower.rfind(last_piece()); at != std::string::npos;
       at = at == 0 ? std::string::npos : lower.rfind(last_piece(), at - 1)) {
    if (auto found = ending_at(text, lower, at + last_piece().size())) return found;
  }
  return std::nullopt;
}

}  // namespace startle::messages
