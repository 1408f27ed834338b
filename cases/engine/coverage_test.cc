#include "cases/engine/coverage.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/small_catalogue_for_test.h"
#include "harness/tls/clock.h"

namespace startle::cases {
namespace {

constexpr std::string_view kMatrix =
    "<matrix summary='s' requirements='X-1-b'>"
    "<axis name='mode' values='smtp-starttls ldap-starttls'/>"
    "<axis name='certificate' base='valid' values='*'/></matrix>";

std::string requirement(const std::string& id, const std::string& more = "protocol='smtp'") {
  return "<requirement id='" + id + "' clause='X, 1' level='MUST' " + more +
         "><rule>r</rule><exposed-by>e</exposed-by><safe-outcome>s</safe-outcome></requirement>";
}

// What covers X-1-a of such a catalogue.
std::vector<std::string> covering(const SmallCatalogue& small) {
  const Catalogue catalogue = Catalogue::load_from(small.path());
  return coverage_of(catalogue).front().cases;
}

TEST(Coverage, IsByTheSingleCasesAndTheMatricesThatNameTheRequirement) {
  const SmallCatalogue small;
  small.write("cases/requirements.xml",
              "<requirements>" + requirement("X-1-a") + requirement("X-1-b") + "</requirements>");
  small.write("cases/smtp/a/one.xml",
              "<case summary='s' requirements='X-1-a'>"
              "<expect endings='delivered' reason='r'/></case>");
  small.write("cases/matrix/all.xml", kMatrix);
  const Catalogue catalogue = Catalogue::load_from(small.path());
  const std::vector<Coverage> all = coverage_of(catalogue);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].cases, std::vector<std::string>{"smtp/a/one"});
  EXPECT_EQ(all[1].cases, std::vector<std::string>{"matrix/all"});
  EXPECT_FALSE(all[0].is_open());
}

TEST(Coverage, ByARecipeIsTheCellThatShowsIt) {
  const SmallCatalogue small;
  small.write("cases/matrix/all.xml", kMatrix);
  small.write("certs/recipes/bad.xml",
              "<recipes><recipe id='late' reason='r' clause='c' requirements='X-1-a'>"
              "<leaf until='-1d'/><expect pkix='certificate-expired'/></recipe></recipes>");
  const auto with = [&](const std::string& protocol) {
    small.write("cases/requirements.xml", "<requirements>" +
                                              requirement("X-1-a", "protocol='" + protocol + "'") +
                                              requirement("X-1-b") + "</requirements>");
    return covering(small);
  };
  const std::string smtp = "matrix/all/mode=smtp-starttls/certificate=late";
  EXPECT_EQ(with("smtp"), std::vector<std::string>{smtp});
  EXPECT_EQ(with("x509"), std::vector<std::string>{smtp}) << "of either protocol";
  EXPECT_EQ(with("ldap"),
            std::vector<std::string>{"matrix/all/mode=ldap-starttls/certificate=late"});
}

TEST(Coverage, IsOpenWhereNothingCoversARequirementAndNothingSaysWhy) {
  const SmallCatalogue small;
  small.write("cases/requirements.xml",
              "<requirements>" + requirement("X-1-a") +
                  requirement("X-1-b", "protocol='tls' out-of-scope='a true reason'") +
                  "</requirements>");
  const Catalogue catalogue = Catalogue::load_from(small.path());
  const std::vector<Coverage> all = coverage_of(catalogue);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].is_open());
  EXPECT_FALSE(all[1].is_open());
}

TEST(Coverage, OfTheTreeIsWhole) {
  std::size_t covered = 0;
  for (const Coverage& one : coverage_of(tree_catalogue())) {
    EXPECT_FALSE(one.is_open()) << one.requirement->id << ": " << one.requirement->exposed_by;
    EXPECT_TRUE(one.cases.empty() || !one.requirement->out_of_scope)
        << one.requirement->id << " is out of scope, and covered by " << one.cases.front();
    if (!one.cases.empty()) ++covered;
  }
  EXPECT_GE(covered, 190U);
}

TEST(Coverage, OfTheTreeIsByWhatCanBeRun) {
  for (const Coverage& one : coverage_of(tree_catalogue())) {
    for (const std::string& id : one.cases) {
      Selection selection({.cases = tree_catalogue().cases(),
                           .matrices = tree_catalogue().matrices(),
                           .globs = {id}});
      EXPECT_TRUE(selection.any()) << one.requirement->id << ": " << id;
    }
  }
}

// ---- kills -------------------------------------------------------------------------------------

const Kills& kills_of(const KillTable& table, std::string_view defect) {
  return *std::find_if(table.defects.begin(), table.defects.end(),
                       [&](const Kills& one) { return one.defect->name == defect; });
}

TEST(KillTable, TellsWhatIsMeantForADefectFromAnAccident) {
  const SmallCatalogue small;
  const std::string stripped =
      "<server><at point='ehlo'><reply>250-x\n250 AUTH PLAIN LOGIN</reply></at></server>"
      "<expect endings='starttls-not-supported' reason='r'/></case>";
  small.write("cases/smtp/strip/meant.xml",
              "<case summary='s' bug-class='STRIP-NOCAP'>" + stripped);
  small.write("cases/smtp/strip/another.xml", "<case summary='s' bug-class='TIME'>" + stripped);
  small.write("cases/smtp/strip/wrong.xml",
              "<case summary='s'><expect endings='not-connected' reason='r'/></case>");
  tls::use_run_clock();
  RunOptions options{.jobs = 2, .mint = {.key_cache = STARTLE_TEST_CACHE "/startle/keys"}};
  options.worker.clock = kTestClock;
  tls::set_run_clock(kTestClock);
  const Catalogue catalogue = Catalogue::load_from(small.path());
  const KillTable table = kill_table(catalogue, options);
  EXPECT_EQ(table.failed_by_correct, std::vector<std::string>{"smtp/strip/wrong"});
  ASSERT_EQ(table.defects.size(), subject::defects().size());
  const Kills& goes_on = kills_of(table, "goes-on-without-starttls");
  ASSERT_EQ(goes_on.by.size(), 2U) << "what the correct client fails proves nothing";
  EXPECT_EQ(goes_on.by[0].id, "smtp/strip/another");
  EXPECT_FALSE(goes_on.by[0].meant);
  EXPECT_EQ(goes_on.by[1].id, "smtp/strip/meant");
  EXPECT_TRUE(goes_on.by[1].meant);
  EXPECT_EQ(goes_on.by[1].severity, words::Severity::leak);
  EXPECT_EQ(kills_of(table, "accepts-any-name").by.size(), 0U);
}

}  // namespace
}  // namespace startle::cases
