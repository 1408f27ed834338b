// A SCRAM client, message by message: the published examples, what it binds to, and when it has
// heard enough of the server.

#include "harness/sasl/scram_client.h"

#include <gtest/gtest.h>

#include "harness/base/bytes.h"

namespace startle::sasl {
namespace {

constexpr const char* kNonce1 = "fyko+d2lbbFgONRv9qkxdawL";
constexpr const char* kFirst1 =
    "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
constexpr const char* kFinal1 = "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=";

std::unique_ptr<ClientExchange> sha_1(const char* password = "pencil") {
  return scram_client(Mechanism::scram_sha_1, {.username = "user", .password = password}, {},
                      kNonce1, nullptr);
}

TEST(ScramClient, SaysWhatRfc5802Shows) {
  const auto client = sha_1();
  ASSERT_TRUE(client->speaks_first());
  EXPECT_EQ(client->initial_response(), "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
  EXPECT_EQ(client->standing(), Standing::early);
  EXPECT_FALSE(client->objection(kFirst1));
  EXPECT_EQ(client->answer(kFirst1),
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
  EXPECT_EQ(client->standing(), Standing::unsigned_);
  EXPECT_FALSE(client->objection(kFinal1));
  EXPECT_EQ(client->answer(kFinal1), "");
  EXPECT_EQ(client->standing(), Standing::complete);
  EXPECT_TRUE(client->notes().empty());
  ASSERT_TRUE(client->objection(kFinal1));
  EXPECT_EQ(client->objection("")->why, "the server sends a challenge after the last");
}

TEST(ScramClient, SaysWhatRfc7677Shows) {
  const auto salted = std::make_shared<SaltedPasswords>();
  for (const std::size_t computed : {1U, 1U}) {
    const auto client =
        scram_client(Mechanism::scram_sha_256, {.username = "user", .password = "pencil"}, {},
                     "rOprNGfwEbeRWgbNEkqO", salted);
    EXPECT_EQ(client->initial_response(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
    EXPECT_EQ(client->answer("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                             "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
              "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
              "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    EXPECT_EQ(client->answer("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="), "");
    EXPECT_EQ(client->standing(), Standing::complete);
    EXPECT_EQ(salted->size(), computed);
  }
}

struct HeaderRow {
  const char* name;
  Mechanism mechanism;
  BindableChannel channel;
  std::string header;
  std::string bound;  // what c= holds
};

// RFC 5802, 6.
TEST(ScramClient, SaysWhetherItBindsAndToWhat) {
  const ChannelBinding exporter{.type = "tls-exporter", .data = std::string(32, '\xff')};
  const ChannelBinding unique{.type = "tls-unique", .data = "finished"};
  for (const HeaderRow& row :
       {HeaderRow{"cannot", Mechanism::scram_sha_256, {}, "n,,", "n,,"},
        {"could, and sees no -PLUS", Mechanism::scram_sha_256, {exporter, false}, "y,,", "y,,"},
        {"could, and is told not to", Mechanism::scram_sha_1, {exporter, true}, "n,,", "n,,"},
        {"-PLUS",
         Mechanism::scram_sha_256_plus,
         {exporter, true},
         "p=tls-exporter,,",
         "p=tls-exporter,," + exporter.data},
        {"-PLUS inside TLS 1.2",
         Mechanism::scram_sha_1_plus,
         {unique, true},
         "p=tls-unique,,",
         "p=tls-unique,,finished"}}) {
    SCOPED_TRACE(row.name);
    const auto client = scram_client(row.mechanism, {.username = "a=b,c", .password = "p"},
                                     row.channel, "N", nullptr);
    EXPECT_EQ(client->initial_response(), row.header + "n=a=3Db=2Cc,r=N");
    const std::string said = client->answer("r=Nx,s=QSXC,i=4096").value_or("");
    EXPECT_EQ(said.substr(0, said.find(",p=")), "c=" + to_base64(row.bound) + ",r=Nx");
  }
}

struct FinalRow {
  const char* name;
  const char* message;
  std::optional<std::string> answer;
  Standing standing;
};

TEST(ScramClient, OnlyTheRightSignatureProvesTheServer) {
  for (const FinalRow& row :
       {FinalRow{"right", kFinal1, "", Standing::complete},
        {"right, with an extension", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,x=y", "", Standing::complete},
        {"wrong", "v=rmF9pqV8S7suAoZWja4dJRkFsKU=", std::nullopt, Standing::wrong_signature},
        {"zeros", "v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", std::nullopt, Standing::wrong_signature},
        {"short", "v=rmF9", std::nullopt, Standing::short_signature},
        {"error", "e=invalid-proof", "", Standing::error_stated},
        {"neither", "x=y", std::nullopt, Standing::unsigned_},
        {"empty", "", std::nullopt, Standing::unsigned_}}) {
    SCOPED_TRACE(row.name);
    const auto client = sha_1();
    client->initial_response();
    client->answer(kFirst1);
    const bool unreadable = row.standing == Standing::unsigned_;
    EXPECT_EQ(client->objection(row.message).has_value(), unreadable);
    EXPECT_EQ(client->answer(row.message), row.answer);
    EXPECT_EQ(client->standing(), row.standing);
    EXPECT_EQ(client->stated_error(),
              row.standing == Standing::error_stated ? "invalid-proof" : "");
    EXPECT_EQ(client->objection(kFinal1).has_value(), !unreadable) << "over, or not";
  }
  const auto other = sha_1("pen");
  other->initial_response();
  other->answer(kFirst1);
  EXPECT_FALSE(other->answer(kFinal1)) << "the signature is that of another password";
}

TEST(ScramClient, TheFirstMessageCanWaitForAnEmptyChallenge) {
  const auto client = sha_1();
  EXPECT_EQ(client->objection(kFirst1)->kind, Objection::Kind::unexpected);
  EXPECT_FALSE(client->objection(""));
  EXPECT_EQ(client->answer(""), "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
  EXPECT_FALSE(client->objection(kFirst1));
}

// What is objected to is computed all the same, by a client that is told to: in bounded time.
TEST(ScramClient, IterationsAreBoundedAndLittleIsNoted) {
  struct Row {
    const char* count;
    bool objected;
    std::size_t notes;
  };
  for (const Row& row : {Row{"0", true, 1},
                         {"1", false, 1},
                         {"4095", false, 1},
                         {"4096", false, 0},
                         {"4294967296", true, 0}}) {
    SCOPED_TRACE(row.count);
    const auto client = sha_1();
    client->initial_response();
    const std::string challenge = std::string("r=") + kNonce1 + "x,s=QSXC,i=" + row.count;
    EXPECT_EQ(client->objection(challenge).has_value(), row.objected);
    EXPECT_TRUE(client->answer(challenge));
    EXPECT_EQ(client->notes().size(), row.notes);
  }
  const auto client = sha_1();
  client->initial_response();
  client->answer(std::string("r=") + kNonce1 + "x,s=QSXC,i=1");
  EXPECT_EQ(client->notes().front(),
            "the server has the password hashed i=1 times, RFC 7677 asks for 4096 at least");
}

TEST(ScramClient, NoncesAreOfPrintableOctetsAndDiffer) {
  const std::string one = scram_nonce();
  EXPECT_EQ(one.size(), 24U);
  EXPECT_NE(one, scram_nonce());
  EXPECT_EQ(one.find(','), std::string::npos);
}

}  // namespace
}  // namespace startle::sasl
