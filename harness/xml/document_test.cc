#include "harness/xml/document.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/xml/complaint.h"

namespace startle::xml {
namespace {

using namespace std::string_literals;

std::string complaint_about(std::string_view content) {
  try {
    Document::parse("x.xml", content);
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    return e.what();
  }
  return "no complaint";
}

std::string utf16(std::string_view ascii, bool byte_order_mark = true) {
  std::string wide = byte_order_mark ? "\xff\xfe" : "";
  for (const char c : ascii) wide.append(1, c).append(1, '\0');
  return wide;
}

std::string many(int count, std::string_view piece) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

std::string attributes(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += " a" + std::to_string(i) + " = ''";
  return text;
}

const std::string kBomb =
    "<?xml version=\"1.0\"?>\n<!DOCTYPE a [\n<!ENTITY b \"bbbbbbbbbb\">\n"
    "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">\n<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">\n"
    "<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;\">\n<!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;\">\n]>\n"
    "<a x=\"&f;&f;&f;&f;\">&f;&f;&f;&f;</a>";
constexpr std::string_view kDoctype =
    "a DOCTYPE is not allowed here: remove it (nothing outside the file is read)";

struct BadDocument {
  const char* name;
  std::string content;
  std::string complaint;  // without "x.xml:"
};

void PrintTo(const BadDocument& bad, std::ostream* out) {
  *out << bad.name;
}

class BadDocumentTest : public testing::TestWithParam<BadDocument> {};

TEST_P(BadDocumentTest, IsRefusedInOneSentence) {
  EXPECT_EQ(complaint_about(GetParam().content), "x.xml:" + GetParam().complaint);
}

const std::string kRefused =
    ": Java's parser refuses it (\"Content is not allowed in prolog\"): save it as UTF-8, and let "
    "the first line say so";

const BadDocument kBadDocuments[] = {
    {"Empty", "", "1: the file is empty"},
    {"BlanksOnly", " \n\n", "3: this is not XML: a document begins with <"},
    {"Text", "url=smtp", "1: this is not XML: a document begins with <"},
    {"Zeroes", std::string(1000, '\0'), "1: this is not XML: a document begins with <"},
    {"Archive", "PK\x03\x04"s, "1: this is not XML: a document begins with <"},
    {"ControlCharacter", "<a>\n<b c='\x01'/></a>",
     "2: a character that XML does not allow: this is no text, or it is damaged"},
    {"NulInValue", "<a>\n<b c='\0'/></a>"s,
     "2: a character that XML does not allow: this is no text, or it is damaged"},
    {"NulBehindTheDocument", "<a>\n</a>\n\0\0"s,
     "3: a NUL character, which XML has not (XML 1.0, 2.2): Java's parser refuses the file: remove "
     "it"},
    {"NulBehindTheDocumentInUtf16", utf16("<a/>\n\0"s),
     "2: a NUL character, which XML has not (XML 1.0, 2.2): Java's parser refuses the file: remove "
     "it"},
    {"Doctype", "<!DOCTYPE a>\n<a/>", "1: " + std::string(kDoctype)},
    {"ExternalDoctype", "\n<!DOCTYPE a\n SYSTEM 'http://example.com/a'>\n<a/>",
     "2: " + std::string(kDoctype)},
    {"UnfinishedDoctype", "<!DOCTYPE", "1: " + std::string(kDoctype)},
    {"MalformedDoctype", "<!DOCTYPE a PUBLIC 'x' [<!ENTITY b 'c'>]><a/>",
     "1: " + std::string(kDoctype)},
    {"EntityBomb", kBomb, "2: " + std::string(kDoctype)},
    {"EntityBombInUtf16", utf16(kBomb), "2: " + std::string(kDoctype)},
    {"UndefinedEntity", "<a>\n&b;</a>",
     "2: an entity that is not defined: a plain & is written &amp;"},
    {"Ampersand", "<a b='c&d'/>", "1: a & that begins no entity: a plain & is written &amp;"},
    {"TagMismatch", "<a>\n<b>\n</a>", "3: Opening and ending tag mismatch: b line 2 and a"},
    {"CutInText", "<a>\n<b>", "2: Premature end of data in tag b line 2"},
    {"CutInValue", "<a>\n<b c='d",
     "2: a value whose closing quotation mark is missing: the file is cut off, or damaged"},
    {"ValueWithoutClosingMark", "<a b='c>\n<d e='f'/></a>",
     "2: a < inside a value, or a closing quotation mark is missing: a plain < is written &lt;"},
    {"CurlyQuotationMarks", "<a b=\u201cc\u201d/>",
     "1: a value without straight quotation marks: write name=\"value\""},
    {"QuotationMarkInValue", "<a b=\"c\"d\"/>",
     "1: the tag is cut off, or a blank is missing between two attributes (inside a value, a "
     "quotation mark is &quot;)"},
    {"AttributeWithoutValue", "<a b/>",
     "1: an attribute without a value: write name=\"value\" (inside it, a quotation mark is "
     "&quot;)"},
    {"AttributeTwice", "<a\n b='1'\n b='2'/>", "3: Attribute b redefined"},
    {"TwoRoots", "<a/>\n<b/>", "2: Extra content at the end of the document"},
    {"NotUtf8", "<a>\n<b c='\xe9'/></a>",
     "2: the text is not UTF-8: save it as UTF-8, or state its encoding in the first line, like "
     "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"},
    {"UnknownEncoding", "<?xml version='1.0' encoding='klingon'?><a/>",
     "1: Unsupported encoding klingon"},
    {"BytesOfAnotherEncoding", "<?xml version='1.0' encoding='Shift_JIS'?><a b='\x81\x20\xfe'/>",
     "1: the text is not in the encoding that it states"},
    {"Utf16WithError", utf16("<a>\n\n<b></a>"),
     "3: Opening and ending tag mismatch: b line 3 and a"},
    {"NotReallyUtf16", "<?xml version='1.0' encoding='UTF-16'?><a/>",
     "1: the file is not saved as UTF-16, but its first line says encoding=\"UTF-16\"" + kRefused},
    {"Utf16ThatSaysUtf8", utf16("<?xml version='1.0' encoding='UTF-8'?><a/>"),
     "1: the file is saved as UTF-16, but its first line says encoding=\"UTF-8\"" + kRefused},
    {"Utf16ThatSaysLatin1", utf16("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"),
     "1: the file is saved as UTF-16, but its first line says encoding=\"ISO-8859-1\"" + kRefused},
    {"Utf16OfTheOtherOrder", utf16("<?xml version='1.0' encoding='UTF-16BE'?><a/>"),
     "1: the file is saved as UTF-16, but its first line says encoding=\"UTF-16BE\"" + kRefused},
    {"Utf16WithoutAMark", utf16("<a/>").substr(2),
     "1: the file is saved as UTF-16 without a byte order mark, and does not say so: Java's parser "
     "does not read it: save it as UTF-8, and let the first line say so"},
    {"ThatSaysUtf32", "<?xml version='1.0' encoding='UTF-32'?><a/>",
     "1: the file is not saved in that encoding, but its first line says encoding=\"UTF-32\"" +
         kRefused},
    {"Utf32", std::string("\xff\xfe\0\0<\0\0\0a\0\0\0/\0\0\0>\0\0\0", 20),
     "1: the file is saved as UTF-32, which Java's parser does not read: save it as UTF-8, and let "
     "the first line say so"},
    {"TwoByteOrderMarks", "\xef\xbb\xbf\xef\xbb\xbf<a/>",
     "1: the file has two byte order marks: Java's parser takes the second for text before the "
     "document (\"Content is not allowed in prolog\"): remove one"},
};

// As OpenJDK 17's parser reads them.
TEST(Document, IsReadAsUtf16WhereItSaysSo) {
  for (const std::string declared : {"UTF-16", "UTF-16LE", "ISO-10646-UCS-2"}) {
    const std::string text = "<?xml version='1.0' encoding='" + declared + "'?><a b='c'/>";
    EXPECT_EQ(Document::parse("s.xml", utf16(text)).root().attribute("b"), "c") << declared;
  }
  EXPECT_EQ(Document::parse("s.xml", utf16("<a b='c'/>")).root().attribute("b"), "c");
}

struct Placed {
  const char* name;
  std::string text;
  std::size_t nth;
  long line, column;
};

TEST(Document, SaysWhereACharacterOfAValueStands) {
  for (const Placed& row : {
           Placed{"first", "<a b='xyz'/>", 0, 1, 7},
           {"last", "<a b='xyz'/>", 2, 1, 9},
           {"behind another of that name", "<r><a b='w'/>\n<a c='xyz' b='xyz'/></r>", 1, 2, 16},
           {"on a line of its own", "<r><a b='w'/>\n<a\n  b =\n  'xyz'/></r>", 1, 4, 5},
           {"behind a reference", "<r>\n<a b='&amp;yz'/></r>", 1, 2, 12},
           {"behind a long character", "<r>\n<a b='\u00fcyz'/></r>", 1, 2, 8},
           {"in UTF-16", utf16("<r>\n<a b='xyz'/></r>"), 1, 2, 8},
           {"behind a byte order mark", "\xef\xbb\xbf<a b='xyz'/>", 1, 1, 8},
       }) {
    const Document document = Document::parse("s.xml", row.text);
    Element element = document.root();
    if (!element.children().empty()) element = element.children().back();
    const auto place = element.place("b", row.nth);
    ASSERT_TRUE(place) << row.name;
    EXPECT_EQ(place->line, row.line) << row.name;
    EXPECT_EQ(place->column, row.column) << row.name;
  }
  const Document latin =
      Document::parse("s.xml", "<?xml version='1.0' encoding='ISO-8859-1'?><a b='\xfcy'/>");
  EXPECT_FALSE(latin.root().place("b", 1));
}

INSTANTIATE_TEST_SUITE_P(Document, BadDocumentTest, testing::ValuesIn(kBadDocuments),
                         [](const auto& row) { return std::string(row.param.name); });

struct Huge {
  const char* name;
  std::string (*content)();  // made only when it is its turn
  std::string complaint;
};

// Each would cost libxml2 seconds, or hundreds of megabytes.
TEST(Document, AHugeOneIsRefusedAtOnce) {
  for (const Huge& row :
       {Huge{"deep", [] { return many(300000, "<a>"); }, "1: elements are nested deeper than 256"},
        {"elements", [] { return "<a>" + many(100000, "<a/>") + "</a>"; },
         "1: more than 100000 elements"},
        {"attributes", [] { return "<a>\n<b\n" + attributes(100000) + "/></a>"; },
         "2: an element has more than 200 attributes"},
        {"attributes in utf-16", [] { return utf16("<a>\n<b\n" + attributes(50000) + "/></a>"); },
         "2: an element has more than 200 attributes"},
        {"attributes of many lines",
         [] { return "<a>\n<b\n" + many(100000, "\n\n\n\na='\n'") + "/></a>"; },
         "2: an element has more than 200 attributes"},
        {"attributes with values",
         [] {
           std::string tag = "<a\n";
           for (int i = 0; i < 1000; ++i) {
             tag += " a" + std::to_string(i) + "='" + std::string(3000, 'v') + "'";
           }
           return tag + "/>";
         },
         "1: an element has more than 200 attributes"},
        {"a tag without end", [] { return "<a>\n<b\n" + attributes(100000); },
         "2: an element has more than 200 attributes"},
        {"one attribute too many", [] { return "<a\n" + attributes(201) + "/>"; },
         "1: an element has more than 200 attributes"},
        {"declarations",
         [] {
           std::string tag = "<a>\n<b\n";
           for (int i = 0; i < 100000; ++i) tag += " xmlns:a" + std::to_string(i) + "='u'";
           return tag + "/></a>";
         },
         "2: an element has more than 200 attributes"},
        {"namespaces",
         [] { return "<a>\n" + many(201, "<a xmlns='u'>") + many(201, "</a>") + "</a>"; },
         "2: more than 200 namespace declarations here"},
        {"errors", [] { return "<a>" + many(1000000, "&b;") + "</a>"; },
         "1: an entity that is not defined: a plain & is written &amp;"},
        {"name", [] { return "<" + std::string(4000000, 'a') + "/>"; }, "1: Name too long: NCName"},
        {"document", [] { return "<a>" + std::string(4 << 20, ' ') + "</a>"; },
         "1: longer than 4194304 bytes"}}) {
    const std::string content = row.content();
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(complaint_about(content), "x.xml:" + row.complaint) << row.name;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1)) << row.name;
  }
}

