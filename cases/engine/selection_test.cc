#include "cases/engine/selection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "cases/engine/catalogue_for_test.h"

namespace startle::cases {
namespace {

using words::Mode;
using words::TrustModel;

// ---- cells -------------------------------------------------------------------------------------

Plan plan_of_tree(std::vector<std::string> globs = {}) {
  return {
      .cases = tree_catalogue().cases(), .matrices = {trust_matrix()}, .globs = std::move(globs)};
}

std::vector<Exchange> all_of(Plan plan) {
  Selection selection(std::move(plan));
  const std::size_t count = selection.count();
  std::vector<Exchange> all;
  while (auto next = selection.next()) all.push_back(std::move(*next));
  EXPECT_EQ(all.size(), count);
  return all;
}

// Of the 21 credentials SMTP lacks two, LDAP one.
constexpr std::size_t kCellsOfSmtp = 18U * 26 * 19;
constexpr std::size_t kCellsOfLdap = 18U * 26 * 20;
constexpr std::size_t kCells = 2 * kCellsOfSmtp + 2 * kCellsOfLdap;

std::size_t single_cases() {
  return tree_catalogue().cases().size();
}
std::size_t single_cases_of(Mode mode) {
  const auto& cases = tree_catalogue().cases();
  return static_cast<std::size_t>(std::count_if(
      cases.begin(), cases.end(), [&](const Case& c) { return c.setup.mode == mode; }));
}

TEST(Selection, ACellThatIsNotThereIsNotSelectedByItsIdEither) {
  const std::string of = "matrix/trust/mode=ldaps/trust=host/certificate=valid/credential=";
  EXPECT_FALSE(
      Selection({.matrices = {trust_matrix()}, .globs = {of + "sender-not-authorized"}}).any());
  EXPECT_EQ(Selection({.matrices = {trust_matrix()}, .globs = {of + "anonymous"}}).count(), 1U);
}

TEST(Selection, TheTrustValuesAreThoseOfTheContract) {
  const std::pair<const char*, std::optional<std::string>> rows[] = {
      {"absent", std::nullopt},
      {"empty", ""},
      {"host", "smtp.example.test"},
      {"upper-case", "SMTP.EXAMPLE.TEST"},
      {"other", "other.example.test"},
      {"list", "other.example.test smtp.example.test third.example.test"},
      {"list-other", "other.example.test third.example.test"},
      {"any", "*"},
      {"any-padded", " * "},
      {"any-in-list", "* other.example.test"},
      {"any-with-host", "* smtp.example.test"},
      {"padded", "  smtp.example.test  "},
      {"tab", "other.example.test\tsmtp.example.test"},
      {"comma", "smtp.example.test,other.example.test"},
      {"wildcard", "*.example.test"},
      {"ip", "127.0.0.1"},
      {"trailing-dot", "smtp.example.test."},
      {"with-port", "smtp.example.test:25"},
  };
  for (const auto& [id, trust] : rows) {
    const auto found = all_of(
        plan_of_tree({"*/trust=" + std::string(id) + "/certificate=valid/credential=valid"}));
    ASSERT_EQ(found.size(), 4U) << id;
    for (const Exchange& e : found) EXPECT_EQ(e.trust, trust) << e.id;
  }
}

TEST(Selection, ACellSelectedByItsIdIsTheSameExchange) {
  const std::vector<Exchange> all = all_of(plan_of_tree());
  ASSERT_EQ(all.size(), single_cases() + kCells);
  // A prime: other values each time, of every mode and of the single cases.
  for (std::size_t i = 7; i < all.size(); i += 1901) {
    const auto alone = all_of(plan_of_tree({all[i].id}));
    ASSERT_EQ(alone.size(), 1U) << all[i].id;
    EXPECT_EQ(everything_of(alone[0]), everything_of(all[i]));
  }
}

TEST(Selection, CountsBySuite) {
  Plan plan = plan_of_tree();
  EXPECT_EQ(Selection(plan).count(), single_cases() + kCells);
  plan.suite = Suite::full;
  EXPECT_EQ(Selection(plan).count(), single_cases() + kCells);
  plan.suite = Suite::quick;  // of each mode the base cell, and each axis by itself
  EXPECT_EQ(Selection(plan).count(), single_cases() + 4U * (1 + 17 + 25) + 2 * 18 + 2 * 19);
}

TEST(Selection, TheQuickSuiteHasEveryValueOfEveryMode) {
  Plan plan{.matrices = {trust_matrix()}, .suite = Suite::quick};
  std::map<std::string, std::size_t> of_axis;
  for (const Exchange& e : all_of(plan)) {
    const std::string mode = "/mode=" + std::string(word(e.mode)) + "/";
    const std::size_t at = e.id.find(mode);
    ASSERT_NE(at, std::string::npos) << e.id;
    const std::string rest = e.id.substr(at + mode.size());
    const bool trust = !rest.starts_with("trust=host/");
    const bool certificate = rest.find("/certificate=valid/") == std::string::npos;
    const bool credential = !rest.ends_with("/credential=valid");
    EXPECT_LE(trust + certificate + credential, 1) << e.id;
    ++of_axis[mode + (trust         ? "trust"
                      : certificate ? "certificate"
                      : credential  ? "credential"
                                    : "base")];
  }
  for (const char* mode : {"smtp-starttls", "smtps", "ldap-starttls", "ldaps"}) {
    const std::string of = "/mode=" + std::string(mode) + "/";
    EXPECT_EQ(of_axis[of + "base"], 1U) << mode;
    EXPECT_EQ(of_axis[of + "trust"], 17U) << mode;
    EXPECT_EQ(of_axis[of + "certificate"], 25U) << mode;
    EXPECT_EQ(of_axis[of + "credential"], mode[0] == 's' ? 18U : 19U) << mode;
  }
}

TEST(Selection, AMatrixCalledFullRunsOnlyInTheFullSuiteOrByName) {
  Plan plan{.matrices = {trust_matrix()}};
  plan.matrices.front().id = "matrix/full";
  EXPECT_EQ(Selection(plan).count(), 0U);
  plan.suite = Suite::quick;
  EXPECT_EQ(Selection(plan).count(), 0U);
  plan.suite = Suite::full;
  EXPECT_EQ(Selection(plan).count(), kCells);
  plan.suite = Suite::standard;
  plan.globs = {"matrix/full"};
  EXPECT_EQ(Selection(plan).count(), kCells);
}

TEST(Selection, TheSuiteDoesNotCountBesideAGlob) {
  Plan plan = plan_of_tree({"matrix/trust"});
  plan.suite = Suite::quick;
  EXPECT_EQ(Selection(plan).count(), kCells);
}

TEST(Selection, TrustModelsStandSideBySide) {
  using enum TrustModel;
  Plan plan = plan_of_tree(
      {"smtp/auth/rejected-535", "*/mode=ldaps/trust=host/certificate=valid/credential=utf8"});
  plan.models = {pkix, documented};
  const auto all = all_of(plan);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].id, all[1].id);
  EXPECT_EQ(all[2].id, all[3].id);
  EXPECT_NE(all[0].id, all[2].id);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(all[i].trust_model, plan.models[i % 2]);
}

