// What the verdicts of a customer's configuration amount to.

#include "harness/report/configuration.h"

#include <gtest/gtest.h>

#include <sstream>

#include "harness/report/run_for_test.h"

namespace startle::report {
namespace {

using words::Ending;
using words::TrustModel;

const std::string kServer = "conf/schedule.xml:2: mail.example.com:465, implicit TLS";

Verdict met(const char* certificate, Ending ending, const char* reason = "why",
            TrustModel model = TrustModel::pkix) {
  return {.trust_model = model,
          .observed = ending,
          .reason = reason,
          .certificate = certificate,
          .subject_to = kServer};
}

Verdict shown(std::vector<Ending> endings, TrustModel model = TrustModel::pkix) {
  return {.trust_model = model,
          .expected = std::move(endings),
          .reason = "as shown",
          .certificate = "shown",
          .subject_to = kServer,
          .facts = {{"subject", "CN=x"}}};
}

Verdict unjudged(VerdictKind kind) {
  Verdict verdict = met("valid", Ending::delivered);
  verdict.kind = kind;
  verdict.observed.reset();
  return verdict;
}

Verdict hung() {
  Verdict verdict = unjudged(VerdictKind::fail);
  verdict.reason = "it hangs";
  return verdict;
}

struct ServerRow {
  const char* name;
  std::vector<Verdict> verdicts;
  bool works;
  std::string text;
};

const Verdict kAccepted = met("valid", Ending::delivered);
const Verdict kBound = met("valid", Ending::bound);
const Verdict kRefused = met("valid", Ending::certificate_not_trusted, "no path");
const Verdict kExpired = met("expired", Ending::certificate_expired, "it has expired");

const std::string kBegin = "this configuration accepts ";
const Verdict kInClear = met("valid", Ending::delivered_in_clear);

void expect_servers(std::initializer_list<ServerRow> rows) {
  for (const ServerRow& row : rows) {
    Configurations all;
    for (const Verdict& verdict : row.verdicts) all.add(verdict);
    ASSERT_EQ(all.servers().size(), 1U) << row.name;
    EXPECT_EQ(all.servers()[0].works, row.works) << row.name;
    EXPECT_EQ(all.servers()[0].text, row.text) << row.name;
    EXPECT_EQ(all.servers()[0].where, "conf/schedule.xml:2") << row.name;
  }
}

TEST(Configurations, SayWhetherAServerWorks) {
  const std::string hint = "; what its own server shows is judged by --shown HOST=FILE";
  const Verdict no_store = met("valid", Ending::configuration_error, "the store is damaged");
  const Verdict neither = met("expired", Ending::configuration_error, "the store is damaged");
  const Verdict no_user = met("valid", Ending::auth_unavailable, "no TLS");
  expect_servers({
      {"some", {kAccepted, kExpired}, true, kBegin + "1 of 2 certificates"},
      {"a directory", {kBound}, true, kBegin + "1 of 1 certificate"},
      {"under one model of two",
       {kRefused, met("valid", Ending::delivered, "why", TrustModel::javamail)},
       true,
       kBegin + "1 of 1 certificate"},
      {"none, for two reasons",
       {kRefused, kExpired},
       false,
       kBegin +
           "0 of 2 certificates: `valid`, the first, ends in certificate-not-trusted (no path)" +
           hint},
      {"none, for one reason",
       {no_store, neither},
       false,
       kBegin + "0 of 2 certificates: each ends in configuration-error (the store is damaged)"},
      {"without TLS, and a user",
       {no_user},
       false,
       kBegin + "0 of 1 certificate: each ends in auth-unavailable (no TLS)"},
      {"without TLS",
       {kInClear},
       true,
       "this configuration looks at no certificate: everything goes in clear"},
      {"the client hangs",
       {hung()},
       false,
       kBegin + "0 of 1 certificate: each ends in no ending (it hangs)"},
      {"what was not judged does not count",
       {kAccepted, unjudged(VerdictKind::skip), unjudged(VerdictKind::error)},
       true,
       kBegin + "1 of 1 certificate"},
  });
}

TEST(Configurations, SayWhetherWhatIsShownIsAccepted) {
  expect_servers({
      {"what is shown, too",
       {shown({Ending::delivered}), kAccepted, kExpired},
       true,
       kBegin + "1 of 2 certificates, and what its server shows"},
      {"what is shown may be refused",
       {shown({Ending::delivered, Ending::validation_failure}), kAccepted},
       true,
       kBegin + "1 of 1 certificate, and what its server shows"},
      {"what is shown, under one model of two",
       {shown({Ending::certificate_expired}), shown({Ending::delivered}, TrustModel::javamail),
        kAccepted},
       true,
       kBegin + "1 of 1 certificate, and what its server shows"},
      {"what is shown alone",
       {shown({Ending::delivered}), kRefused},
       true,
       kBegin + "0 of 1 certificate, but does accept what its server shows"},
      {"others, and not what is shown",
       {shown({Ending::certificate_expired}), kAccepted},
       false,
       "this configuration does not accept what its server shows: certificate-expired (as shown)"},
      {"nothing at all",
       {shown({Ending::certificate_not_trusted, Ending::validation_failure}), kRefused},
       false,
       kBegin + "0 of 1 certificate, and not what its server shows: certificate-not-trusted or "
                "validation-failure (as shown)"},
      {"what is shown, without TLS",
       {shown({Ending::delivered_in_clear}), kInClear},
       true,
       "this configuration looks at no certificate: everything goes in clear"},
  });
}

TEST(Configurations, AreByServerInTheirOrder) {
  Configurations all;
  Verdict of_another = kRefused;
  of_another.subject_to = "a: b.xml:11: z.example:25, STARTTLS";
  Verdict of_none = kRefused;
  of_none.subject_to.clear();
  for (const Verdict& one : {of_another, of_none, kAccepted}) all.add(one);
  ASSERT_EQ(all.servers().size(), 2U);
  EXPECT_EQ(all.servers()[0].where, "a: b.xml:11");
  EXPECT_FALSE(all.servers()[0].works);
  EXPECT_EQ(all.servers()[1].server, kServer);
  EXPECT_TRUE(all.servers()[1].works);
}

TEST(Configurations, AreJudgedOnlyWhole) {
  const auto whole = [](std::vector<std::string> selection, std::size_t sampled_from = 0,
                        const std::string& shard = "") {
    RunInfo info = run_for_test();
    info.selection = std::move(selection);
    info.sampled_from = sampled_from;
    info.shard = shard;
    return is_of_whole_configuration(info);
  };
  EXPECT_TRUE(whole({"--config", "s.xml"}));
  EXPECT_TRUE(whole({"--suite", "quick", "--config", "s.xml", "store=host-jks"}));
  EXPECT_FALSE(whole({"*/certificate=valid/*", "--config", "s.xml"}));
  EXPECT_FALSE(whole({"--config", "s.xml", "--sample", "3"}, 26));
  EXPECT_FALSE(whole({"--config", "s.xml"}, 0, "1/2"));
  EXPECT_FALSE(whole({"--suite", "full"}));
  EXPECT_FALSE(whole({}));
}

RunEnd end_for_test() {
  return {.configurations = {{.server = kServer,
                              .where = "conf/schedule.xml:2",
                              .certificates = 26,
                              .works = false,
                              .text = "this configuration accepts 0 of 26 certificates: <why>"},
                             {.server = "s.xml:3: b.test:25",
                              .where = "s.xml:3",
                              .certificates = 26,
                              .accepted = 9,
                              .text = "this configuration accepts 9 of 26 certificates"},
                             {.server = "s.xml:4: c.test:25",
                              .where = "s.xml:4",
                              .certificates = 26,
                              .shown_accepted = true,
                              .text = "this configuration accepts 0 of 26 certificates, but .."}}};
}

std::string written_end(std::unique_ptr<Report> (*make)(std::ostream&)) {
  std::ostringstream out;
  const auto report = make(out);
  report->begin(run_for_test());
  report->end(end_for_test());
  return out.str();
}

TEST(Configurations, StandInEveryReport) {
  std::ostringstream text;
  make_text_report(text, {})->end(end_for_test());
  EXPECT_EQ(text.str(),
            "0 connections, 0 handshakes, 0.0 s\n"
            "0 passed, 0 failed, 0 skipped\n"
            "conf/schedule.xml:2: this configuration accepts 0 of 26 certificates: <why>\n"
            "s.xml:4: this configuration accepts 0 of 26 certificates, but ..\n");
  const std::string member =
      R"("configurations":[{"where":"conf/schedule.xml:2",)"
      R"("server":"conf/schedule.xml:2: mail.example.com:465, implicit TLS","certificates":26,)"
      R"("accepted":0,"shown_accepted":null,"works":false,)"
      R"("text":"this configuration accepts 0 of 26 certificates: <why>"},)";
  for (const auto make : {make_json_report, make_json_lines_report}) {
    const std::string json = written_end(make);
    EXPECT_NE(json.find(member), std::string::npos) << json;
    EXPECT_NE(json.find(R"("accepted":0,"shown_accepted":true,"works":true,)"), std::string::npos);
  }
  const std::string junit = written_end(make_junit_report);
  EXPECT_NE(junit.find("<testsuite name=\"startle builtin\" tests=\"3\" failures=\"1\" "),
            std::string::npos)
      << junit;
  EXPECT_NE(
      junit.find("\n<testcase classname=\"startle.configuration\" name=\"conf/schedule.xml:2: "
                 "mail.example.com:465, implicit TLS\" time=\"0.000000\"><failure "
                 "type=\"configuration\" message=\"this configuration accepts 0 of 26 "
                 "certificates: &lt;why&gt;\"/></testcase>\n"
                 "<testcase classname=\"startle.configuration\" name=\"s.xml:3: b.test:25\" "
                 "time=\"0.000000\"/>\n"),
      std::string::npos)
      << junit;
}

}  // namespace
}  // namespace startle::report