TEST(Document, TheMostThatIsAllowedIsRead) {
  EXPECT_EQ(complaint_about("<a" + attributes(200) + "/>"), "no complaint");
  EXPECT_EQ(complaint_about("<a>" + many(99999, "<a/>") + "</a>"), "no complaint");
  EXPECT_EQ(complaint_about(many(200, "<a xmlns='u'>") + many(200, "</a>")), "no complaint");
  EXPECT_EQ(complaint_about(many(256, "<a>") + many(256, "</a>")), "no complaint");
}

struct Encoded {
  const char* name;
  std::string content;
};

TEST(Document, IsReadInEveryEncodingItStates) {
  const std::string latin = "<?xml version='1.0' encoding='ISO-8859-1'?><a b='\xe9'/>";
  for (const Encoded& row : {Encoded{"utf-8", "<a b='\u00e9'/>"},
                             {"utf-8 with a byte order mark", "\xef\xbb\xbf<a b='\u00e9'/>"},
                             {"latin-1", latin},
                             {"utf-16", utf16("<a b='&#xe9;'/>")},
                             {"utf-16, no mark", utf16("<?xml version='1.0' encoding='UTF-16LE'?>"
                                                       "<a b='&#xe9;'/>",
                                                       false)}}) {
    const auto document = Document::parse("x.xml", row.content);
    EXPECT_EQ(document.root().attribute("b"), "\u00e9") << row.name;
  }
}

