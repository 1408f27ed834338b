// Logs in which no mail or LDAP client has failed (harness/messages/harmless): one of them that is
// taken for a failure sends support the wrong way.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "harness/messages/log_verdict.h"

namespace startle::messages {
namespace {

const std::filesystem::path kFolder = STARTLE_TREE "/harness/messages/harmless";

std::set<std::filesystem::path> files() {
  std::set<std::filesystem::path> all;
  for (const auto& one : std::filesystem::directory_iterator(kFolder)) all.insert(one.path());
  return all;
}

LogVerdict verdict_of(const std::filesystem::path& file) {
  static const Signatures signatures = Signatures::read(STARTLE_TREE "/cases/clients/messages");
  std::ifstream in(file, std::ios::binary);
  return read_log(in, signatures);
}

TEST(Harmless, IsUnknown) {
  EXPECT_GE(files().size(), 62U);
  for (const auto& file : files()) {
    const LogVerdict verdict = verdict_of(file);
    const auto* recognised = verdict.recognised();
    EXPECT_EQ(recognised, nullptr) << file.filename() << " line " << recognised->line << ": "
                                   << recognised->signature_id << ": " << recognised->text;
  }
}

TEST(Harmless, SaysWhereItWorked) {
  for (const char* name :
       {"postfix-delivered.log", "exim-delivered.log", "s_client-good.log", "gnutls-cli-good.log",
        "swaks-good.log", "javamail-debug-good.log", "ldapsearch-answer.ldif"}) {
    const LogVerdict verdict = verdict_of(kFolder / name);
    ASSERT_NE(verdict.nothing(), nullptr) << name;
    EXPECT_TRUE(verdict.nothing()->success.has_value()) << name;
  }
  EXPECT_FALSE(verdict_of(kFolder / "dmesg.log").nothing()->success.has_value());
}

TEST(Harmless, IsNoTextWhereItIsOctets) {
  EXPECT_EQ(verdict_of(kFolder / "program-strings.bin").lines_of_text, 0U);
  EXPECT_EQ(verdict_of(kFolder / "empty.log").octets, 0U);
}

}  // namespace
}  // namespace startle::messages
