// README.md, "Certificate": every recipe under every model, with trust that validates, that lists
// the host, and that is `*`.

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <set>
#include <string>

#include "harness/oracle/oracle.h"
#include "harness/oracle/test_facts.h"

namespace startle::oracle {
namespace {

constexpr words::Ending ok = words::Ending::delivered;
constexpr words::Ending name = words::Ending::certificate_host_mismatch;
constexpr words::Ending untr = words::Ending::certificate_not_trusted;
constexpr words::Ending expd = words::Ending::certificate_expired;
constexpr words::Ending early = words::Ending::certificate_not_yet_valid;
constexpr words::Ending purp = words::Ending::certificate_wrong_purpose;
constexpr words::Ending inval = words::Ending::validation_failure;

struct Column {
  words::TrustModel model;
  std::optional<std::string> trust;
};
const std::array<Column, 10> kColumns{{{words::TrustModel::documented, kHost},
                                       {words::TrustModel::pkix, kHost},
                                       {words::TrustModel::javamail, std::nullopt},
                                       {words::TrustModel::angus, std::nullopt},
                                       {words::TrustModel::javamail, kHost},
                                       {words::TrustModel::angus, kHost},
                                       {words::TrustModel::documented, "*"},
                                       {words::TrustModel::pkix, "*"},
                                       {words::TrustModel::javamail, "*"},
                                       {words::TrustModel::angus, "*"}}};

struct CertificateRow {
  std::string recipe;
  std::array<words::Ending, 10> endings;
};

const CertificateRow kRows[] = {
    // clang-format off
    //                           trust: host   absent        host        *
    //                                  D      P      J      A      J    A     D   P      J   A
    {"valid",                    {{ok,    ok,    ok,    ok,    ok, ok,   ok, ok,    ok, ok}}},
    {"valid-wildcard",           {{ok,    ok,    ok,    ok,    ok, ok,   ok, ok,    ok, ok}}},
    {"valid-direct",             {{ok,    ok,    ok,    ok,    ok, ok,   ok, ok,    ok, ok}}},
    {"reversed-chain",           {{ok,    ok,    ok,    ok,    ok, ok,   ok, ok,    ok, ok}}},
    {"self-signed",              {{ok,    untr,  untr,  untr,  ok, ok,   ok, untr,  ok, ok}}},
    {"unknown-ca",               {{ok,    untr,  untr,  untr,  ok, ok,   ok, untr,  ok, ok}}},
    {"missing-intermediate",     {{ok,    untr,  untr,  untr,  ok, ok,   ok, untr,  ok, ok}}},
    {"mismatched",               {{name,  name,  ok,    name,  ok, name, ok, name,  ok, name}}},
    {"self-signed-mismatched",   {{name,  untr,  untr,  untr,  ok, name, ok, untr,  ok, name}}},
    {"expired",                  {{expd,  expd,  expd,  expd,  ok, ok,   ok, expd,  ok, ok}}},
    {"self-signed-expired",      {{expd,  expd,  untr,  untr,  ok, ok,   ok, expd,  ok, ok}}},
    {"not-yet-valid",            {{early, early, early, early, ok, ok,   ok, early, ok, ok}}},
    {"cn-only",                  {{name,  name,  ok,    ok,    ok, ok,   ok, name,  ok, ok}}},
    {"cn-match-san-mismatch",    {{name,  name,  ok,    name,  ok, name, ok, name,  ok, name}}},
    {"ip-san",                   {{name,  name,  ok,    name,  ok, name, ok, name,  ok, name}}},
    {"ip-in-dns-san",            {{name,  name,  ok,    name,  ok, name, ok, name,  ok, name}}},
    {"expired-intermediate",     {{ok,    expd,  expd,  expd,  ok, ok,   ok, expd,  ok, ok}}},
    {"intermediate-not-ca",      {{ok,    inval, inval, inval, ok, ok,   ok, inval, ok, ok}}},
    {"path-length-exceeded",     {{ok,    inval, inval, inval, ok, ok,   ok, inval, ok, ok}}},
    {"name-constraint-violated", {{ok,    inval, inval, inval, ok, ok,   ok, inval, ok, ok}}},
    {"client-auth-only",         {{purp,  purp,  purp,  purp,  ok, ok,   ok, purp,  ok, ok}}},
    {"wildcard-two-labels",      {{name,  name,  ok,    name,  ok, name, ok, name,  ok, name}}},
    {"nul-in-name",              {{name,  name,  ok,    name,  ok, name, ok, name,  ok, name}}},
    {"bad-signature",            {{inval, inval, inval, inval, ok, ok,   ok, inval, ok, ok}}},
    {"weak-key",                 {{inval, inval, ok,    ok,    ok, ok,   ok, inval, ok, ok}}},
    {"sha1-signature",           {{inval, inval, ok,    ok,    ok, ok,   ok, inval, ok, ok}}},
    // clang-format on
};

class Certificate : public testing::TestWithParam<CertificateRow> {};

TEST_P(Certificate, EndsAsTheTableSaysUnderEveryModel) {
  const CertificateRow& row = GetParam();
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    const Column& column = kColumns[i];
    SCOPED_TRACE(std::string(word(column.model)) + " trust=" + column.trust.value_or("absent"));
    const Answer answer = expect({.model = column.model,
                                  .host = kHost,
                                  .trust = column.trust,
                                  .facts = facts_of(row.recipe)});
    ASSERT_EQ(answer.endings.size(), 1U);
    EXPECT_EQ(word(answer.endings[0]), word(row.endings[i])) << answer.reason;
  }
}

// `*` of JavaMail's own matcher stands for more than one label.
TEST_P(Certificate, EndsUnderJavamailIdentityAsUnderAngusButForALongWildcard) {
  const CertificateRow& row = GetParam();
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    if (kColumns[i].model != words::TrustModel::angus) continue;
    const Answer answer = expect({.model = words::TrustModel::javamail_identity,
                                  .host = kHost,
                                  .trust = kColumns[i].trust,
                                  .facts = facts_of(row.recipe)});
    const words::Ending right = row.recipe == "wildcard-two-labels" ? ok : row.endings[i];
    EXPECT_EQ(answer.endings, std::vector{right}) << answer.reason;
  }
}

