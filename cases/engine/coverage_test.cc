#include "cases/engine/coverage.h"

#include <gtest/gtest.h>

#include <set>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/selection.h"
#include "cases/engine/small_catalogue_for_test.h"

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
  std::set<std::string> known;
  for (const Case& single : tree_catalogue().cases()) known.insert(single.id);
  for (const Coverage& one : coverage_of(tree_catalogue())) {
    for (const std::string& id : one.cases) {
      if (!known.insert(id).second) continue;
      Selection selection({.matrices = tree_catalogue().matrices(), .globs = {id}});
      EXPECT_TRUE(selection.any()) << one.requirement->id << ": " << id;
    }
  }
}

}  // namespace
}  // namespace startle::cases
