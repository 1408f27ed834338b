#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>

#include "harness/base/error.h"
#include "harness/xml/document.h"

namespace startle::xml {
namespace {

enum class Choice { accept, reject };
constexpr auto kChoices = word_table<Choice>({
    {Choice::accept, "accept"},
    {Choice::reject, "reject"},
});
constexpr Words words_of(Choice) {
  return kChoices;
}

enum class Digit {};
constexpr std::array<std::string_view, 60> kManyWords = [] {
  std::array<std::string_view, 60> words{};
  words.fill("certificate-ending");
  return words;
}();
Words words_of(Digit) {
  return kManyWords;
}

constexpr std::array<std::string_view, 2> kKeys{"verdict", "limit"};

TEST(Element, ShowsTheDocumentAsWritten) {
  const auto document = Document::parse(
      "x.xml",
      "<?xml version='1.0'?>\n<r:case xmlns:r='urn:r' r:id='1' limit='a\tb&#9;&amp;'>\n"
      "<step/> one<!-- two --><![CDATA[ <three>]]>\n<group\n\n><step\nn='1'/></group></r:case>");
  const Element root = document.root();
  EXPECT_EQ(root.name(), "case");
  EXPECT_EQ(root.line(), 2);
  EXPECT_EQ(root.text(), "\n one <three>\n");
  EXPECT_EQ(root.maybe_attribute("id"), std::nullopt);
  EXPECT_EQ(root.attribute("limit"), "a b\t&");
  ASSERT_EQ(root.attributes().size(), 2U);
  EXPECT_EQ(root.attributes()[0].name, "r:id");
  EXPECT_EQ(root.attributes()[1].value, "a b\t&");
  ASSERT_EQ(root.children().size(), 2U);
  EXPECT_EQ(root.children()[1].line(), 4);
  const auto steps = root.descendants("step");
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].line(), 3);
  EXPECT_EQ(steps[1].line(), 6);
  EXPECT_EQ(steps[0].descendants("step").size(), 0U);
}

TEST(Element, KnowsItsLinePast65535) {
  const auto document =
      Document::parse("x.xml", "<a>" + std::string(99999, '\n') + "<b/><b\nc=''/></a>");
  const auto children = document.root().children();
  EXPECT_EQ(children.at(0).line(), 100000);
  EXPECT_EQ(children.at(1).line(), 100000);
}

TEST(Element, KnowsItsLineWhereverTheTextIsCutIntoPieces) {
  std::string content = "<a>\n";
  for (int i = 0; i < 3000; ++i) content += "<b c='" + std::string(i % 7U, '-') + "'\n\td=''\n/>\n";
  const auto document = Document::parse("x.xml", content + "</a>");
  long line = 2;
  for (const Element& child : document.root().children()) {
    EXPECT_EQ(child.line(), line);
    line += 3;
  }
  EXPECT_EQ(line, 2 + 3 * 3000);
}

TEST(Element, OutlivesTheMoveOfItsDocument) {
  auto document = Document::parse("x.xml", "<a b='c'/>");
  const Element root = document.root();
  const Document moved = std::move(document);
  EXPECT_EQ(root.file(), "x.xml");
  EXPECT_EQ(root.attribute("b"), "c");
}

struct ReadingRow {
  const char* name;
  std::string content;
  std::function<void(const Element&)> read;
  std::string complaint;
};

void PrintTo(const ReadingRow& row, std::ostream* out) {
  *out << row.name;
}

class ReadingTest : public testing::TestWithParam<ReadingRow> {};

TEST_P(ReadingTest, EndsInThisComplaint) {
  const auto document = Document::parse("x.xml", GetParam().content);
  try {
    GetParam().read(document.root());
    EXPECT_EQ("no complaint", GetParam().complaint);
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    EXPECT_EQ(e.what(), GetParam().complaint);
  }
}

void verdict(const Element& e) {
  e.choice<Choice>("verdict");
}
void verdict_or_accept(const Element& e) {
  e.choice("verdict", Choice::accept);
}
void many_words(const Element& e) {
  e.choice<Digit>("verdict");
}
void limit(const Element& e) {
  e.number("limit", 1, 65535);
}
void known_attributes(const Element& e) {
  e.allow_attributes(kKeys);
}
void no_attributes(const Element& e) {
  e.allow_attributes({});
}
void known_children(const Element& e) {
  e.allow_children(kKeys);
}
void no_children(const Element& e) {
  e.allow_children({});
}

