#include "harness/oracle/quote.h"

#include "harness/base/bytes.h"

namespace startle::oracle {
namespace {

constexpr std::size_t kLongestQuote = 80;
constexpr std::size_t kMostNames = 3;

std::string enumerated(const std::vector<std::string>& quoted_names) {
  std::string text;
  for (std::size_t i = 0; i < quoted_names.size() && i < kMostNames; ++i) {
    text += (i == 0 ? "" : ", ") + quoted_names[i];
  }
  if (quoted_names.size() > kMostNames) {
    text += " and " + std::to_string(quoted_names.size() - kMostNames) + " more";
  }
  return text;
}

}  // namespace

std::string quoted(std::string_view name) {
  std::string text = "`";
  for (const char c : name.substr(0, kLongestQuote)) {
    const bool plain = c >= ' ' && c <= '~' && c != '`' && c != '\\';
    text += plain ? std::string(1, c) : "\\x" + to_hex(std::string_view(&c, 1));
  }
  return text + (name.size() > kLongestQuote ? "..`" : "`");
}

std::string quoted(const std::vector<std::string>& names) {
  std::vector<std::string> each;
  for (const std::string& name : names) each.push_back(quoted(name));
  return enumerated(each);
}

std::string presented_names(const PresentedIdentity& presented) {
  std::vector<std::string> each;
  for (const std::string& name : presented.dns_names) each.push_back(quoted(name));
  for (const std::string& ip : presented.ip_addresses) each.push_back("IP address " + quoted(ip));
  return each.empty() ? "nobody by subjectAltName" : enumerated(each);
}

}  // namespace startle::oracle
