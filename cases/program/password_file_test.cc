#include "cases/program/password_file.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::program {
namespace {

using namespace std::string_literals;

PasswordFile read(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "password";
  write_file(file, bytes);
  return read_password_file(file);
}

TEST(PasswordFile, EndsItsLineAsEditorsDo) {
  for (const char* end : {"", "\n", "\r\n", "\r", "\n\n"}) {
    const PasswordFile one = read("its own"s + end);
    EXPECT_EQ(one.password, "its own");
    EXPECT_EQ(one.note, "");
    EXPECT_FALSE(one.bare);
  }
  EXPECT_EQ(read("").password, "");
}

TEST(PasswordFile, IsReadWithoutWhatWindowsPutsAroundIt) {
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "changeit\r\n")
                .password,
            "changeit");
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "changeit\r\n")
                .note,
            "begins with a byte order mark, which is no part of the password: it is read without");
  const std::string utf_16 = "c\0h\0\xe4\0\r\0\n\0"s;
  EXPECT_EQ(read("\xff\xfe" + utf_16).password, "ch\xc3\xa4");
  EXPECT_EQ(read("c\0h\0"s).password, "ch");
  EXPECT_EQ(read("\xff\xfe" + utf_16).note,
            "is UTF-16, as PowerShell writes it: the password is read as the text that it is");
}

TEST(PasswordFile, SaysWhatItWouldBeWithoutBlanksAndQuotes) {
  EXPECT_EQ(read("changeit \r\n").password, "changeit ");
  EXPECT_EQ(read("changeit \r\n").bare, "changeit");
  EXPECT_EQ(read("\"changeit\" \r\n").bare, "changeit");
  EXPECT_EQ(read("'change it'\n").bare, "change it");
  EXPECT_FALSE(read("change it\n").bare);
}

TEST(PasswordFile, HoldsOneLine) {
  EXPECT_THROW(read("one\ntwo\n"), Error);
  EXPECT_THROW(read("\xff\xfe"
                    "a"),
               Error);
}

}  // namespace
}  // namespace startle::program
