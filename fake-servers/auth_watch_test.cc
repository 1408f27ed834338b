// What counts as a step down, reply by reply.

#include "fake-servers/auth_watch.h"

#include <gtest/gtest.h>

namespace startle::fake {
namespace {

using sasl::Mechanism;
using enum sasl::Mechanism;

struct Row {
  const char* name;
  Mechanism first;
  long code;
  bool cancelled;
  Mechanism second;
  bool stepped_down;
};

TEST(AuthWatch, SmtpReplies) {
  for (const Row& row :
       {Row{"535, weaker", scram_sha_256, 535, false, cram_md5, true},
        {"535, again", plain, 535, false, plain, false},
        {"535, stronger", plain, 535, false, scram_sha_256, false},
        {"534", scram_sha_1, 534, false, plain, true},
        {"534, stronger", plain, 534, false, scram_sha_1, false},
        {"432", scram_sha_256, 432, false, plain, true},
        {"454", scram_sha_256, 454, false, login, true},
        {"235", scram_sha_256, 235, false, plain, false},
        {"421", scram_sha_256, 421, false, plain, false},
        {"535, the same password once more", plain, 535, false, login, false},
        {"535, another hash", scram_sha_256, 535, false, scram_sha_1, false},
        {"535, without binding", scram_sha_256_plus, 535, false, scram_sha_256, true},
        {"535, no proof of the server", scram_sha_1, 535, false, cram_md5, true},
        {"501", scram_sha_256, 501, false, plain, false},
        {"501 to a client that gave up", scram_sha_256, 501, true, plain, true},
        {"504, the next", scram_sha_256, 504, false, scram_sha_1, false},
        {"504, CRAM-MD5", scram_sha_256, 504, false, cram_md5, false},
        {"504, without binding", scram_sha_256_plus, 504, false, scram_sha_256, true},
        {"504, the other binding", scram_sha_256_plus, 504, false, scram_sha_1_plus, false},
        {"504, the secret", scram_sha_256, 504, false, plain, true},
        {"504, the secret as before", plain, 504, false, login, false}}) {
    Observation seen;
    {
      AuthWatch watch(seen);
      watch.attempted(row.first);
      watch.smtp_replied(334);
      if (row.cancelled) watch.cancelled();
      watch.smtp_replied(static_cast<int>(row.code));
      watch.smtp_replied(250);
      EXPECT_FALSE(seen.stepped_down) << row.name;
    }
    AuthWatch(seen).attempted(row.second);  // on another connection
    EXPECT_EQ(seen.stepped_down, row.stepped_down) << row.name;
  }
}

TEST(AuthWatch, LdapResults) {
  for (const Row& row : {Row{"49", scram_sha_256, 49, false, plain, true},
                         {"8", cram_md5, 8, false, plain, true},
                         {"13", external, 13, false, plain, true},
                         {"7, the secret", scram_sha_256, 7, false, plain, true},
                         {"7, the next", scram_sha_256, 7, false, scram_sha_1, false},
                         {"0", scram_sha_256, 0, false, plain, false},
                         {"51", scram_sha_256, 51, false, plain, false}}) {
    Observation seen;
    AuthWatch watch(seen);
    watch.attempted(row.first);
    watch.ldap_replied(14);
    watch.ldap_replied(row.code);
    watch.attempted(row.second);
    EXPECT_EQ(seen.stepped_down, row.stepped_down) << row.name;
  }
}

TEST(AuthWatch, NamesNobodyKnowsHaveNoRank) {
  Observation seen;
  AuthWatch watch(seen);
  watch.attempted(scram_sha_256);
  watch.attempted_unknown();
  watch.smtp_replied(535);
  watch.attempted(plain);
  EXPECT_FALSE(seen.stepped_down);
}

}  // namespace
}  // namespace startle::fake