TEST(Selection, ACaseThatTwoGlobsMatchRunsOnce) {
  const auto& cases = tree_catalogue().cases();
  const auto of_smtp = std::count_if(cases.begin(), cases.end(),
                                     [](const Case& c) { return c.id.starts_with("smtp/"); });
  EXPECT_GT(of_smtp, 1);
  EXPECT_EQ(Selection(plan_of_tree({"smtp", "smtp/auth", "smtp/*535"})).count(),
            static_cast<std::size_t>(of_smtp));
}

TEST(Selection, NothingSelectedIsNothing) {
  EXPECT_EQ(all_of(plan_of_tree({"smpt"})).size(), 0U);
  EXPECT_EQ(all_of({}).size(), 0U);
}

TEST(Selection, OneGlobAfterTheOtherIsAskedAsIfItStoodAlone) {
  Plan plan = plan_of_tree({"smtp", "*"});
  plan.whole = {"matrix/trust"};
  Selection asked(plan);
  for (const char* glob : {"ldap", "smpt", "matrix/trust", "*/certificate=expired/*", "smtp"}) {
    for (const std::optional<Mode> mode : {std::optional<Mode>(), std::optional(Mode::ldaps)}) {
      asked.select_only(glob, mode);
      Plan alone = plan_of_tree({glob});
      alone.mode = mode;
      const Selection expected(alone);
      EXPECT_EQ(asked.any(), expected.any()) << glob;
      EXPECT_EQ(asked.count(), expected.count()) << glob;
    }
  }
}

