#include "certs/jks.h"

#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"
#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/program_for_test.h"

namespace startle::certs {
namespace {

// Written by OpenJDK 17 (java.security.KeyStore) for an empty store and the password "changeit".
TEST(Jks, AnEmptyStoreIsTheBytesJavaWrites) {
  EXPECT_EQ(to_hex(write_jks({}, "changeit", kTestClock)),
            "feedfeed0000000200000000"
            "e2686e45fb43dfa4d992dd41ceb6b21c6330d792");
}

TEST(Jks, TheSameArgumentsGiveTheSameBytes) {
  const auto store = [](const char* password) {
    return write_jks({{"a", "der"}}, password, kTestClock);
  };
  EXPECT_EQ(store("secret"), store("secret"));
  EXPECT_NE(store("secret"), store("secrets"));
}

struct RefusalRow {
  std::vector<std::pair<std::string, std::string>> trusted{};
  std::string password{};
  const char* complaint = "";
};

TEST(Jks, SaysWhatItCannotWrite) {
  for (const RefusalRow& row : {
           RefusalRow{{{"a", ""}, {"A", ""}}, "", "key store: the alias `a` stands twice"},
           {{{"", ""}}, "", "key store: an alias has 1 to 65535 characters"},
           {{{"a b", ""}}, "", "key store: an alias is printable ASCII without blanks"},
           {{}, "\xff", "key store: the password is not UTF-8"},
           {{}, "\xc3", "key store: the password is not UTF-8"},
           {{}, "\xe0\x80\x80", "key store: the password is not UTF-8"},
           {{}, "\xed\xa0\x80", "key store: the password is not UTF-8"},
           {{}, "\xf4\x90\x80\x80", "key store: the password is not UTF-8"},
       }) {
    try {
      write_jks(row.trusted, row.password, kTestClock);
      ADD_FAILURE() << "no complaint, but expected: " << row.complaint;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::usage);
      EXPECT_STREQ(e.what(), row.complaint);
    }
  }
}

TEST(Jks, KeytoolReadsIt) {
  if (!is_installed("keytool")) GTEST_SKIP() << "Java's keytool is not installed";
  Mint mint(kTestClock);
  const auto& valid = *mint.chain(recipe_called("valid"), kTestHost);
  const auto& unknown = *mint.chain(recipe_called("unknown-ca"), kTestHost);
  const TemporaryFolder folder;
  const auto file = folder.path() / "trust.jks";
  // Beyond ASCII, and beyond 16 bits: the digest is over UTF-16.
  const std::string password = "p\xc3\xa4ss\xf0\x9f\x94\x91!";
  write_file(file, write_jks({{"startle", valid.anchors_der.front()},
                              {"Smtp.Example.Test", unknown.all_der.back()}},
                             password, kTestClock));
  write_file(folder.path() / "password", password);
  const auto list = [&](const std::string& password_option) {
    return run_program(
        "LC_ALL=C.UTF-8 keytool -J-Dfile.encoding=UTF-8 -J-Duser.timezone=UTC -J-Duser.language=en "
        "-list -rfc -storetype JKS -keystore " +
        file.string() + " " + password_option);
  };
  const ProgramResult listed = list("-storepass:file " + (folder.path() / "password").string());
  EXPECT_EQ(listed.status, 0) << listed.output;
  for (const char* expected :
       {"contains 2 entries", "Alias name: startle", "Alias name: smtp.example.test",
        "Creation date: Jun 15, 2030", "Entry type: trustedCertEntry"}) {
    EXPECT_NE(listed.output.find(expected), std::string::npos) << expected << listed.output;
  }
  const std::string first_line = to_pem({unknown.all_der.back()}).substr(28, 64);
  EXPECT_NE(listed.output.find(first_line), std::string::npos) << listed.output;

  const ProgramResult refused = list("-storepass wrong-password");
  EXPECT_NE(refused.status, 0);
  EXPECT_NE(refused.output.find("password was incorrect"), std::string::npos) << refused.output;
}

}  // namespace
}  // namespace startle::certs
