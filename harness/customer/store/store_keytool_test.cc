// Stores as keytool and openssl write them. A start of keytool takes half a second, and so the
// stores are made from one another, in one test.

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/base/file.h"
#include "harness/base/program_for_test.h"
#include "harness/customer/store/store.h"
#include "harness/customer/store/store_for_test.h"

namespace startle::customer {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPassword = "changeit";
constexpr const char* kNotAscii = "Geh3im-\xc3\xa4\xc3\x9f\xf0\x9f\x94\x91";

class Keytool : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_installed("keytool")) {
      GTEST_SKIP() << "needs Java (apt-get install default-jre-headless)";
    }
    write_file(folder_.path() / "one.pem", to_pem_for_test(certificate_one()));
    write_file(folder_.path() / "two.pem", to_pem_for_test(certificate_two()));
    write_file(folder_.path() / "ascii", kPassword);
    write_file(folder_.path() / "not-ascii", kNotAscii);
  }
  // In the folder of the stores.
  std::string keytool(const std::string& arguments) const {
    const ProgramResult result =
        run_program("cd '" + folder_.path().string() +
                    "' && LC_ALL=C.UTF-8 keytool -J-Xshare:auto -J-XX:TieredStopAtLevel=1 "
                    "-J-Dfile.encoding=UTF-8 -J-Duser.language=en " +
                    arguments);
    EXPECT_EQ(result.status, 0) << arguments << '\n' << result.output;
    return result.output;
  }
  void import(const std::string& store, const std::string& alias, const std::string& certificate,
              const std::string& password_file = "ascii") const {
    keytool("-importcert -noprompt -alias '" + alias + "' -file " + certificate + " -keystore " +
            store + " -storepass:file " + password_file);
  }
  void convert(const std::string& options) const {
    keytool("-importkeystore -noprompt -srckeystore default.ks -srcstorepass:file ascii " +
            options);
  }
  Store read(const std::string& store, const std::optional<std::string>& password) const {
    return read_store_file(folder_.path() / store, password);
  }
  std::string complaint(const std::string& store, const std::string& password) const {
    try {
      read(store, password);
    } catch (const StoreError& e) {
      return std::string(e.what()).substr((folder_.path() / store).string().size() + 2);
    }
    return "none";
  }
  const fs::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_{};
};

// In the order of the aliases, which Java's JKS is not in.
std::vector<StoreEntry> sorted(const Store& store) {
  std::vector<StoreEntry> entries = store.entries;
  std::sort(entries.begin(), entries.end(),
            [](const StoreEntry& a, const StoreEntry& b) { return a.alias < b.alias; });
  return entries;
}

struct Expected {
  std::string alias{};
  std::string der{};  // empty: any
  bool trusted = true;
};

void expect(const Store& store, StoreFormat format, bool verified,
            const std::vector<Expected>& expected) {
  EXPECT_EQ(word(store.format), word(format));
  EXPECT_EQ(store.verified, verified);
  EXPECT_FALSE(store.locked);
  const std::vector<StoreEntry> entries = sorted(store);
  ASSERT_EQ(entries.size(), expected.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].alias, expected[i].alias);
    EXPECT_EQ(entries[i].trusted, expected[i].trusted) << expected[i].alias;
    EXPECT_EQ(entries[i].of_key, expected[i].alias == "key") << expected[i].alias;
    if (expected[i].der.empty()) {
      EXPECT_GT(entries[i].der.size(), 100U);
    } else {
      EXPECT_TRUE(entries[i].der == expected[i].der) << expected[i].alias;
    }
  }
}