TEST(Selection, TheModeIsAFilter) {
  Plan plan = plan_of_tree();
  const std::pair<Mode, std::size_t> rows[] = {{Mode::smtp_starttls, kCellsOfSmtp},
                                               {Mode::smtps, kCellsOfSmtp},
                                               {Mode::ldap_starttls, kCellsOfLdap},
                                               {Mode::ldaps, kCellsOfLdap},
                                               {Mode::smtp_plain, 0},
                                               {Mode::ldap_plain, 0}};
  std::size_t of_any_mode = 0;
  for (const auto& [mode, cells] : rows) {
    plan.mode = mode;
    EXPECT_EQ(Selection(plan).count(), cells + single_cases_of(mode)) << word(mode);
    of_any_mode += cells + single_cases_of(mode);
  }
  EXPECT_EQ(of_any_mode, single_cases() + kCells);
  EXPECT_GT(single_cases_of(Mode::smtp_starttls), 1U);
  EXPECT_GT(single_cases_of(Mode::ldap_starttls), 1U);
  plan.mode = Mode::smtp_plain;
  plan.matrices.front().axes[0].values.push_back(
      Change{.id = "smtp-plain"}.set(&Setup::mode, Mode::smtp_plain));
  plan.globs = {"*/trust=host/*"};
  EXPECT_EQ(Selection(plan).count(), 26U * 18);  // three credentials name the modes that have them
  for (const Exchange& e : all_of(plan)) EXPECT_EQ(e.mode, Mode::smtp_plain);
}

// ---- shards and samples ------------------------------------------------------------------------

std::vector<std::string> names_of(const Plan& plan) {
  std::vector<std::string> names;
  for (const Exchange& e : all_of(plan)) {
    names.push_back(e.id + " " + std::string(word(e.trust_model)));
  }
  return names;
}

// Single cases and some hundred cells, under every model.
Plan small_plan() {
  Plan plan = plan_of_tree({"smtp/starttls", "matrix/trust"});
  plan.matrices[0].axes[1].values.resize(1);  // trust
  plan.matrices[0].axes[2].values.resize(3);  // certificate
  plan.models = {words::kEveryTrustModel.begin(), words::kEveryTrustModel.end()};
  return plan;
}

// What the shards have, put back in order.
std::vector<std::string> joined(Plan plan, std::size_t total) {
  std::vector<std::vector<std::string>> parts;
  std::size_t count = 0;
  for (std::size_t index = 1; index <= total; ++index) {
    plan.shard = Shard{.index = index, .total = total};
    parts.push_back(names_of(plan));
    count += parts.back().size();
  }
  std::vector<std::size_t> next(total);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t of = shard_of(i, total) - 1;
    names.push_back(parts[of].at(next[of]++));
  }
  return names;
}

TEST(Selection, ShardsTogetherAreTheWholeRun) {
  const Plan plan = small_plan();
  const auto whole = names_of(plan);
  EXPECT_GT(whole.size(), 4U * 3 * (19 + 19 + 20 + 20));
  for (const std::size_t total : {1U, 2U, 3U, 20U}) EXPECT_EQ(joined(plan, total), whole);
}

