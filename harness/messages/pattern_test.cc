#include "harness/messages/pattern.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace startle::messages {
namespace {

struct Row {
  const char* name;
  const char* pattern;
  const char* text;
  bool found = true;
  std::vector<Fact> facts{};
};

class PatternFinds : public testing::TestWithParam<Row> {};

TEST_P(PatternFinds, AsItSays) {
  const Row& row = GetParam();
  const auto found = Pattern::parse(row.pattern).find(row.text);
  ASSERT_EQ(found.has_value(), row.found);
  if (found) {
    EXPECT_EQ(found->facts, row.facts);
  }
}

const Row kRows[] = {
    {"Words", "certificate has expired", "error: certificate has expired (_ssl.c:992)"},
    {"LettersOfEitherCase", "certificate HAS expired", "Certificate Has Expired"},
    {"OtherWords", "certificate has expired", "certificate has not expired", false},
    {"NoWordGoesOnInFront", "535 5.7", "1535 5.7", false},
    {"NoWordGoesOnBehind", "code 421", "code 4210", false},
    {"InsideAWordWhereItSaysSo", "*Exception: [EOF]", "SendFailedException: [EOF]"},
    {"EndsInsideAWordWhereItSaysSo", "response: 5*", "response: 554 no"},
    {"Gap", "valid for * not", "valid for a.test, b.test, not c.test"},
    {"GapOfNothing", "error:*failed", "error:failed"},
    {"WordIsKept",
     "not trusted: {host}",
     "Server is not trusted: mail.example.com",
     true,
     {{"host", "mail.example.com"}}},
    {"PortIsKeptApart",
     "failed: {host}",
     "bind failed: ldap.example.com:636 [Root",
     true,
     {{"port", "636"}, {"host", "ldap.example.com"}}},
    {"WhatStandsAroundIsNone",
     "expected CN=`{host}",
     "did not match expected CN=`a.test'",
     true,
     {{"host", "a.test"}}},
    {"TwoAreKept",
     "host: {host}, port: {port}, response",
     "host: a.test, port: 25, response: x",
     true,
     {{"host", "a.test"}, {"port", "25"}}},
    {"DateHasBlanks",
     "NotAfter: {date}",
     "NotAfter: Mon Dec 01 03:47:22 UTC 2025",
     true,
     {{"date", "Mon Dec 01 03:47:22 UTC 2025"}}},
    {"NumberHasDigitsAlone", "code {number} was", "code x was", false},
    {"WordIsOne", "host {host} refused", "host a b refused", false},
    {"NothingIsNoWord", "not trusted: {host}", "not trusted: ", false},
    {"CharactersOfPatterns", "\\*\\*\\* Fatal \\{x\\} \\\\ error", "*** Fatal {x} \\ error"},
    {"LastOfSeveral",
     "user {name} refused",
     "user a refused, user b refused",
     true,
     {{"name", "b"}}},
};
INSTANTIATE_TEST_SUITE_P(All, PatternFinds, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

std::string complaint_about(const char* pattern) {
  try {
    Pattern::parse(pattern);
  } catch (const std::invalid_argument& why) {
    return why.what();
  }
  return "";
}

TEST(Pattern, IsRefusedInOneSentence) {
  EXPECT_EQ(complaint_about(""), "has no words: nothing is known by it");
  EXPECT_EQ(complaint_about("{host}"), "has no words: nothing is known by it");
  EXPECT_EQ(complaint_about("connect to {host}:{port}"),
            "ends with `:`, which is too little: 4 characters at least");
  EXPECT_EQ(complaint_about("a {who} is none"),
            "keeps {who}, but what can be kept is host, name, address, port, number, date, alias, "
            "text");
  EXPECT_EQ(complaint_about("words {host}* words"), "has two gaps side by side: one says as much");
  EXPECT_EQ(complaint_about("words\\"), "ends with a backslash: write \\\\");
}

TEST(Pattern, TakesNoTimeOfAnAdversary) {
  // With backtracking this would take longer than the universe.
  std::string pattern = "a";
  std::string text;
  for (int i = 0; i < 40; ++i) pattern += "*a";
  for (int i = 0; i < 20000; ++i) text += "a ";
  EXPECT_FALSE(Pattern::parse(pattern + "*bbbb").find(text + "bbb"));
}

}  // namespace
}  // namespace startle::messages