TEST(Document, SaysThatItsLettersMayNotBeThoseThatWereWritten) {
  const auto misread = [](const std::string& content) {
    return Document::parse("x.xml", content).misread();
  };
  const std::string latin = "<?xml version='1.0' encoding='ISO-8859-1'?>";
  EXPECT_EQ(misread(latin + "<a b='\u00e9'/>"),
            "the file is saved as UTF-8, but its first line says encoding=\"ISO-8859-1\": each "
            "letter beyond ASCII is read as two others: write encoding=\"UTF-8\"");
  EXPECT_NE(misread("<?xml version='1.0' encoding='windows-1252'?><a b='\u00e9'/>"), "");
  EXPECT_EQ(misread(latin + "<a b='\xe9'/>"), "");
  EXPECT_EQ(misread(latin + "<a b='e'/>"), "");
  EXPECT_EQ(misread("<a b='\u00e9'/>"), "");
}

TEST(Document, AProcessingInstructionOrXincludeFetchesNothing) {
  const auto document = Document::parse(
      "x.xml",
      "<?oasis-xml-catalog catalog='file:///etc/passwd'?><?xml-stylesheet href='file:///x'?>"
      "<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='/etc/passwd' parse='text'/>"
      "</a>");
  EXPECT_EQ(document.root().text(), "");
  EXPECT_EQ(document.root().children().at(0).name(), "include");
}

