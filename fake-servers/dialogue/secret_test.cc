// A secret in every form that a mail client gives it, and what only looks like one.

#include "fake-servers/dialogue/secret.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/base/bytes.h"
#include "harness/wire/ldap_message.h"

namespace startle::fake {
namespace {

const std::string kSecret = "canary0123456789abcdef";

struct SecretRow {
  const char* name;
  std::string bytes;
  std::string shown;  // blotted
};

// SASL PLAIN (RFC 4616, 2): the secret begins at any place of a group of three bytes.
std::string plain(const std::string& user) {
  return to_base64(std::string(1, '\0') + user + std::string(1, '\0') + kSecret);
}

std::string without_padding(std::string base64) {
  base64.resize(std::min(base64.find('='), base64.size()));
  return base64;
}

std::string url_base64(const std::string& bytes) {
  std::string text = to_base64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

// Of ASCII, little-endian.
std::string utf16(const std::string& text) {
  std::string octets;
  for (const char c : text) octets += std::string{c, '\0'};
  return octets;
}

wire::SimpleBind simple() {
  return {kSecret};
}
wire::SaslBind sasl_plain() {
  return {"PLAIN", std::string("\0u\0", 3) + kSecret};
}

const std::vector<SecretRow>& held() {
  static const std::vector<SecretRow> rows{
      {"raw", kSecret, "<secret>"},
      {"raw in a line", "PASS " + kSecret + "\r\n", "PASS <secret>\r\n"},
      {"raw between letters", "x" + kSecret + "y", "x<secret>y"},
      {"twice", kSecret + kSecret, "<secret><secret>"},
      {"base64", "AUTH LOGIN\r\n" + to_base64(kSecret), "AUTH LOGIN\r\n<secret>"},
      {"PLAIN, alignment 0", "AUTH PLAIN " + plain("a"), "AUTH PLAIN <secret>"},
      {"PLAIN, alignment 1", "AUTH PLAIN " + plain("ab"), "AUTH PLAIN <secret>"},
      {"PLAIN, alignment 2", "AUTH PLAIN " + plain("abc"), "AUTH PLAIN <secret>"},
      {"PLAIN with more behind it", to_base64(std::string(2, '\0') + kSecret + " more"),
       "<secret>"},
      {"base64 without padding", without_padding(to_base64(kSecret)) + " x", "<secret> x"},
      {"PLAIN without padding", without_padding(plain("ab")) + "\r\n", "<secret>\r\n"},
      {"base64 with too much padding", to_base64(kSecret) + "==", "<secret>"},
      {"base64 behind an equals sign", "password=" + to_base64(kSecret), "password=<secret>"},
      {"4 KiB of password",
       "AUTH PLAIN " + to_base64(std::string(2, '\0') + std::string(4074, 'x') + kSecret),
       "AUTH PLAIN <secret>"},
      {"a token of OAUTHBEARER", to_base64("n,a=user,\1host=h\1auth=Bearer " + kSecret + "\1\1"),
       "<secret>"},
      {"a token of XOAUTH2", "AUTH XOAUTH2 " + to_base64("user=u\1auth=Bearer " + kSecret + "\1\1"),
       "AUTH XOAUTH2 <secret>"},
      {"in the alphabet of URLs", "x-y " + url_base64("\xfb\xff\xfe" + kSecret), "x-y <secret>"},
      {"hex", "30" + to_hex(kSecret) + "00", "30<secret>00"},
      {"hex in capitals", "0x63616E61727930313233343536373839616263646566 x", "0x<secret> x"},
      {"UTF-16", "(" + utf16(kSecret) + ")", "(<secret>)"},
      {"UTF-16, big-endian", "(" + std::string(1, '\0') + utf16(kSecret).substr(0, 43) + ")",
       "(<secret>)"},
      {"a simple bind of LDAP", wire::written({2, wire::LdapBindRequest{3, "cn=a", simple()}}),
       std::string("0&\x02\x01\x02`!\x02\x01\x03\x04\x04"
                   "cn=a\x80\x16") +
           "<secret>"},
      {"PLAIN in LDAP", wire::written({2, wire::LdapBindRequest{3, "", sasl_plain()}}).substr(23),
       std::string("\0u\0", 3) + "<secret>"},
      {"both forms", kSecret + " " + to_base64(kSecret), "<secret> <secret>"},
  };
  return rows;
}

TEST(Secret, IsFoundInEveryForm) {
  for (const SecretRow& row : held()) EXPECT_TRUE(holds_secret(row.bytes, kSecret)) << row.name;
}

TEST(Secret, NeverLeavesABlottedLine) {
  for (const SecretRow& row : held()) {
    EXPECT_EQ(blotted(row.bytes, kSecret), row.shown) << row.name;
    EXPECT_FALSE(holds_secret(blotted(row.bytes, kSecret), kSecret)) << row.name;
  }
}

struct OtherRow {
  const char* name;
  std::string bytes;
};

TEST(Secret, OtherTextIsLeftAlone) {
  for (const OtherRow& row :
       {OtherRow{"nothing", ""},
        {"a dialogue", "EHLO client.example.test\r\nSTARTTLS\r\nQUIT\r\n"},
        {"a part of it", kSecret.substr(0, kSecret.size() - 1)},
        {"in upper case", "CANARY0123456789ABCDEF"},
        {"base64 of a part", to_base64(kSecret.substr(1))},
        {"another password", to_base64(std::string("\0user\0hunter2hunter2hunter2", 27))},
        {"no base64", "!" + to_base64(kSecret).substr(1)},
        {"only padding", "===="},
        {"a ClientHello", std::string("\x16\x03\x01\x00\xfa\x01\x00", 7)},
        {"base64 of NULs", std::string(64, 'A')}}) {
    EXPECT_FALSE(holds_secret(row.bytes, kSecret)) << row.name;
    EXPECT_EQ(blotted(row.bytes, kSecret), row.bytes) << row.name;
  }
}

TEST(Secret, AnEmptyOneIsNowhere) {
  EXPECT_FALSE(holds_secret("", ""));
  EXPECT_FALSE(holds_secret("AUTH PLAIN AGEA", ""));
  EXPECT_EQ(blotted("AUTH PLAIN AGEA", ""), "AUTH PLAIN AGEA");
}

TEST(Secret, IsFoundAsOtherTextsEscapeIt) {
  const std::string odd = "p\xc3\xa4 \"s&s<'w>\\\tx~";
  for (const std::string form :
       {"p%C3%A4%20%22s%26s%3C%27w%3E%5C%09x~", "p%c3%a4%20%22s%26s%3c%27w%3e%5c%09x~",
        "p%C3%A4+%22s%26s%3C%27w%3E%5C%09x%7E", "p\xc3\xa4 \\\"s&s<'w>\\\\\\tx~",
        "p\xc3\xa4 &quot;s&amp;s&lt;&apos;w&gt;\\\tx~",
        "p\xc3\xa4 &quot;s&amp;s&lt;&#39;w&gt;\\\tx~", "p\xc3\xa4 &quot;s&amp;s&lt;'w&gt;\\\tx~"}) {
    EXPECT_EQ(blotted("x=" + form + ".", odd), "x=<secret>.") << form;
  }
  const std::string utf16("p\0\xe4\0=\0=\xd8\0\xde", 10);
  EXPECT_EQ(blotted(utf16, "p\xc3\xa4=\xf0\x9f\x98\x80"), "<secret>");
}

TEST(Secret, IsFoundAsItIsPrepared) {
  const std::string stored = "pass\xc2\xadword \xe2\x85\xa8";  // soft hyphen, roman nine (RFC 4013)
  EXPECT_TRUE(holds_secret("password IX", stored));
  EXPECT_TRUE(holds_secret(to_base64(std::string("\0u\0password IX", 14)), stored));
  EXPECT_FALSE(holds_secret("password X", stored));
}

TEST(Secret, OfFewCharactersIsNotSeenEverywhere) {
  EXPECT_FALSE(holds_secret("0x78787878", "xx"));
  EXPECT_TRUE(holds_secret("axxb", "xx"));
  // Behind two other octets the base64 of x ends in 4.
  for (const std::string secret : {"x", "xx", "8x"}) {
    EXPECT_FALSE(holds_secret("port 4", secret)) << secret;
    EXPECT_EQ(blotted("port 4", secret), "port 4") << secret;
  }
  EXPECT_TRUE(holds_secret(to_base64("xxxx"), "xxxx"));
}

TEST(Secret, MayHoldAnyBytes) {
  const std::string odd("p\xc3\xa4ss \0\r\n+/=", 12);
  EXPECT_TRUE(holds_secret("x" + odd + "y", odd));
  EXPECT_TRUE(holds_secret(to_base64("\1" + odd), odd));
  EXPECT_EQ(blotted("x" + odd + "y", odd), "x<secret>y");
}

}  // namespace
}  // namespace startle::fake