const ReadingRow kReadings[] = {
    {"Missing", "\n<a/>", verdict, "x.xml:2: <a> needs verdict=\"...\""},
    {"Word", "<a verdict='reject'/>", verdict, "no complaint"},
    {"AbsentWordWithDefault", "<a/>", verdict_or_accept, "no complaint"},
    {"WrongWordWithDefault", "<a verdict=''/>", verdict_or_accept,
     "x.xml:1: verdict=\"\" is not one of: accept, reject"},
    {"NearWord", "<a verdict='Reject'/>", verdict,
     "x.xml:1: verdict=\"Reject\" is not one of: accept, reject (did you mean \"reject\"?)"},
    {"LongValue", "<a verdict='" + std::string(1 << 20, 'x') + "'/>", verdict,
     "x.xml:1: verdict=\"" + std::string(57, 'x') + "...\" is not one of: accept, reject"},
    {"ControlCharacters", "<a verdict='&#10;x.xml:2: forged'/>", verdict,
     "x.xml:1: verdict=\"&#xA;x.xml:2: forged\" is not one of: accept, reject"},
    {"ManyWords", "<a verdict='x'/>", many_words,
     "x.xml:1: verdict=\"x\" is not one of: certificate-ending, certificate-ending, "
     "certificate-ending, certificate-ending, certificate-ending, certificate-ending, "
     "certificate-ending, certificate-ending, ..."},
    {"LowestNumber", "<a limit='1'/>", limit, "no complaint"},
    {"HighestNumber", "<a limit='65535'/>", limit, "no complaint"},
    {"NumberTooLow", "<a limit='0'/>", limit,
     "x.xml:1: limit=\"0\" is not a number from 1 to 65535"},
    {"NumberTooHigh", "<a limit='65536'/>", limit,
     "x.xml:1: limit=\"65536\" is not a number from 1 to 65535"},
    {"NumberOverflows", "<a limit='18446744073709551617'/>", limit,
     "x.xml:1: limit=\"18446744073709551617\" is not a number from 1 to 65535"},
    {"NumberWithSign", "<a limit='+1'/>", limit,
     "x.xml:1: limit=\"+1\" is not a number from 1 to 65535"},
    {"NumberWithMinus", "<a limit='-1'/>", limit,
     "x.xml:1: limit=\"-1\" is not a number from 1 to 65535"},
    {"NumberWithBlank", "<a limit=' 1'/>", limit,
     "x.xml:1: limit=\" 1\" is not a number from 1 to 65535"},
    {"NumberWithTail", "<a limit='1 '/>", limit,
     "x.xml:1: limit=\"1 \" is not a number from 1 to 65535"},
    {"HexNumber", "<a limit='0x1'/>", limit,
     "x.xml:1: limit=\"0x1\" is not a number from 1 to 65535"},
    {"EmptyNumber", "<a limit=''/>", limit, "x.xml:1: limit=\"\" is not a number from 1 to 65535"},
    {"ArabicDigits", "<a limit='\u0661'/>", limit,
     "x.xml:1: limit=\"\u0661\" is not a number from 1 to 65535"},
    {"KnownAttributes", "<a limit='' verdict=''/>", known_attributes, "no complaint"},
    {"NearAttribute", "<a limits=''/>", known_attributes,
     "x.xml:1: <a> has no attribute `limits`: did you mean `limit`?"},
    {"FarAttribute", "<a colour=''/>", known_attributes,
     "x.xml:1: <a> has no attribute `colour`: known are verdict, limit"},
    {"PrefixedAttribute", "<a xml:lang='en'/>", no_attributes,
     "x.xml:1: <a> has no attribute `xml:lang`: it has none at all"},
    {"NearChild", "<a>\n<limti/></a>", known_children,
     "x.xml:2: <a> holds no element `limti`: did you mean `limit`?"},
    {"UnexpectedChild", "<a>\n<b/></a>", no_children,
     "x.xml:2: <a> holds no element `b`: it holds none at all"},
    {"LongComplaint", "<a/>", [](const Element& e) { e.fail(std::string(1000, 'y')); },
     "x.xml:1: " + std::string(297, 'y') + "..."},
};

INSTANTIATE_TEST_SUITE_P(Element, ReadingTest, testing::ValuesIn(kReadings),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace startle::xml
