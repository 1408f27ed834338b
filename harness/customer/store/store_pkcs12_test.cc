#include <gtest/gtest.h>
#include <openssl/objects.h>

#include "harness/customer/store/store.h"
#include "harness/customer/store/store_for_test.h"

namespace startle::customer {
namespace {

using namespace std::string_literals;

constexpr const char* kPassword = "changeit";

std::vector<StoreEntry> two() {
  return {{.alias = "One", .der = certificate_one(), .trusted = true},
          {.alias = "", .der = certificate_two(), .trusted = false}};
}

struct ReadRow {
  const char* name = "";
  Pkcs12ForTest store{};
  bool verified = true;
};
void PrintTo(const ReadRow& row, std::ostream* out) {
  *out << row.name;
}
class Pkcs12Read : public testing::TestWithParam<ReadRow> {};

TEST_P(Pkcs12Read, WithItsPassword) {
  Pkcs12ForTest given = GetParam().store;
  given.entries = two();
  const Store store = read_store(write(given), given.password, "F");
  EXPECT_EQ(store.format, StoreFormat::pkcs12);
  EXPECT_EQ(store.verified, GetParam().verified);
  EXPECT_FALSE(store.locked);
  ASSERT_EQ(store.entries.size(), 2U);
  EXPECT_EQ(store.entries[0].alias, "One");
  EXPECT_EQ(store.entries[0].der, certificate_one());
  EXPECT_TRUE(store.entries[0].trusted);
  EXPECT_EQ(store.entries[1].alias, "");
  EXPECT_EQ(store.entries[1].der, certificate_two());
  EXPECT_FALSE(store.entries[1].trusted);
}

TEST_P(Pkcs12Read, WithoutAPassword) {
  Pkcs12ForTest given = GetParam().store;
  given.entries = two();
  const Store store = read_store(write(given), std::nullopt, "F");
  EXPECT_FALSE(store.verified);
  EXPECT_EQ(store.locked, given.encrypted);
  EXPECT_EQ(store.entries.size(), given.encrypted ? 0U : 2U);
}

TEST_P(Pkcs12Read, WithAWrongPassword) {
  Pkcs12ForTest given = GetParam().store;
  given.entries = two();
  const std::string end =
      ": the password is wrong (keytool's habit is `changeit`), or the store was changed. Try "
      "`keytool -list -keystore F`";
  const std::string expected = given.with_mac ? "wrong_password: F: its MAC does not match" + end
                               : given.encrypted
                                   ? "wrong_password: F: part 1 does not decrypt" + end
                                   : "none";
  EXPECT_EQ(complaint_about(write(given), "another"), expected);
}

INSTANTIATE_TEST_SUITE_P(
    , Pkcs12Read,
    testing::Values(ReadRow{"AsKeytoolWritesIt"},
                    ReadRow{"Legacy", {.encryption = NID_pbe_WithSHA1And40BitRC2_CBC}},
                    ReadRow{"TripleDes", {.encryption = NID_pbe_WithSHA1And3_Key_TripleDES_CBC}},
                    ReadRow{"Plain", {.encrypted = false}},
                    ReadRow{"PlainWithoutMac", {.encrypted = false, .with_mac = false}, false},
                    ReadRow{"EncryptedWithoutMac", {.with_mac = false}, false},
                    ReadRow{"EmptyPassword", {.password = ""}},
                    ReadRow{"PasswordBeyondAscii", {.password = "p\xc3\xa4ss"}}),
    [](const auto& row) { return row.param.name; });

// Java's `entries` is one map.
TEST(Pkcs12, OfTwoWithTheSameAliasJavaTakesTheLast) {
  const Store store = read_store(
      write(Pkcs12ForTest{.entries = {{.alias = "A", .der = certificate_one(), .trusted = true},
                                      {.alias = "a", .der = certificate_two(), .trusted = true}}}),
      kPassword, "F");
  ASSERT_EQ(store.entries.size(), 2U);
  EXPECT_FALSE(store.entries[0].trusted);
  EXPECT_TRUE(store.entries[1].trusted);
}

// Refused before the first iteration: the test's time limit would tell.
TEST(Pkcs12, AsksForNoMoreDerivationThanJavaPerforms) {
  const std::string too_large =
      "too_large: F: asks for more than 5000000 iterations of key derivation, which Java refuses, "
      "too: write it anew with `keytool -importkeystore`";
  // Written with few, as each takes its time; their number is put in.
  const auto with = [](Pkcs12ForTest store, const std::string& from, const std::string& to) {
    std::string bytes = write(store);
    const std::size_t at = bytes.find(from);
    EXPECT_NE(at, std::string::npos);
    EXPECT_EQ(bytes.find(from, at + 1), std::string::npos);
    return bytes.replace(at, from.size(), to);
  };
  const auto damaged = [](const char* iterations) {
    return "damaged: F: is a PKCS #12 key store, but damaged: it asks for "s + iterations +
           " iterations. Fetch it again, or make it anew with `keytool -importcert`";
  };
  const auto expect = [&](Pkcs12ForTest store, int Pkcs12ForTest::*member) {
    for (const auto& password :
         {std::optional<std::string>(kPassword), std::optional<std::string>()}) {
      store.*member = 0x010203;
      const std::string written = "\x02\x03\x01\x02\x03"s;
      const std::string above = "\x02\x03\x4c\x4b\x41"s;  // 5,000,001
      EXPECT_EQ(complaint_about(with(store, written, above), password), too_large);
      EXPECT_EQ(complaint_about(with(store, written, "\x02\x03\xff\x02\x03"), password),
                damaged("-65021"));
      store.*member = 0x5b;
      EXPECT_EQ(complaint_about(with(store, "\x02\x01\x5b", "\x02\x01\x00"s), password),
                damaged("0"));
    }
  };
  expect({}, &Pkcs12ForTest::iterations);
  expect({.encryption = NID_pbe_WithSHA1And40BitRC2_CBC}, &Pkcs12ForTest::iterations);
  expect({}, &Pkcs12ForTest::mac_iterations);
}

TEST(Pkcs12, WhatIsNoCertificateIsRefused) {
  EXPECT_EQ(
      complaint_about(write(Pkcs12ForTest{.entries = {{.der = "\x31\x00"s}}}), kPassword),
      "damaged: F: is a PKCS #12 key store, but damaged: certificate 1 is none. Fetch it again, "
      "or make it anew with `keytool -importcert`");
}

TEST(Pkcs12, OctetsBehindItsEndAreCounted) {
  const std::string bytes = write(Pkcs12ForTest{.entries = two()});
  EXPECT_EQ(read_store(bytes, kPassword, "F").octets_behind, 0U);
  EXPECT_EQ(read_store(bytes + "xy", kPassword, "F").octets_behind, 2U);
  EXPECT_TRUE(read_store(bytes + "xy", kPassword, "F").verified);
}

// The provider that decrypts 40 bits may be missing from a machine; a process decides it once.
TEST(Pkcs12DeathTest, WithoutTheLegacyProviderItSaysSo) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto read = [] {
    std::fputs(complaint_about(write(Pkcs12ForTest{.entries = two()}), kPassword).c_str(), stderr);
    std::string legacy = write(
        Pkcs12ForTest{.entries = two(), .encryption = NID_pbe_WithSHA1And3_Key_TripleDES_CBC});
    // The object identifiers differ in their last octet: 3 is triple DES, 6 is RC2 of 40 bits.
    legacy.replace(legacy.find("\x0c\x01\x03"), 3, "\x0c\x01\x06");
    std::fputs(complaint_about(legacy, kPassword).c_str(), stderr);
    std::exit(3);
  };
  ::setenv("OPENSSL_MODULES", "/dev/null", 1);  // no folder: no module is in it
  EXPECT_EXIT(read(), testing::ExitedWithCode(3),
              "none"
              "unreadable: F: is protected by RC2-40-CBC .OpenSSL's `legacy` provider is not "
              "installed., which is not known here: write it anew with `keytool -importkeystore "
              "-srckeystore F -destkeystore NEW -deststoretype pkcs12`");
  ::unsetenv("OPENSSL_MODULES");
}

}  // namespace
}  // namespace startle::customer
