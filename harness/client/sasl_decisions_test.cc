// Which mechanism is chosen, and which after a refusal.

#include "harness/client/sasl_decisions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

namespace startle::client {
namespace {

using List = std::vector<std::string>;

const List kAll(sasl::kMechanisms.begin(), sasl::kMechanisms.end());

std::string chosen(const std::optional<sasl::Mechanism>& one) {
  return one ? std::string(word(*one)) : "none";
}

struct ChoiceRow {
  const char* name;
  List offered;
  SaslPlace place;
  std::optional<std::string> configured;
  const char* chosen;
};

TEST(SaslDecisions, TheStrongestOfferedInsideTlsOrTheConfiguredOneAndNoOther) {
  constexpr SaslPlace kBinds{.inside_tls = true, .can_bind = true};
  constexpr SaslPlace kInside{.inside_tls = true};
  constexpr SaslPlace kClear{};
  for (const ChoiceRow& row : {
           ChoiceRow{"all", kAll, kBinds, std::nullopt, "SCRAM-SHA-256-PLUS"},
           {"all, backwards", {kAll.rbegin(), kAll.rend()}, kBinds, {}, "SCRAM-SHA-256-PLUS"},
           {"nothing to bind to", kAll, kInside, {}, "SCRAM-SHA-256"},
           {"binding outweighs the hash",
            {"SCRAM-SHA-256", "SCRAM-SHA-1-PLUS"},
            kBinds,
            {},
            "SCRAM-SHA-1-PLUS"},
           {"SCRAM", {"PLAIN", "CRAM-MD5", "SCRAM-SHA-1"}, kBinds, {}, "SCRAM-SHA-1"},
           {"CRAM-MD5", {"PLAIN", "CRAM-MD5"}, kBinds, {}, "CRAM-MD5"},
           {"PLAIN", {"EXTERNAL", "LOGIN", "PLAIN", "XOAUTH2"}, kInside, {}, "PLAIN"},
           {"no PLAIN", {"EXTERNAL", "LOGIN"}, kInside, {}, "LOGIN"},
           {"EXTERNAL and tokens only when asked for",
            {"EXTERNAL", "OAUTHBEARER", "XOAUTH2"},
            kBinds,
            {},
            "none"},
           {"unknown ones", {"GSSAPI", "NTLM", "plain"}, kBinds, {}, "none"},
           {"nothing", {}, kBinds, {}, "none"},
           {"EXTERNAL", kAll, kInside, "EXTERNAL", "EXTERNAL"},
           {"OAUTHBEARER", kAll, kInside, "OAUTHBEARER", "OAUTHBEARER"},
           {"LOGIN", kAll, kBinds, "LOGIN", "LOGIN"},
           {"SCRAM without binding", kAll, kBinds, "SCRAM-SHA-1", "SCRAM-SHA-1"},
           {"not offered", {"LOGIN", "PLAIN"}, kBinds, "SCRAM-SHA-256", "none"},
           {"-PLUS without a binding", kAll, kInside, "SCRAM-SHA-256-PLUS", "none"},
           {"in clear", kAll, kClear, {}, "none"},
           {"SCRAM in clear", kAll, kClear, "SCRAM-SHA-256", "none"},
           {"EXTERNAL in clear", kAll, kClear, "EXTERNAL", "none"},
       }) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(
        chosen(SaslDecisions().mechanism(row.offered, row.place, {.mechanism = row.configured})),
        row.chosen);
  }
}

struct NextRow {
  const char* name;
  std::vector<sasl::Mechanism> tried;
  std::int64_t code;
  const char* next;
};

TEST(SaslDecisions, OnlyAMechanismThatIsNotKnownIsFollowedByAnother) {
  using enum sasl::Mechanism;
  constexpr SaslPlace kBinds{.inside_tls = true, .can_bind = true};
  for (const NextRow& row :
       {NextRow{"-PLUS", {scram_sha_256_plus}, 504, "SCRAM-SHA-1-PLUS"},
        {"the last -PLUS", {scram_sha_256_plus, scram_sha_1_plus}, 504, "none"},
        {"CRAM-MD5 hands nothing over", {cram_md5}, 504, "SCRAM-SHA-256-PLUS"},
        {"PLAIN",
         {plain, scram_sha_256_plus, scram_sha_1_plus, scram_sha_256, scram_sha_1, cram_md5},
         504,
         "LOGIN"},
        {"SCRAM",
         {scram_sha_256, scram_sha_256_plus, scram_sha_1_plus, scram_sha_1, cram_md5},
         504,
         "none"},
        {"rejected", {plain}, 535, "none"},
        {"too weak", {plain}, 534, "none"},
        {"transition", {scram_sha_256}, 432, "none"},
        {"later", {plain}, 454, "none"},
        {"LDAP: not supported", {scram_sha_256}, 7, "none"}}) {
    SCOPED_TRACE(row.name);
    const SaslRefusal refusal{.tried = row.tried, .code = row.code};
    EXPECT_EQ(chosen(SaslDecisions().after_refusal(refusal, kAll, kBinds, {})), row.next);
    const std::string configured(word(row.tried.back()));
    EXPECT_EQ(
        chosen(SaslDecisions().after_refusal(refusal, kAll, kBinds, {.mechanism = configured})),
        "none");
  }
}

TEST(SaslDecisions, BehindAChallengeNothingElseIsTried) {
  using enum sasl::Mechanism;
  constexpr SaslPlace kInside{.inside_tls = true};
  for (const auto& [name, refusal, next] :
       {std::tuple{"504 at once", SaslRefusal{.tried = {scram_sha_256}, .code = 504},
                   "SCRAM-SHA-1"},
        {"504 behind a challenge",
         SaslRefusal{.tried = {scram_sha_256}, .code = 504, .challenge_answered = true}, "none"},
        {"504 behind an error",
         SaslRefusal{.tried = {scram_sha_256}, .code = 504, .stated_error = "other-error"},
         "none"}}) {
    EXPECT_EQ(chosen(SaslDecisions().after_refusal(refusal, kAll, kInside, {})), next) << name;
  }
}

TEST(SaslDecisions, Base64IsStrict) {
  const SaslDecisions decisions;
  EXPECT_EQ(decisions.decoded(""), "");
  EXPECT_EQ(decisions.decoded("QUI="), "AB");
  for (const char* text :
       {"QUI", "QU I=", " QUI=", "QUI=\t", "!!!!", "=AAA", "AAA=BBB", "QUJ=", "Username:"}) {
    EXPECT_FALSE(decisions.decoded(text)) << text;
  }
}

}  // namespace
}  // namespace startle::client
