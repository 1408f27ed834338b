// What counts as a step down, reply by reply of either protocol.

#include "fake-servers/dialogue/auth_watch.h"

#include <gtest/gtest.h>

#include <string_view>

#include "fake-servers/ldap/recorder.h"
#include "fake-servers/smtp/recorder.h"

namespace startle::fake {
namespace {

using sasl::Mechanism;
using enum sasl::Mechanism;

struct Row {
  const char* name;
  Mechanism first;
  long code;
  const char* before;  // the refusal: "challenge" of the server, "cancel" behind it, or neither
  Mechanism second;
  bool stepped_down;
};

TEST(AuthWatch, SmtpReplies) {
  for (const Row& row :
       {Row{"535, weaker", scram_sha_256, 535, "", cram_md5, true},
        {"535, again", plain, 535, "", plain, false},
        {"535, stronger", plain, 535, "", scram_sha_256, false},
        {"535, behind a challenge", scram_sha_256, 535, "challenge", cram_md5, true},
        {"535, the same password once more", plain, 535, "", login, false},
        {"535, another hash", scram_sha_256, 535, "", scram_sha_1, false},
        {"535, without binding", scram_sha_256_plus, 535, "", scram_sha_256, true},
        {"535, no proof of the server", scram_sha_1, 535, "", cram_md5, true},
        {"534", scram_sha_1, 534, "", plain, true},
        {"534, stronger", plain, 534, "", scram_sha_1, false},
        {"432", scram_sha_256, 432, "", plain, true},
        {"454", scram_sha_256, 454, "challenge", login, true},
        {"235", scram_sha_256, 235, "challenge", plain, false},
        {"421", scram_sha_256, 421, "", plain, false},
        {"530, of the state", scram_sha_256, 530, "", plain, false},
        {"503, of the state", scram_sha_256, 503, "", plain, false},
        {"500, the next", scram_sha_256, 500, "", cram_md5, false},
        {"500, the secret", scram_sha_256, 500, "", plain, true},
        {"501, the next", scram_sha_256, 501, "", cram_md5, false},
        {"501, the secret", cram_md5, 501, "", plain, true},
        {"501, once more without a response", scram_sha_256, 501, "", scram_sha_256, false},
        {"501, once more with the secret", plain, 501, "", plain, false},
        {"501 to an answer", scram_sha_256, 501, "challenge", cram_md5, true},
        {"501 to a client that gave up", scram_sha_256, 501, "cancel", cram_md5, true},
        {"504, the next", scram_sha_256, 504, "", scram_sha_1, false},
        {"504, CRAM-MD5", scram_sha_256, 504, "", cram_md5, false},
        {"504, CRAM-MD5 behind a challenge", scram_sha_256, 504, "challenge", cram_md5, true},
        {"504, without binding", scram_sha_256_plus, 504, "", scram_sha_256, true},
        {"504, the other binding", scram_sha_256_plus, 504, "", scram_sha_1_plus, false},
        {"504, the secret", scram_sha_256, 504, "", plain, true},
        {"504, the secret as before", plain, 504, "", login, false}}) {
    Observation seen;
    {
      AuthWatch watch(seen);
      watch.attempted(row.first);
      if (*row.before != '\0') watch.replied(smtp_auth_reply(334));
      if (row.before == std::string_view("cancel")) watch.cancelled();
      watch.replied(smtp_auth_reply(static_cast<int>(row.code)));
      watch.replied(smtp_auth_reply(250));
      EXPECT_FALSE(seen.stepped_down) << row.name;
    }
    AuthWatch(seen).attempted(row.second);  // on another connection
    EXPECT_EQ(seen.stepped_down, row.stepped_down) << row.name;
  }
}

TEST(AuthWatch, LdapResults) {
  for (const Row& row : {Row{"49", scram_sha_256, 49, "challenge", plain, true},
                         {"8", cram_md5, 8, "", plain, true},
                         {"13", external, 13, "", plain, true},
                         {"7, the secret", scram_sha_256, 7, "", plain, true},
                         {"7, the next", scram_sha_256, 7, "", cram_md5, false},
                         {"7, behind a challenge", scram_sha_256, 7, "challenge", cram_md5, true},
                         {"2, the secret", scram_sha_256, 2, "", plain, true},
                         {"2, the next", scram_sha_256, 2, "", cram_md5, false},
                         {"51", scram_sha_256, 51, "", plain, true},
                         {"52", scram_sha_256, 52, "", plain, true},
                         {"80", scram_sha_256, 80, "", plain, true},
                         {"10", scram_sha_256, 10, "", plain, false},
                         {"0", scram_sha_256, 0, "challenge", plain, false}}) {
    Observation seen;
    AuthWatch watch(seen);
    watch.attempted(row.first);
    if (*row.before != '\0') watch.replied(ldap_auth_reply(14));
    watch.replied(ldap_auth_reply(row.code));
    watch.attempted(row.second);
    EXPECT_EQ(seen.stepped_down, row.stepped_down) << row.name;
  }
}

TEST(AuthWatch, NamesNobodyKnowsHaveNoRank) {
  Observation seen;
  AuthWatch watch(seen);
  watch.attempted(scram_sha_256);
  watch.attempted_unknown();
  watch.replied(smtp_auth_reply(535));
  watch.attempted(plain);
  EXPECT_FALSE(seen.stepped_down);
}

}  // namespace
}  // namespace startle::fake
