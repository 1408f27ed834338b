// A secret in every form that a mail client gives it, and what only looks like one.

#include "fake-servers/secret.h"

#include <gtest/gtest.h>

#include "harness/base/bytes.h"

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

TEST(Secret, MayHoldAnyBytes) {
  const std::string odd("p\xc3\xa4ss \0\r\n+/=", 12);
  EXPECT_TRUE(holds_secret("x" + odd + "y", odd));
  EXPECT_TRUE(holds_secret(to_base64("\1" + odd), odd));
  EXPECT_EQ(blotted("x" + odd + "y", odd), "x<secret>y");
}

}  // namespace
}  // namespace startle::fake