TEST_F(Keytool, WhatItWritesIsRead) {
  import("default.ks", "MailServer", "one.pem");
  import("default.ks", "\xc3\x84\xc3\x96 umlaut", "two.pem");
  keytool(
      "-genkeypair -keyalg EC -alias key -dname CN=k -keystore default.ks -storepass:file ascii");
  convert("-destkeystore key.jks -deststoretype JKS -deststorepass:file ascii");
  convert("-destkeystore key.jceks -deststoretype JCEKS -deststorepass:file ascii");
  convert("-destkeystore legacy.ks -J-Dkeystore.pkcs12.legacy -deststorepass:file ascii");
  convert(
      "-destkeystore open.ks -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE "
      "-J-Dkeystore.pkcs12.macAlgorithm=NONE -deststorepass:file ascii");
  import("not-ascii.jks -storetype JKS", "MailServer", "one.pem", "not-ascii");

  const std::vector<Expected> as_given{{"MailServer", certificate_one()},
                                       {"key", "", false},
                                       {"\xc3\x84\xc3\x96 umlaut", certificate_two()}};
  const std::vector<Expected> lower_case{{"key", "", false},
                                         {"mailserver", certificate_one()},
                                         {"\xc3\xa4\xc3\xb6 umlaut", certificate_two()}};
  const auto copied = [&](const char* store) { return read(store, kPassword); };
  expect(copied("default.ks"), StoreFormat::pkcs12, true, as_given);
  expect(copied("key.jks"), StoreFormat::jks, true, lower_case);
  expect(copied("key.jceks"), StoreFormat::jceks, true, lower_case);
  expect(copied("legacy.ks"), StoreFormat::pkcs12, true, lower_case);
  expect(copied("open.ks"), StoreFormat::pkcs12, false, lower_case);
  expect(read("open.ks", "another"), StoreFormat::pkcs12, false, lower_case);
  expect(read("open.ks", std::nullopt), StoreFormat::pkcs12, false, lower_case);
  expect(read("not-ascii.jks", kNotAscii), StoreFormat::jks, true,
         {{"mailserver", certificate_one()}});
  expect(read("key.jks", std::nullopt), StoreFormat::jks, false, lower_case);

  for (const char* store : {"default.ks", "legacy.ks"}) {
    const Store locked = read(store, std::nullopt);
    EXPECT_TRUE(locked.locked);
    EXPECT_FALSE(locked.verified);
    EXPECT_EQ(locked.entries.size(), 0U);
    EXPECT_EQ(
        complaint(store, "another"),
        "its MAC does not match: the password is wrong (keytool's habit is `changeit`), or the "
        "store was changed. Try `keytool -list -keystore " +
            (folder() / store).string() + "`");
  }
  for (const char* store : {"key.jks", "key.jceks", "not-ascii.jks"}) {
    EXPECT_EQ(
        complaint(store, "another"),
        "its digest does not match: the password is wrong (keytool's habit is `changeit`), or "
        "the store was changed. Try `keytool -list -keystore " +
            (folder() / store).string() + "`");
  }
}

// A secret key among the trusted certificates: the limitation, and the way out of it.
TEST_F(Keytool, ASecretKeyIsNamed) {
  keytool(
      "-genseckey -keyalg AES -keysize 128 -alias secret -storetype JCEKS -keystore s.jceks "
      "-storepass:file ascii");
  EXPECT_EQ(complaint("s.jceks", kPassword),
            "holds the secret key `secret`, a serialised Java object that only Java can read past: "
            "move it to a store of its own, and remove it with `keytool -delete -storetype JCEKS "
            "-keystore " +
                (folder() / "s.jceks").string() + " -alias ALIAS`");
}

TEST_F(Keytool, ReadsAsManyAuthoritiesAsStandInDebiansStore) {
  const fs::path cacerts = "/etc/ssl/certs/java/cacerts";
  if (!fs::exists(cacerts)) {
    GTEST_SKIP() << "needs Debian's cacerts (apt-get install ca-certificates-java)";
  }
  const Store store = read_store_file(cacerts, kPassword);
  EXPECT_TRUE(store.verified);
  const std::string listed =
      keytool("-list -keystore " + cacerts.string() + " -storepass:file ascii");
  EXPECT_NE(listed.find("contains " + std::to_string(store.entries.size()) + " entries"),
            std::string::npos)
      << store.entries.size() << '\n'
      << listed.substr(0, 300);
  for (const StoreEntry& entry : store.entries) EXPECT_TRUE(entry.trusted) << entry.alias;
}

TEST(Openssl, WritesWhatJavaDoesNotTrust) {
  if (!is_installed("openssl")) GTEST_SKIP() << "needs openssl (apt-get install openssl)";
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "store.p12";
  write_file(folder.path() / "one.pem",
             to_pem_for_test(certificate_one()) + to_pem_for_test(certificate_two()));
  const ProgramResult made = run_program(
      "cd '" + folder.path().string() +
      "' && openssl pkcs12 -export -nokeys -in one.pem -name CA -out store.p12 -passout "
      "pass:changeit");
  ASSERT_EQ(made.status, 0) << made.output;
  const Store store = read_store_file(file, kPassword);
  EXPECT_TRUE(store.verified);
  ASSERT_EQ(store.entries.size(), 2U);
  EXPECT_TRUE(store.entries[0].der == certificate_one());
  EXPECT_TRUE(store.entries[1].der == certificate_two());
  EXPECT_FALSE(store.entries[0].trusted || store.entries[1].trusted);
}

}  // namespace
}  // namespace startle::customer