// Whatever trust says, and in both ways to TLS.
TEST_P(Certificate, EndsUnderJndiAsUnderAngusWithoutTrust) {
  const words::Ending angus = GetParam().endings[3];
  for (const words::Mode mode : {words::Mode::ldaps, words::Mode::ldap_starttls}) {
    for (const std::optional<std::string>& trust : {std::optional<std::string>(), {kHost}, {"*"}}) {
      const Answer answer = expect({.model = words::TrustModel::jndi,
                                    .mode = mode,
                                    .host = kHost,
                                    .trust = trust,
                                    .facts = facts_of(GetParam().recipe)});
      EXPECT_EQ(answer.endings, std::vector{angus == ok ? words::Ending::bound : angus})
          << word(mode) << ", trust=" << trust.value_or("absent") << ": " << answer.reason;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, Certificate, testing::ValuesIn(kRows), [](const auto& row) {
  std::string id = row.param.recipe;
  for (char& c : id) c = c == '-' ? '_' : c;
  return id;
});

TEST(CertificateTable, HasARowForEveryRecipe) {
  std::set<std::string> rows;
  for (const CertificateRow& row : kRows) rows.insert(row.recipe);
  for (const auto& [recipe, facts] : recipe_facts()) EXPECT_TRUE(rows.contains(recipe)) << recipe;
  EXPECT_EQ(rows.size(), 26U);
  EXPECT_EQ(recipe_facts().size(), 26U);
}

}  // namespace
}  // namespace startle::oracle
