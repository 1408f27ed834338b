#include "harness/messages/log_lines.h"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

#include "harness/base/utf_16.h"

namespace startle::messages {
namespace {

struct Read {
  std::vector<std::string> lines{};
  std::vector<std::size_t> numbers{};
  std::size_t without_text = 0;
};

Read read(const std::string& octets) {
  std::istringstream in(octets);
  LogLines lines(in);
  LogLine line;
  Read all;
  while (lines.next(line)) {
    all.lines.push_back(line.text);
    all.numbers.push_back(line.number);
    all.without_text += line.is_text ? 0 : 1;
  }
  EXPECT_EQ(lines.octets(), octets.size());
  return all;
}

std::string little(std::string big) {
  for (std::size_t i = 0; i + 1 < big.size(); i += 2) std::swap(big[i], big[i + 1]);
  return big;
}

const std::string kText = "caf\xc3\xa9\n\xf0\x9f\x93\xa7 mail has expired\n";
const std::vector<std::string> kLines{"caf\xc3\xa9", "\xf0\x9f\x93\xa7 mail has expired"};

TEST(LogLines, EndAsAnybodyEndsThem) {
  const std::vector<std::string> expected{"a", "b", "c"};
  for (const char* text : {"a\nb\nc", "a\nb\nc\n", "a\r\nb\r\nc\r\n", "a\rb\rc", "a\rb\r\nc\n"}) {
    EXPECT_EQ(read(text).lines, expected) << text;
  }
  EXPECT_EQ(read("a\n\nb").numbers, (std::vector<std::size_t>{1, 2, 3}));
  EXPECT_TRUE(read("").lines.empty());
}

TEST(LogLines, AreReadInUtf8AndUtf16WithAndWithoutTheirMark) {
  const std::string big = utf_16_of_utf_8(kText).value();
  EXPECT_EQ(read(kText).lines, kLines);
  EXPECT_EQ(read("\xef\xbb\xbf" + kText).lines, kLines);
  EXPECT_EQ(read(big).lines, kLines);
  EXPECT_EQ(read(little(big)).lines, kLines);
  EXPECT_EQ(read("\xfe\xff" + big).lines, kLines);
  EXPECT_EQ(read("\xff\xfe" + little(big)).lines, kLines);
}

TEST(LogLines, OfUtf16BehindOtherTextAreReadToo) {
  // What `>>` of PowerShell makes of a log.
  EXPECT_EQ(read("first\n" + little(utf_16_of_utf_8("then this\n").value())).lines,
            (std::vector<std::string>{"first", "then this", ""}));
}

TEST(LogLines, OfOctetsAreNoText) {
  EXPECT_EQ(read("a\x01\x02\x03\x04\x05\x06\x07\x08z\n").without_text, 1U);
  EXPECT_EQ(read(std::string("one\0two\0three\0four\0five", 23)).without_text, 1U);
  // A log that was cut off while it was written.
  const Read rotated = read(std::string(5000, '\0') + "INFO going on\n");
  EXPECT_EQ(rotated.lines, std::vector<std::string>{"INFO going on"});
  EXPECT_EQ(rotated.without_text, 0U);
}

TEST(LogLines, LoseTheirColours) {
  EXPECT_EQ(read("\x1b[31;1mERROR\x1b[0m no\x1b]0;title\a.\n").lines,
            std::vector<std::string>{"ERROR no."});
}

TEST(LogLines, ComeInPartsWhereTheyAreLong) {
  const Read all = read(std::string(3 * kMostOfALine + 5, 'x'));
  ASSERT_EQ(all.lines.size(), 4U);
  EXPECT_EQ(all.lines.back(), "xxxxx");
  EXPECT_EQ(all.numbers, (std::vector<std::size_t>{1, 1, 1, 1}));
}

}  // namespace
}  // namespace startle::messages
