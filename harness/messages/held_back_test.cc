// What real clients printed when they met the servers of those cases that nobody looked at while
// the messages were written (cases/clients/messages/README.md says how the two were parted).

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "harness/base/text.h"
#include "harness/messages/log_verdict.h"

namespace startle::messages {
namespace {

// Percent: what the messages that are known come to.
constexpr std::size_t kLeast = 90;
constexpr std::size_t kLeastOfAClient = 77;

struct HeldBack {
  std::string client{};
  std::string first_case{};
  std::vector<std::string> expected{};  // endings, of all cases in which it was printed
  std::string text{};
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

std::string unescaped(const std::string& text) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size();
    if (!escape) {
      made += text[i];
      continue;
    }
    ++i;
    switch (text[i]) {
      case 'n':
        made += '\n';
        break;
      case 'r':
        made += '\r';
        break;
      case '0':
        made += '\0';
        break;
      default:
        made += text[i];
    }
  }
  return made;
}

std::vector<HeldBack> held_back() {
  std::ifstream in(STARTLE_TREE "/harness/messages/held_back.tsv");
  std::vector<HeldBack> all;
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> parts = split(line, '\t');
    if (parts.size() < 5) continue;
    all.push_back({parts[0], parts[1], split(parts[3], ','), unescaped(parts[4])});
  }
  return all;
}

struct Count {
  std::size_t messages = 0;
  std::size_t right = 0;
  std::string wrong{};
};

TEST(HeldBack, HasTheRightEndingFirst) {
  const Signatures signatures = Signatures::read(STARTLE_TREE "/cases/clients/messages");
  std::map<std::string, Count> clients;
  Count all;
  for (const HeldBack& one : held_back()) {
    std::istringstream in(one.text);
    const LogVerdict verdict = read_log(in, signatures);
    const auto* recognised = verdict.recognised();
    const std::string first =
        recognised == nullptr ? "unknown" : std::string(word(recognised->endings.front().ending));
    const bool right = std::ranges::find(one.expected, first) != one.expected.end();
    for (Count* count : {&clients[one.client], &all}) {
      ++count->messages;
      count->right += right ? 1 : 0;
    }
    if (!right) clients[one.client].wrong += "\n  " + first + ": " + one.first_case;
  }
  EXPECT_GE(clients.size(), 30U);
  EXPECT_GE(all.messages, 2900U);
  for (const auto& [client, count] : clients) {
    const std::string rate = std::to_string(count.right) + "_of_" + std::to_string(count.messages);
    RecordProperty("right_" + client, rate);
    EXPECT_GE(count.right * 100, count.messages * kLeastOfAClient)
        << client << ' ' << rate << count.wrong;
  }
  RecordProperty("right", static_cast<int>(all.right));
  EXPECT_GE(all.right * 100, all.messages * kLeast) << all.right << " of " << all.messages;
}

}  // namespace
}  // namespace startle::messages
