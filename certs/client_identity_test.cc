// Each certificate of a client is what its name says, and wrong in that one way: the openssl
// program verifies it as a server would.

#include "certs/client_identity.h"

#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"
#include "harness/base/file.h"
#include "harness/base/program_for_test.h"

namespace startle::certs {
namespace {

constexpr const char* kUser = "scheduler";

struct Row {
  const char* name;
  ClientCertificate kind;
  const char* found;  // OpenSSL's error and its depth; empty: it verifies
};

// 10: CERT_HAS_EXPIRED, 20: UNABLE_TO_GET_ISSUER_CERT_LOCALLY
const Row kRows[] = {
    {"Valid", ClientCertificate::valid, ""},
    {"WrongCa", ClientCertificate::wrong_ca, "error 20 at 1 depth lookup"},
    {"Expired", ClientCertificate::expired, "error 10 at 0 depth lookup"},
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

class ClientIdentityTest : public testing::TestWithParam<Row> {
 protected:
  void SetUp() override {
    if (!is_installed("openssl")) GTEST_SKIP() << "the openssl program is not installed";
    write_file(chain_, identity_->chain_pem);
    write_file(key_, identity_->key_pem);
    write_file(anchors_, to_pem(identity_->anchors->anchors_der()));
  }

  // As a server that holds the anchors: rules as a whole, or without the one that is broken.
  ProgramResult verified(const std::string& purpose, bool relaxed) {
    const bool expired = relaxed && GetParam().kind == ClientCertificate::expired;
    const bool wrong_ca = relaxed && GetParam().kind == ClientCertificate::wrong_ca;
    std::string rules = expired
                            ? " -no_check_time"
                            : " -attime " + std::to_string(kTestClock.time_since_epoch().count());
    // Whoever trusts that other authority: its intermediate is in the chain.
    if (wrong_ca) rules += " -partial_chain";
    return run_program("openssl verify -auth_level 2 -no-CApath -no-CAstore -purpose " + purpose +
                       rules + " -CAfile " + (wrong_ca ? chain_ : anchors_).string() +
                       " -untrusted " + chain_.string() + " " + chain_.string());
  }
  std::string told(const std::string& what) { return run_program("openssl " + what).output; }

  Mint mint_{kTestClock};
  std::shared_ptr<const ClientIdentity> identity_ = mint_.client(GetParam().kind, kUser);
  TemporaryFolder folder_;
  std::filesystem::path chain_ = folder_.path() / "chain.pem";
  std::filesystem::path key_ = folder_.path() / "key.pem";
  std::filesystem::path anchors_ = folder_.path() / "anchors.pem";
};

TEST_P(ClientIdentityTest, HasItsOneFlawAndNoOther) {
  const std::string found = GetParam().found;
  const ProgramResult strict = verified("sslclient", false);
  EXPECT_EQ(strict.status == 0, found.empty()) << strict.output;
  const std::size_t at = strict.output.find("error ");
  EXPECT_EQ(at == std::string::npos ? "" : strict.output.substr(at, found.size()), found)
      << strict.output;
  const ProgramResult relaxed = verified("sslclient", true);
  EXPECT_EQ(relaxed.status, 0) << relaxed.output;
}

TEST_P(ClientIdentityTest, IsIssuedToTheUserForClientAuthenticationAlone) {
  const std::string text =
      told("x509 -noout -subject -ext extendedKeyUsage,subjectAltName -nameopt RFC2253 -in " +
           chain_.string());
  EXPECT_NE(text.find("subject=CN=scheduler\n"), std::string::npos) << text;
  EXPECT_NE(text.find("TLS Web Client Authentication\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("Server"), std::string::npos) << text;
  EXPECT_EQ(text.find("DNS:"), std::string::npos) << text;
  // 26: INVALID_PURPOSE
  const ProgramResult as_server = verified("sslserver", true);
  EXPECT_NE(as_server.output.find("error 26 at 0 depth"), std::string::npos) << as_server.output;
}

TEST_P(ClientIdentityTest, TheKeyIsThatOfTheCertificate) {
  const std::string of_certificate = told("x509 -noout -pubkey -in " + chain_.string());
  EXPECT_NE(of_certificate.find("BEGIN PUBLIC KEY"), std::string::npos) << of_certificate;
  EXPECT_EQ(of_certificate, told("pkey -pubout -in " + key_.string()));
  EXPECT_TRUE(identity_->key_pem.starts_with("-----BEGIN PRIVATE KEY-----")) << "not encrypted";
}

INSTANTIATE_TEST_SUITE_P(All, ClientIdentityTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ClientIdentity, EveryKindHasItsRow) {
  EXPECT_EQ(std::size(kRows), kClientCertificates.size() - 1);
  Mint mint(kTestClock);
  EXPECT_EQ(mint.client(ClientCertificate::none, kUser), nullptr);
}

TEST(ClientIdentity, IsMadeOnceForEachKindAndUser) {
  Mint mint(kTestClock);
  const auto valid = mint.client(ClientCertificate::valid, kUser);
  EXPECT_EQ(mint.client(ClientCertificate::valid, kUser), valid);
  EXPECT_NE(mint.client(ClientCertificate::valid, "other")->chain_pem, valid->chain_pem);
  EXPECT_NE(mint.client(ClientCertificate::expired, kUser)->chain_pem, valid->chain_pem);
  EXPECT_NE(mint.client(ClientCertificate::wrong_ca, kUser)->chain_pem, valid->chain_pem);
}

// A server holds one set of anchors, whatever the client shows.
TEST(ClientIdentity, ServersHoldTheSameAnchorsForEach) {
  Mint mint(kTestClock);
  const auto valid = mint.client(ClientCertificate::valid, kUser);
  for (const auto kind : {ClientCertificate::wrong_ca, ClientCertificate::expired}) {
    EXPECT_EQ(mint.client(kind, kUser)->anchors->anchors_der(), valid->anchors->anchors_der())
        << word(kind);
  }
}

}  // namespace
}  // namespace startle::certs
