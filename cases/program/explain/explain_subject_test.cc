// Whatever has an id is explained, with everything that there is to say of it.

#include "cases/program/explain/explain_subject.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"

namespace startle::program {
namespace {

using Json = nlohmann::json;

class ExplainTest : public testing::Test {
 protected:
  static cases::Catalogue& catalogue() {
    static cases::Catalogue loaded = cases::Catalogue::load();
    return loaded;
  }
  static const Knowledge& knowledge() {
    static const Knowledge loaded = Knowledge::load(catalogue());
    return loaded;
  }
  static std::vector<Explanation> all_of(const std::string& what) {
    return explained(catalogue(), knowledge(), what);
  }
  static Explanation of(const std::string& what) {
    auto all = all_of(what);
    EXPECT_EQ(all.size(), 1U) << what;
    return all.empty() ? Explanation{} : all.front();
  }
  static std::string complaint(const std::string& what) {
    try {
      all_of(what);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  }
};

// Of what is about the client's own output no server tells.
bool has_a_dialogue(const Explanation& one) {
  return one.kind == "case" || (one.kind == "invariant" && one.id != "secret-in-output");
}

TEST_F(ExplainTest, EveryNameIsExplainedWithItsRemedy) {
  const std::vector<SubjectName> names = every_subject(catalogue(), knowledge());
  EXPECT_GT(names.size(), 1900U);
  for (const SubjectName& name : names) {
    const std::vector<Explanation> all = all_of(name.name);
    const bool has_kind = std::any_of(all.begin(), all.end(), [&](const Explanation& one) {
      return one.kind == name.kind && one.id == name.name;
    });
    EXPECT_TRUE(has_kind) << name.kind << " " << name.name;
    for (const Explanation& one : all) {
      EXPECT_FALSE(one.title.empty() && one.what.empty()) << one.id;
      EXPECT_NE(one.remedy, nullptr) << one.kind << " " << one.id;
      EXPECT_FALSE(one.safe.empty()) << one.kind << " " << one.id;
      EXPECT_FALSE(has_a_dialogue(one) && one.dialogue.empty()) << one.id;
    }
  }
}

TEST_F(ExplainTest, EveryFurtherNameIsOneThatIsExplained) {
  std::set<std::string> further;
  for (const SubjectName& name : every_subject(catalogue(), knowledge())) {
    if (name.kind == "case" && name.name.find("/injection/") == std::string::npos) continue;
    for (const Explanation& one : all_of(name.name)) {
      further.insert(one.see.begin(), one.see.end());
    }
  }
  EXPECT_GT(further.size(), 300U);
  for (const std::string& one : further) EXPECT_EQ(complaint(one), "");
}

TEST_F(ExplainTest, EveryNameIsOfOneKindAlone) {
  std::set<std::string> seen;
  for (const SubjectName& name : every_subject(catalogue(), knowledge())) {
    EXPECT_TRUE(seen.insert(name.name).second) << name.kind << " " << name.name;
  }
}

TEST_F(ExplainTest, ACaseIsDrawnWithItsClausesAndBugs) {
  const Explanation one = of("smtp/injection/reply-after-go-ahead");
  EXPECT_EQ(one.kind, "case");
  const auto deviates = std::find_if(one.dialogue.begin(), one.dialogue.end(),
                                     [](const DrawnLine& line) { return line.deviates; });
  ASSERT_NE(deviates, one.dialogue.end());
  EXPECT_EQ(deviates->text, "220 2.0.0 Ready to start TLS");
  EXPECT_EQ(std::prev(deviates)->text, "STARTTLS");
  EXPECT_EQ(one.endings, (std::vector{words::Ending::protocol_error, words::Ending::delivered}));
  EXPECT_EQ(one.remedy->id, "discard-clear-text");
  const auto known = std::find_if(one.bugs.begin(), one.bugs.end(),
                                  [](const KnownBug* bug) { return bug->id == "CVE-2021-22947"; });
  EXPECT_NE(known, one.bugs.end());
  EXPECT_FALSE(one.clauses.empty());
}

TEST_F(ExplainTest, ACellOfAMatrixIsACaseToo) {
  const Explanation one =
      of("matrix/trust/mode=ldap-starttls/trust=host/certificate=expired/credential=valid");
  EXPECT_EQ(one.kind, "cell");
  EXPECT_EQ(one.endings, std::vector{words::Ending::certificate_expired});
  EXPECT_EQ(one.remedy->id, "check-dates");
  EXPECT_NE(complaint("matrix/trust/mode=ldap-starttls/trust=host/certificate=expierd"), "");
}

TEST_F(ExplainTest, AKindAndANameAreThatAlone) {
  EXPECT_EQ(of("certificate:expired").kind, "certificate");
  EXPECT_EQ(of("finding:hung").kind, "invariant");
  EXPECT_EQ(of("invariant:hung").kind, "invariant");
  EXPECT_EQ(of("ending:timeout").kind, "ending");
  EXPECT_EQ(of("known-bug:CVE-2021-22947").kind, "known-bug");
  EXPECT_EQ(of("defect:accepts-any-name").kind, "defect");
  EXPECT_EQ(of("reason/timeout/connection-lost").kind, "finding");
  EXPECT_EQ(complaint("ending:expired"),
            "`expired` is the name of a certificate, of no ending: write `startle explain "
            "expired`");
}

TEST_F(ExplainTest, TheOtherIdOfABugIsItsTo) {
  EXPECT_EQ(of("CVE-2014-2522").id, "CVE-2014-1263");
}

TEST_F(ExplainTest, AFileOfOnesOwnIsExplained) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "mine.xml";
  write_file(file,
             "<case summary='no STARTTLS'><server><at point='starttls'><reply>454 no</reply></at>"
             "</server><expect endings='starttls-refused' reason='r'/></case>");
  const cases::ProgramRun run = cases::run_startle({"explain", file, "--report", "json"});
  EXPECT_EQ(run.status, 0) << run.err;
  const Json json = Json::parse(run.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << run.out;
  const Json& one = json.at("subjects").at(0);
  EXPECT_EQ(one.at("kind"), "case");
  EXPECT_EQ(one.at("endings"), Json::array({"starttls-refused"}));
  EXPECT_NE(one.at("reproduce").at(0).at("lines").at(0).get<std::string>().find(file),
            std::string::npos);
}

TEST_F(ExplainTest, EachReportSaysTheSame) {
  const std::string id = "smtp/starttls/refused-454";
  const cases::ProgramRun text = cases::run_startle({"explain", id});
  const cases::ProgramRun markdown = cases::run_startle({"explain", id, "--report", "markdown"});
  const cases::ProgramRun json = cases::run_startle({"explain", id, "--report", "json"});
  for (const cases::ProgramRun* run : {&text, &markdown, &json}) {
    EXPECT_EQ(run->status, 0);
    EXPECT_EQ(run->err, "");
    for (const char* part :
         {"454", "starttls-refused", "RFC3207", "CVE-2016-0772", "mail.smtp.starttls.required=true",
          "requireTLS", "CURLUSESSL_ALL", "startle serve smtp/starttls/refused-454 --once"}) {
      EXPECT_NE(run->out.find(part), std::string::npos) << part << "\n" << run->out;
    }
  }
  EXPECT_TRUE(text.out.starts_with("case          " + id + "\n")) << text.out;
  EXPECT_TRUE(markdown.out.starts_with("# case: " + id + "\n")) << markdown.out;
  EXPECT_EQ(Json::parse(json.out).at("format"), 1);
}

}  // namespace
}  // namespace startle::program
