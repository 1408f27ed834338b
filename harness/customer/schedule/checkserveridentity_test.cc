// checkserveridentity of an <smtp>: what it means is the oracle's business (identity_setting.h).

#include <gtest/gtest.h>

#include "harness/customer/schedule/refusal_for_test.h"

namespace startle::customer {
namespace {

TEST(CheckServerIdentity, StaysAsWritten) {
  for (const char* value : {"true", "TRUE", "false", "yes", " true", ""}) {
    const Entry entry =
        only_entry("<smtp url='a' email='m@x' checkserveridentity='" + std::string(value) + "'/>");
    EXPECT_EQ(entry.checkserveridentity, value);
  }
  EXPECT_EQ(only_entry("<smtp url='a' email='m@x'/>").checkserveridentity, std::nullopt);
}

// It is a property of Java's mail libraries.
TEST(CheckServerIdentity, IsNoAttributeOfADirectory) {
  const Schedule schedule = parse_schedule("s.xml", "<ldap url='a' checkserveridentity='true'/>");
  ASSERT_EQ(schedule.warnings().size(), 1U);
  EXPECT_NE(schedule.warnings()[0].find("unknown attribute `checkserveridentity` is ignored"),
            std::string::npos);
  EXPECT_EQ(schedule.entries.at(0).checkserveridentity, std::nullopt);
}

}  // namespace
}  // namespace startle::customer
