#include "harness/messages/redacted.h"

#include <gtest/gtest.h>

#include "harness/base/bytes.h"

namespace startle::messages {
namespace {

const std::string kSecret = "Tr0ub4dor&3";

TEST(Redacted, HidesAPasswordWhereverItStands) {
  const std::string plain = to_base64(std::string("\0alice\0", 7) + kSecret);
  const std::string login = to_base64(kSecret);
  const std::string rows[] = {
      "password=" + kSecret,
      "mail.smtp.password = " + kSecret,
      R"(<smtp username="alice" password=")" + kSecret + R"(" trust="*"/>)",
      R"({"user": "alice", "password": "a )" + kSecret + R"("})",
      R"(\"password\": \")" + kSecret + R"(\")",
      "PASSWD: " + kSecret,
      "connecting to smtp://alice:" + kSecret + "@mail.example.com:25",
      "ldapsearch -x -D cn=alice -w " + kSecret + " -b dc=example",
      "swaks --auth-user alice --auth-password " + kSecret,
      "C: AUTH PLAIN " + plain,
      "-> " + plain,
      "DEBUG SMTP: " + plain,
      "334 UGFzc3dvcmQ6 " + login,
      "C: " + login,
      "Authorization: Basic " + to_base64("alice:" + kSecret),
      "token=" + kSecret,
  };
  for (const std::string& row : rows) {
    const std::string shown = redacted(row);
    EXPECT_EQ(shown.find("Tr0ub4dor"), std::string::npos) << shown;
    EXPECT_EQ(shown.find(plain), std::string::npos) << shown;
    EXPECT_EQ(shown.find(login), std::string::npos) << shown;
    EXPECT_NE(shown.find(kRedacted), std::string::npos) << row;
  }
}

TEST(Redacted, LeavesTheRestAsItIs) {
  const char* rows[] = {
      "535 5.7.8 Authentication credentials invalid",
      "250 AUTH PLAIN LOGIN CRAM-MD5",
      "javax.mail.AuthenticationFailedException: failed to connect, no password specified?",
      "Caused by: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid "
      "certification path to requested target",
      "ldap_bind: Invalid credentials (49)",
      "https://mail.example.com/path@home",
      "",
  };
  for (const char* row : rows) EXPECT_EQ(redacted(row), row);
}

}  // namespace
}  // namespace startle::messages
