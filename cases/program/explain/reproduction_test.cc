// What is printed to be typed runs as it stands, and shows what it says that it shows.

#include "cases/program/explain/reproduction.h"

#include <gtest/gtest.h>

#include <set>

#include "cases/engine/catalogue.h"
#include "cases/engine/startle_for_test.h"
#include "cases/program/explain/explain_subject.h"
#include "harness/base/file.h"
#include "harness/base/process_for_test.h"
#include "harness/base/program_for_test.h"
#include "harness/base/shell_word.h"

namespace startle::program {
namespace {

// The script, read by sh in a folder of its own; its server ends with it.
ProcessEnd typed(const std::vector<std::string>& lines) {
  const TemporaryFolder folder;
  const std::filesystem::path program = folder.path() / "startle";
  write_file(program, "#!/bin/sh\nexec " + shell_word(std::string(STARTLE_PROGRAM)) + " \"$@\"\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  std::string script = "cd " + shell_word(folder.path().string()) + "\nPATH=$PWD:$PATH\n";
  for (const std::string& line : lines) script += line + "\n";
  script += "status=$?\n[ -z \"$!\" ] || kill \"$!\" 2>/dev/null\nwait\nexit $status\n";
  return Process({"sh", "-c", script}).wait();
}

class ReproductionTest : public testing::TestWithParam<const char*> {};

TEST_P(ReproductionTest, RunsAsItStands) {
  cases::Catalogue catalogue = cases::Catalogue::load();
  const Knowledge knowledge = Knowledge::load(catalogue);
  const std::vector<Explanation> all = explained(catalogue, knowledge, GetParam());
  ASSERT_EQ(all.size(), 1U);
  EXPECT_FALSE(all.front().reproduce.empty());
  std::string missing;
  for (const Reproduction& one : all.front().reproduce) {
    if (one.tool != "startle" && !is_installed(one.tool)) {
      missing += (missing.empty() ? "" : ", ") + one.tool;
      continue;
    }
    const ProcessEnd end = typed(one.lines);
    const std::string said = end.output + end.errors;
    if (one.refuses) {
      EXPECT_EQ(end.status != 0, *one.refuses) << one.tool << "\n" << said;
    }
    EXPECT_NE(said.find(one.prints), std::string::npos) << one.prints << "\n" << said;
    EXPECT_EQ(said.find("command not found"), std::string::npos) << said;
    EXPECT_EQ(said.find("SyntaxError"), std::string::npos) << said;
    EXPECT_NE(said, "") << one.tool;
  }
  if (!missing.empty()) GTEST_SKIP() << "this machine has no " << missing;
}

std::string name_of(const testing::TestParamInfo<const char*>& row) {
  std::string name;
  bool upper = true;
  for (const char c : std::string(row.param)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    if (letter) name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    upper = !letter;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Each, ReproductionTest,
    testing::Values("smtp/greeting/code-554", "smtp/starttls/not-offered",
                    "smtp/starttls/refused-454", "smtp/injection/reply-after-go-ahead",
                    "smtp/capabilities/stale", "smtp/auth/rejected-535",
                    "smtp/sender/not-authorized-553", "smtp/message/code-552",
                    "smtp/tls/wrong-key-1-2", "smtp/state/another-store", "ldap/starttls/result-52",
                    "ldap/injection/bind-response", "ldap/bind/result-49", "ldap/search/result-52",
                    "valid", "expired", "mismatched", "self-signed", "wildcard-two-labels",
                    "client-auth-only", "accepts/certificate-not-trusted", "secret-in-clear",
                    "matrix/trust/mode=smtps/trust=host/certificate=expired/credential=valid"),
    name_of);

}  // namespace
}  // namespace startle::program
