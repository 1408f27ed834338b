// startle run --shard, --sample and startle merge, from outside: shards merged are the whole run.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cases/program/merge_for_test.h"
#include "harness/base/process_for_test.h"

namespace startle::cases {
namespace {

using Arguments = std::vector<std::string>;

// Leaks, false accepts, and cases of three trust models that pass.
const Arguments kDefective{"smtp/starttls",
                           "smtp/injection",
                           "matrix/trust/mode=smtps/trust=host/*/credential=valid",
                           "--client",
                           "defect:goes-on-without-starttls",
                           "--trust-model",
                           "all"};

// What was said stands in JSON Lines alone: it is lost where a part is one object.
std::string without_what_was_said(const std::string& lines) {
  std::string all;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    auto one = nlohmann::ordered_json::parse(line);
    for (const char* name : {"client_says", "dialogue", "described"}) one.erase(name);
    all += one.dump() + "\n";
  }
  return all;
}

bool is_one_object(const std::string& file) {
  return file.ends_with(".json");
}

TEST_F(MergeTest, ShardsMergedAreTheWholeRun) {
  for (const char* client : {"defect:goes-on-without-starttls", "defect:accepts-any-certificate"}) {
    Arguments what = kDefective;
    what[4] = client;
    const auto in_lines = [&](Arguments more, const std::string& name) {
      more.insert(more.begin(), what.begin(), what.end());
      more.insert(more.end(), {"--report", report(name)});
      return more;
    };
    EXPECT_EQ(run("whole.json", in_lines({}, "whole.jsonl")).status, 1);
    for (const char* index : {"1", "2", "3"}) {
      const std::string name = std::string(index) + ".json";
      const std::string shard = std::string(index) + "/3";
      const ProgramRun part = run(name, in_lines({"--shard", shard}, name + "l"));
      EXPECT_EQ(part.err, "startle: shard " + shard + " (--shard)\n");
      EXPECT_EQ(json_of(name).at("shard"), shard);
    }
    // In any order, of one kind or of both.
    for (const Arguments& files : {Arguments{"3.json", "1.json", "2.json"},
                                   {"3.jsonl", "1.jsonl", "2.jsonl"},
                                   {"1.jsonl", "3.json", "2.jsonl"}}) {
      const ProgramRun merged =
          merge(files, {"--report", report("merged.json"), "--report", report("merged.jsonl")});
      EXPECT_EQ(merged.status, 1);
      EXPECT_EQ(merged.err, "");
      EXPECT_EQ(comparable("merged.json"), comparable("whole.json"));
      if (std::any_of(files.begin(), files.end(), is_one_object)) {
        EXPECT_EQ(without_what_was_said(comparable("merged.jsonl")),
                  without_what_was_said(comparable("whole.jsonl")));
      } else {
        EXPECT_EQ(comparable("merged.jsonl"), comparable("whole.jsonl"));
      }
      EXPECT_FALSE(json_of("merged.json").contains("shard"));
    }

    // What is merged is a report like any other.
    for (const char* merged : {"merged.json", "merged.jsonl"}) {
      EXPECT_EQ(
          merge({merged}, {"--report", report("again.json"), "--report", report("again.jsonl")})
              .status,
          1);
      EXPECT_EQ(text_of("again.json"), text_of("merged.json"));
      EXPECT_EQ(without_what_was_said(text_of("again.jsonl")),
                without_what_was_said(text_of("merged.jsonl")));
    }
  }
}

TEST_F(MergeTest, TheTextAndJunitAreThoseOfARun) {
  run("whole.json", kDefective);
  for (const char* index : {"1", "2"}) {
    Arguments shard = kDefective;
    shard.insert(shard.end(), {"--shard", std::string(index) + "/2"});
    run(std::string(index) + ".json", shard);
  }
  const ProgramRun merged =
      merge({"1.json", "2.json"}, {"--report", "junit=" + path("x.xml"), "--fail-on", "leak"});
  EXPECT_EQ(merged.status, 1);
  EXPECT_NE(merged.out.find("\nleak  secret-in-clear  ("), merged.out.npos) << merged.out;
  const ProgramRun whole = merge({"whole.json"});
  const auto without_seconds = [](const std::string& text) {
    const std::size_t at = text.find(" handshakes, ");
    return text.substr(0, at) + text.substr(text.find('\n', at));
  };
  EXPECT_EQ(without_seconds(merged.out), without_seconds(whole.out));
  const std::string junit = text_of("x.xml");
  const std::size_t cases = json_of("whole.json").at("cases").size();
  EXPECT_NE(junit.find("<testsuites tests=\"" + std::to_string(cases) + "\""), junit.npos);
  EXPECT_NE(junit.find("<failure type=\"leak\""), junit.npos);
}

TEST_F(MergeTest, WholeRunsStandOneBehindTheOther) {
  EXPECT_EQ(run("a.json", {"smtp/sender"}).status, 0);
  EXPECT_EQ(run("b.json", {"smtp/auth/rejected-535"}).status, 0);
  EXPECT_EQ(run("c.json", {"smtp/starttls", "--sample", "2"}).status, 0);
  EXPECT_EQ(run("both.json", {"smtp/sender", "smtp/auth/rejected-535"}).status, 0);
  EXPECT_EQ(merge({"a.json", "b.json"}, {"--report", report("ab.json")}).status, 0);
  const Json both = json_of("both.json");
  const Json merged = json_of("ab.json");
  EXPECT_EQ(merged.at("summary"), both.at("summary"));
  EXPECT_EQ(merged.at("selection"), both.at("selection"));
  EXPECT_EQ(merged.at("cases").size(), both.at("cases").size());
  EXPECT_EQ(merged.at("cases").back().at("id"), "smtp/auth/rejected-535");
  EXPECT_EQ(merge({"ab.json", "c.json"}).status, 0);
  EXPECT_EQ(complaint({"a.json", "a.json"}, 2),
            "startle: a.json: `" + merged.at("cases").at(0).at("id").get<std::string>() +
                "` [documented] stands in a.json too: each case counts once\n");
}

// Under both readings of a store, and with the table of a customer's configuration.
TEST_F(MergeTest, ShardsWithStoresMergedAreTheWholeRun) {
  const Arguments what{
      "matrix/full/mode=smtps/trust=host/certificate=valid/credential=valid/store=*",
      "--trust-model", "all", "--store-model", "all"};
  const ProgramRun whole = run("whole.json", what);
  EXPECT_NE(whole.out.find(", trust model all, store model all, "), whole.out.npos) << whole.out;
  for (const char* index : {"1", "2"}) {
    Arguments shard = what;
    shard.insert(shard.end(), {"--shard", std::string(index) + "/2"});
    run(std::string(index) + ".json", shard);
  }
  const Arguments more{"--report", report("merged.json"), "--report",
                       "junit=" + path("merged.xml")};
  EXPECT_EQ(merge({"1.json", "2.json"}, more).status, 0);
  EXPECT_EQ(json_of("merged.json").at("cases").size(), 5U * (1 + 10 * 2));
  EXPECT_EQ(comparable("merged.json"), comparable("whole.json"));
  const std::string junit = text_of("merged.xml");
  EXPECT_NE(junit.find("startle.pkix.jsse.matrix/full/"), junit.npos);
}

TEST_F(MergeTest, ShardsOfACustomersConfigurationKeepItsTable) {
  write_file(path("schedule.xml"),
             "<smtp url='mail.example.com' email='m@example.com' ssl='true' username='u' "
             "password='p' trust='mail.example.com'/>");
  const auto config = [this](const Arguments& more) {
    Arguments arguments{"--config", path("schedule.xml")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  const auto table = [](const std::string& text) {
    const std::size_t begin = text.find("\n\n");
    return text.substr(begin, text.rfind("\n", text.find(" connections, ")) - begin);
  };
  const std::string whole = run("whole.json", config({})).out;
  for (const char* index : {"1", "2"}) {
    run(std::string(index) + ".json", config({"--shard", std::string(index) + "/2"}));
  }
  EXPECT_EQ(table(merge({"1.json", "2.json"}).out), table(whole));
  EXPECT_NE(table(whole).find("\nself-signed "), std::string::npos) << whole;
}

TEST_F(MergeTest, ASampleSaysOfHowMany) {
  const Arguments sample{"matrix/trust/mode=smtps/trust=host", "--sample", "9"};
  const ProgramRun run_of_it = run("sample.json", sample);
  EXPECT_EQ(run_of_it.status, 0);
  EXPECT_NE(run_of_it.out.find(", 9 cases, a sample of 494\n"), run_of_it.out.npos)
      << run_of_it.out;
  Arguments files;
  for (const char* index : {"1", "2"}) {
    Arguments shard = sample;
    shard.insert(shard.end(), {"--shard", std::string(index) + "/2"});
    files.push_back(std::string(index) + ".json");
    run(files.back(), shard);
  }
  EXPECT_EQ(merge(files, {"--report", report("merged.json")}).status, 0);
  EXPECT_EQ(comparable("merged.json"), comparable("sample.json"));
  EXPECT_EQ(json_of("merged.json").at("sampled_from"), 494);
}

TEST_F(MergeTest, TheOnlyShardIsAWholeRun) {
  run("1.json", {"smtp/auth/rejected-535", "--shard", "1/1"});
  run("2.json", {"smtp/sender"});
  EXPECT_FALSE(json_of("1.json").contains("shard"));
  EXPECT_EQ(merge({"1.json", "2.json"}).status, 0);
}

TEST_F(MergeTest, AClockThatNobodyStatedMayDiffer) {
  run("1.json", {"smtp/starttls", "--shard", "1/2"});
  run("2.json", {"smtp/starttls", "--shard", "2/2"});
  const auto unstated = [](Json& r) { r["clock_stated"] = false; };
  change("1.json", "1.json", unstated);
  change("2.json", "2.json", [](Json& r) {
    r["clock_stated"] = false;
    r["clock"] = "2030-01-02T11:59:59Z";
  });
  EXPECT_EQ(merge({"1.json", "2.json"}, {"--report", report("m.json")}).status, 0);
  EXPECT_EQ(json_of("m.json").at("clock"), "2030-01-02T11:59:59Z") << "the earlier";
}

// What is read is not replaced.
TEST_F(MergeTest, AMergedReportDoesNotReplaceItsPart) {
  for (const char* kind : {"json", "jsonl"}) {
    const std::string a = std::string("a.") + kind;
    const std::string b = std::string("b.") + kind;
    run(a, {"smtp/sender"});
    run(b, {"smtp/auth/rejected-535"});
    const std::string before = text_of(a);
    EXPECT_EQ(merge({a, b}, {"--report", report(a)}).status, 2);
    EXPECT_EQ(text_of(a), before) << kind;
  }
}

TEST_F(MergeTest, AReportMayComeThroughAPipe) {
  run("a.jsonl", {"smtp/auth/rejected-535"});
  Process merged({STARTLE_PROGRAM, "merge", "/dev/stdin", "--report", report("b.jsonl")}, {},
                 Process::Input::lines);
  std::istringstream lines(text_of("a.jsonl"));
  for (std::string line; std::getline(lines, line);) merged.write_line(line);
  merged.close_input();
  EXPECT_EQ(merged.wait().status, 0);
  EXPECT_EQ(text_of("b.jsonl"), text_of("a.jsonl"));
}

// What a configuration is warned of stands in the report, and once in that of all shards.
TEST_F(MergeTest, WarningsAreToldOnce) {
  write_file(
      path("schedule.xml"),
      "<schedule>\n<smtp url='mail.example.com' email='m@example.com' ssl='true' username='u'"
      " password='p' trust='mail.example.com *.example.com' colour='red'/>\n</schedule>");
  const Arguments what{"--config", path("schedule.xml"), "--trust-model", "pkix"};
  const ProgramRun whole = run("whole.json", what);
  for (const char* index : {"1", "2"}) {
    Arguments shard = what;
    shard.insert(shard.end(), {"--shard", std::string(index) + "/2"});
    run(std::string(index) + ".jsonl", shard);
  }
  merge({"1.jsonl", "2.jsonl"}, {"--report", report("merged.json")});
  const Json warnings = json_of("whole.json").at("warnings");
  EXPECT_EQ(json_of("merged.json").at("warnings"), warnings);
  ASSERT_EQ(warnings.size(), 2U) << warnings;
  const std::string where = path("schedule.xml") + ":2";
  for (const Json& warning : warnings) EXPECT_EQ(warning.at("where"), where);
  EXPECT_EQ(whole.err,
            "startle: " + where + ": " + warnings[0].at("text").get<std::string>() + "\n" + where +
                ": warning (pkix): " + warnings[1].at("text").get<std::string>().substr(6) + "\n");
}

}  // namespace
}  // namespace startle::cases
