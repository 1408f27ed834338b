#include "certs/pkcs12.h"

#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/key_pool.h"
#include "certs/mint.h"
#include "certs/signature.h"
#include "harness/base/file.h"
#include "harness/base/program_for_test.h"

namespace startle::certs {
namespace {

constexpr const char* kPassword = "changeit";

class Pkcs12 : public testing::Test {
 protected:
  // What `openssl pkcs12 OPTIONS` says of the store of this recipe.
  ProgramResult openssl(const std::string& id, const std::string& options,
                        const std::string& password = kPassword) {
    Mint mint(kTestClock);
    chain_ = mint.chain(recipe_called(id), kTestHost);
    const auto file = folder_.path() / "store.p12";
    write_file(file, write_pkcs12(chain_->leaf_key_pem, chain_->sent_der, kPassword, id));
    return run_program("openssl pkcs12 -in " + file.string() + " -passin pass:" + password + " " +
                       options);
  }
  void SetUp() override {
    if (!is_installed("openssl")) GTEST_SKIP() << "needs openssl (apt-get install openssl)";
  }

  TemporaryFolder folder_{};
  std::shared_ptr<const Chain> chain_{};
};

// The certificates of a PEM text, without what stands between them.
std::string certificates_in(const std::string& text) {
  std::string found;
  const std::string begin = "-----BEGIN CERTIFICATE-----";
  const std::string end = "-----END CERTIFICATE-----\n";
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
    found += text.substr(at, text.find(end, at) + end.size() - at);
  }
  return found;
}

TEST_F(Pkcs12, HoldsTheChainInItsOrderAndTheKey) {
  const ProgramResult certificates = openssl("valid", "-nokeys");
  EXPECT_EQ(certificates.status, 0) << certificates.output;
  EXPECT_EQ(certificates_in(certificates.output), to_pem(chain_->sent_der));
  EXPECT_NE(certificates.output.find("friendlyName: valid"), std::string::npos);
  const ProgramResult key = openssl("valid", "-nocerts -nodes");
  // OpenSSL writes it otherwise: it leaves out what the algorithm says already.
  EXPECT_EQ(public_key_info(key_from_pem(key.output).get()),
            public_key_info(key_from_pem(chain_->leaf_key_pem).get()));
}

TEST_F(Pkcs12, IsProtectedByItsPassword) {
  const ProgramResult result = openssl("valid", "-nokeys", "another");
  EXPECT_NE(result.status, 0);
  EXPECT_NE(result.output.find("invalid password"), std::string::npos) << result.output;
}

// Nothing is put right on the way: the bytes are those that the server sends.
TEST_F(Pkcs12, HoldsWhatNobodyCanRead) {
  Mint mint(kTestClock);
  const auto chain = mint.chain(recipe_called("truncated"), kTestHost);
  const std::string store = write_pkcs12(chain->leaf_key_pem, chain->sent_der, kPassword, "x");
  EXPECT_GT(store.size(), chain->sent_der[0].size() + chain->sent_der[1].size());
  const ProgramResult info = openssl("truncated", "-info -noout");
  EXPECT_NE(info.output.find("MAC: sha256"), std::string::npos) << info.output;
}

TEST_F(Pkcs12, JavaFindsTheKeyWithItsChain) {
  if (!is_installed("keytool")) GTEST_SKIP() << "needs Java (apt-get install default-jre-headless)";
  ASSERT_EQ(openssl("valid", "-nokeys").status, 0);
  const ProgramResult listed = run_program("keytool -list -v -storepass " + std::string(kPassword) +
                                           " -keystore " + (folder_.path() / "store.p12").string());
  EXPECT_EQ(listed.status, 0) << listed.output;
  EXPECT_NE(listed.output.find("Entry type: PrivateKeyEntry"), std::string::npos) << listed.output;
  EXPECT_NE(listed.output.find("Certificate chain length: 2"), std::string::npos) << listed.output;
}

}  // namespace
}  // namespace startle::certs
