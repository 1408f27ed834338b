// The mistakes that people make with such a file, all of one file told at once: a line each.
#include <gtest/gtest.h>

#include <sstream>

#include "harness/base/error.h"
#include "harness/customer/schedule/schedule.h"

namespace startle::customer {
namespace {

struct Mistaken {
  std::string element;   // one of a file
  std::string sentence;  // behind its "file:line: "
};

std::string smtp(std::string_view attributes) {
  return "<smtp email='a@example.com' " + std::string(attributes) + "/>";
}
// A sound element but for what is given, at the host mail.example.com.
std::string starttls(std::string_view rest, std::string_view trust = "mail.example.com") {
  return smtp("url='mail.example.com' port='587' starttls='true' username='u' password='secret' " +
              (trust.empty() ? "" : "trust='" + std::string(trust) + "' ") + std::string(rest));
}
std::string implicit(std::string_view rest) {
  return smtp(
      "url='mail.example.com' ssl='true' username='u' password='secret' "
      "trust='mail.example.com' " +
      std::string(rest));
}
std::string plain(std::string_view rest) {
  return smtp("url='mail.example.com' " + std::string(rest));
}
std::string ldap(std::string_view rest) {
  return "<ldap url='dc.example.com' trust='dc.example.com' " + std::string(rest) + "/>";
}
std::string at_port(std::string_view port, std::string_view tls) {
  return smtp(
      "url='mail.example.com' username='u' password='secret' trust='mail.example.com' "
      "port='" +
      std::string(port) + "' " + std::string(tls) + "='true'");
}

const std::string kLetterForLetter = ": Java compares letter for letter, and refuses the server";

const Mistaken kDoubtful[] = {
    // ports
    {at_port("465", "starttls"),
     "port 465 is that of submission over TLS (RFC 8314, 3.3), and begins with TLS: "
     "starttls=\"true\" waits there for a greeting that never comes: write ssl=\"true\" in place "
     "of "
     "starttls=\"true\", or port=\"587\""},
    {at_port("587", "ssl"),
     "port 587 is that of submission (RFC 6409, 3.1), and begins in clear: ssl=\"true\" meets "
     "there "
     "what is no TLS (Java: \"Unsupported or unrecognized SSL message\"): write starttls=\"true\" "
     "in "
     "place of ssl=\"true\", or port=\"465\""},
    {at_port("25", "ssl"),
     "port 25 is that of SMTP (RFC 5321, 4.5.4.2), and begins in clear: ssl=\"true\" meets there "
     "what is no TLS (Java: \"Unsupported or unrecognized SSL message\"): write starttls=\"true\" "
     "in "
     "place of ssl=\"true\", or port=\"465\""},
    {plain("port='465'"),
     "port 465 is that of submission over TLS (RFC 8314, 3.3), and begins with TLS: what is said "
     "in "
     "clear is not answered: write ssl=\"true\""},
    {implicit("port='993'"),
     "port 993 is that of IMAP over TLS, by which mail is fetched: no server for <smtp> answers "
     "there: write port=\"465\""},
    {plain("port='389'"),
     "port 389 is that of LDAP (RFC 4511, 5.1): no server for <smtp> answers there: write "
     "port=\"587\""},
    {ldap("starttls='true' port='636'"),
     "port 636 is that of LDAP over TLS (ldaps), and begins with TLS: the server takes the request "
     "of starttls=\"true\" for broken TLS: write ssl=\"true\" in place of starttls=\"true\", or "
     "port=\"389\""},
    {ldap("starttls='true' port='3269'"),
     "port 3269 is that of the global catalogue of Active Directory over TLS, and begins with TLS: "
     "the server takes the request of starttls=\"true\" for broken TLS: write ssl=\"true\" in "
     "place "
     "of starttls=\"true\", or port=\"3268\""},
    {ldap("ssl='true' port='389'"),
     "port 389 is that of LDAP (RFC 4511, 5.1), and begins in clear: ssl=\"true\" meets there what "
     "is no TLS (Java: \"Unsupported or unrecognized SSL message\"): write starttls=\"true\" in "
     "place of ssl=\"true\", or port=\"636\""},
    {"<ldap url='ldaps://dc.example.com:3268' trust='dc.example.com'/>",
     "port 3268 is that of the global catalogue of Active Directory, and begins in clear: ldaps:// "
     "meets there what is no TLS (Java: \"Unsupported or unrecognized SSL message\"): write "
     "starttls=\"true\" in place of ldaps://, or port=\"3269\""},
    // trust
    {starttls("", "*"),
     "trust=\"*\" accepts anybody: whoever stands between client and server shows any certificate, "
     "and is told the password: name the host"},
    {starttls("", "* "),
     "trust has a blank beside its *: Java takes it for the name of a host then, and refuses every "
     "server"},
    {starttls("", "all"),
     "trust has the word all in place of a host name, and it names no server: trust is a list of "
     "hosts, and only * stands for any"},
    {starttls("", "True"),
     "trust has the word true in place of a host name, and it names no server: trust is a list of "
     "hosts, and only * stands for any"},
    {starttls("", "mail.exmaple.com"),
     "trust has a name that is 2 letters away from the host of url: a slip of the pen?"},
    {starttls("", "mail.example.con"),
     "trust has a name that is one letter away from the host of url: a slip of the pen?"},
    {starttls("", "Mail.Example.com"),
     "trust has the host of url in other letter case" + kLetterForLetter + ": write both alike"},
    {starttls("", "mail.example.com."), "trust has the host of url with a final dot more or less" +
                                            kLetterForLetter + ": write both alike"},
    {starttls("", "mail.example.com:587"),
     "trust has a port behind the host: write the host name alone"},
    {starttls("", "smtp://mail.example.com"), "trust has a URL in it: write the host name alone"},
    {starttls("", "mail.example.com,relay.example.com"),
     "trust has its names parted by commas or semicolons: blanks part them, and whatever stands "
     "between two is one name"},
    {starttls("", "*.example.com"),
     "trust has a wildcard in it, which no reader of trust knows: name the host itself"},
    {starttls("", "mail"), "trust has the first part of the host of url alone" + kLetterForLetter +
                               ": write the host as in url"},
    {starttls("", "example.com"), "trust has the domain of the host of url alone" +
                                      kLetterForLetter + ": write the host as in url"},
    {starttls("", "mail.example.com.local"),
     "trust has a longer name of the host of url" + kLetterForLetter + ": write both alike"},
    {starttls("", "relay.example.net"),
     "trust does not name the host of url: JavaMail and Angus refuse the server then, whatever "
     "certificate it shows: add the host as it stands in url"},
    {starttls("", " "),
     "trust is empty: Java takes that for a list without a host, and refuses every server: write a "
     "host name, several separated by spaces, or *"},
    {starttls("", ""),
     "trust is absent: the product's page requires it (model documented); Java then goes by its "
     "own "
     "trust store, and JavaMail and Jakarta Mail 2.0 look at no host name"},
    {plain("trust='mail.example.com'"),
     "trust is ignored: without starttls=\"true\" or ssl=\"true\" no certificate is looked at"},
    {starttls("", "mail.example.com\u00a0relay.example.com"),
     "trust=\"mail.example.com&#xA0;relay.example.com\" has U+00A0 (NO-BREAK SPACE) in it (column "
     "133): names are parted by plain blanks, and Java takes this one for a part of a name"},
    // what asks for TLS
    {plain("starttls='yes' username='u' password='secret' trust='mail.example.com'"),
     "starttls=\"yes\": Java reads it as false, as everything but true without a blank (in any "
     "letter case), and the password goes out in clear: write starttls=\"true\""},
    {ldap("ssl=' true'"),
     "ssl=\" true\": Java reads it as false, as everything but true without a blank (in any letter "
     "case), and everything goes out in clear: write ssl=\"true\""},
    {smtp("url='mail.example.com' starttls='true' ssl='true' trust='mail.example.com' "
          "username='u' password='secret'"),
     "starttls=\"true\" and ssl=\"true\" exclude each other: STARTTLS begins in clear, "
     "ssl=\"true\" "
     "is TLS from the first byte on, and JavaMail does the second: write one"},
    {plain("username='u' password='secret'"),
     "without TLS name and password go out in clear, readable for everybody on the way: write "
     "starttls=\"true\" or ssl=\"true\""},
    // names and passwords
    {smtp("url='mail.example.com' starttls='true' trust='mail.example.com'"),
     "starttls=\"true\" needs username=\"...\" and password=\"...\" too: without both JavaMail "
     "sends "
     "the mail unauthenticated, as with mail.smtp.auth=false"},
    {smtp("url='smtps://mail.example.com' trust='mail.example.com'"),
     "smtps:// needs username=\"...\" and password=\"...\" too: without both JavaMail sends the "
     "mail "
     "unauthenticated, as with mail.smtp.auth=false"},
    {smtp("url='mail.example.com' starttls='true' trust='mail.example.com' password='secret'"),
     "starttls=\"true\" needs username=\"...\" too: a connect() without a user's name sends that "
     "of "
     "the operating system's user"},
    {smtp("url='mail.example.com' starttls='true' trust='mail.example.com' username='u'"),
     "starttls=\"true\" needs password=\"...\" too: without a password JavaMail sends the mail "
     "unauthenticated, or, with mail.smtp.auth=true, ends with \"no password specified?\""},
    {smtp("url='mail.example.com' ssl='true' trust='mail.example.com' username='u' password='***'"),
     "password looks as if it was cut out before the file was handed on: the table goes by one "
     "that "
     "the server takes"},
    {smtp("url='mail.example.com' ssl='true' trust='mail.example.com' username='u' password=''"),
     "password is empty: if it was not cut out before the file was handed on, write the user's "
     "password, as no server takes an empty one (RFC 4616, 2); the table goes by one that the "
     "server "
     "takes"},
    {smtp("url='mail.example.com' ssl='true' trust='mail.example.com' username='${user}' "
          "password='secret'"),
     "username looks like a placeholder that was not filled in"},
    {smtp("url='mail.example.com' ssl='true' trust='mail.example.com' username='u' "
          "password='ENC(c2VjcmV0)'"),
     "password looks encrypted (it begins with ENC(): what does not decrypt it sends it as it "
     "stands"},
    {smtp("url='mail.example.com' ssl='true' trust='mail.example.com' username='u' "
          "password='secret '"),
     "password ends with a blank, and it is sent with it: remove it, if it is none of its own"},
    {smtp("url='mail.example.com' ssl='true' trust='mail.example.com' username='u' "
          "password='sec\u200bret'"),
     "password has U+200B (ZERO WIDTH SPACE) in it, as its character 4: type it anew, if that came "
     "along with a copy"},
    {ldap("ssl='true' username='cn=u' password=''"),
     "password is empty: if it was not cut out before the file was handed on, write the user's "
     "password, as a server may say yes to a name without a password and mean nobody (RFC 4513, "
     "5.1.2); the table goes by one that the server takes"},
    {ldap("ssl='true' username='cn=u'"),
     "username=\"...\" needs password=\"...\" too: an anonymous bind has neither"},
    {plain("mechanism='PLAIN' username='u' password='secret' certificate-password='x' ssl='true' "
           "trust='mail.example.com'"),
     "certificate-password is ignored: there is no certificate=\"...\""},
    {plain("startTLS='true'"), "unknown attribute `startTLS` is ignored: did you mean `starttls`?"},
    {plain("port='25' certificate='a.pem'"),
     "certificate is ignored: without starttls=\"true\" or ssl=\"true\" nobody asks for it"},
    {smtp("url='mail.example.com:25'"),
     "url=\"mail.example.com:25\" is taken for a host name: write it without scheme, path and "
     "port"},
    {smtp("url='mail_1.example.com'"),
     "url=\"mail_1.example.com\": the host has an underscore, which no host name has (RFC 1123, "
     "2.1): public authorities issue no certificate for it, and Java refuses every server when it "
     "compares names"},
    {"<smtp url='mail.example.com' email='scheduler'/>",
     "email=\"scheduler\" has no @: write it like scheduler@example.com"},
    {"<smtp url='mail.example.com' email='a@example.com;b@example.com'/>",
     "email=\"a@example.com;b@example.com\" has a comma or a semicolon in it: a sender has one "
     "address"},
    {smtp("url='smtp.yourdomain.com'"),
     "url=\"smtp.yourdomain.com\": the host looks like one of an example: write the name of the "
     "host itself"},
    {smtp("url='m\u0430il.example.com'"),
     "url=\"m\u0430il.example.com\" has U+0430 (CYRILLIC SMALL LETTER A) in it (column 35): it "
     "looks like a, and is another letter: type the name anew"},
    {starttls("", "mail.ex\u0430mple.com"),
     "trust=\"mail.ex\u0430mple.com\" has U+0430 (CYRILLIC SMALL LETTER A) in it (column 124): it "
     "looks like a, and is another letter: type the name anew"},
    {starttls("checkserveridentity='yes'"),
     "checkserveridentity=\"yes\": Java reads it as false, as everything but true without a blank "
     "(in any letter case): write checkserveridentity=\"true\", or leave it out"},
    {smtp("url='mail.example.com' ssl='true' trust='mail.example.com' username='u' "
          "password='changeme'"),
     "password looks like a placeholder that was not filled in"},
    {smtp("url='mail.example.com' ssl='true' trust='mail.example.com' username='u' "
          "password='***REMOVED***'"),
     "password looks as if it was cut out before the file was handed on: the table goes by one "
     "that the server takes"},
};

const Mistaken kRefused[] = {
    {smtp("url='\u201cmail.example.com\u201d'"),
     "url=\"\u201cmail.example.com\u201d\" has U+201C (LEFT DOUBLE QUOTATION MARK) in it (column "
     "34): remove it"},
    {smtp("url='mail.example.com\u200b'"),
     "url=\"mail.example.com&#x200B;\" has U+200B (ZERO WIDTH SPACE) in it (column 50): remove it"},
    {smtp("url='mail\u2013relay.example.com'"),
     "url=\"mail\u2013relay.example.com\" has U+2013 (EN DASH) in it (column 38): write a plain "
     "hyphen (-) in its place"},
    {smtp("url='mail.example&#xFF0E;com'"),
     "url=\"mail.example\uff0ecom\" has U+FF0E (FULLWIDTH FULL STOP) in it (column 46): write a "
     "plain full stop (.) in its place"},
    {smtp("url='mail.ex\ufffdmple.com'"),
     "url=\"mail.ex\ufffdmple.com\" has U+FFFD (REPLACEMENT CHARACTER) in it (column 41): the file "
     "was saved in an encoding without the character that stood there: write it anew"},
    {smtp("url='${smtp.host}'"),
     "url=\"${smtp.host}\" is a placeholder that was not filled in: write the name of the host "
     "itself"},
    {smtp("url='@smtp.host@'"),
     "url=\"@smtp.host@\" is a placeholder that was not filled in: write the name of the host "
     "itself"},
    {smtp("url='smtp.%DOMAIN%'"),
     "url=\"smtp.%DOMAIN%\" is a placeholder that was not filled in: write the name of the host "
     "itself"},
    {plain("port='${smtp.port}'"),
     "port=\"${smtp.port}\" is a placeholder that was not filled in: write the number of the port"},
    {"<smtp url='mail.example.com' email='%MAIL_FROM%'/>",
     "email=\"%MAIL_FROM%\" is a placeholder that was not filled in: write the address of the "
     "sender"},
    {starttls("", "{{smtp.trust}}"),
     "trust=\"{{smtp.trust}}\" is a placeholder that was not filled in: write a host name, several "
     "separated by spaces, or *"},
    {starttls("", "mail.example.com\u200b"),
     "trust=\"mail.example.com&#x200B;\" has U+200B (ZERO WIDTH SPACE) in it (column 133): remove "
     "it"},
    {smtp("url=''"), "url is empty: write the host name of the mail server"},
    {smtp("url='a b'"), "url=\"a b\" has white space in it: write one host name"},
    {plain("port='0'"), "port=\"0\" is not a number from 1 to 65535"},
    {smtp("url='http://mail.example.com'"),
     "url=\"http://mail.example.com\" is not for <smtp>: write the host name alone, or smtp:// or "
     "smtps:// before it"},
};

template <std::size_t Count>
std::string file_of(const Mistaken (&rows)[Count]) {
  std::string file = "<schedule>\n";
  for (const Mistaken& row : rows) file += row.element + "\n";
  return file + "</schedule>\n";
}

// "s.xml:LINE: SENTENCE" for each, the first of them on line 2.
template <std::size_t Count>
std::vector<std::string> told_of(const Mistaken (&rows)[Count]) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < Count; ++i) {
    lines.push_back("s.xml:" + std::to_string(i + 2) + ": " + rows[i].sentence);
  }
  return lines;
}