TEST(Document, AFileIsReadOrRefusedByName) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "two\nlines.xml";
  write_file(file, "<a>\n<b></a>");
  const auto complaint = [](const std::filesystem::path& path) -> std::string {
    try {
      return "read: " + Document::read(path).root().name();
    } catch (const Error& e) {
      return e.what();
    }
  };
  EXPECT_EQ(complaint(file), (folder.path() / "two&#xA;lines.xml").string() +
                                 ":2: Opening and ending tag mismatch: b line 2 and a");
  write_file(file, "<a/>");
  EXPECT_EQ(complaint(file), "read: a");
  const auto none = folder.path() / "none.xml";
  EXPECT_EQ(complaint(none), none.string() + ": cannot be read: No such file or directory");
  const auto long_file = folder.path() / "long.xml";
  write_file(long_file, "");
  std::filesystem::resize_file(long_file, std::uintmax_t{1} << 32);
  EXPECT_EQ(complaint(long_file), long_file.string() + ":1: longer than 4194304 bytes");
}

TEST(Document, ThreadsParseAtOnceAndHearOnlyTheirOwnComplaints) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      const std::string before(static_cast<std::size_t>(t), '\n');
      for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(
            complaint_about("<a>" + before + "</b>"),
            "x.xml:" + std::to_string(t + 1) + ": Opening and ending tag mismatch: a line 1 and b");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

struct LineRow {
  const char* name;
  std::string text;
  std::string line;
};

TEST(Complaint, IsOneLineOfBoundedLengthWithNothingInvisible) {
  for (const LineRow& row :
       {LineRow{"plain", "caf\u00e9", "caf\u00e9"},
        {"line feed", "a\nb: c", "a&#xA;b: c"},
        {"escape", "\x1b[2K", "&#x1B;[2K"},
        {"no-break space", "a\u00a0b", "a&#xA0;b"},
        {"right-to-left override", "\u202egpj", "&#x202E;gpj"},
        {"tag character", "\U000e0041", "&#xE0041;"},
        {"not utf-8", "\xe9!", "\\xE9!"},
        {"overlong", "\xc0\xaf", "\\xC0\\xAF"},
        {"surrogate", "\xed\xa0\x80", "\\xED\\xA0\\x80"},
        {"cut short", "\xf0\x9f\x98", "\\xF0\\x9F\\x98"},
        {"at the limit", std::string(300, 'x'), std::string(300, 'x')},
        {"past it", std::string(301, 'x'), std::string(297, 'x') + "..."},
        {"cut at a character", many(151, "\u00e9"), many(148, "\u00e9") + "..."}}) {
    EXPECT_EQ(one_line(row.text), row.line) << row.name;
  }
  EXPECT_EQ(quotation(std::string(1 << 20, 'x')), '"' + std::string(57, 'x') + "...\"");
}

}  // namespace
}  // namespace startle::xml
