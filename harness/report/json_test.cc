// The JSON report, format 1: exactly the members that scripts depend on.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/report/run_for_test.h"

namespace startle::report {
namespace {

using Json = nlohmann::ordered_json;

std::string json_of(const std::vector<Verdict>& verdicts, const std::vector<Finding>& findings) {
  std::ostringstream out;
  return written(*make_json_report(out), out, verdicts, findings);
}

std::string members(const Json& object) {
  std::string names;
  for (const auto& [name, value] : object.items()) names += (names.empty() ? "" : " ") + name;
  return names;
}

TEST(JsonReport, HasTheMembersOfItsFormatInOrder) {
  const Json json = Json::parse(json_of(verdicts_for_test(), findings_for_test()));
  EXPECT_EQ(
      members(json),
      "format startle client trust_model transport clock seed clock_stated selection selected "
      "wall_s complete warnings summary findings cases");
  EXPECT_EQ(members(json["client"]), "name version tls_library");
  EXPECT_EQ(members(json["summary"]),
            "passed failed notes skipped expected_failures unexpected_passes errors connections "
            "handshakes");
  ASSERT_EQ(json["findings"].size(), 2U);
  for (const Json& finding : json["findings"]) {
    EXPECT_EQ(members(finding),
              "id severity cases seen why fix reproduce count requirements clauses dialogue");
  }
  ASSERT_EQ(json["cases"].size(), 7U);
  const auto verdicts = verdicts_for_test();
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    EXPECT_EQ(members(json["cases"][i]),
              std::string("id trust_model verdict severity expected observed violations "
                          "tls_version alert requirements finding reason ms") +
                  (verdicts[i].certificate.empty() ? "" : " certificate") +
                  (verdicts[i].connections == 0 ? "" : " connections handshakes"));
  }
}

TEST(JsonReport, SaysEverythingOfARun) {
  const auto verdicts = verdicts_for_test();
  const std::string head =
      R"({"format":1,"startle":"0.1.0",)"
      R"("client":{"name":"builtin","version":"0.1.0","tls_library":"GnuTLS 3.7.9"},)"
      R"("trust_model":"documented","transport":"memory","clock":"2030-06-15T01:01:01Z",)"
      R"("seed":7,"clock_stated":true,"selection":["smtp","hang","a"],"selected":7,"wall_s":1.5,)"
      R"("complete":true,"warnings":[{"where":"conf/schedule.xml:3",)"
      R"("text":"the attribute is ignored"}],)";
  const std::string pass =
      R"({"id":"smtp/sender/ok","trust_model":"documented","verdict":"pass","severity":null,)"
      R"("expected":["delivered"],"observed":"delivered","violations":[],"tls_version":"TLS1.3",)"
      R"("alert":"close_notify","requirements":["RFC3207-4-e","RFC5321-3.8-a"],"finding":null,)"
      R"("reason":"a sound server","ms":2.5,"certificate":"valid",)"
      R"("connections":1,"handshakes":1})";
  const std::string fail =
      R"({"id":"smtp/injection/reply","trust_model":"pkix","verdict":"fail","severity":"leak",)"
      R"("expected":["protocol-error","delivered"],"observed":"auth-rejected",)"
      R"("violations":["secret-in-clear","payload-in-clear"],"tls_version":null,"alert":null,)"
      R"("requirements":[],"finding":"secret-in-clear","reason":"it sent the password","ms":0.25,)"
      R"("certificate":"expired","connections":2,"handshakes":1})";
  EXPECT_EQ(json_of({verdicts[0], verdicts[1]}, {findings_for_test()[0]}),
            head +
                R"("summary":{"passed":1,"failed":1,"notes":0,"skipped":0,"expected_failures":0,)"
                R"("unexpected_passes":0,"errors":0,"connections":3,"handshakes":2},)"
                R"("findings":[{"id":"secret-in-clear","severity":"leak",)"
                R"("cases":["smtp/injection/reply"],"seen":"it sent the password",)"
                R"("why":"anyone can read it","fix":"start TLS first",)"
                R"("reproduce":"startle run 'smtp/injection/reply' --trust-model pkix","count":1,)"
                R"("requirements":["RFC4954-14-a"],)"
                R"("clauses":["RFC 4954, 14 (RFC4954-14-a): no password in clear"],)"
                R"("dialogue":["S: 220 hi","C: AUTH PLAIN <secret>"]}],)"
                R"("cases":[)"
                "\n  " +
                pass + ",\n  " + fail + "\n]}\n");
}

TEST(JsonReport, OfAShardOfASampleSaysSo) {
  std::ostringstream out;
  const auto report = make_json_report(out);
  RunInfo info = run_for_test();
  info.shard = "2/3";
  info.sampled_from = 100;
  report->begin(info);
  report->end({});
  const Json json = Json::parse(out.str());
  EXPECT_EQ(json["shard"], "2/3");
  EXPECT_EQ(json["sampled_from"], 100);
}

TEST(JsonReport, SaysThatItIsNotComplete) {
  std::ostringstream out;
  const auto report = make_json_report(out);
  report->begin(run_for_test());
  report->end({.complete = false});
  EXPECT_EQ(Json::parse(out.str())["complete"], false);
}

// More than the report holds of them at once, of two findings by turns.
TEST(JsonReport, AFindingListsEachOfItsCases) {
  std::vector<Verdict> verdicts;
  Json of[2]{Json::array(), Json::array()};
  for (std::size_t i = 0; i < 2000; ++i) {
    const std::string id = "matrix/\"" + std::to_string(i);
    verdicts.push_back({.id = id,
                        .kind = VerdictKind::fail,
                        .severity = words::Severity::leak,
                        .finding = i % 2 == 0 ? "even" : "odd"});
    of[i % 2].push_back(id);
  }
  const Json json = Json::parse(json_of(verdicts, {{.id = "odd"}, {.id = "even"}, {.id = "none"}}));
  EXPECT_EQ(json["findings"][0]["cases"], of[1]);
  EXPECT_EQ(json["findings"][1]["cases"], of[0]);
  EXPECT_EQ(json["findings"][2]["cases"], Json::array());
}

TEST(JsonReport, OfNothingIsStillWhole) {
  const Json json = Json::parse(json_of({}, {}));
  EXPECT_EQ(json["cases"], Json::array());
  EXPECT_EQ(json["findings"], Json::array());
  EXPECT_EQ(json["summary"]["passed"], 0);
}

TEST(JsonReport, VerdictsAreWords) {
  const Json json = Json::parse(json_of(verdicts_for_test(), {}));
  std::string kinds;
  for (const Json& verdict : json["cases"]) kinds += verdict["verdict"].get<std::string>() + " ";
  EXPECT_EQ(kinds, "pass fail fail skip xfail xpass error ");
  EXPECT_EQ(json["cases"][2]["observed"], nullptr) << "a client that hangs has no ending";
}

struct TextRow {
  const char* name;
  std::string reason;
  std::string read_back;
};

TEST(JsonReport, TextOfPeersIsAlwaysReadable) {
  for (const TextRow& row : {TextRow{"quotes", "a \"b\" \\ c", "a \"b\" \\ c"},
                             {"control characters", std::string("\x1b[31m\r\n\t\0", 9),
                              std::string("\x1b[31m\r\n\t\0", 9)},
                             {"UTF-8", "p\u00e4ss \u2713", "p\u00e4ss \u2713"},
                             {"broken UTF-8", "a\xff\xc3", "a\ufffd\ufffd"},
                             {"the end of the object", "\n]}\n", "\n]}\n"}}) {
    const std::string text = json_of({{.id = row.name, .reason = row.reason}}, {});
    EXPECT_EQ(Json::parse(text)["cases"][0]["reason"], row.read_back) << row.name;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << row.name;
  }
}

}  // namespace
}  // namespace startle::report
