// Reading a report back: what was written comes out, and each way of being no report is told.

#include "harness/report/report_reader.h"

#include <gtest/gtest.h>

#include <sstream>

#include "harness/base/error.h"
#include "harness/report/run_for_test.h"
#include "harness/report/summary.h"

namespace startle::report {
namespace {

std::string json_of(const std::vector<Verdict>& verdicts, const std::vector<Finding>& findings) {
  std::ostringstream out;
  return written(*make_json_report(out), out, verdicts, findings);
}

struct Result {
  ReadReport read{};
  std::vector<Verdict> verdicts{};
};

Result read(const std::string& text) {
  Result result;
  std::istringstream in(text);
  result.read = read_report(in, "a.json", [&](Verdict&& verdict, const ElementPlace& place) {
    EXPECT_EQ(place.line, 0U) << "all is one object";
    result.verdicts.push_back(std::move(verdict));
  });
  return result;
}

std::string complaint_about(const std::string& text) {
  try {
    read(text);
    return "";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::input);
    return e.what();
  }
}

TEST(ReportReader, ReadsWhatWasWritten) {
  const auto verdicts = verdicts_for_test();
  const std::string text = json_of(verdicts, findings_for_test());
  const Result result = read(text);
  EXPECT_EQ(result.read.info.version, "0.1.0");
  EXPECT_EQ(result.read.info.clock, run_for_test().clock);
  EXPECT_EQ(result.read.info.seed, 7U);
  EXPECT_EQ(result.read.info.cases, verdicts.size());
  EXPECT_EQ(result.read.wall_s, 1.5);
  EXPECT_EQ(result.read.summary.connections, 3U);
  EXPECT_EQ(result.read.findings.size(), 2U);
  EXPECT_EQ(result.read.findings.at("secret-in-clear").why, "anyone can read it");
  EXPECT_EQ(result.read.findings.at("secret-in-clear").cases, 1U);
  EXPECT_EQ(result.read.findings.at("hung").cases, 1U) << "it counts itself";
  EXPECT_EQ(result.read.findings.at("secret-in-clear").dialogue, findings_for_test()[0].dialogue);
  EXPECT_EQ(result.read.findings.at("secret-in-clear").clauses, findings_for_test()[0].clauses);
  EXPECT_TRUE(result.read.complete);
  EXPECT_EQ(result.read.warnings,
            (std::vector<Warning>{{"conf/schedule.xml:3", "the attribute is ignored"}}));

  // Written again, it is the same byte for byte.
  std::ostringstream out;
  const auto again = make_json_report(out);
  again->begin(result.read.info);
  for (const Verdict& verdict : result.verdicts) again->add(verdict);
  again->end({.findings = findings_for_test(),
              .summary = result.read.summary,
              .warnings = result.read.warnings,
              .wall_s = result.read.wall_s});
  EXPECT_EQ(out.str(), text);
}

TEST(ReportReader, FactsKeepTheirOrder) {
  Verdict verdict = verdicts_for_test().front();
  verdict.facts = {{"subject", "CN=x"}, {"issuer", "CN=y"}, {"chain", "1 certificate"}};
  EXPECT_EQ(read(json_of({verdict}, {})).verdicts.at(0).facts, verdict.facts);
}

TEST(ReportReader, TheOrderOfMembersAndWhatIsUnknownDoNotMatter) {
  const std::string text = json_of(verdicts_for_test(), findings_for_test());
  nlohmann::json sorted = nlohmann::json::parse(text);  // alphabetical: the cases come first
  sorted["zebra"] = {{"cases", {1, {{"a", "b"}}}}};
  sorted["cases"][0]["later"] = {1, 2};
  sorted["summary"]["later"] = "x";
  const Result result = read(sorted.dump(2));
  EXPECT_EQ(result.verdicts.size(), 7U);
  EXPECT_EQ(result.read.findings.size(), 2U);
}

TEST(ReportReader, AReportOfBeforeThereWereShardsIsRead) {
  nlohmann::json old = nlohmann::json::parse(json_of(verdicts_for_test(), findings_for_test()));
  for (const char* member : {"clock_stated", "selection", "selected", "complete", "warnings"}) {
    old.erase(member);
  }
  const Result result = read(old.dump());
  EXPECT_EQ(result.read.info.selected, 7U);
  EXPECT_EQ(result.read.info.shard, "");
  EXPECT_FALSE(result.read.info.clock_stated);
  EXPECT_TRUE(result.read.complete);
  EXPECT_TRUE(result.read.warnings.empty());
}

// Until notes were counted apart they were failures.
TEST(ReportReader, NotesOfAnOlderReportAreAmongItsFailures) {
  Verdict note = verdicts_for_test()[1];
  note.severity = words::Severity::note;
  std::string text = json_of({note}, findings_for_test());
  const std::string now = R"("failed":0,"notes":1)";
  ASSERT_NE(text.find(now), text.npos) << text;
  EXPECT_EQ(read(text).read.summary.notes, 1U);
  text.replace(text.find(now), now.size(), R"("failed":1)");
  EXPECT_EQ(read(text).read.summary.failed, 1U);
  text.replace(text.find(R"("failed":1)"), 10, R"("failed":0)");
  EXPECT_NE(complaint_about(text).find("its summary says 0 failed, its cases 1"),
            std::string::npos);
}

// Wherever it is cut, that is what is said of it.
TEST(ReportReader, AnInterruptedReportIsTold) {
  const std::string text = json_of({verdicts_for_test()[0]}, {});
  for (std::size_t size = 1; size + 2 < text.size(); size += 3) {
    EXPECT_EQ(complaint_about(text.substr(0, size)),
              "a.json: is cut off after " + std::to_string(size) +
                  " bytes: the run that wrote it, or a copy of it, was interrupted");
  }
  EXPECT_EQ(complaint_about(""), "a.json: is empty: the run that was to write it did not end");
}

struct TextRow {
  const char* name;
  std::string text;
  std::string complaint;
};

TEST(ReportReader, WhatIsNoReportIsTold) {
  const std::string none = "a.json: is no report of startle: write one with --report jsonl=FILE";
  const TextRow rows[] = {
      {"text", "hello", "a.json:1: this is not JSON"},
      {"XML", "<?xml version='1.0'?>", "a.json:1: this is not JSON"},
      {"NUL", std::string("\0\0", 2), "a.json:1: this is not JSON"},
      {"a comma too many", "{\n\"format\": 1,\n}", "a.json:3: this is not JSON"},
      {"broken UTF-8", "{\"a\": \"\xff\"}", "a.json:1: this is not JSON"},
      {"two reports", "{\"format\":1,\"cases\":[]}\n{}",
       "a.json:2: more stands behind the end of the report"},
      {"a number", "12 ", "a.json:1: this is no report of startle"},
      {"a list", "[{}]", "a.json:1: this is no report of startle"},
      {"other JSON", "{\"name\": \"x\"}", none},
      {"that of startle list", R"({"format": 1, "cases": [{"id": "x", "summary": ""}]})", none},
      {"another format", R"({"cases": [7], "format": 2, "startle": "3.0"})",
       "a.json: has format 2: this startle reads format 1"},
      {"cases of no list", R"({"format": 1, "startle": "0", "cases": {}})",
       "a.json:1: `cases` is not a list"},
      {"a member twice", R"({"format": 1, "cases": [], "cases": []})",
       "a.json:1: `cases` stands there twice"},
      {"a member of a case twice", R"({"format": 1, "cases": [{"id": "a", "ms": 1, "id": "b"}]})",
       "a.json:1: `id` stands there twice"},
      {"nested", "{\"a\":" + std::string(1000, '['),
       "a.json:1: this is nested too deeply for a report of startle"},
      {"a text without end", "{\"a\": \"" + std::string(kMostBytesOfACase, 'x'),
       "a.json:1: one part of more than 4194304 bytes: this is no report of startle"},
      {"blanks without end", std::string(kMostBytesOfACase + 1, ' '),
       "a.json:1: one part of more than 4194304 bytes: this is no report of startle"},
  };
  for (const TextRow& row : rows) EXPECT_EQ(complaint_about(row.text), row.complaint) << row.name;
}

struct ChangeRow {
  const char* name;
  void (*change)(nlohmann::json& report);
  const char* complaint;  // without "a.json: "
};

TEST(ReportReader, EachMemberIsHeldToWhatItIs) {
  using Json = nlohmann::json;
  const ChangeRow rows[] = {
      {"nothing", [](Json&) {}, ""},
      {"no seed", [](Json& r) { r.erase("seed"); }, "the report has no `seed`"},
      {"a seed below zero", [](Json& r) { r["seed"] = -1; },
       "`seed` of the report is not a whole number"},
      {"a clock of no date", [](Json& r) { r["clock"] = "2030-02-30T00:00:00Z"; },
       "its `clock` is not a date"},
      {"a client without name", [](Json& r) { r["client"].erase("name"); },
       "`client` has no `name`"},
      {"a client of text", [](Json& r) { r["client"] = "builtin"; }, "`client` is no JSON object"},
      {"no cases", [](Json& r) { r.erase("cases"); }, "the report has no `cases`"},
      {"a case of text", [](Json& r) { r["cases"][0] = "x"; }, "a case is no JSON object"},
      {"a case without reason", [](Json& r) { r["cases"][1].erase("reason"); },
       "the case `smtp/injection/reply` has no `reason`"},
      {"an unknown verdict", [](Json& r) { r["cases"][0]["verdict"] = "good"; },
       "`verdict` of the case `smtp/sender/ok` is not one of: pass, fail, skip, xfail, xpass, "
       "error"},
      {"an unknown trust model", [](Json& r) { r["cases"][0]["trust_model"] = "all"; },
       "`trust_model` of the case `smtp/sender/ok` is not one of: documented, javamail, "
       "javamail-identity, angus, jndi, pkix"},
      {"milliseconds in words", [](Json& r) { r["cases"][0]["ms"] = "2"; },
       "`ms` of the case `smtp/sender/ok` is not a number from 0"},
      {"requirements of numbers", [](Json& r) { r["cases"][0]["requirements"] = {1}; },
       "`requirements` of the case `smtp/sender/ok` is not a list of texts"},
      {"a failure without severity", [](Json& r) { r["cases"][1]["severity"] = nullptr; },
       "the case `smtp/injection/reply` failed, but has no `severity`"},
      {"a failure without finding", [](Json& r) { r["cases"][1]["finding"] = nullptr; },
       "the case `smtp/injection/reply` failed, but has no `finding`"},
      {"a finding that is not described", [](Json& r) { r["findings"].erase(0); },
       "a case belongs to the finding `secret-in-clear`, which the report does not describe"},
      {"a finding without fix", [](Json& r) { r["findings"][0].erase("fix"); },
       "the finding `secret-in-clear` has no `fix`"},
      {"a finding twice", [](Json& r) { r["findings"].push_back(r["findings"][0]); },
       "it has the finding `secret-in-clear` twice"},
      {"a case that is lost", [](Json& r) { r["cases"].erase(2); },
       "its summary says 2 failed, its cases 1: it was changed after it was written"},
      {"a selection of numbers", [](Json& r) { r["selection"] = {1}; },
       "`selection` of the report is not a list of texts"},
      {"not complete", [](Json& r) { r["complete"] = false; }, ""},
      {"complete in words", [](Json& r) { r["complete"] = "yes"; },
       "`complete` of the report is not true or false"},
      {"warnings of text", [](Json& r) { r["warnings"] = "none"; },
       "`warnings` of the report is not a list"},
      {"a warning without text", [](Json& r) { r["warnings"][0].erase("text"); },
       "a warning has no `text`"},
      {"a flag of text", [](Json& r) { r["clock_stated"] = "yes"; },
       "`clock_stated` of the report is not true or false"},
  };
  const std::string text = json_of(verdicts_for_test(), findings_for_test());
  for (const ChangeRow& row : rows) {
    Json report = Json::parse(text);
    row.change(report);
    const std::string expected =
        *row.complaint == '\0' ? "" : "a.json: " + std::string(row.complaint);
    EXPECT_EQ(complaint_about(report.dump()), expected) << row.name;
  }
}

TEST(ReportReader, WhatItsCallerThrowsIsPassedOn) {
  std::istringstream in(json_of(verdicts_for_test(), findings_for_test()));
  EXPECT_THROW(
      read_report(in, "a",
                  [](Verdict&&, const ElementPlace&) { throw Error(Fault::system, "full"); }),
      Error);
}

}  // namespace
}  // namespace startle::report
