// Measured with JavaMail 1.6.5, Jakarta Mail 2.0.0, Angus Mail 2.0.2 and 2.0.5, and Java's LDAP
// client: what a server received in clear.
#include "harness/oracle/consequences.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace startle::oracle {
namespace {

using words::Mode;

TEST(Consequences, OfAStrippedStarttlsAreThePasswordInClearUnlessTlsIsRequired) {
  const auto rows = consequences(Mode::smtp_starttls, true);
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows.front().server, "does not offer STARTTLS");
  EXPECT_EQ(rows.front().required, "refused, nothing is sent");
  EXPECT_EQ(rows.front().enabled, "the password goes out in clear");
  EXPECT_TRUE(rows.front().gives_away);
}

TEST(Consequences, OfARefusedStarttlsAreTheSameUnderBoth) {
  for (const Consequence& row : consequences(Mode::smtp_starttls, true)) {
    if (!row.server.starts_with("refuses STARTTLS")) continue;
    EXPECT_EQ(row.required, row.enabled);
    EXPECT_FALSE(row.gives_away);
  }
}

TEST(Consequences, WithoutAUserThereIsNoPasswordToGiveAway) {
  for (const Mode mode : {Mode::smtp_starttls, Mode::ldap_starttls}) {
    const auto with = consequences(mode, true);
    const auto without = consequences(mode, false);
    ASSERT_EQ(with.size(), without.size());
    EXPECT_TRUE(std::ranges::any_of(with, &Consequence::gives_away));
    for (const Consequence& row : without) {
      EXPECT_FALSE(row.gives_away) << row.server;
      EXPECT_EQ(row.enabled.find("password"), std::string_view::npos) << row.server;
    }
  }
}

TEST(Consequences, AreOfModesThatBeginInClearAndGoOnInTls) {
  for (const Mode mode : {Mode::smtp_plain, Mode::smtps, Mode::ldap_plain, Mode::ldaps}) {
    EXPECT_TRUE(consequences(mode, true).empty()) << word(mode);
  }
}

}  // namespace
}  // namespace startle::oracle
