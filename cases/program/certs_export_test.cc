// `startle certs export`, from outside: what is in the folder, who may read it, and whether another
// library can.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <set>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"
#include "harness/base/process_for_test.h"
#include "harness/customer/store/store.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kLongest = 64 << 20;

unsigned mode_of(const fs::path& file) {
  struct stat about {};
  EXPECT_EQ(::stat(file.c_str(), &about), 0) << file;
  return about.st_mode & 0777U;
}

ProgramRun exported(const fs::path& folder, std::vector<std::string> more) {
  more.insert(more.begin(), {"certs", "export", folder.string()});
  return run_startle(more);
}

Json index_of(const fs::path& folder) {
  return Json::parse(read_file(folder / "index.json", kLongest));
}

std::set<std::string> files_below(const fs::path& folder) {
  std::set<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.insert(entry.path().lexically_relative(folder).string());
  }
  return files;
}

ProcessEnd openssl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "openssl");
  return Process(arguments).wait();
}

TEST(CertsExport, WritesWhatItsIndexSays) {
  const TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "new" / "certificates";
  const ProgramRun run = exported(
      folder, {"expired", "revoked-by-crl", "staple-good", "truncated", "--name", "mail.a.test"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.out + run.err, "");
  const Json index = index_of(folder);
  EXPECT_EQ(index.at("format"), 1);
  EXPECT_EQ(index.at("name"), "mail.a.test");
  EXPECT_EQ(index.at("skipped"), Json::array());
  ASSERT_EQ(index.at("certificates").size(), 4U);
  std::set<std::string> named{"index.json"};
  for (const Json& one : index.at("certificates")) {
    const std::string id = one.at("id");
    EXPECT_EQ(one.at("files").at("chain"), id + "/chain.pem");
    EXPECT_EQ(one.at("files").at("key"), id + "/key.pem");
    EXPECT_EQ(one.at("files").at("ca"), id + "/ca.pem");
    EXPECT_EQ(one.at("files").contains("crl"), id == "revoked-by-crl");
    EXPECT_EQ(one.at("files").contains("staple"), id == "staple-good");
    EXPECT_EQ(mode_of(folder / id / "key.pem"), 0600U);
    EXPECT_EQ(one.at("reason"), tree_catalogue().recipe(id).reason);
    for (const auto& [what, file] : one.at("files").items()) named.insert(file.get<std::string>());
  }
  EXPECT_EQ(files_below(folder), named);
}

TEST(CertsExport, OpensslReadsThem) {
  if (!is_installed("openssl")) GTEST_SKIP() << "needs openssl (apt-get install openssl)";
  const TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "x";
  ASSERT_EQ(exported(folder, {"valid", "expired", "revoked-by-crl", "staple-good"}).status, 0);
  const auto verified = [&](const std::string& id, std::vector<std::string> more) {
    std::vector<std::string> words{"verify", "-CAfile", folder / id / "ca.pem", "-untrusted",
                                   folder / id / "chain.pem"};
    words.insert(words.end(), more.begin(), more.end());
    words.push_back(folder / id / "chain.pem");
    const ProcessEnd end = openssl(words);
    return end.output + end.errors;
  };
  EXPECT_NE(verified("valid", {"-verify_hostname", "smtp.example.test"}).find("chain.pem: OK"),
            std::string::npos);
  EXPECT_NE(verified("expired", {}).find("certificate has expired"), std::string::npos);
  EXPECT_NE(
      verified("revoked-by-crl", {"-crl_check", "-CRLfile", folder / "revoked-by-crl" / "crl.pem"})
          .find("certificate revoked"),
      std::string::npos);
  const ProcessEnd staple =
      openssl({"ocsp", "-respin", folder / "staple-good" / "staple.der", "-text", "-noverify"});
  EXPECT_NE(staple.output.find("Cert Status: good"), std::string::npos)
      << staple.output << staple.errors;
  // The key is the certificate's.
  const fs::path key = folder / "valid" / "key.pem";
  const std::string of_key = openssl({"pkey", "-in", key, "-pubout"}).output;
  const std::string of_certificate =
      openssl({"x509", "-in", folder / "valid" / "chain.pem", "-noout", "-pubkey"}).output;
  EXPECT_NE(of_key, "");
  EXPECT_EQ(of_key, of_certificate);
}

TEST(CertsExport, AsPkcs12) {
  if (!is_installed("openssl")) GTEST_SKIP() << "needs openssl (apt-get install openssl)";
  const TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "x";
  ASSERT_EQ(exported(folder, {"expired", "--format", "pkcs12"}).status, 0);
  const Json index = index_of(folder);
  const std::string password = index.at("password");
  const Json& files = index.at("certificates").at(0).at("files");
  EXPECT_EQ(files, Json({{"pkcs12", "expired/expired.p12"},
                         {"truststore", "expired/truststore.p12"},
                         {"ca", "expired/ca.pem"}}));
  const fs::path store = folder / "expired" / "expired.p12";
  EXPECT_EQ(mode_of(store), 0600U);
  const ProcessEnd read =
      openssl({"pkcs12", "-in", store, "-passin", "pass:" + password, "-nodes"});
  EXPECT_EQ(read.status, 0) << read.errors;
  EXPECT_NE(read.output.find("subject=CN = smtp.example.test"), std::string::npos) << read.output;
  EXPECT_NE(read.output.find("-----BEGIN PRIVATE KEY-----"), std::string::npos);
}

// What Java is given: the authority that ca.pem holds; of a certificate that signed itself, that.
TEST(CertsExport, TrustStores) {
  for (const auto& [format, name] :
       {std::pair{"pkcs12", "truststore.p12"}, {"jks", "truststore.jks"}}) {
    const TemporaryFolder scratch;
    const fs::path folder = scratch.path() / "x";
    ASSERT_EQ(exported(folder, {"valid", "self-signed", "--format", format}).status, 0);
    const std::string password = index_of(folder).at("password");
    for (const char* id : {"valid", "self-signed"}) {
      const fs::path file = folder / id / name;
      EXPECT_EQ(mode_of(file) & 0133U, 0U) << "no secret, but nobody else's to change";
      const customer::Store store = customer::read_store_file(file, password);
      EXPECT_EQ(word(store.format), format);
      EXPECT_TRUE(store.verified);
      ASSERT_EQ(store.entries.size(), 1U);
      EXPECT_TRUE(store.entries[0].trusted);
      EXPECT_EQ(store.entries[0].alias, "startle-1");
      const auto authority = customer::read_store_file(folder / id / "ca.pem", std::nullopt);
      EXPECT_EQ(store.entries[0].der == authority.entries.at(0).der, std::string(id) == "valid");
      EXPECT_EQ(mode_of(folder / id / (std::string(id) + ".p12")), 0600U);
    }
  }
}

TEST(CertsExport, EveryCertificateCanBeExported) {
  const TemporaryFolder scratch;
  const ProgramRun run = exported(scratch.path() / "x", {});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(index_of(scratch.path() / "x").at("certificates").size(),
            tree_catalogue().recipe_ids().size());
}

// Also those that nobody can read; a password costs a tenth of a second each.
TEST(CertsExport, WhatIsNoCertificateAsPkcs12) {
  const TemporaryFolder scratch;
  const ProgramRun run =
      exported(scratch.path() / "x",
               {"truncated", "trailing-bytes", "huge-names", "long-chain", "--format", "pkcs12"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(index_of(scratch.path() / "x").at("certificates").size(), 4U);
}

TEST(CertsExport, LeavesAFolderOfOtherFilesAlone) {
  const TemporaryFolder folder;
  write_file(folder.path() / "mine.txt", "mine");
  const ProgramRun run = exported(folder.path(), {"expired"});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "startle: " + folder.path().string() +
                         " holds other files: name a folder that is new or empty, or one of an "
                         "earlier export\n");
  EXPECT_EQ(files_below(folder.path()), std::set<std::string>{"mine.txt"});

  write_file(folder.path() / "index.json", "{\"certificates\": 1}");
  EXPECT_EQ(exported(folder.path(), {"expired"}).status, 2) << "an index of somebody else's";
  const fs::path file = folder.path() / "mine.txt";
  EXPECT_EQ(exported(file, {"expired"}).err,
            "startle: " + file.string() + " is no folder: name one that is new or empty\n");
}

TEST(CertsExport, ReplacesAnEarlierExportAndNothingElse) {
  const TemporaryFolder folder;
  ASSERT_EQ(exported(folder.path(), {"expired", "mismatched"}).status, 0);
  write_file(folder.path() / "expired" / "notes.txt", "mine");
  ::chmod((folder.path() / "expired" / "key.pem").c_str(), 0644);
  ASSERT_EQ(exported(folder.path(), {"expired"}).status, 0);
  EXPECT_EQ(files_below(folder.path()),
            (std::set<std::string>{"expired/ca.pem", "expired/chain.pem", "expired/key.pem",
                                   "expired/notes.txt", "index.json"}));
  EXPECT_EQ(mode_of(folder.path() / "expired" / "key.pem"), 0600U);
}

TEST(CertsExport, WhatSaysNothingToAHostIsLeftOut) {
  const TemporaryFolder folder;
  const ProgramRun run =
      exported(folder.path(), {"valid", "name-constraint-violated", "--name", "127.0.0.1"});
  EXPECT_EQ(run.status, 0);
  const std::string why =
      certs::inapplicable(tree_catalogue().recipe("name-constraint-violated"), "127.0.0.1");
  EXPECT_EQ(run.err, "startle: name-constraint-violated is left out for 127.0.0.1: " + why + "\n");
  const Json index = index_of(folder.path());
  EXPECT_EQ(index.at("certificates").size(), 1U);
  EXPECT_EQ(index.at("skipped"), Json({{{"id", "name-constraint-violated"}, {"reason", why}}}));
}

// Every command that makes keys keeps them, and leaves the cache alone when told to.
TEST(KeyCache, IsTheUsersOwnUnlessToldNot) {
  const TemporaryFolder scratch;
  const fs::path cache = scratch.path() / "cache";
  const auto run = [&](std::vector<std::string> arguments) {
    const ProgramRun done = run_startle(arguments, {{"XDG_CACHE_HOME", cache.string()}});
    EXPECT_EQ(done.status, 0) << done.err;
  };
  const std::string folder = scratch.path() / "x";
  const std::string cell = "matrix/certificates/mode=smtps/trust=host/certificate=weak-key";
  run({"certs", "show", "weak-key", "--pem", "--no-cache"});
  run({"certs", "export", folder, "weak-key", "--no-cache"});
  run({"run", cell, "--no-cache"});
  EXPECT_FALSE(fs::exists(cache));
  const std::vector<std::vector<std::string>> keepers{{"certs", "show", "weak-key", "--pem"},
                                                      {"certs", "export", folder, "weak-key"},
                                                      {"run", cell}};
  for (const auto& arguments : keepers) {
    run(arguments);
    std::size_t keys = 0;
    for (const auto& entry : fs::recursive_directory_iterator(cache)) {
      if (!entry.is_regular_file()) continue;
      ++keys;
      EXPECT_EQ(mode_of(entry.path()), 0600U) << entry.path();
    }
    EXPECT_GT(keys, 0U) << arguments[0] << " " << arguments[1];
    fs::remove_all(cache);
  }
}

}  // namespace
}  // namespace startle::cases
