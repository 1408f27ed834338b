#include "harness/messages/redacted.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "harness/base/bytes.h"
#include "harness/base/text.h"

namespace startle::messages {
namespace {

// A piece of the line that is not to be shown.
struct Cut {
  std::size_t begin = 0;
  std::size_t end = 0;
};

constexpr std::string_view kEndsValue = " \t\"'`,;&<>()[]{}|";

std::size_t end_of_value(std::string_view line, std::size_t begin) {
  return std::min(line.find_first_of(kEndsValue, begin), line.size());
}

// What stands between a name and its value: `="`, `: `, `" : "`, or blanks alone. npos: nothing
// does.
std::size_t begin_of_value(std::string_view line, std::size_t at, bool needs_sign) {
  bool has_sign = false;
  const std::size_t before = at;
  for (; at < line.size(); ++at) {
    const char c = line[at];
    if (c == '=' || c == ':') {
      if (has_sign) break;
      has_sign = true;
    } else if (c != ' ' && c != '\t' && c != '"' && c != '\'' && c != '\\') {
      break;
    }
  }
  if (at == before || at == line.size() || (needs_sign && !has_sign)) return std::string_view::npos;
  return at;
}

// A value in quotation marks ends with them, and may hold blanks.
std::size_t end_of_quoted(std::string_view line, std::size_t begin) {
  const char quote = begin == 0 ? ' ' : line[begin - 1];
  if (quote != '"' && quote != '\'') return end_of_value(line, begin);
  return std::min(line.find(quote, begin), line.size());
}

void cut_named(std::string_view line, std::string_view lower, std::vector<Cut>& cuts) {
  constexpr std::array<std::string_view, 8> kNames{
      "password", "passwd", "passphrase", "pass", "pwd", "secret", "token", "credential"};
  for (const std::string_view name : kNames) {
    for (std::size_t at = lower.find(name); at != std::string_view::npos;
         at = lower.find(name, at + 1)) {
      std::size_t behind = at + name.size();
      while (behind < lower.size() && is_letter(lower[behind])) ++behind;  // "credentials"
      const bool is_option = at >= 1 && lower[at - 1] == '-';
      const std::size_t begin = begin_of_value(line, behind, !is_option);
      if (begin != std::string_view::npos) cuts.push_back({begin, end_of_quoted(line, begin)});
    }
  }
}

// scheme://user:password@host
void cut_in_urls(std::string_view line, std::vector<Cut>& cuts) {
  for (std::size_t at = line.find("://"); at != std::string_view::npos;
       at = line.find("://", at + 3)) {
    const std::size_t end = std::min(line.find_first_of(" \t\"'<>/", at + 3), line.size());
    const std::string_view authority = line.substr(at + 3, end - at - 3);
    const std::size_t sign = authority.rfind('@');
    if (sign == std::string_view::npos) continue;
    const std::size_t colon = authority.find(':');
    if (colon < sign) cuts.push_back({at + 3 + colon + 1, at + 3 + sign});
  }
}

bool is_of_base64(char c) {
  return is_alphanumeric(c) || c == '+' || c == '/' || c == '=';
}

// AUTH PLAIN xyz; what follows 334; `Authorization: Basic xyz`, `-w xyz` of ldapsearch.
void cut_behind_words(std::string_view line, std::string_view lower, std::vector<Cut>& cuts) {
  constexpr std::array<std::string_view, 4> kWords{"auth ", "basic ", "bearer ", " -w "};
  for (const std::string_view word : kWords) {
    for (std::size_t at = lower.find(word); at != std::string_view::npos;
         at = lower.find(word, at + 1)) {
      if (at > 0 && is_letter(word.front()) && is_letter(lower[at - 1])) continue;
      std::size_t begin = at + word.size();
      if (word == "auth ") {  // behind the mechanism
        begin = line.find(' ', begin);
        if (begin == std::string_view::npos) continue;
        ++begin;
        const std::size_t end = end_of_value(line, begin);
        const std::string_view value = line.substr(begin, end - begin);
        // AUTH PLAIN LOGIN is a list, and words of a sentence are words.
        const bool encoded = value.size() >= 8 && std::ranges::all_of(value, is_of_base64) &&
                             !std::ranges::all_of(value, is_letter);
        if (!encoded) continue;
      }
      cuts.push_back({begin, end_of_value(line, begin)});
    }
  }
}

bool may_be_answer(std::string_view lower) {
  for (const std::string_view sign : {"auth", "334", "sasl", "c: ", "-> ", ">>> ", "~> "}) {
    if (lower.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

void cut_base64(std::string_view line, std::string_view lower, std::vector<Cut>& cuts) {
  constexpr std::size_t kLeast = 8;
  constexpr std::size_t kLong = 16;
  const bool of_auth = may_be_answer(lower);
  for (std::size_t begin = 0; begin < line.size();) {
    std::size_t end = begin;
    while (end < line.size() && is_of_base64(line[end])) ++end;
    const std::string_view word = line.substr(begin, end - begin);
    if (word.size() >= kLeast && word.size() % 4 == 0) {
      const std::optional<std::string> decoded = from_base64(word);
      const bool mixed = std::ranges::any_of(word, is_digit) || word.ends_with('=');
      const bool plain = decoded && decoded->find('\0') != std::string::npos &&
                         decoded->size() < 1000 && word.size() >= kLong;
      if (decoded && (plain || (of_auth && mixed && word.find('/') != 0))) {
        cuts.push_back({begin, end});
      }
    }
    begin = end == begin ? begin + 1 : end;
  }
}

}  // namespace

std::string redacted(std::string_view line) {
  const std::string lower = ascii_lower(line);
  std::vector<Cut> cuts;
  cut_named(line, lower, cuts);
  cut_in_urls(line, cuts);
  cut_behind_words(line, lower, cuts);
  cut_base64(line, lower, cuts);
  std::ranges::sort(cuts, {}, &Cut::begin);
  std::string shown;
  std::size_t at = 0;
  for (const Cut& cut : cuts) {
    if (cut.end <= at || cut.begin >= cut.end) continue;
    if (cut.begin >= at) {
      shown += line.substr(at, cut.begin - at);
      shown += kRedacted;
    }
    at = cut.end;
  }
  shown += line.substr(at);
  return shown;
}

}  // namespace startle::messages
