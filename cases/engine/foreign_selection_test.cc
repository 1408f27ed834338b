// What of the catalogue somebody else's client is run with.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/selection.h"

namespace startle::cases {
namespace {

using words::TrustModel;

Plan foreign_plan() {
  return {.foreign = true,
          .cases = tree_catalogue().cases(),
          .matrices = tree_catalogue().matrices(),
          .models = {TrustModel::pkix}};
}

std::vector<Exchange> all_of(const Plan& plan) {
  Selection selection(plan);
  std::vector<Exchange> all;
  while (auto next = selection.next()) all.push_back(std::move(*next));
  EXPECT_EQ(all.size(), selection.count());
  return all;
}

TEST(ForeignSelection, IsEverySingleCaseAndEveryCertificateInEachModeTrustedAndNot) {
  const std::size_t single = tree_catalogue().cases().size();
  const auto all = all_of(foreign_plan());
  std::map<std::string, std::set<std::string>> cells;  // by mode and trust: certificates
  std::size_t singles = 0;
  for (const Exchange& one : all) {
    if (!one.id.starts_with("matrix/")) {
      ++singles;
      continue;
    }
    EXPECT_TRUE(one.id.starts_with("matrix/certificates/")) << one.id;
    cells[std::string(word(one.mode)) + " " + one.trust.value_or("-")].insert(one.certificate);
  }
  EXPECT_EQ(singles, single);
  EXPECT_EQ(cells.size(), 4U * 2);
  const auto& ids = tree_catalogue().recipe_ids();
  for (const auto& [cell, certificates] : cells) {
    EXPECT_EQ(certificates, std::set<std::string>(ids.begin(), ids.end())) << cell;
  }
  EXPECT_EQ(all.size(), single + ids.size() * 4 * 2);
}

TEST(ForeignSelection, OfOneModeIsThatModes) {
  Plan plan = foreign_plan();
  plan.mode = words::Mode::smtps;
  const auto all = all_of(plan);
  for (const Exchange& one : all) EXPECT_EQ(one.mode, words::Mode::smtps) << one.id;
  const auto cells = std::count_if(
      all.begin(), all.end(), [](const Exchange& one) { return one.id.starts_with("matrix/"); });
  EXPECT_EQ(static_cast<std::size_t>(cells), tree_catalogue().recipe_ids().size() * 2);
}

TEST(ForeignSelection, OfAGlobIsWhatItMatches) {
  Plan plan = foreign_plan();
  plan.globs = {"matrix/trust/*/trust=list/certificate=valid/credential=valid"};
  EXPECT_EQ(all_of(plan).size(), 4U);
}

TEST(ForeignSelection, ToldToVerifyNothingIsJudgedBySayingSo) {
  std::size_t any = 0;
  for (const Exchange& one : all_of(foreign_plan())) {
    const bool is_any = one.trust == "*" && one.id.starts_with("matrix/");
    any += is_any ? 1 : 0;
    if (one.id.starts_with("matrix/")) {
      EXPECT_EQ(one.trust_model, is_any ? TrustModel::documented : TrustModel::pkix) << one.id;
    }
  }
  EXPECT_GT(any, 0U);
}

TEST(ForeignSelection, KeepsAModelThatIsNoRootsOwn) {
  Plan plan = foreign_plan();
  plan.models = {TrustModel::javamail};
  for (const Exchange& one : all_of(plan)) {
    if (one.id.starts_with("matrix/")) {
      EXPECT_EQ(one.trust_model, TrustModel::javamail) << one.id;
    }
  }
}

}  // namespace
}  // namespace startle::cases
