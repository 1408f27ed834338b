#include "harness/customer/schedule/placeholder.h"

#include <gtest/gtest.h>

#include "harness/customer/schedule/schedule.h"

namespace startle::customer {
namespace {

TEST(StandIn, AsksForAValueOfOnesOwn) {
  for (const char* text : {"changeme", "CHANGE_ME", "change-me", "YOUR_HOST", "your-password",
                           "yourSmtpServer", "todo", "insert password", "enter_user_name"}) {
    EXPECT_TRUE(is_stand_in(text)) << text;
  }
  for (const char* text : {"", "yours", "your", "hostess", "yourk.example.com", "mail", "Todoroki",
                           "yourbank", "exchange"}) {
    EXPECT_FALSE(is_stand_in(text)) << text;
  }
}

TEST(StandIn, MayBeALabelOfAHost) {
  for (const char* host : {"smtp.yourdomain.com", "YOUR_HOST", "mail.your-company.com"}) {
    EXPECT_TRUE(has_stand_in(host)) << host;
  }
  for (const char* host : {"", ".", "mail.example.com", "mail.yours.example", "my.host.example"}) {
    EXPECT_FALSE(has_stand_in(host)) << host;
  }
}

TEST(StandIn, IsWarnedOfWhereItStands) {
  const Schedule schedule = parse_schedule(
      "s.xml",
      "<smtp url='smtp.yourdomain.com' email='m@x' ssl='true' trust='smtp.yourdomain.com' "
      "username='u' password='changeme'/>");
  EXPECT_EQ(
      schedule.warnings(),
      (std::vector<std::string>{
          "s.xml:1: url=\"smtp.yourdomain.com\": the host looks like one of an example: write "
          "the name of the host itself",
          "s.xml:1: password looks like a placeholder that was not filled in"}));
}

}  // namespace
}  // namespace startle::customer
