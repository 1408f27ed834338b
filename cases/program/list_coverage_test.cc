// startle list --coverage, as its user meets it.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cases/engine/catalogue_for_test.h"
#include "cases/engine/small_catalogue_for_test.h"
#include "cases/engine/startle_for_test.h"

namespace startle::cases {
namespace {

std::string requirement(const std::string& id, const std::string& more) {
  return "<requirement id='" + id + "' clause='X, 1' level='MUST' protocol='smtp' " + more +
         "><rule>r</rule><exposed-by>e</exposed-by><safe-outcome>s</safe-outcome></requirement>";
}

// One requirement of each kind, but for `open`.
class Whole : public SmallCatalogue {
 public:
  explicit Whole(const std::string& open = "") {
    write("cases/requirements.xml", "<requirements>" + requirement("X-1-a", "") +
                                        requirement("X-1-b", "out-of-scope='a true reason'") +
                                        open + "</requirements>");
    for (const char* name : {"one", "two"}) {
      write("cases/smtp/a/" + std::string(name) + ".xml",
            "<case summary='s' requirements='X-1-a' bug-class='STRIP-NOCAP'>"
            "<server><at point='ehlo'><reply>250-x{crlf}250 AUTH PLAIN</reply></at></server>"
            "<expect endings='starttls-not-supported' reason='r'/></case>");
    }
  }
};

ProgramRun list(const SmallCatalogue& small, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"list", "--coverage"});
  return run_startle(arguments, {{"STARTLE_CATALOGUE", small.path()}});
}

TEST(ListCoverage, SaysOfEachRequirementWhatCoversItOrWhyNot) {
  const ProgramRun run = list(Whole(), {});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.out,
            "X-1-a\tsmtp/a/one and 1 more\n"
            "X-1-b\tout of scope: a true reason\n"
            "2 of 2 covered or reasoned: 1 covered, 1 out of scope\n");
}

TEST(ListCoverage, FailsForARequirementOfWhichNeitherIsKnown) {
  const ProgramRun run = list(Whole(requirement("X-1-c", "")), {"*-c"});
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(run.out,
            "X-1-c\topen: no case names it, and nothing says why\n"
            "0 of 1 covered or reasoned: 0 covered, 0 out of scope\n");
}

TEST(ListCoverage, NamesTheRequirementThatIsNearToAMistake) {
  const ProgramRun run = list(Whole(), {"X-1-z"});
  EXPECT_EQ(run.status, 3);
  EXPECT_EQ(run.err,
            "startle: no requirement matches `X-1-z`: did you mean `X-1-a`? (`startle list "
            "--coverage` shows all)\n");
}

TEST(ListCoverage, InJsonHasTheKillsOfEachDefect) {
  const ProgramRun run = list(Whole(), {"--json"});
  EXPECT_EQ(run.status, 1) << "most defects are killed by no case here";
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["requirements"][0]["cases"], (nlohmann::json{"smtp/a/one", "smtp/a/two"}));
  EXPECT_EQ(json["requirements"][0]["reason"], nullptr);
  EXPECT_EQ(json["requirements"][1]["reason"], "a true reason");
  EXPECT_EQ(json["failed_by_correct"], nlohmann::json::array());
  for (const auto& defect : json["defects"]) {
    if (defect["name"] == "goes-on-without-starttls") {
      EXPECT_EQ(defect["bug_class"], "STRIP-NOCAP");
      EXPECT_EQ(defect["killed_by"], (nlohmann::json{"smtp/a/one", "smtp/a/two"}));
      EXPECT_EQ(defect["kills"][0]["severity"], "leak");
      EXPECT_EQ(defect["kills"][0]["meant"], true);
      EXPECT_EQ(defect["reason"], nullptr);
    }
    if (defect["name"] == "accepts-any-name") {
      EXPECT_EQ(defect["killed_by"], nlohmann::json::array());
      EXPECT_EQ(defect["reason"], "no case fails it: a hole in the catalogue");
    }
  }
}

}  // namespace
}  // namespace startle::cases
