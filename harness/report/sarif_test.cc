// The SARIF report: what SARIF 2.1.0 requires of it, and what is said of a finding.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/report/run_for_test.h"

namespace startle::report {
namespace {

using Json = nlohmann::json;
using words::Severity;

Json sarif_of(const std::vector<Finding>& findings, RunInfo info = run_for_test()) {
  std::ostringstream out;
  const auto report = make_sarif_report(out);
  report->begin(info);
  report->end({.findings = findings,
               .summary = {.passed = 3},
               .warnings = {{.where = "s.xml:3", .text = "odd"}}});
  return Json::parse(out.str());
}

void expect_text(const Json& message) {
  ASSERT_TRUE(message.is_object());
  EXPECT_FALSE(message.at("text").get<std::string>().empty());
}

// What the standard requires where such an object stands (3.13 to 3.58), and what GitHub wants
// besides.
void expect_sarif(const Json& log) {
  EXPECT_EQ(log.at("version"), "2.1.0");
  EXPECT_EQ(log.at("$schema"), "https://json.schemastore.org/sarif-2.1.0.json");
  ASSERT_EQ(log.at("runs").size(), 1U);
  const Json& run = log.at("runs")[0];
  const Json& driver = run.at("tool").at("driver");
  EXPECT_EQ(driver.at("name"), "startle");
  EXPECT_EQ(driver.at("version"), "0.1.0");
  ASSERT_TRUE(driver.at("rules").is_array());
  ASSERT_TRUE(run.at("results").is_array());
  EXPECT_TRUE(run.at("invocations").at(0).at("executionSuccessful").is_boolean());
  for (const Json& rule : driver.at("rules")) {
    EXPECT_TRUE(rule.at("id").is_string());
    for (const char* text : {"shortDescription", "fullDescription", "help"}) {
      expect_text(rule.at(text));
    }
    EXPECT_FALSE(rule.contains("helpUri")) << "there is no page of it";
  }
  for (const Json& result : run.at("results")) {
    expect_text(result.at("message"));
    const Json& rule = driver.at("rules").at(result.at("ruleIndex").get<std::size_t>());
    EXPECT_EQ(rule.at("id"), result.at("ruleId"));
    EXPECT_EQ(rule.at("defaultConfiguration").at("level"), result.at("level"));
    ASSERT_EQ(result.at("locations").size(), 1U);
    const Json& location = result.at("locations")[0];
    EXPECT_EQ(location.at("physicalLocation").at("region").at("startLine"), 1);
    EXPECT_TRUE(location.at("physicalLocation").at("artifactLocation").at("uri").is_string());
    EXPECT_TRUE(location.at("logicalLocations").at(0).at("fullyQualifiedName").is_string());
    for (const auto& [name, value] : result.at("partialFingerprints").items()) {
      EXPECT_EQ(value, result.at("ruleId")) << name;
    }
    EXPECT_GE(result.at("occurrenceCount").get<int>(), 1);
  }
}

TEST(SarifReport, HasARuleAndAResultForEachFinding) {
  const Json log = sarif_of(findings_for_test());
  expect_sarif(log);
  const Json& run = log.at("runs")[0];
  ASSERT_EQ(run.at("results").size(), 2U);
  const Json& leak = run.at("results")[0];
  EXPECT_EQ(leak.at("ruleId"), "secret-in-clear");
  EXPECT_EQ(leak.at("level"), "error");
  EXPECT_EQ(leak.at("message").at("text"),
            "it sent the password\nwhy: anyone can read it\nfix: start TLS first\n"
            "clause: RFC 4954, 14 (RFC4954-14-a): no password in clear\n"
            "reproduce: startle run 'smtp/injection/reply' --trust-model pkix");
  EXPECT_EQ(leak.at("locations")[0].at("logicalLocations")[0].at("fullyQualifiedName"),
            "smtp/injection/reply");
  EXPECT_EQ(leak.at("locations")[0].at("physicalLocation").at("artifactLocation").at("uri"),
            "builtin");
  EXPECT_EQ(leak.at("properties").at("dialogue").size(), 2U);
  EXPECT_EQ(run.at("results")[1].at("level"), "warning");
  EXPECT_EQ(run.at("results")[1].at("occurrenceCount"), 2);
  EXPECT_EQ(run.at("automationDetails").at("id"), "startle/builtin/documented/");
  const Json& notes = run.at("invocations")[0].at("toolExecutionNotifications");
  EXPECT_EQ(notes.at(0).at("message").at("text"), "s.xml:3: odd");
}

TEST(SarifReport, OfSuccessIsWholeAndEmpty) {
  const Json log = sarif_of({});
  expect_sarif(log);
  EXPECT_EQ(log.at("runs")[0].at("results"), Json::array());
  EXPECT_EQ(log.at("runs")[0].at("properties").at("summary").at("passed"), 3);
}

TEST(SarifReport, TheLevelFollowsTheSeverity) {
  for (const auto& [severity, level] : {std::pair{Severity::leak, "error"},
                                        {Severity::false_accept, "error"},
                                        {Severity::false_refuse, "error"},
                                        {Severity::wrong_reason, "warning"},
                                        {Severity::note, "note"}}) {
    const Json log = sarif_of({{.id = "x", .severity = severity}});
    expect_sarif(log);
    EXPECT_EQ(log.at("runs")[0].at("results")[0].at("level"), level);
  }
}

TEST(SarifReport, TheNameOfAClientIsARelativeReference) {
  for (const auto& [name, uri] : {std::pair{"defect:hangs", "defect%3Ahangs"},
                                  {"/opt/my client", "opt/my%20client"},
                                  {"//host/x?y#z", "host/x%3Fy%23z"},
                                  {"p\xc3\xa4\xff", "p%C3%A4%FF"},
                                  {"", "client"}}) {
    RunInfo info = run_for_test();
    info.client_name = name;
    const Json log = sarif_of(findings_for_test(), info);
    expect_sarif(log);
    EXPECT_EQ(log.at("runs")[0]
                  .at("results")[0]
                  .at("locations")[0]
                  .at("physicalLocation")
                  .at("artifactLocation")
                  .at("uri"),
              uri);
  }
}

TEST(SarifReport, TextOfPeersIsAlwaysJson) {
  expect_sarif(sarif_of({{.id = "x\xff", .seen = "a\xff\"\n\x1b", .dialogue = {"S: \xc3"}}}));
}

}  // namespace
}  // namespace startle::report
