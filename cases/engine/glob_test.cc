#include "cases/engine/glob.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/engine/catalogue_for_test.h"

namespace startle::cases {
namespace {

struct GlobRow {
  const char* name;
  const char* pattern;
  const char* id;
  bool matches;
};

void PrintTo(const GlobRow& row, std::ostream* out) {
  *out << row.pattern << " on " << row.id;
}

class GlobTest : public testing::TestWithParam<GlobRow> {};

TEST_P(GlobTest, Matches) {
  EXPECT_EQ(glob_matches(GetParam().pattern, GetParam().id), GetParam().matches);
}

const GlobRow kGlobs[] = {
    {"Itself", "smtp/auth/rejected-535", "smtp/auth/rejected-535", true},
    {"AFolder", "smtp/auth", "smtp/auth/rejected-535", true},
    {"AFolderOfFolders", "smtp", "smtp/auth/rejected-535", true},
    {"NotPartOfAName", "smtp/au", "smtp/auth/rejected-535", false},
    {"NotWhatIsAbove", "smtp/auth/rejected-535/x", "smtp/auth/rejected-535", false},
    {"CaseMatters", "SMTP", "smtp/auth/rejected-535", false},
    {"NotWithASlashAtTheEnd", "smtp/", "smtp/auth/rejected-535", false},
    {"Empty", "", "smtp/auth/rejected-535", false},
    {"Everything", "*", "smtp/auth/rejected-535", true},
    {"StarCrossesSlashes", "smtp/*535", "smtp/auth/rejected-535", true},
    {"StarMayBeEmpty", "smtp/auth*/rejected-535", "smtp/auth/rejected-535", true},
    {"StarStopsWhereTheRestFails", "smtp/*536", "smtp/auth/rejected-535", false},
    {"StarLooksFurther", "*credential=valid", "credential=valid/credential=valid", true},
    {"TwoStars", "*/trust=host/*/credential=valid",
     "matrix/trust/mode=smtp-starttls/trust=host/certificate=valid/credential=valid", true},
    {"WholeComponent", "*/trust=host/*",
     "matrix/trust/mode=smtp-starttls/trust=host-x/certificate=valid/credential=valid", false},
    {"AStarSelectsNothingBelow", "smtp/au*h", "smtp/auth/rejected-535", false},
    {"OneCharacter", "smtp/auth/rejected-53?", "smtp/auth/rejected-535", true},
    {"ExactlyOneCharacter", "smtp/auth/rejected-535?", "smtp/auth/rejected-535", false},
    {"ManyStars", "*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
};
INSTANTIATE_TEST_SUITE_P(All, GlobTest, testing::ValuesIn(kGlobs),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(GlobRanges, LeaveOutNoCellThatAGlobMatches) {
  const std::vector<std::string> globs{
      "matrix/certificates/mode=smtps/trust=host/certificate=expired",
      "matrix/certificates/mode=ldaps/*", "smtp/*", "matrix/trust"};
  std::size_t seen = 0;
  for (const Matrix& matrix : tree_catalogue().matrices()) {
    if (matrix.id != "matrix/certificates") continue;
    const GlobRanges candidates(matrix, globs);
    std::size_t next = candidates.next(0);
    for (std::size_t cell = 0; cell < matrix.size(); ++cell) {
      const std::string id = matrix.cell_id(cell);
      const bool matches = std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
        return glob_matches(glob, id);
      });
      EXPECT_TRUE(!matches || cell == next) << id;
      if (cell == next) {
        next = candidates.next(cell + 1);
        ++seen;
      }
    }
    EXPECT_EQ(next, matrix.size());
    EXPECT_GT(seen, 1U);
    EXPECT_LT(seen, matrix.size()) << "the ranges leave out nothing";
  }
  EXPECT_GT(seen, 0U);
}

}  // namespace
}  // namespace startle::cases