// One after the other, so that a difference is a line.
void expect_same(const std::vector<std::string>& told, const std::vector<std::string>& right) {
  for (std::size_t i = 0; i < std::max(told.size(), right.size()); ++i) {
    ASSERT_EQ(i < told.size() ? told[i] : "", i < right.size() ? right[i] : "");
  }
}

TEST(Mistakes, ThatAreDoubtfulAreAllToldAtOnce) {
  expect_same(parse_schedule("s.xml", file_of(kDoubtful)).warnings(), told_of(kDoubtful));
}

TEST(Mistakes, ThatNoProductCanStartWithAreAllToldAtOnce) {
  try {
    parse_schedule("s.xml", file_of(kRefused));
    FAIL() << "read without a complaint";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    std::istringstream text(e.what());
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    expect_same(lines, told_of(kRefused));
  }
}

TEST(Mistakes, OfBothKindsStandInTheOrderOfTheFile) {
  try {
    parse_schedule("s.xml", "<a>\n" + plain("port='465'") + "\n" + plain("port='0'") + "\n" +
                                starttls("", "*") + "</a>");
    FAIL() << "read without a complaint";
  } catch (const Error& e) {
    const std::string said = e.what();
    const std::size_t first = said.find("s.xml:2: port 465");
    const std::size_t second = said.find("\ns.xml:3: port=\"0\"");
    const std::size_t third = said.find("\ns.xml:4: trust=\"*\"");
    EXPECT_LT(first, second) << said;
    EXPECT_LT(second, third) << said;
    EXPECT_NE(third, std::string::npos) << said;
  }
}

