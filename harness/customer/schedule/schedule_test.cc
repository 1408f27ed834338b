#include "harness/customer/schedule/schedule.h"

#include <gtest/gtest.h>

#include "harness/base/file.h"

namespace startle::customer {
namespace {

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

TEST(Schedule, ReadsTheTwoLinesOfTheDocumentation) {
  const Schedule schedule =
      parse_schedule("schedule.xml", "<schedule>\n" + std::string(kPlain) + "\n" +
                                         std::string(kStarttls) + "\n</schedule>");
  EXPECT_TRUE(schedule.warnings().empty());
  ASSERT_EQ(schedule.entries.size(), 2U);
  for (const Entry& entry : schedule.entries) {
    EXPECT_EQ(entry.file, "schedule.xml");
    EXPECT_EQ(entry.host, "smtp.ixiasoft.local");
    EXPECT_EQ(entry.port, 25);
    EXPECT_EQ(entry.email, "scheduler-noreply@ixiasoft.com");
  }
  const Entry& plain = schedule.entries[0];
  EXPECT_EQ(plain.line, 2);
  EXPECT_EQ(plain.tls, Tls::none);
  EXPECT_EQ(plain.username, std::nullopt);
  EXPECT_EQ(plain.password, std::nullopt);
  EXPECT_EQ(plain.trust, std::nullopt);
  const Entry& starttls = schedule.entries[1];
  EXPECT_EQ(starttls.line, 3);
  EXPECT_EQ(starttls.tls, Tls::starttls);
  EXPECT_EQ(starttls.username, "user");
  EXPECT_EQ(starttls.password, "secret");
  EXPECT_EQ(starttls.trust, "smtp.ixiasoft.local mail.ixiasoft.local relay.ixiasoft.local");
}

TEST(Schedule, AnSmtpElementMayStandAnywhere) {
  const Schedule schedule = parse_schedule("s.xml", R"(<?xml version="1.0"?>
<smtp url="a" email="m@x">
  <jobs xmlns="urn:jobs" smtp="no"><job><smtp url="b" email="m@x"/></job></jobs>
  <!-- <smtp/> --><![CDATA[<smtp/>]]>
  <x><y><smtp
      url="c" port="1"
      email="m@x"/></y></x>
</smtp>)");
  ASSERT_EQ(schedule.entries.size(), 3U);
  EXPECT_EQ(schedule.entries[0].host, "a");
  EXPECT_EQ(schedule.entries[0].line, 2);
  EXPECT_EQ(schedule.entries[1].host, "b");
  EXPECT_EQ(schedule.entries[1].line, 3);
  EXPECT_EQ(schedule.entries[2].host, "c");
  EXPECT_EQ(schedule.entries[2].line, 5);
}

TEST(Schedule, WhatIsAbsentHasTheProductsDefault) {
  const Entry entry = parse_schedule("s.xml", "<smtp url='a' email='m@x'/>").entries.at(0);
  EXPECT_EQ(entry.port, 25);
  EXPECT_EQ(entry.tls, Tls::none);
}

TEST(Schedule, ValuesStayAsWritten) {
  const Entry entry =
      parse_schedule("s.xml",
                     "<smtp url='a' port='65535' email='m@x' starttls='true' username=' u'"
                     " password=' &lt;&#9;\u00e4&quot; ' trust='a\tb&#9;c  *'/>")
          .entries.at(0);
  EXPECT_EQ(entry.port, 65535);
  EXPECT_EQ(entry.username, " u");
  EXPECT_EQ(entry.password, " <\t\u00e4\" ");
  EXPECT_EQ(entry.trust, "a b\tc  *");  // XML 1.0, 3.3.3: a literal tab in a value is a blank
}

TEST(Schedule, CredentialsWithoutStarttlsMayBeIncomplete) {
  const Entry entry =
      parse_schedule("s.xml", "<smtp url='a' email='m@x' starttls='false' password=''/>")
          .entries.at(0);
  EXPECT_EQ(entry.tls, Tls::none);
  EXPECT_EQ(entry.password, "");
  EXPECT_EQ(entry.username, std::nullopt);
}

struct Encoded {
  const char* name;
  std::string content;
};

TEST(Schedule, IsReadInTheEncodingsThatCustomersHave) {
  const std::string element = "<smtp url='a' email='m@x' username='J\u00fcrgen'/>";
  for (const Encoded& row :
       {Encoded{"utf-8", element},
        {"utf-8 with a byte order mark", "\xef\xbb\xbf" + element},
        {"utf-16", utf16("<smtp url='a' email='m@x' username='J&#xfc;rgen'/>")},
        {"latin-1",
         "<?xml version='1.0' encoding='ISO-8859-1'?>"
         "<smtp url='a' email='m@x' username='J\xfcrgen'/>"},
        {"windows-1252",
         "<?xml version='1.0' encoding='windows-1252'?>"
         "<smtp url='a' email='m@x' username='J\xfcrgen'/>"}}) {
    EXPECT_EQ(parse_schedule("s.xml", row.content).entries.at(0).username, "J\u00fcrgen")
        << row.name;
  }
}

TEST(Schedule, AFileIsReadFromDisk) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "schedule.xml";
  write_file(file, kStarttls);
  EXPECT_EQ(read_schedule(file).entries.at(0).file, file.string());
}

struct Warned {
  const char* name;
  std::string_view attributes;
  std::string_view warning;
};

TEST(Schedule, WarnsAboutWhatIsIgnoredOrDoubtful) {
  for (const Warned& row : {
           Warned{"near", "usrname='u'",
                  "unknown attribute `usrname` is ignored: did you mean `username`?"},
           {"case", "startTLS='true'",
            "unknown attribute `startTLS` is ignored: did you mean `starttls`?"},
           {"upper case", "PASSWORD='secret'",
            "unknown attribute `PASSWORD` is ignored: did you mean `password`?"},
           {"far", "colour='red'",
            "unknown attribute `colour` is ignored: known are url, port, email, starttls, "
            "ssl, username, password, trust, mechanism, certificate, certificate-password, "
            "checkserveridentity"},
           {"another vocabulary", "xml:space='preserve'",
            "unknown attribute `xml:space` is ignored: known are url, port, email, starttls, "
            "ssl, username, password, trust, mechanism, certificate, certificate-password, "
            "checkserveridentity"},
       }) {
    const Schedule schedule = parse_schedule(
        "s.xml", "<a>\n<smtp url='a' email='m@x' " + std::string(row.attributes) + "/></a>");
    ASSERT_EQ(schedule.warnings().size(), 1U) << row.name;
    EXPECT_EQ(schedule.warnings()[0], "s.xml:2: " + std::string(row.warning)) << row.name;
  }
  for (const std::string url : {"a:25", "a/", "mail/a:25"}) {
    const Schedule schedule = parse_schedule("s.xml", "<smtp url='" + url + "' email='m@x'/>");
    ASSERT_EQ(schedule.warnings().size(), 1U) << url;
    EXPECT_EQ(schedule.warnings()[0],
              "s.xml:1: url=\"" + url +
                  "\" is taken for a host name: write it without scheme, path and port");
  }
  EXPECT_TRUE(parse_schedule("s.xml", "<smtp url='::1' email='m@x'/>").warnings().empty());
}

// Of what an element says: a comment may have letters of any kind.
TEST(Schedule, SavedOtherwiseThanItSaysIsWarnedOf) {
  const std::string first = "<?xml version='1.0' encoding='ISO-8859-1'?>\n";
  const auto warnings = [&](const std::string& rest) {
    return parse_schedule("s.xml", first + rest).warnings();
  };
  const auto told = warnings(
      "<smtp url='a.example.com' email='m@x' ssl='true' trust='a.example.com' username='u' "
      "password='gr\u00fcn'/>");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_TRUE(told[0].starts_with("s.xml:1: the file is saved as UTF-8, but its first line says "));
  EXPECT_EQ(warnings("<s><!-- gr\u00fcn --><smtp url='a' email='m@x'/></s>"),
            std::vector<std::string>{});
}

TEST(Schedule, SaysWhichOfSeveralOnOneLineIsMistaken) {
  const auto schedule = parse_schedule("s.xml",
                                       "<s><smtp url='a' email='m@x'/><smtp url='b' email='m' "
                                       "tls='x'/>\n<smtp url='c' email='m'/></s>");
  const std::string odd = "email=\"m\" has no @: write it like scheduler@example.com";
  ASSERT_EQ(schedule.warnings().size(), 3U);
  EXPECT_EQ(schedule.warnings()[0], "s.xml:1: <smtp> 2 of this line: " + odd);
  EXPECT_TRUE(
      schedule.warnings()[1].starts_with("s.xml:1: <smtp> 2 of this line: unknown attribute"));
  EXPECT_EQ(schedule.warnings()[2], "s.xml:2: " + odd);
}

}  // namespace
}  // namespace startle::customer
