#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"
#include "certs/pkcs12.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/program_for_test.h"
#include "harness/customer/store/store.h"

namespace startle::certs {
namespace {

using namespace std::string_literals;

constexpr const char* kPassword = "changeit";
constexpr int kFew = 2;  // iterations

TEST(Pkcs12TrustStore, IsReadBack) {
  Mint mint(kTestClock);
  const std::vector<std::string> chain = mint.chain(recipe_called("valid"), kTestHost)->all_der;
  const std::string store = write_pkcs12_truststore(
      {{"Leaf", chain.front()}, {"\xc3\x84 root \xf0\x9f\x94\x91", chain.back()}}, kPassword, kFew);
  const customer::Store read = customer::read_store(store, kPassword, "store");
  EXPECT_TRUE(read.verified);
  ASSERT_EQ(read.entries.size(), 2U);
  EXPECT_EQ(read.entries[0].alias, "Leaf");
  EXPECT_EQ(read.entries[0].der, chain.front());
  EXPECT_EQ(read.entries[1].alias, "\xc3\x84 root \xf0\x9f\x94\x91");
  EXPECT_EQ(read.entries[1].der, chain.back());
  EXPECT_TRUE(read.entries[0].trusted && read.entries[1].trusted);
  EXPECT_TRUE(customer::read_store(store, std::nullopt, "store").locked);
  EXPECT_TRUE(customer::read_store(write_pkcs12_truststore({}, kPassword, kFew), kPassword, "store")
                  .entries.empty());
}

struct RefusalRow {
  std::vector<std::pair<std::string, std::string>> trusted{};
  std::string password{};
  const char* complaint = "";
};

TEST(Pkcs12TrustStore, SaysWhatItCannotWrite) {
  const std::string empty = "\x30\x00"s;
  for (const RefusalRow& row : {
           RefusalRow{{{"a", empty}, {"A", empty}}, "", "key store: the alias `A` stands twice"},
           {{{"", empty}}, "", "key store: an alias is UTF-8, and not empty"},
           {{{"\xc3", empty}}, "", "key store: an alias is UTF-8, and not empty"},
           {{{"a", "\x30\x01"}}, "", "key store: `a` is no certificate in DER"},
           {{{"a", empty + "x"}}, "", "key store: `a` is no certificate in DER"},
           {{{"a", "\x02\x01\x01"}}, "", "key store: `a` is no certificate in DER"},
           {{{"a", ""}}, "", "key store: `a` is no certificate in DER"},
           {{},
            "p\xc3\xa4ss",
            "key store: the password is ASCII, as Java takes no other in PKCS #12"},
       }) {
    try {
      write_pkcs12_truststore(row.trusted, row.password, kFew);
      ADD_FAILURE() << "no complaint, but expected: " << row.complaint;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::usage);
      EXPECT_STREQ(e.what(), row.complaint);
    }
  }
}

TEST(Pkcs12TrustStore, KeytoolReadsIt) {
  if (!is_installed("keytool")) GTEST_SKIP() << "needs Java (apt-get install default-jre-headless)";
  Mint mint(kTestClock);
  const std::vector<std::string> chain = mint.chain(recipe_called("valid"), kTestHost)->all_der;
  const TemporaryFolder folder;
  const auto file = folder.path() / "trust.p12";
  write_file(file,
             write_pkcs12_truststore({{"Leaf", chain.front()}, {"root", chain.back()}}, kPassword));
  const ProgramResult listed = run_program("keytool -J-Duser.language=en -list -rfc -storepass " +
                                           std::string(kPassword) + " -keystore " + file.string());
  EXPECT_EQ(listed.status, 0) << listed.output;
  for (const char* expected : {"Keystore type: PKCS12", "contains 2 entries", "Alias name: leaf",
                               "Alias name: root", "Entry type: trustedCertEntry"}) {
    EXPECT_NE(listed.output.find(expected), std::string::npos) << expected << listed.output;
  }
  for (const std::string& der : {chain.front(), chain.back()}) {
    const std::string first_line = to_pem({der}).substr(28, 64);
    EXPECT_NE(listed.output.find(first_line), std::string::npos) << listed.output;
  }
}

}  // namespace
}  // namespace startle::certs
