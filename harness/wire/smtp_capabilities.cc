#include "harness/wire/smtp_capabilities.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>
#include <utility>

#include "harness/base/text.h"
#include "harness/wire/smtp_command.h"

namespace startle::wire {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Keeps the first of each word. A reply may hold thousands.
void keep_first_of_each(std::vector<std::string>& list) {
  std::unordered_set<std::string> known;
  const auto is_known = [&known](const std::string& word) { return !known.insert(word).second; };
  list.erase(std::remove_if(list.begin(), list.end(), is_known), list.end());
}

// Takes the first word off `text`, and the spaces or tabs behind it.
std::string_view take_word(std::string_view& text) {
  constexpr std::string_view kSpaces = " \t";
  const std::string_view first = text.substr(0, text.find_first_of(kSpaces));
  text.remove_prefix(first.size());
  text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
  return first;
}

// sasl-mech (RFC 4422, 3.1): 1 to 20 letters, digits, hyphens and underscores.
bool is_mechanism(std::string_view word) {
  return !word.empty() && word.size() <= 20 && std::all_of(word.begin(), word.end(), [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '_';
  });
}

void add_mechanisms(std::vector<std::string>& list, std::string_view words) {
  while (!words.empty()) {
    const std::string_view mechanism = take_word(words);
    if (is_mechanism(mechanism)) list.push_back(ascii_upper(mechanism));
  }
}

// The whole word as a number; nullopt also when it does not fit.
std::optional<std::uint64_t> parse_number(std::string_view word) {
  std::uint64_t number = 0;
  const char* const end = word.data() + word.size();
  const auto [stopped, error] = std::from_chars(word.data(), end, number);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

}  // namespace

Capabilities parse_capabilities(const SmtpReply& reply) {
  Capabilities offered;
  if (reply.code != 250 || reply.lines.empty()) return offered;
  std::string_view greeting = reply.lines.front();
  offered.domain = take_word(greeting);

  for (std::size_t i = 1; i < reply.lines.size(); ++i) {
    std::string_view rest = reply.lines[i];
    std::string keyword = ascii_upper(take_word(rest));
    if (constexpr std::string_view kLegacy = "AUTH="; keyword.starts_with(kLegacy)) {
      add_mechanisms(offered.legacy_auth, std::string_view(reply.lines[i]).substr(kLegacy.size()));
    } else if (is_keyword(keyword)) {
      if (keyword == "AUTH") add_mechanisms(offered.auth, rest);
      if (keyword == "SIZE" && !offered.size) offered.size = parse_number(take_word(rest));
      offered.keywords.push_back(std::move(keyword));
    }
  }
  keep_first_of_each(offered.keywords);
  keep_first_of_each(offered.auth);
  keep_first_of_each(offered.legacy_auth);
  offered.starttls = offered.offers("STARTTLS");
  return offered;
}

bool Capabilities::offers(std::string_view keyword) const {
  return contains(keywords, ascii_upper(keyword));
}

bool Capabilities::offers_auth(std::string_view mechanism) const {
  return contains(auth, ascii_upper(mechanism));
}

}  // namespace startle::wire
