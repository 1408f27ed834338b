#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/customer/schedule/schedule.h"

namespace startle::customer {
namespace {

using namespace std::string_literals;

constexpr std::string_view kPlain =
    R"(<smtp url="smtp.ixiasoft.local" port="25" email="scheduler-noreply@ixiasoft.com"/>)";
constexpr std::string_view kStarttls =
    R"(<smtp url="smtp.ixiasoft.local" port="25" email="scheduler-noreply@ixiasoft.com" )"
    R"(starttls="true" username="user" password="secret" )"
    R"(trust="smtp.ixiasoft.local mail.ixiasoft.local relay.ixiasoft.local"/>)";

std::string utf16(std::string_view ascii) {
  std::string wide = "\xff\xfe";
  for (const char c : ascii) wide.append(1, c).append(1, '\0');
  return wide;
}

struct BadSchedule {
  const char* name;
  std::string content;
  std::string complaint;  // without "s.xml:"
};

void PrintTo(const BadSchedule& bad, std::ostream* out) {
  *out << bad.name;
}

class BadScheduleTest : public testing::TestWithParam<BadSchedule> {};

TEST_P(BadScheduleTest, IsRefusedWithFileAndLine) {
  try {
    parse_schedule("s.xml", GetParam().content);
    ADD_FAILURE() << "read without a complaint";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    EXPECT_EQ(e.what(), "s.xml:" + GetParam().complaint);
  }
}

// Each row differs from a valid file in what its name says.
std::string smtp(std::string_view attributes) {
  return "<schedule>\n<smtp " + std::string(attributes) + "/>\n</schedule>";
}
std::string with_port(std::string_view port) {
  return smtp("url='a' email='m@x' port='" + std::string(port) + "'");
}
constexpr std::string_view kDoctype =
    "a DOCTYPE is not allowed here: remove it (nothing outside the file is read)";

const BadSchedule kNotXml[] = {
    {"Empty", "", "1: the file is empty"},
    {"Binary",
     "\x7f"
     "ELF\x02\x01\x01"s,
     "1: this is not XML: a document begins with <"},
    {"PropertiesFile", "mail.smtp.host=a\n", "1: this is not XML: a document begins with <"},
    {"CutInElement", "<a>\n<smtp url='a'\n email='m@x'",
     "3: the tag is cut off, or a blank is missing between two attributes (inside a value, a "
     "quotation mark is &quot;)"},
    {"CutInValue", "<a>\n<smtp url='a' password='secr",
     "2: a value whose closing quotation mark is missing: the file is cut off, or damaged"},
    {"CutAfterElement", "<a>\n" + std::string(kPlain) + "\n",
     "3: Premature end of data in tag a line 1"},
    {"TagMismatch", "<a>\n<b>\n" + std::string(kPlain) + "\n</a>",
     "4: Opening and ending tag mismatch: b line 2 and a"},
    {"TwoRoots", std::string(kPlain) + "\n" + std::string(kStarttls),
     "2: Extra content at the end of the document"},
    {"UndefinedEntity", smtp("url='a' email='m@x' password='secret&Secret;'"),
     "2: an entity that is not defined: a plain & is written &amp;"},
    {"AmpersandInPassword", smtp("url='a' email='m@x' password='sec&ret'"),
     "2: a & that begins no entity: a plain & is written &amp;"},
    {"QuotationMarkInPassword", smtp("url='a' email='m@x' password='sec' ret'"),
     "2: an attribute without a value: write name=\"value\" (inside it, a quotation mark is "
     "&quot;)"},
    {"LessThanInPassword", smtp("url='a' email='m@x' password='sec<ret'"),
     "2: a < inside a value, or a closing quotation mark is missing: a plain < is written &lt;"},
    {"Latin1WithoutSayingSo", smtp("url='a' email='m@x' password='\xfc'"),
     "2: the text is not UTF-8: save it as UTF-8, or state its encoding in the first line, like "
     "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"},
    {"Utf16WithError", utf16("<a>\n<smtp url='a'>\n</a>"),
     "3: Opening and ending tag mismatch: smtp line 2 and a"},
    {"AttributeTwice", smtp("url='a' url='b' email='m@x'"), "2: Attribute url redefined"},
    {"Doctype", "<!DOCTYPE schedule SYSTEM 'schedule.dtd'>\n" + std::string(kPlain),
     "1: " + std::string(kDoctype)},
    {"ExternalEntity",
     "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>\n"
     "<smtp url='a' email='m@x' username='&b;'/>",
     "2: " + std::string(kDoctype)},
    {"EntityBomb",
     "<!DOCTYPE a [\n<!ENTITY b 'bbbbbbbb'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>\n"
     "<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'><!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;'>]>\n"
     "<smtp url='&e;&e;&e;&e;' email='m@x'/>",
     "1: " + std::string(kDoctype)},
};
INSTANTIATE_TEST_SUITE_P(NotXml, BadScheduleTest, testing::ValuesIn(kNotXml),
                         [](const auto& row) { return std::string(row.param.name); });

const BadSchedule kNoSchedule[] = {
    {"NoSmtp", "<?xml version='1.0'?>\n<schedule><mail/></schedule>",
     "2: no <smtp> or <ldap> element in this file: it needs one, like <smtp "
     "url=\"smtp.example.com\" "
     "port=\"25\" email=\"scheduler@example.com\"/>"},
    {"SmtpInCommentOnly", "<schedule>\n<!-- " + std::string(kPlain) + " -->\n</schedule>",
     "1: no <smtp> or <ldap> element in this file: it needs one, like <smtp "
     "url=\"smtp.example.com\" "
     "port=\"25\" email=\"scheduler@example.com\"/>"},
    {"SmtpInUpperCase", "<schedule>\n<SMTP url='a'/></schedule>",
     "2: <SMTP> is not <smtp>: the name is written in lower case"},
    {"LdapCapitalised", "<schedule>\n<Ldap url='a'/></schedule>",
     "2: <Ldap> is not <ldap>: the name is written in lower case"},
    {"NoUrl", smtp("email='m@x'"), "2: <smtp> needs url=\"...\", the host name of the mail server"},
    {"UrlMisspelt", smtp("URL='a' email='m@x'"),
     "2: <smtp> needs url=\"...\", the host name of the mail server (`URL` is not known)"},
    {"EmptyUrl", smtp("url='' email='m@x'"),
     "2: url is empty: write the host name of the mail server"},
    {"BlankUrl", smtp("url=' &#9; ' email='m@x'"),
     "2: url is empty: write the host name of the mail server"},
    {"TwoUrls", smtp("url='a b' email='m@x'"),
     "2: url=\"a b\" has white space in it: write one host name"},
    {"UrlWithLineBreak", smtp("url='a&#13;&#10;b' email='m@x'"),
     "2: url=\"a&#xD;&#xA;b\" has white space in it: write one host name"},
    {"UrlWithBlankBehind", smtp("url='a ' email='m@x'"),
     "2: url=\"a \" has white space in it: write one host name"},
    {"UrlWithNoBreakSpace", smtp("url='a\u00a0' email='m@x'"),
     "2: url=\"a&#xA0;\" has U+00A0 (NO-BREAK SPACE) in it (column 13): remove it"},
    {"GiantUrl", smtp("url='" + std::string(1 << 20, 'a') + "' email='m@x'"),
     "2: url=\"" + std::string(57, 'a') + "...\" is too long for a host name"},
    {"NoEmail", smtp("url='a'"), "2: <smtp> needs email=\"...\", the address of the sender"},
    {"EmailMisspelt", smtp("url='a' e-mail='m@x'"),
     "2: <smtp> needs email=\"...\", the address of the sender (`e-mail` is not known)"},
    {"EmptyEmail", smtp("url='a' email=''"), "2: email is empty: write the address of the sender"},
    {"EmailWithName", smtp("url='a' email='Me &lt;m@x>'"),
     "2: email=\"Me <m@x>\" is not one plain address: write it like scheduler@example.com"},
    {"EmailWithLineBreak", smtp("url='a' email='m@x&#10;RCPT TO:&lt;y@z>'"),
     "2: email=\"m@x&#xA;RCPT TO:<y@z>\" is not one plain address: write it like "
     "scheduler@example.com"},
    {"PortZero", with_port("0"), "2: port=\"0\" is not a number from 1 to 65535"},
    {"PortTooHigh", with_port("65536"), "2: port=\"65536\" is not a number from 1 to 65535"},
    {"PortOverflows", with_port("99999999999999999999"),
     "2: port=\"99999999999999999999\" is not a number from 1 to 65535"},
    {"PortNegative", with_port("-1"), "2: port=\"-1\" is not a number from 1 to 65535"},
    {"PortWithPlus", with_port("+25"), "2: port=\"+25\" is not a number from 1 to 65535"},
    {"PortWithBlank", with_port("25 "), "2: port=\"25 \" is not a number from 1 to 65535"},
    {"PortInHex", with_port("0x19"), "2: port=\"0x19\" is not a number from 1 to 65535"},
    {"PortByName", with_port("smtp"), "2: port=\"smtp\" is not a number from 1 to 65535"},
    {"PortEmpty", with_port(""), "2: port=\"\" is not a number from 1 to 65535"},
    {"TooMany",
     "<a>" +
         [] {
           std::string elements;
           for (int i = 0; i < 1001; ++i) elements += '\n' + std::string(kPlain);
           return elements;
         }() +
         "</a>",
     "1002: more than 1000 <smtp> and <ldap> elements"},
    {"SecondElement",
     "<a>\n" + std::string(kPlain) + "\n<smtp url='a' email='m@x'\n port='x'/></a>",
     "3: port=\"x\" is not a number from 1 to 65535"},
};
INSTANTIATE_TEST_SUITE_P(NoSchedule, BadScheduleTest, testing::ValuesIn(kNoSchedule),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Schedule, NoSecretIsEverQuoted) {
  for (const char* element : {"smtp", "ldap"}) {
    for (const char* rest :
         {"", " port='x'", " starttls='true'", " starttls='x'", " &", " x", " <", " colour=''",
          " email=''", " trust='\x01'", " trust='&secret;'", " username='secret'", " ssl='true'",
          " username=''", " starttls='true' mechanism='EXTERNAL'", " certificate='a.txt'",
          " trust='secret secret'", " base='x'", " filter='('"}) {
      for (const char* url : {"a", "smtp://u:secret@a/", "ldap://u:secret@a", "u:secret@a", "a b",
                              "ldaps://a", "smtps://a"}) {
        std::string said;
        try {
          const auto schedule =
              parse_schedule("s.xml", "<" + std::string(element) +
                                          " password='secret' certificate-password='secret' url='" +
                                          url + "' email='m@x'" + rest + "/>");
          for (const std::string& warning : schedule.warnings()) said += warning;
        } catch (const Error& e) {
          said = e.what();
        }
        EXPECT_EQ(said.find("secret"), std::string::npos) << said;
      }
    }
  }
}

}  // namespace
}  // namespace startle::customer
