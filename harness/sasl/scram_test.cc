// The computations of SCRAM against the published examples, the cache of them, and SASLprep.

#include "harness/sasl/scram.h"

#include <gtest/gtest.h>

#include "harness/base/bytes.h"
#include "harness/sasl/password.h"
#include "harness/sasl/salted_passwords.h"

namespace startle::sasl {
namespace {

struct Row {
  const char* name;
  ScramHash hash;
  const char* salt;
  const char* auth_message;
  const char* salted;  // hex
  const char* proof;
  const char* signature;
};

TEST(Scram, ComputesWhatTheRfcsShow) {
  for (const Row& row :
       {Row{"RFC 5802, 5", ScramHash::sha_1, "QSXCR+Q6sek8bf92",
            "n=user,r=fyko+d2lbbFgONRv9qkxdawL,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
            "s=QSXCR+Q6sek8bf92,i=4096,c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j",
            "1d96ee3a529b5a5f9e47c01f229a2cb8a6e15f7d",
            "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "rmF9pqV8S7suAoZWja4dJRkFsKQ="},
        {"RFC 7677, 3", ScramHash::sha_256, "W22ZaJ0SNY7soEsUEjb6gQ==",
         "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
         "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,"
         "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
         "c4a49510323ab4f952cac1fa99441939e78ea74d6be81ddf7096e87513dc615d",
         "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
         "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="}}) {
    SCOPED_TRACE(row.name);
    const std::string salted =
        salted_password(row.hash, "pencil", *from_base64(row.salt), kLeastIterations);
    EXPECT_EQ(to_hex(salted), row.salted);
    const ScramKeys keys = scram_keys(row.hash, salted);
    EXPECT_EQ(to_base64(client_proof(row.hash, keys, row.auth_message)), row.proof);
    EXPECT_EQ(to_base64(server_signature(row.hash, keys, row.auth_message)), row.signature);
  }
}

TEST(Scram, AServerFindsTheKeyInTheProof) {
  const ScramKeys keys = scram_keys(ScramHash::sha_256, std::string(32, 'x'));
  const std::string proof = client_proof(ScramHash::sha_256, keys, "a message");
  const std::string signature = hmac(ScramHash::sha_256, keys.stored_key, "a message");
  EXPECT_EQ(digest(ScramHash::sha_256, exclusive_or(proof, signature)), keys.stored_key);
}

TEST(Scram, NamesHaveNoCommaAndNoEqualsSign) {
  EXPECT_EQ(scram_name("a=b,c"), "a=3Db=2Cc");
  EXPECT_EQ(scram_name("user"), "user");
  EXPECT_EQ(scram_name(""), "");
}

TEST(SaltedPasswords, EveryPartOfTheKeyCounts) {
  SaltedPasswords salted;
  const std::string one = salted.get(ScramHash::sha_256, "p", "salt", 2);
  EXPECT_EQ(one, salted_password(ScramHash::sha_256, "p", "salt", 2));
  EXPECT_EQ(salted.get(ScramHash::sha_256, "p", "salt", 2), one);
  EXPECT_EQ(salted.size(), 1U);
  EXPECT_NE(salted.get(ScramHash::sha_1, "p", "salt", 2), one);
  EXPECT_NE(salted.get(ScramHash::sha_256, "q", "salt", 2), one);
  EXPECT_NE(salted.get(ScramHash::sha_256, "p", "SALT", 2), one);
  EXPECT_NE(salted.get(ScramHash::sha_256, "p", "salt", 3), one);
  EXPECT_NE(salted.get(ScramHash::sha_256, "ps", "alt", 2), one);
  EXPECT_EQ(salted.size(), 6U);
}

TEST(SaltedPasswords, AreBounded) {
  SaltedPasswords salted;
  for (std::size_t i = 0; i <= SaltedPasswords::kMost; ++i) {
    salted.get(ScramHash::sha_1, std::to_string(i), "s", 1);
    ASSERT_LE(salted.size(), SaltedPasswords::kMost);
  }
  EXPECT_EQ(salted.size(), 1U);
}

struct PreparationRow {
  const char* name;
  std::string given;
  std::optional<std::string> prepared;
};

TEST(Saslprep, IsThatOfRfc4013) {
  using namespace std::string_literals;
  for (const PreparationRow& row :
       {PreparationRow{"ASCII", "user, with = signs", "user, with = signs"},
        {"nothing", "", ""},
        // RFC 4013, 3
        {"soft hyphen", "I\u00adX", "IX"},
        {"case stays", "USER", "USER"},
        {"feminine ordinal", "\u00aa", "a"},
        {"roman numeral", "\u2168", "IX"},
        {"control character", "\x07", std::nullopt},
        {"bidirectional", "\u06271", std::nullopt},
        // and beyond
        {"full width", "\uff41", "a"},
        {"other spaces", "a\u00a0b", "a b"},
        {"newer than Unicode 3.2", "\U0001f511", "\U0001f511"},
        {"nothing left", "\u00ad", std::nullopt},
        {"DEL", "\x7f", std::nullopt},
        {"no UTF-8", "\xff", std::nullopt},
        {"NUL", "a\0b"s, std::nullopt}}) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(prepared(row.given), row.prepared);
  }
}

TEST(Saslprep, StringsAreTheSameWhenTheirFormsAre) {
  EXPECT_TRUE(is_same_prepared("pass", "pass"));
  EXPECT_TRUE(is_same_prepared("IX", "I\u00adX"));
  EXPECT_TRUE(is_same_prepared("\u2168", "IX"));
  EXPECT_TRUE(is_same_prepared("\x07", "\x07")) << "neither has a form";
  EXPECT_FALSE(is_same_prepared("\x07", "\x06"));
  EXPECT_FALSE(is_same_prepared("pass", "pas"));
  EXPECT_FALSE(is_same_prepared("", "\u00ad"));
}

}  // namespace
}  // namespace startle::sasl
