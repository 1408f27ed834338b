#include "harness/report/comparison.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace startle::report {
namespace {

using words::Ending;
using words::Severity;
using words::TrustModel;

Verdict passed(const std::string& id, Ending ending) {
  return {.id = id, .expected = {ending}, .observed = ending, .reason = "as it should"};
}
Verdict failed(const std::string& id, Ending ending, Severity severity) {
  return {.id = id,
          .kind = VerdictKind::fail,
          .severity = severity,
          .observed = ending,
          .finding = "some-finding",
          .reason = "it went on"};
}
Verdict skipped(const std::string& id) {
  return {.id = id, .kind = VerdictKind::skip, .reason = "cannot be told"};
}

void add(Comparison& comparison, const Compared& client, const std::vector<Verdict>& verdicts) {
  ComparedRun run;
  for (const Verdict& verdict : verdicts) EXPECT_TRUE(run.add(verdict)) << verdict.id;
  run.finish(comparison, client);
}

Compared client(const std::string& name, const std::string& version = "1.0") {
  return {.run = {.client_name = name, .client_version = version, .tls_library = "GnuTLS 3.7.9"}};
}

std::vector<std::string> labels(const Comparison& comparison) {
  std::vector<std::string> all;
  for (const Compared& one : comparison.clients()) all.push_back(one.label);
  return all;
}
std::vector<std::string> ids(const Comparison& comparison) {
  std::vector<std::string> all;
  for (const ComparedCase& one : comparison.cases()) all.push_back(one.id);
  return all;
}
std::string text_of(const Comparison& comparison) {
  std::ostringstream out;
  write_comparison_text(out, comparison);
  return out.str();
}

using Strings = std::vector<std::string>;

TEST(Comparison, DriftIsAnotherVerdictOrAnotherEndingOfWhatWasJudged) {
  const auto result = [](VerdictKind kind, std::optional<Ending> ending) {
    return ComparedResult{.kind = kind, .ending = ending};
  };
  const struct {
    const char* name;
    ComparedResult a;
    ComparedResult b;
    bool drift;
  } rows[] = {
      {"Same", result(VerdictKind::pass, Ending::timeout),
       result(VerdictKind::pass, Ending::timeout), false},
      {"AnotherEnding", result(VerdictKind::pass, Ending::timeout),
       result(VerdictKind::pass, Ending::protocol_error), true},
      {"AnotherVerdict", result(VerdictKind::pass, Ending::delivered),
       result(VerdictKind::fail, Ending::delivered), true},
      {"OneHangs", result(VerdictKind::fail, std::nullopt),
       result(VerdictKind::fail, Ending::delivered), true},
      {"OneWasSkipped", result(VerdictKind::skip, std::nullopt),
       result(VerdictKind::fail, Ending::delivered), false},
      {"OneNamesNoReason", result(VerdictKind::pass, Ending::refused),
       result(VerdictKind::pass, Ending::certificate_expired), false},
      {"OneNamesNoReasonAndFails", result(VerdictKind::fail, Ending::refused),
       result(VerdictKind::pass, Ending::certificate_expired), true},
      {"RefusedIsNoSuccess", result(VerdictKind::pass, Ending::refused),
       result(VerdictKind::pass, Ending::delivered), true},
      {"RefusedIsNoCrash", result(VerdictKind::fail, Ending::refused),
       result(VerdictKind::fail, Ending::crashed), true},
      {"RefusedIsNoTimeout", result(VerdictKind::pass, Ending::timeout),
       result(VerdictKind::pass, Ending::refused), true},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(drift_apart(row.a, row.b), row.drift) << row.name;
    EXPECT_EQ(drift_apart(row.b, row.a), row.drift) << row.name;
  }
}

TEST(Comparison, CasesStandWorstFirstThenByHowManyFailThenById) {
  Comparison comparison;
  add(comparison, client("a"),
      {passed("smtp/z", Ending::delivered), failed("smtp/one", Ending::timeout, Severity::leak),
       failed("smtp/two", Ending::timeout, Severity::leak), passed("smtp/a", Ending::delivered),
       failed("smtp/note", Ending::timeout, Severity::note)});
  add(comparison, client("b"),
      {failed("smtp/two", Ending::timeout, Severity::wrong_reason),
       passed("smtp/one", Ending::delivered)});
  comparison.finish();
  EXPECT_EQ(ids(comparison), (Strings{"smtp/two", "smtp/one", "smtp/note", "smtp/a", "smtp/z"}));
  EXPECT_EQ(comparison.cases()[0].severity, Severity::leak);
  EXPECT_EQ(comparison.cases()[0].failing, 2U);
  EXPECT_TRUE(comparison.cases()[1].drifts);
  EXPECT_FALSE(comparison.cases()[0].drifts);  // both failed in the same way
  EXPECT_EQ(comparison.comparable(), 2U);
  EXPECT_EQ(comparison.clients()[0].worst, Severity::leak);
  EXPECT_EQ(comparison.clients()[1].worst, Severity::wrong_reason);
  EXPECT_EQ(comparison.clients()[0].summary.failed, 2U);
  EXPECT_EQ(comparison.clients()[0].summary.notes, 1U);
  EXPECT_EQ(comparison.clients()[1].summary.passed, 1U);
}

TEST(Comparison, ARunUnderSeveralModelsIsAClientUnderEach) {
  Comparison comparison;
  Verdict under_pkix = failed("smtp/a", Ending::delivered, Severity::false_accept);
  under_pkix.trust_model = TrustModel::pkix;
  add(comparison, client("a"), {passed("smtp/a", Ending::delivered), under_pkix});
  comparison.finish();
  EXPECT_EQ(labels(comparison), (Strings{"a documented", "a pkix"}));
  EXPECT_TRUE(comparison.cases().at(0).drifts);
}

TEST(Comparison, AModelUnderWhichAllWasSkippedIsNoColumn) {
  Comparison comparison;
  Verdict other = skipped("a");
  other.trust_model = TrustModel::jndi;
  add(comparison, client("curl"), {passed("a", Ending::delivered), other});
  add(comparison, client("worse"), {skipped("a")});
  comparison.finish();
  ASSERT_EQ(comparison.clients().size(), 2U);
  EXPECT_EQ(comparison.clients()[0].trust_model, "documented");
  EXPECT_EQ(comparison.clients()[1].summary.skipped, 1U) << "the only one of a run";
}

TEST(Comparison, StoreModelsAreTakenApartWhereTheRunHadAllOfThem) {
  Verdict jsse = passed("x", Ending::delivered);
  jsse.store_model = words::StoreModel::jsse;
  Verdict documented = failed("x", Ending::timeout, Severity::false_refuse);
  documented.store_model = words::StoreModel::documented;
  Comparison all;
  Compared of_all = client("a");
  of_all.run.store_model = "all";
  add(all, of_all, {documented, jsse, passed("no-store", Ending::bound)});
  all.finish();
  EXPECT_EQ(labels(all), (Strings{"a documented store", "a jsse store"}));
  EXPECT_FALSE(all.cases().back().results[1]);

  Comparison one;
  Compared of_jsse = client("a");
  of_jsse.run.store_model = "jsse";
  add(one, of_jsse, {jsse, passed("no-store", Ending::bound)});
  one.finish();
  EXPECT_EQ(labels(one), (Strings{"a"}));
}

TEST(Comparison, ClientsOfOneNameAreToldApart) {
  const auto compared = [](const Compared& a, const Compared& b) {
    Comparison comparison;
    add(comparison, a, {});
    add(comparison, b, {});
    comparison.finish();
    return labels(comparison);
  };
  EXPECT_EQ(compared(client("a"), client("b", "2.0")), (Strings{"a", "b"}));
  EXPECT_EQ(compared(client("a"), client("a", "2.0")), (Strings{"a 1.0", "a 2.0"}));
  EXPECT_EQ(compared(client("a"), client("a")), (Strings{"a", "a #2"}));
  Compared from_file = client("a");
  from_file.source = "old.json";
  EXPECT_EQ(compared(from_file, client("a")), (Strings{"a old.json", "a"}));
  Compared over_tcp = client("a");
  over_tcp.run.transport = "tcp";
  EXPECT_EQ(compared(client("a"), over_tcp), (Strings{"a", "a tcp"}));
}

TEST(Comparison, ACaseCountsOnceUnderAReading) {
  ComparedRun run;
  Verdict verdict = passed("smtp/a", Ending::delivered);
  EXPECT_TRUE(run.add(verdict));
  EXPECT_FALSE(run.add(verdict));
  verdict.trust_model = TrustModel::angus;
  EXPECT_TRUE(run.add(verdict));
}

Comparison of_two() {
  Comparison comparison;
  Compared one = client("one");
  one.trust_model = "documented";
  add(comparison, one,
      {passed("smtp/fine", Ending::delivered), passed("smtp/name", Ending::protocol_error),
       skipped("smtp/skipped"), passed("smtp/lone", Ending::delivered)});
  add(comparison, client("two"),
      {passed("smtp/fine", Ending::delivered),
       failed("smtp/name", Ending::delivered, Severity::false_accept),
       failed("smtp/skipped", Ending::timeout, Severity::wrong_reason)});
  comparison.finish();
  return comparison;
}

TEST(ComparisonText, SaysWhoFailsWhatAndWhatDrifts) {
  EXPECT_EQ(
      text_of(of_two()),
      "     client  version  TLS library   trust model  passed  failed  skipped  worst\n"
      "[1]  one     1.0      GnuTLS 3.7.9  documented   3       0       1        none\n"
      "[2]  two     1.0      GnuTLS 3.7.9  documented   1       2       0        false-accept\n"
      "\n"
      "Failed by one at least: 2 of 4 cases\n"
      "\n"
      "case            one               two\n"
      "smtp/name       protocol-error  A delivered\n"
      "smtp/skipped    skipped         W timeout\n"
      "L leak, A false-accept, R false-refuse, W wrong-reason, N note, x an expected failure, X an "
      "unexpected pass,\n"
      "E an error; no mark: as expected\n"
      "\n"
      "Drift: 1 case of 2 that were judged under two clients at least\n"
      "\n"
      "smtp/name\n"
      "  delivered, false-accept: two\n"
      "      it went on\n"
      "  protocol-error, as expected: one\n"
      "      as it should\n");
}

TEST(ComparisonText, ManyClientsHaveNumbersAndFitTheWidth) {
  for (const int count : {4, 8, 30}) {
    Comparison comparison;
    for (int n = 0; n < count; ++n) {
      const std::string name = "a-client-with-a-long-name-" + std::to_string(n);
      add(comparison, client(name),
          {failed("smtp/a", Ending::certificate_host_mismatch, Severity::note),
           passed("smtp/b", n % 2 == 0 ? Ending::delivered : Ending::timeout)});
    }
    comparison.finish();
    const std::string text = text_of(comparison);
    EXPECT_NE(text.find("[" + std::to_string(count) + "]"), std::string::npos);
    EXPECT_NE(text.find("  delivered, as expected: "), std::string::npos);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
  }
}

TEST(ComparisonText, ALongIdStandsAboveItsRow) {
  Comparison comparison;
  const std::string id = "matrix/" + std::string(100, 'x');
  for (const char* name : {"one", "two"}) {
    add(comparison, client(name),
        {failed(id, Ending::timeout, Severity::note), failed("a", Ending::bound, Severity::note)});
  }
  comparison.finish();
  EXPECT_NE(text_of(comparison)
                .find("case    one        two\n"
                      "a     N bound    N bound\n" +
                      id +
                      "\n"
                      "      N timeout  N timeout\n"),
            std::string::npos)
      << text_of(comparison);
}

TEST(ComparisonText, WhatAReportHoldsCannotSteerATerminal) {
  Comparison comparison;
  add(comparison, client("\033[2J", "\033[1m"), {failed("\033x", Ending::timeout, Severity::leak)});
  add(comparison, client("b"), {passed("\033x", Ending::delivered)});
  comparison.finish();
  EXPECT_EQ(text_of(comparison).find('\033'), std::string::npos);
}

TEST(ComparisonJson, HasEveryCaseWithAResultOfEachClient) {
  std::ostringstream out;
  write_comparison_json(out, of_two(), "0.1.0");
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json.at("format"), 1);
  EXPECT_EQ(json.at("startle"), "0.1.0");
  ASSERT_EQ(json.at("clients").size(), 2U);
  EXPECT_EQ(json["clients"][0]["severity"], nullptr);
  EXPECT_EQ(json["clients"][1]["severity"], "false-accept");
  EXPECT_EQ(json["clients"][1]["summary"]["failed"], 2);
  ASSERT_EQ(json.at("cases").size(), 4U);
  const auto& first = json["cases"][0];
  EXPECT_EQ(first.at("id"), "smtp/name");
  EXPECT_EQ(first.at("severity"), "false-accept");
  const auto expected = nlohmann::json::parse(
      R"({"client": 1, "verdict": "fail", "ending": "delivered", "violations": [],
          "severity": "false-accept", "finding": "some-finding", "reason": "it went on"})");
  EXPECT_EQ(first.at("results").at(1), expected);
  const auto& lone = json["cases"][3];
  EXPECT_EQ(lone.at("id"), "smtp/lone");
  EXPECT_EQ(lone.at("results").at(1).at("verdict"), "not-run");
  EXPECT_EQ(json.at("drift"), nlohmann::json::array({"smtp/name"}));
}

}  // namespace
}  // namespace startle::report