TEST(Selection, AShardHasEveryValueOfTheLastAxisAboutAsOften) {
  Plan plan{.matrices = {trust_matrix()}, .globs = {"matrix/trust/mode=ldaps"}};
  plan.shard = Shard{.index = 3, .total = 20};  // as many as there are credentials
  std::map<std::string, std::size_t> of;
  for (const Exchange& e : all_of(plan)) ++of[e.id.substr(e.id.rfind('='))];
  EXPECT_EQ(of.size(), 20U);
  for (const auto& [credential, count] : of) EXPECT_NEAR(static_cast<double>(count), 23.4, 18);
}

TEST(Selection, ThereMayBeMoreShardsThanExchanges) {
  Plan plan = plan_of_tree({"smtp/auth/rejected-535"});
  std::size_t count = 0;
  for (std::size_t index = 1; index <= 5; ++index) {
    plan.shard = Shard{.index = index, .total = 5};
    EXPECT_TRUE(Selection(plan).any());
    EXPECT_EQ(Selection(plan).counts().selected, 1U);
    count += Selection(plan).count();
  }
  EXPECT_EQ(count, 1U);
}

TEST(Selection, ASampleIsOfThatSizeInOrderAndTheSameForTheSameSeed) {
  const Plan whole = small_plan();
  const auto all = names_of(whole);
  Plan plan = whole;
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{100}, all.size() - 1, all.size(), all.size() + 1}) {
    plan.sample = size;
    const auto counts = Selection(plan).counts();
    EXPECT_EQ(counts.selected, all.size());
    EXPECT_EQ(counts.sampled, std::min<std::size_t>(size, all.size()));
    const auto drawn = names_of(plan);
    EXPECT_EQ(drawn.size(), counts.sampled);
    auto at = all.begin();  // each stands in the whole run, behind the one before it
    for (const std::string& name : drawn) {
      at = std::find(at, all.end(), name);
      ASSERT_NE(at, all.end()) << name;
      ++at;
    }
    EXPECT_EQ(names_of(plan), drawn);
  }
  plan.sample = 100;
  const auto drawn = names_of(plan);
  plan.seed = 2;
  EXPECT_NE(names_of(plan), drawn);
}

// Every exchange is as likely as any other: over many seeds, no fifth of them is drawn more often.
TEST(Selection, ASampleFavoursNobody) {
  Matrix matrix{.id = "m", .axes = {{.name = "x"}}};
  for (int i = 0; i < 20; ++i) matrix.axes[0].values.push_back({.id = std::to_string(i)});
  Plan plan{.matrices = {matrix}, .sample = 5};
  std::map<std::string, std::size_t> drawn;
  for (plan.seed = 1; plan.seed <= 1000; ++plan.seed) {
    for (const Exchange& e : all_of(plan)) ++drawn[e.id];
  }
  EXPECT_EQ(drawn.size(), 20U);
  for (const auto& [id, count] : drawn) {
    EXPECT_NEAR(static_cast<double>(count), 250, 70) << id;  // five standard deviations
  }
}

TEST(Selection, ShardsOfASampleAreTheSample) {
  Plan plan = small_plan();
  plan.sample = 101;
  const auto whole = names_of(plan);
  for (const std::size_t total : {2U, 3U, 200U}) EXPECT_EQ(joined(plan, total), whole);
}

TEST(Selection, TheHostGoesIntoEveryPlaceholder) {
  Plan plan = plan_of_tree({"*/trust=upper-case/certificate=valid/credential=valid"});
  plan.host = "mail.customer.test";
  const auto all = all_of(plan);
  ASSERT_EQ(all.size(), 4U);
  for (const Exchange& e : all) {
    EXPECT_EQ(e.host, "mail.customer.test");
    EXPECT_EQ(e.trust, "MAIL.CUSTOMER.TEST");
  }
}

}  // namespace
}  // namespace startle::cases
