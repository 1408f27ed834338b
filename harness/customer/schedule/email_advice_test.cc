#include "harness/customer/schedule/email_advice.h"

#include <gtest/gtest.h>

#include <utility>

namespace startle::customer {
namespace {

TEST(EmailAdvice, OfASoundAddressThereIsNone) {
  for (const char* address :
       {"scheduler@example.com", "o'neil@example.com", "a.b+c@localhost", "a@[192.0.2.1]",
        "\"a @ b, c\"@example.com", "a@b\u00fccher.example", "m@x"}) {
    EXPECT_EQ(email_advice(address), "") << address;
  }
}

TEST(EmailAdvice, SaysWhatIsOddAndWhatWouldBeRight) {
  const std::string right = ": write it like scheduler@example.com";
  const std::string one = "has a comma or a semicolon in it: a sender has one address";
  const std::pair<const char*, std::string> rows[] = {
      {"scheduler", "has no @" + right},
      {"@example.com", "has nothing before its @" + right},
      {"scheduler@", "has nothing behind its @" + right},
      {"a@b@example.com", "has more than one @" + right},
      {"a@example.com,b@example.com", one},
      {"a@example.com;", one},
      {".a@example.com", "has a full stop too many before its @" + right},
      {"a..b@example.com", "has a full stop too many before its @" + right},
      {"a:b@example.com", "has a mark before its @ that no address has" + right},
      {"a@exam*ple.com", "has a domain that is no host name" + right},
      {"a@example..com", "has a domain that no mail is delivered to" + right},
      {"a@yourdomain.com", "has a domain that no mail is delivered to" + right},
  };
  for (const auto& [address, advice] : rows) EXPECT_EQ(email_advice(address), advice) << address;
}

}  // namespace
}  // namespace startle::customer
