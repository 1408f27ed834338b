#pragma once
// Folders with the store of a host in them, and what has to be said of each.

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/customer/home/home.h"
#include "harness/customer/store/store_for_test.h"
#include "harness/tls/clock.h"

namespace startle::customer {

namespace fs = std::filesystem;

inline constexpr const char* kHost = "mail.example.com";

// The store of a host with one certificate.
inline std::string jks(const std::string& password = "changeit") {
  return write(
      JksForTest{.entries = {trusted_entry("mail", certificate_one())}, .password = password});
}

inline std::string pkcs12(const std::string& alias = "mail", bool trusted = true) {
  return write(Pkcs12ForTest{.entries = {{alias, certificate_one(), trusted}}});
}

// `text` with each DIR made the folder of the test.
inline std::string at(const fs::path& folder, std::string text) {
  for (std::size_t i = text.find("DIR"); i != std::string::npos; i = text.find("DIR", i)) {
    text.replace(i, 3, folder.string());
  }
  return text;
}

struct ExpectedDiagnosis {
  StoreProblem problem = StoreProblem::missing;
  std::string file{};
  std::string sentence{};
  Commands remedy{};
};

struct HomeRow {
  const char* name;
  std::function<void(const fs::path& keystore)> arrange;
  std::string axis;
  std::vector<ExpectedDiagnosis> expected;
  std::optional<std::string> password{};
  StoreUse use{};
  std::string host = kHost;
};

inline void PrintTo(const HomeRow& row, std::ostream* out) {
  *out << row.name;
}

// What is found in a folder that `row` has arranged, against what it expects.
inline void expect_found(const HomeRow& row) {
  tls::set_run_clock(std::chrono::sys_days(std::chrono::year{2030} / 6 / 1));
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "keystore");
  row.arrange(folder.path() / "keystore");
  const FoundStore found = find_host_store(folder.path(), row.host, row.password, row.use);
  EXPECT_EQ(axis_value(found), row.axis);
  ASSERT_EQ(found.diagnoses.size(), row.expected.size())
      << (found.diagnoses.empty() ? "" : found.diagnoses.back().sentence);
  for (std::size_t i = 0; i < row.expected.size(); ++i) {
    const StoreDiagnosis& said = found.diagnoses[i];
    EXPECT_EQ(word(said.problem), word(row.expected[i].problem));
    EXPECT_EQ(said.file, at(folder.path(), row.expected[i].file));
    EXPECT_EQ(said.sentence, at(folder.path(), row.expected[i].sentence));
    Commands remedy = row.expected[i].remedy;
    for (std::string& line : remedy) line = at(folder.path(), line);
    EXPECT_EQ(said.remedy, remedy);
  }
}

inline auto file(const std::string& name, const std::string& content) {
  return [=](const fs::path& keystore) { write_file(keystore / name, content); };
}
inline auto own_file(const std::string& content) {
  return file("mail.example.com.ks", content);
}

inline const std::string kFile = "DIR/keystore/mail.example.com.ks";
inline const std::string kInto = "-keystore " + kFile;
inline const std::string kBackup =
    "# first, where a backup or whoever made it has a copy: put that here, in binary";

// The last remedy of all.
inline Commands from_network(const Commands& before = {},
                             const std::string& alias = "mail.example.com",
                             const std::string& into = kInto,
                             const std::string& at = "-connect mail.example.com:465") {
  Commands all{
      "# last, where nobody has the certificate in a file: what the network shows now",
      "openssl s_client " + at + " -showcerts </dev/null >mail.example.com-shown.pem",
      "keytool -printcert -file mail.example.com-shown.pem",
      "# go on only where the operator of mail.example.com has told this fingerprint, SHA-256: "
      "somebody may stand between"};
  all.insert(all.end(), before.begin(), before.end());
  all.push_back("keytool -importcert -alias " + alias + " -file mail.example.com-shown.pem " +
                into);
  return all;
}

// Where no file stands in the store's place: a folder, a link into nothing.
inline Commands made_in_place() {
  Commands all = from_network({"mv " + kFile + " " + kFile + ".old"});
  all.insert(all.begin(), kBackup);
  return all;
}
inline Commands written_anew(Commands before) {
  before.push_back("cp -p " + kFile + " " + kFile + ".old");
  before.push_back("cat " + kFile + ".new >" + kFile);
  return before;
}
inline Commands made_anew() {
  Commands all = written_anew(from_network({}, "mail.example.com", "-keystore " + kFile + ".new"));
  all.insert(all.begin(), kBackup);
  return all;
}
inline Commands rights_of(const std::string& path) {
  return {"ls -ld " + path,
          "# give the user that the product runs as the right to read it, and nobody else"};
}
inline const std::string kRefused =
    ": Java cannot open it and refuses every connection, whatever `trust` says";

inline ExpectedDiagnosis missing_with(const std::string& others) {
  return {StoreProblem::missing, kFile,
          kFile + " is missing" + others +
              ": Java trusts what its cacerts holds and says nothing of it; the certificate of a "
              "known authority needs nothing more",
          from_network()};
}

inline ExpectedDiagnosis misnamed_as(const std::string& name, const std::string& why,
                                     const std::string& in_shell = "",
                                     const std::string& mend_with = "mv") {
  const std::string path = "DIR/keystore/" + name;
  const std::string shown = in_shell.empty() ? path : in_shell;
  return {StoreProblem::misnamed,
          path,
          shown + " does not serve mail.example.com: " + why + ", and Java opens exactly " + kFile,
          {mend_with + " " + shown + " " + kFile}};
}

inline ExpectedDiagnosis refused_for(StoreProblem problem, const std::string& what) {
  return {problem, kFile, kFile + " " + what + kRefused, made_anew()};
}

}  // namespace startle::customer
