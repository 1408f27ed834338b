#include "harness/base/shell_word.h"

#include <gtest/gtest.h>

#include "harness/base/bytes.h"
#include "harness/base/file.h"
#include "harness/base/program_for_test.h"

namespace startle {
namespace {

struct ShellRow {
  const char* name;
  std::string text;
  std::string word;
};

void PrintTo(const ShellRow& row, std::ostream* out) {
  *out << row.name;
}

class ShellWordTest : public testing::TestWithParam<ShellRow> {};

TEST_P(ShellWordTest, IsOneWord) {
  EXPECT_EQ(shell_word(GetParam().text), GetParam().word);
}

TEST_P(ShellWordTest, IsWhatBashReads) {
  if (!is_installed("bash")) GTEST_SKIP() << "bash is not installed: apt install bash";
  // Through hex: what a shell prints and reads in between is plain.
  const std::string command = "printf %s " + GetParam().word + " | od -An -v -tx1 | tr -d ' \\n'";
  const TemporaryFolder folder;
  write_file(folder.path() / "script", command);
  const ProgramResult read = run_program("bash '" + (folder.path() / "script").string() + "'");
  EXPECT_EQ(read.output, to_hex(GetParam().text));
}

const ShellRow kRows[] = {
    {"Plain", "/opt/track+plus/keystore/mail.example.com.ks",
     "/opt/track+plus/keystore/mail.example.com.ks"},
    {"Nothing", "", "''"},
    {"Blank", "/opt/track plus", "'/opt/track plus'"},
    {"Dollar", "$HOME/`id`", "'$HOME/`id`'"},
    {"Semicolon", "a;rm -rf x", "'a;rm -rf x'"},
    {"Tilde", "~root", "'~root'"},
    {"Star", "*.ks", "'*.ks'"},
    {"Quote", "it's", "'it'\\''s'"},
    {"Umlaut", "M\xc3\xbcller.ks", "'M\xc3\xbcller.ks'"},
    {"Escape", "a\x1b[31m'\\", "$'a\\x1b[31m\\'\\\\'"},
    {"Newline", "a\nb", "$'a\\x0ab'"},
    {"NoUtf8", "a\xff", "$'a\\xff'"},
};
INSTANTIATE_TEST_SUITE_P(All, ShellWordTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ShellWord, StandsInQuotesWhereThatIsAskedFor) {
  EXPECT_EQ(shell_word("a-b", Quotes::always), "'a-b'");
  EXPECT_EQ(shell_word("it's", Quotes::always), "'it'\\''s'");
  EXPECT_EQ(shell_path("-rf", Quotes::always), "'./-rf'");
}

TEST(ShellWord, OfWindowsStandsInDoubleQuotes) {
  const auto word = [](const char* text) { return word_for(Shell::cmd, text); };
  EXPECT_EQ(word("mail.example.com:465"), "mail.example.com:465");
  EXPECT_EQ(word("C:\\track plus\\a.ks"), "\"C:\\track plus\\a.ks\"");
  EXPECT_EQ(word("a&b"), "\"a&b\"");
  EXPECT_EQ(word(""), "\"\"");
  EXPECT_EQ(word("C:\\track plus\\"), "\"C:\\track plus\\\\\"") << "the quote ends it";
  EXPECT_EQ(word_for(Shell::posix, "a&b"), "'a&b'");
}

TEST(ShellPath, OfWindowsHasItsSeparators) {
  EXPECT_EQ(path_for(Shell::cmd, "C:\\track plus/keystore/a.ks"),
            "\"C:\\track plus\\keystore\\a.ks\"");
  EXPECT_EQ(path_for(Shell::cmd, "C:/trackplus/a.ks"), "C:\\trackplus\\a.ks");
  EXPECT_EQ(path_for(Shell::cmd, "-a.ks"), ".\\-a.ks");
  EXPECT_EQ(path_for(Shell::posix, "-a.ks"), "./-a.ks");
}

TEST(ShellPath, SaysWhoseItIs) {
  for (const char* path : {"C:\\trackplus", "d:/trackplus", "\\\\server\\share", "a\\b"}) {
    EXPECT_EQ(shell_for(path), Shell::cmd) << path;
  }
  for (const char* path : {"/opt/trackplus", "trackplus", "C:", "c:d", ""}) {
    EXPECT_EQ(shell_for(path), Shell::posix) << path;
  }
}

TEST(ShellPath, IsNeverTakenForAnOption) {
  EXPECT_EQ(shell_path("-rf/x"), "./-rf/x");
  EXPECT_EQ(shell_path("- x"), "'./- x'");
  EXPECT_EQ(shell_path("a-b"), "a-b");
}

}  // namespace
}  // namespace startle
