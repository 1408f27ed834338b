// What is known beside the catalogue: nothing lacks a remedy, nothing names what there is not.

#include "cases/program/explain/knowledge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/subject/defect.h"

namespace startle::program {
namespace {

namespace fs = std::filesystem;

class KnowledgeTest : public testing::Test {
 protected:
  static const cases::Catalogue& catalogue() {
    static const cases::Catalogue loaded = cases::Catalogue::load();
    return loaded;
  }
  static const Knowledge& knowledge() {
    static const Knowledge loaded = Knowledge::load(catalogue());
    return loaded;
  }
  // Of the tree's files, in a folder of its own, with `from` replaced by `to` in one of them.
  std::string complaint(const std::string& file, const std::string& from, const std::string& to) {
    const fs::path source = cases::Catalogue::clients_folder().parent_path() / "explained";
    for (const fs::directory_entry& one : fs::directory_iterator(source)) {
      fs::copy_file(one.path(), folder_.path() / one.path().filename(),
                    fs::copy_options::overwrite_existing);
    }
    std::string text = read_file(folder_.path() / file, 1 << 20);
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at == std::string::npos) return "";
    text.replace(at, from.size(), to);
    write_file(folder_.path() / file, text);
    try {
      Knowledge::load_from(folder_.path(), catalogue());
    } catch (const Error& e) {
      const std::string said = e.what();
      return said.starts_with(folder_.path().string())
                 ? said.substr(folder_.path().string().size() + 1)
                 : said;
    }
    return "";
  }

 private:
  TemporaryFolder folder_{};
};

std::set<std::string> every_class(const cases::Catalogue& catalogue) {
  std::set<std::string> all;
  for (const cases::Case& one : catalogue.cases()) all.insert(one.bug_class);
  for (const std::string& id : catalogue.recipe_ids()) all.insert(catalogue.purpose(id).bug_class);
  for (const subject::Defect& one : subject::defects()) all.insert(std::string(one.bug_class));
  all.erase("");
  return all;
}

TEST_F(KnowledgeTest, HasARemedyForEveryBugClass) {
  std::set<std::string> classes = every_class(catalogue());
  for (const KnownBug& bug : knowledge().bugs()) classes.insert(bug.bug_class);
  EXPECT_GT(classes.size(), 80U);
  for (const std::string& one : classes) EXPECT_NE(knowledge().of_class(one), nullptr) << one;
}

TEST_F(KnowledgeTest, HasNoRemedyForAClassThatThereIsNot) {
  std::set<std::string> classes = every_class(catalogue());
  for (const KnownBug& bug : knowledge().bugs()) classes.insert(bug.bug_class);
  for (const Remedy& remedy : knowledge().remedies()) {
    for (const std::string& one : remedy.classes) {
      EXPECT_TRUE(classes.contains(one)) << remedy.id << ": " << one;
    }
  }
}

TEST_F(KnowledgeTest, HasARemedyForEveryFinding) {
  const std::vector<std::string> findings = every_finding();
  for (const std::string& one : findings) {
    EXPECT_TRUE(is_finding(one)) << one;
    EXPECT_NE(knowledge().of_finding(one), nullptr) << one;
  }
  for (const Remedy& remedy : knowledge().remedies()) {
    EXPECT_FALSE(remedy.classes.empty() && remedy.findings.empty()) << remedy.id;
    for (const std::string& one : remedy.findings) {
      const bool is_glob = one.find('*') != std::string::npos;
      EXPECT_TRUE(is_glob || is_finding(one)) << remedy.id << ": " << one;
    }
  }
}

TEST_F(KnowledgeTest, NamesOfTwoRemediesThatFitTheNearerOne) {
  EXPECT_EQ(knowledge().of_finding("refuses/timeout")->id, "bound-everything");
  EXPECT_EQ(knowledge().of_finding("refuses/protocol-error")->id, "take-what-is-legal");
  EXPECT_EQ(knowledge().of_finding("accepts/common-name")->id, "compare-names");
  EXPECT_EQ(knowledge().of_finding("reason/timeout/delivered")->id, "name-the-reason");
}

TEST_F(KnowledgeTest, ShowsABugByACaseOrCertificateOfItsClass) {
  for (const KnownBug& bug : knowledge().bugs()) {
    if (!bug.certificate.empty()) {
      EXPECT_EQ(catalogue().purpose(bug.certificate).bug_class, bug.bug_class) << bug.id;
    }
    if (bug.case_id.empty()) continue;
    const auto& all = catalogue().cases();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const cases::Case& one) { return one.id == bug.case_id; });
    ASSERT_NE(found, all.end()) << bug.id;
    EXPECT_EQ(found->bug_class, bug.bug_class) << bug.id;
  }
}

// A bug that nothing shows is one whose class has neither case nor certificate.
TEST_F(KnowledgeTest, SaysWhyOnlyWhereNothingShowsABug) {
  std::set<std::string> shown;
  for (const cases::Case& one : catalogue().cases()) shown.insert(one.bug_class);
  for (const std::string& id : catalogue().recipe_ids()) {
    shown.insert(catalogue().purpose(id).bug_class);
  }
  for (const KnownBug& bug : knowledge().bugs()) {
    EXPECT_EQ(bug.unshown.empty(), shown.contains(bug.bug_class)) << bug.id;
  }
}

TEST_F(KnowledgeTest, TellsWhatIsWrongWithItsFiles) {
  EXPECT_EQ(complaint("known-bugs.xml", "id=\"CVE-2020-14954\"", "id=\"CVE-2021-22947\""),
            "known-bugs.xml:5: the bug `CVE-2021-22947` stands here twice");
  EXPECT_EQ(complaint("known-bugs.xml", "smtp/injection/reply-after-go-ahead", "smtp/nothing"),
            "known-bugs.xml:4: there is no case `smtp/nothing` (`startle list` shows all)");
  EXPECT_EQ(complaint("known-bugs.xml", "certificate=\"mismatched\"", "certificate=\"nobody\"")
                .substr(0, 14),
            "known-bugs.xml");
  EXPECT_EQ(complaint("remedies.xml", "language=\"go\"", "language=\"java\""),
            "remedies.xml:13: the remedy `demand-tls` has two texts for java");
  EXPECT_EQ(complaint("endings.xml", "<ending id=\"bound\">", "<ending id=\"delivered\">"),
            "endings.xml:5: the ending `delivered` stands here twice");
  EXPECT_NE(complaint("remedies.xml", "<safe>", "<sound>"), "");
}

}  // namespace
}  // namespace startle::program
