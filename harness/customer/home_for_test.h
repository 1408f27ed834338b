#pragma once
// Folders with the store of a host in them, and what has to be said of each.

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/customer/home.h"
#include "harness/customer/store_for_test.h"
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
  std::string remedy{};
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
    EXPECT_EQ(said.remedy, at(folder.path(), row.expected[i].remedy));
  }
}

inline auto file(const std::string& name, const std::string& content) {
  return [=](const fs::path& keystore) { write_file(keystore / name, content); };
}
inline auto own_file(const std::string& content) {
  return file("mail.example.com.ks", content);
}

inline const std::string kFile = "DIR/keystore/mail.example.com.ks";
inline const std::string kFetch =
    "openssl s_client -connect mail.example.com:465 -showcerts </dev/null >mail.example.com.pem";
inline const std::string kImport =
    "keytool -importcert -noprompt -trustcacerts -alias mail.example.com -file "
    "mail.example.com.pem -keystore DIR/keystore/mail.example.com.ks";
inline const std::string kAnew =
    kFetch + " && mv DIR/keystore/mail.example.com.ks DIR/keystore/mail.example.com.ks.old && " +
    kImport;
inline const std::string kRefused =
    ": Java cannot open it and refuses every connection, whatever `trust` says";

inline ExpectedDiagnosis missing_with(const std::string& others) {
  return {StoreProblem::missing, kFile,
          kFile + " is missing" + others +
              ": Java trusts what its cacerts holds and says nothing of it; the certificate of a "
              "known authority needs nothing more",
          kFetch + " && " + kImport};
}

inline ExpectedDiagnosis misnamed_as(const std::string& name, const std::string& why,
                                     const std::string& in_shell = "",
                                     const std::string& mend_with = "mv") {
  const std::string path = "DIR/keystore/" + name;
  const std::string shown = in_shell.empty() ? path : in_shell;
  return {StoreProblem::misnamed, path,
          shown + " does not serve mail.example.com: " + why + ", and Java opens exactly " + kFile,
          mend_with + " " + shown + " " + kFile};
}

inline ExpectedDiagnosis refused_for(StoreProblem problem, const std::string& what) {
  return {problem, kFile, kFile + " " + what + kRefused, kAnew};
}

}  // namespace startle::customer
