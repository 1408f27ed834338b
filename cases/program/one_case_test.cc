// A run of cases that are named whole reads their files and no other case: it starts at once, and
// is as good as its own files.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/small_catalogue_for_test.h"
#include "cases/engine/startle_for_test.h"

namespace startle::cases {
namespace {

constexpr std::string_view kSound =
    "<case summary='s'><expect endings='delivered' reason='r'/></case>";

class OneCase : public testing::Test {
 protected:
  OneCase() {
    small_.write("cases/smtp/sound.xml", kSound);
    small_.write("cases/smtp/folder/sound.xml", kSound);
    small_.write("cases/smtp/broken.xml", "<case");
  }
  ProgramRun run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "run");
    return run_startle(arguments, {{"STARTLE_CATALOGUE", small_.path()}});
  }
  std::string complaint() const {
    return "startle: " + small_.path("cases/smtp/broken.xml") +
           ":1: Couldn't find end of Start Tag case line 1\n";
  }
  SmallCatalogue small_{};
};

TEST_F(OneCase, RunsWhereAnotherFileIsBroken) {
  for (const std::vector<std::string>& named :
       {std::vector<std::string>{"smtp/sound"}, {"smtp/sound", "smtp/folder/sound"}}) {
    const ProgramRun one = run(named);
    EXPECT_EQ(one.status, 0) << one.err;
    EXPECT_NE(one.out.find(std::to_string(named.size()) + " passed"), std::string::npos) << one.out;
  }
}

TEST_F(OneCase, IsReadWithAllOthersWhereOthersMayBeMeant) {
  for (const char* named : {"smtp/*", "smtp/folder", "smtp/soun?", "smtp", "smtp/broken"}) {
    const ProgramRun several = run({"smtp/sound", named});
    EXPECT_EQ(several.status, 2) << named;
    EXPECT_EQ(several.err, complaint()) << named;
  }
}

TEST_F(OneCase, IsNoFileOutsideTheRoomsOfCases) {
  small_.remove("cases/smtp/broken.xml");
  small_.write("cases/clients/sound.xml", kSound);
  small_.write("sound.xml", kSound);
  for (const char* named : {"clients/sound", "smtp/../../sound", "smtp//sound", "smtp/./sound"}) {
    const ProgramRun none = run({named});
    EXPECT_EQ(none.status, 3) << named;
    EXPECT_NE(none.err.find("no case matches `" + std::string(named) + "`"), std::string::npos)
        << none.err;
  }
}

TEST_F(OneCase, IsGoneOnWithWhereItsFileIsAsItWas) {
  const std::string report = small_.path("report.jsonl");
  const std::vector<std::string> again{"smtp/sound", "--report", "jsonl=" + report, "--resume",
                                       report};
  ASSERT_EQ(run({"smtp/sound", "--report", "jsonl=" + report}).status, 0);
  EXPECT_EQ(run(again).status, 0);
  small_.write("cases/smtp/sound.xml", "<!-- other -->" + std::string(kSound));
  const ProgramRun other = run(again);
  EXPECT_EQ(other.status, 2) << other.err;
  EXPECT_NE(other.err.find("the catalogue"), std::string::npos) << other.err;
}

TEST(FileNamedBy, IsThatOfACaseOrOfTheMatrixWhoseCellsAreMeant) {
  const std::string id = "smtp/injection/reply-after-go-ahead";
  EXPECT_EQ(Catalogue::file_named_by(id), id);
  EXPECT_EQ(Catalogue::file_named_by("matrix/trust"), "matrix/trust");
  EXPECT_EQ(Catalogue::file_named_by("matrix/trust/mode=smtps/trust=*/x"), "matrix/trust");
  for (const char* glob : {"", "smtp", "smtp/injection", "smtp/injection/*", "matrix/*/mode=smtps",
                           "*/mode=smtps", "mode=smtps", "/smtp/injection/reply-after-go-ahead"}) {
    EXPECT_EQ(Catalogue::file_named_by(glob), std::nullopt) << glob;
  }
}

}  // namespace
}  // namespace startle::cases
