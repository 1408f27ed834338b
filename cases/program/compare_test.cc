// startle compare as its users see it: on reports that the real writers wrote, and on clients.

#include <gtest/gtest.h>

#include <fstream>
#include <memory>

#include "cases/program/merge_for_test.h"
#include "harness/report/reports.h"
#include "harness/report/summary.h"

namespace startle::cases {
namespace {

using report::Verdict;
using report::VerdictKind;
using words::Ending;
using words::Severity;

Verdict passed(const std::string& id) {
  return {.id = id, .expected = {Ending::delivered}, .observed = Ending::delivered, .reason = "ok"};
}
Verdict failed(const std::string& id, Severity severity) {
  return {.id = id,
          .kind = VerdictKind::fail,
          .severity = severity,
          .expected = {Ending::delivered},
          .observed = Ending::timeout,
          .finding = "stops",
          .reason = "it stopped"};
}
Verdict skipped(const std::string& id) {
  return {.id = id, .kind = VerdictKind::skip, .reason = "cannot be told"};
}

class CompareTest : public MergeTest {
 protected:
  // A report of `startle run` by a client of this version, as its name says: json or jsonl.
  void write_report(const std::string& name, const std::string& version,
                    const std::vector<Verdict>& verdicts, bool complete = true) const {
    std::ofstream out(path(name), std::ios::binary);
    const auto writer = name.ends_with(".jsonl") ? report::make_json_lines_report(out)
                                                 : report::make_json_report(out);
    const report::RunInfo info{.version = "0.1.0",
                               .client_name = "builtin",
                               .client_version = version,
                               .tls_library = "GnuTLS 3.7.9",
                               .trust_model = "documented",
                               .store_model = "documented",
                               .transport = "memory",
                               .selected = verdicts.size(),
                               .cases = verdicts.size()};
    report::Tally tally;
    writer->begin(info);
    for (const Verdict& verdict : verdicts) {
      tally.add(verdict,
                {.id = verdict.finding, .severity = verdict.severity.value_or(Severity{})});
      writer->add(verdict);
    }
    writer->end({.findings = tally.findings(), .summary = tally.summary(), .complete = complete});
  }
  ProgramRun compare(const Arguments& names, const Arguments& more = {}) const {
    Arguments arguments{"compare"};
    for (const std::string& name : names) arguments.push_back(path(name));
    arguments.insert(arguments.end(), more.begin(), more.end());
    ProgramRun run = run_startle(arguments);
    const std::string folder = folder_.path().string() + "/";
    for (std::string* text : {&run.out, &run.err}) {
      for (std::size_t at = 0; (at = text->find(folder, at)) != text->npos;) {
        text->erase(at, folder.size());
      }
    }
    return run;
  }
};

TEST_F(CompareTest, ReportsOfTwoVersionsShowWhatHasChanged) {
  write_report("old.json", "1.0", {passed("smtp/a"), passed("smtp/b"), passed("smtp/gone")});
  write_report("new.jsonl", "2.0",
               {passed("smtp/a"), failed("smtp/b", Severity::false_refuse), passed("smtp/new")});
  const ProgramRun run = compare({"old.json", "new.jsonl"}, {"--report", report("out.json")});
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(
      run.out,
      "     client       version  TLS library   trust model  passed  failed  skipped  worst\n"
      "[1]  builtin 1.0  1.0      GnuTLS 3.7.9  documented   3       0       0        none\n"
      "[2]  builtin 2.0  2.0      GnuTLS 3.7.9  documented   2       1       0        "
      "false-refuse\n"
      "\n"
      "Failed by one at least: 1 of 4 cases\n"
      "\n"
      "case      builtin 1.0    builtin 2.0\n"
      "smtp/b    delivered    R timeout\n"
      "L leak, A false-accept, R false-refuse, W wrong-reason, N note, x an expected failure, "
      "X an unexpected pass,\n"
      "E an error; no mark: as expected\n"
      "\n"
      "Drift: 1 case of 2 that were judged under two clients at least\n"
      "\n"
      "smtp/b\n"
      "  timeout, false-refuse: builtin 2.0\n"
      "      it stopped\n"
      "  delivered, as expected: builtin 1.0\n"
      "      ok\n");
  const Json json = json_of("out.json");
  EXPECT_EQ(json.at("drift"), Json({"smtp/b"}));
  EXPECT_EQ(json.at("clients").at(1).at("version"), "2.0");
  EXPECT_EQ(json.at("clients").at(1).at("report"), path("new.jsonl"));
  EXPECT_EQ(json.at("cases").size(), 4U);
  EXPECT_EQ(json.at("cases").at(2).at("results").at(1).at("verdict"), "not-run");
}

TEST_F(CompareTest, TheExitCodeSaysWhatCameOfIt) {
  write_report("fine.json", "1.0", {passed("smtp/a"), passed("ldap/a")});
  write_report("same.json", "1.0", {passed("smtp/a")});
  write_report("note.json", "2.0", {failed("smtp/a", Severity::note)});
  write_report("other.json", "2.0", {passed("smtp/other")});
  write_report("skipped.json", "2.0", {skipped("smtp/a")});
  const struct {
    Arguments names;
    Arguments more;
    int status;
  } rows[] = {
      {{"fine.json", "same.json"}, {}, 0},
      {{"fine.json", "note.json"}, {}, 0},
      {{"fine.json", "note.json"}, {"--fail-on", "note"}, 1},
      {{"fine.json", "note.json"}, {"--fail-on", "note", "--case", "ldap/*"}, 3},
      {{"fine.json", "other.json"}, {}, 3},
      {{"fine.json", "skipped.json"}, {}, 3},
      {{"fine.json", "skipped.json", "same.json"}, {}, 0},
      {{"fine.json"}, {}, 2},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(compare(row.names, row.more).status, row.status)
        << row.names.back() << " " << testing::PrintToString(row.more);
  }
  EXPECT_EQ(compare({"fine.json", "other.json"}).err,
            "startle: nothing is comparable: no case was judged under two of them\n");
}

TEST_F(CompareTest, MistakesAreToldInOneSentence) {
  write_report("a.json", "1.0", {passed("smtp/a")});
  write_report("twice.jsonl", "1.0", {passed("smtp/a"), passed("smtp/a")});
  write_file(path("text.json"), "\nhello");
  write_file(path("cut.jsonl"), text_of("twice.jsonl").substr(0, 600));
  const std::string two =
      "`startle compare` needs two to compare: name another client or report, or --trust-model "
      "all";
  const struct {
    Arguments names;
    Arguments more;
    std::string err;
  } rows[] = {
      {{"a.json"}, {}, two},
      {{"a.json", "text.json"}, {}, "text.json:2: this is not JSON"},
      {{"a.json", "twice.jsonl"},
       {},
       "twice.jsonl:3: `smtp/a` [documented] stands there twice: each case counts once"},
      {{"a.json", "none.json"}, {}, "none.json: there is no such file"},
      {{"a.json", "."}, {}, ".: is a folder, and no client"},
      {{"a.json", "a.json"},
       {"--seed", "3"},
       "--seed says how a client is run, and these are reports: leave it out, or name a client "
       "too"},
      {{"a.json", "a.json"},
       {"--report", "junit"},
       "--report junit: `startle compare` writes text and json: for example --report "
       "json=compared.json"},
      {{"a.json", "a.json"},
       {"--report", report("a.json")},
       "--report json=a.json would replace a.json, which is read (a report that is compared): name "
       "another file"},
      {{"a.json", "a.json"},
       {"--fail-on", "warning"},
       "--fail-on warning is for `startle run`: here, name a severity"},
  };
  for (const auto& row : rows) {
    const ProgramRun run = compare(row.names, row.more);
    EXPECT_EQ(run.status, 2) << row.err;
    EXPECT_EQ(run.out, "") << row.err;
    EXPECT_EQ(run.err, "startle: " + row.err + "\n");
  }
  EXPECT_NE(compare({"a.json", "cut.jsonl"}).err.find("startle: cut.jsonl:"), std::string::npos);
  EXPECT_NE(compare({"a.json"}, {"builtn"}).err.find("`builtn` is no client"), std::string::npos);
}

TEST_F(CompareTest, AReportThatWasInterruptedSaysSo) {
  write_report("a.json", "1.0", {passed("smtp/a"), passed("smtp/b")});
  write_report("part.json", "1.0", {passed("smtp/a")}, false);
  const ProgramRun run = compare({"a.json", "part.json"});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err,
            "startle: part.json: is not complete: the run that wrote it was interrupted, and what "
            "it has not come to is `not run`\n");
}

TEST_F(CompareTest, JsonOnStdoutLeavesTheTextToStderr) {
  write_report("a.json", "1.0", {passed("smtp/a")});
  const ProgramRun run = compare({"a.json", "a.json"}, {"--report", "json"});
  EXPECT_EQ(Json::parse(run.out).at("clients").at(1).at("label"), "builtin #2");
  EXPECT_NE(run.err.find("Drift: 0 cases of 1"), std::string::npos);
}

TEST_F(CompareTest, ClientsAreRunOnTheSameCases) {
  const ProgramRun run = run_startle(
      {"compare", "builtin", "defect:accepts-any-name", "--case",
       "matrix/trust/mode=smtps/trust=host/certificate=mismatched/credential=valid", "--case",
       "smtp/auth/rejected-535", "--at", "2030-01-02", "--report", report("out.json")},
      {{"GTEST_TOTAL_SHARDS", "2"}, {"GTEST_SHARD_INDEX", "1"}});
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(run.err, "");
  EXPECT_NE(run.out.find("[2]  defect:accepts-any-name"), std::string::npos);
  const Json json = json_of("out.json");
  ASSERT_EQ(json.at("cases").size(), 2U);
  ASSERT_EQ(json.at("drift").size(), 1U);
  const Json& results = json.at("cases").at(0).at("results");
  EXPECT_EQ(results.at(0).at("ending"), "certificate-host-mismatch");
  EXPECT_EQ(results.at(0).at("verdict"), "pass");
  EXPECT_EQ(results.at(1).at("ending"), "delivered");
  EXPECT_EQ(results.at(1).at("verdict"), "fail");
}

TEST_F(CompareTest, AClientIsHeldToAReportOfItsOwn) {
  run("old.json", {"smtp/auth"});
  const ProgramRun run = compare({"old.json"}, {"builtin", "--case", "smtp/auth/rejected-535"});
  EXPECT_EQ(run.status, 0);
  EXPECT_NE(run.out.find("Drift: 0 cases of 1"), std::string::npos);
  EXPECT_NE(run.out.find("builtin old.json"), std::string::npos);
}

}  // namespace
}  // namespace startle::cases
