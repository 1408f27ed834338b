#include "harness/customer/schedule/placeholder.h"

#include <algorithm>
#include <array>
#include <string>

#include "harness/base/text.h"

namespace startle::customer {
namespace {

// Without blanks, hyphens and underscores.
constexpr std::array<std::string_view, 10> kAsking{
    "changeme", "changeit",    "replaceme",   "fillin", "fillme",
    "todo",     "tobedefined", "placeholder", "tbd",    "fixme"};
// What "your" and "my", "insert", "enter" stand before.
constexpr std::array<std::string_view, 4> kBefore{"your", "insert", "enter", "replacewith"};
constexpr std::array<std::string_view, 19> kThings{
    "host",  "hostname", "server", "servername", "domain",      "domainname", "company",
    "corp",  "name",     "user",   "username",   "password",    "passwd",     "mail",
    "email", "smtp",     "ldap",   "account",    "organization"};

// With something between them.
bool holds(std::string_view text, std::string_view begin, std::string_view end) {
  const std::size_t at = text.find(begin);
  return at != std::string_view::npos &&
         text.find(end, at + begin.size() + 1) != std::string_view::npos;
}

std::string without_joints(std::string_view text) {
  std::string letters = ascii_lower(text);
  std::erase_if(letters, [](char c) { return c == '-' || c == '_' || c == ' '; });
  return letters;
}

// `rest`, but for what is made of kThings: "smtpserver".
bool is_all_things(std::string_view rest) {
  if (rest.empty()) return true;
  return std::ranges::any_of(kThings, [rest](std::string_view thing) {
    return rest.starts_with(thing) && is_all_things(rest.substr(thing.size()));
  });
}

}  // namespace

bool has_placeholder(std::string_view text) {
  return is_placeholder(text) || holds(text, "%", "%") || holds(text, "@", "@");
}

bool is_placeholder(std::string_view text) {
  const auto is_all = [text](std::string_view begin, std::string_view end) {
    return text.size() > begin.size() + end.size() && text.starts_with(begin) &&
           text.ends_with(end);
  };
  return holds(text, "${", "}") || holds(text, "#{", "}") || holds(text, "{{", "}}") ||
         is_all("%", "%") || is_all("@", "@") || is_all("<", ">") || is_all("{", "}") ||
         is_all("$(", ")");
}

bool is_stand_in(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  if (text.size() > kLongest) return false;
  const std::string letters = without_joints(text);
  if (std::ranges::find(kAsking, letters) != kAsking.end()) return true;
  return std::ranges::any_of(kBefore, [&letters](std::string_view before) {
    return letters.size() > before.size() && letters.starts_with(before) &&
           is_all_things(std::string_view(letters).substr(before.size()));
  });
}

bool has_stand_in(std::string_view host) {
  while (!host.empty()) {
    const std::string_view label = host.substr(0, host.find('.'));
    if (is_stand_in(label)) return true;
    host.remove_prefix(std::min(label.size() + 1, host.size()));
  }
  return false;
}

}  // namespace startle::customer