// A reader of a value may be Java, or a person: an element that they read otherwise is two.
TEST(Mistakes, WhatJavaReadsOtherwiseIsReadInBothWays) {
  const Schedule schedule = parse_schedule(
      "s.xml", plain("starttls='yes' username='u' password='p' trust='mail.example.com'"));
  ASSERT_EQ(schedule.entries.size(), 2U);
  EXPECT_EQ(schedule.entries[0].reading, "as Java reads it");
  EXPECT_EQ(schedule.entries[0].tls, Tls::none);
  EXPECT_EQ(schedule.entries[1].reading, "as it is meant");
  EXPECT_EQ(schedule.entries[1].tls, Tls::starttls);
}

TEST(Mistakes, OfABooleanAreThoseThatJavaMakes) {
  for (const char* on : {"true", "TRUE", "True"}) {
    const Schedule schedule =
        parse_schedule("s.xml", plain("starttls='" + std::string(on) +
                                      "' username='u' password='p' trust='mail.example.com'"));
    ASSERT_EQ(schedule.entries.size(), 1U) << on;
    EXPECT_EQ(schedule.entries[0].tls, Tls::starttls) << on;
    EXPECT_TRUE(schedule.warnings().empty()) << on;
  }
  for (const char* off : {"false", "no", "0", "off", "", " "}) {
    const Schedule schedule = parse_schedule("s.xml", plain("starttls='" + std::string(off) + "'"));
    ASSERT_EQ(schedule.entries.size(), 1U) << off;
    EXPECT_EQ(schedule.entries[0].tls, Tls::none) << off;
    EXPECT_TRUE(schedule.warnings().empty()) << off;
  }
  for (const char* torn : {" true", "true ", "yes", "1", "on", "required"}) {
    EXPECT_EQ(parse_schedule("s.xml", plain("ssl='" + std::string(torn) + "'")).entries.size(), 2U)
        << torn;
  }
}

}  // namespace
}  // namespace startle::customer
