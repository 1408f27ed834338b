// startle run --shard, --sample and startle merge, from outside: shards merged are the whole run,
// and what does not belong together is told.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cases/engine/startle_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

using Arguments = std::vector<std::string>;
using Json = nlohmann::ordered_json;
constexpr std::size_t kLimit = 32 << 20;

Json json_of(const std::string& file) {
  return Json::parse(read_file(file, kLimit));
}

// All but what differs from one run to the next.
Json comparable(const std::string& file) {
  Json report = json_of(file);
  report.erase("wall_s");
  report.erase("shard");
  for (Json& c : report["cases"]) c.erase("ms");
  return report;
}

class MergeTest : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path() / name; }

  // Runs with `arguments` at a stated clock, its report in `name`.
  ProgramRun run(const std::string& name, Arguments arguments) const {
    arguments.insert(arguments.begin(), "run");
    for (const char* more : {"--at", "2030-01-02", "--report"}) arguments.emplace_back(more);
    arguments.push_back("json=" + path(name));
    return run_startle(arguments);
  }
  ProgramRun merge(const Arguments& names, const Arguments& more = {}) const {
    Arguments arguments{"merge"};
    for (const std::string& name : names) arguments.push_back(path(name));
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_startle(arguments);
  }
  // What is complained of, without the folder.
  std::string complaint(const Arguments& names, int status) const {
    const ProgramRun merged = merge(names);
    EXPECT_EQ(merged.status, status);
    EXPECT_EQ(merged.out, "");
    std::string text = merged.err;
    const std::string folder = folder_.path().string() + "/";
    for (std::size_t at = 0; (at = text.find(folder, at)) != text.npos;) {
      text.erase(at, folder.size());
    }
    return text;
  }
  void change(const std::string& from, const std::string& to, void (*edit)(Json&)) const {
    Json report = json_of(path(from));
    edit(report);
    write_file(path(to), report.dump());
  }

  TemporaryFolder folder_{};
};

// Leaks, false accepts, and cases of three trust models that pass.
const Arguments kFaulty{"smtp/starttls",
                        "smtp/injection",
                        "matrix/trust/mode=smtps/trust=host/*/credential=valid",
                        "--client",
                        "defect:goes-on-without-starttls",
                        "--trust-model",
                        "all"};

TEST_F(MergeTest, ShardsMergedAreTheWholeRun) {
  for (const char* client : {"defect:goes-on-without-starttls", "defect:accepts-any-certificate"}) {
    Arguments what = kFaulty;
    what[4] = client;
    EXPECT_EQ(run("whole.json", what).status, 1);
    Arguments files;
    for (const char* index : {"3", "1", "2"}) {  // in any order
      Arguments shard = what;
      shard.insert(shard.end(), {"--shard", std::string(index) + "/3"});
      files.push_back(std::string(index) + ".json");
      const ProgramRun part = run(files.back(), shard);
      EXPECT_EQ(part.err, "startle: shard " + std::string(index) + "/3 (--shard)\n");
      EXPECT_EQ(json_of(path(files.back())).at("shard"), std::string(index) + "/3");
    }
    const ProgramRun merged = merge(files, {"--report", "json=" + path("merged.json")});
    EXPECT_EQ(merged.status, 1);
    EXPECT_EQ(merged.err, "");
    EXPECT_EQ(comparable(path("merged.json")), comparable(path("whole.json")));
    EXPECT_FALSE(json_of(path("merged.json")).contains("shard"));

    // What is merged is a report like any other.
    EXPECT_EQ(merge({"merged.json"}, {"--report", "json=" + path("again.json")}).status, 1);
    EXPECT_EQ(json_of(path("again.json")), json_of(path("merged.json")));
  }
}

TEST_F(MergeTest, TheTextAndJunitAreThoseOfARun) {
  run("whole.json", kFaulty);
  for (const char* index : {"1", "2"}) {
    Arguments shard = kFaulty;
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
  const std::string junit = read_file(path("x.xml"), kLimit);
  const std::size_t cases = json_of(path("whole.json")).at("cases").size();
  EXPECT_NE(junit.find("<testsuites tests=\"" + std::to_string(cases) + "\""), junit.npos);
  EXPECT_NE(junit.find("<failure type=\"leak\""), junit.npos);
}

TEST_F(MergeTest, WholeRunsStandOneBehindTheOther) {
  EXPECT_EQ(run("a.json", {"smtp/sender"}).status, 0);
  EXPECT_EQ(run("b.json", {"smtp/auth/rejected-535"}).status, 0);
  EXPECT_EQ(run("c.json", {"smtp/starttls", "--sample", "2"}).status, 0);
  EXPECT_EQ(run("both.json", {"smtp/sender", "smtp/auth/rejected-535"}).status, 0);
  EXPECT_EQ(merge({"a.json", "b.json"}, {"--report", "json=" + path("ab.json")}).status, 0);
  const Json both = json_of(path("both.json"));
  const Json merged = json_of(path("ab.json"));
  EXPECT_EQ(merged.at("summary"), both.at("summary"));
  EXPECT_EQ(merged.at("selection"), both.at("selection"));
  EXPECT_EQ(merged.at("cases").size(), both.at("cases").size());
  EXPECT_EQ(merged.at("cases").back().at("id"), "smtp/auth/rejected-535");
  EXPECT_EQ(merge({"ab.json", "c.json"}).status, 0);
  EXPECT_EQ(complaint({"a.json", "a.json"}, 2),
            "startle: a.json: `" + merged.at("cases").at(0).at("id").get<std::string>() +
                "` [documented] stands in a.json too: each case counts once\n");
}

TEST_F(MergeTest, ALostShardIsNeverPassed) {
  for (const char* index : {"1", "2", "3"}) {
    run(std::string(index) + ".json", {"smtp/starttls", "--shard", std::string(index) + "/3"});
  }
  EXPECT_EQ(merge({"1.json", "2.json", "3.json"}).status, 0);
  EXPECT_EQ(
      complaint({"1.json", "3.json"}, 3),
      "startle: 1.json: is shard 1/3, and there is no report of 2/3: give those of all shards\n");
  EXPECT_EQ(complaint({"2.json"}, 3),
            "startle: 2.json: is shard 2/3, and there is no report of 1/3, 3/3: give those of all "
            "shards\n");
  EXPECT_EQ(complaint({"1.json", "2.json", "1.json"}, 2),
            "startle: 1.json: is shard 1/3, as 1.json is: give each shard once\n");
  change("1.json", "many.json", [](Json& report) {
    report["shard"] = "1/1000";
    report["selected"] = 0;
    report["cases"] = Json::array();
    report["summary"]["passed"] = 0;
  });
  EXPECT_EQ(complaint({"many.json"}, 3),
            "startle: many.json: is shard 1/1000, and there is no report of 2/1000, 3/1000, "
            "4/1000, 5/1000, 6/1000 and 994 more: give those of all shards\n");
}

TEST_F(MergeTest, WhatIsNotOfOneRunIsTold) {
  run("1.json", {"smtp/starttls", "--shard", "1/2"});
  run("2.json", {"smtp/starttls", "--shard", "2/2"});
  run("whole.json", {"smtp/sender"});
  struct Row {
    const char* name;
    void (*edit)(Json&);
    const char* complaint;
  };
  const Row rows[] = {
      {"seed", [](Json& r) { r["seed"] = 2; },
       "its seed is 2, that of 1.json 1: these are not reports of one run"},
      {"clock", [](Json& r) { r["clock"] = "2030-01-03T12:00:00Z"; },
       "its clock is 2030-01-03T12:00:00Z, that of 1.json 2030-01-02T12:00:00Z: these are not "
       "reports of one run"},
      {"version", [](Json& r) { r["startle"] = "9.9"; },
       "its version of startle is 9.9, that of 1.json "},
      {"client", [](Json& r) { r["client"]["name"] = "curl"; }, "its client is curl "},
      {"library", [](Json& r) { r["client"]["tls_library"] = "OpenSSL"; },
       "its TLS library is OpenSSL, that of 1.json GnuTLS "},
      {"store model", [](Json& r) { r["store_model"] = "all"; },
       "its store model is all, that of 1.json documented: these are not reports of one run"},
      {"cases", [](Json& r) { r["selected"] = 1000; },
       "its number of cases in all shards is 1000, that of 1.json "},
      {"sample", [](Json& r) { r["sampled_from"] = 1000; },
       "its number of cases before sampling is 1000, that of 1.json 0: these are not reports of "
       "one run"},
      {"model", [](Json& r) { r["trust_model"] = "pkix"; },
       "its trust model is pkix, that of 1.json documented: these are not reports of one run"},
      {"transport", [](Json& r) { r["transport"] = "tcp"; },
       "its transport is tcp, that of 1.json memory: these are not reports of one run"},
      {"selection",
       [](Json& r) {
         r["selection"] = {"smtp", "--mode", "smtps"};
       },
       "its selection is smtp --mode smtps, that of 1.json smtp/starttls: these are not reports of "
       "one run"},
      {"total", [](Json& r) { r["shard"] = "2/3"; },
       "its number of shards is 3, that of 1.json 2: these are not reports of one run"},
      {"form", [](Json& r) { r["shard"] = "two"; }, "its `shard` is not I/N: two"},
  };
  for (const Row& row : rows) {
    change("2.json", "x.json", row.edit);
    const std::string said = complaint({"1.json", "x.json"}, 2);
    const std::string complaint_of_it = "startle: x.json: " + std::string(row.complaint);
    if (complaint_of_it.ends_with(' ')) {  // what this build has stands behind it
      EXPECT_TRUE(said.starts_with(complaint_of_it)) << row.name << ": " << said;
    } else {
      EXPECT_EQ(said, complaint_of_it + "\n") << row.name;
    }
  }
  EXPECT_EQ(complaint({"1.json", "whole.json"}, 2).substr(0, 58),
            "startle: whole.json: its selection is smtp/sender, that of");
  change("2.json", "x.json", [](Json& r) {
    r["cases"].erase(0);
    r["summary"]["passed"] = r["summary"]["passed"].get<int>() - 1;
  });
  EXPECT_NE(complaint({"1.json", "x.json"}, 2).find("cases of its run: it was changed after"),
            std::string::npos);
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
  EXPECT_EQ(merge({"1.json", "2.json"}, {"--report", "json=" + path("m.json")}).status, 0);
  EXPECT_EQ(json_of(path("m.json")).at("clock"), "2030-01-02T11:59:59Z") << "the earlier";
}

TEST_F(MergeTest, EveryFileThatIsNoReportIsTold) {
  run("a.json", {"smtp/auth"});
  const std::string whole = read_file(path("a.json"), kLimit);
  write_file(path("cut.json"), whole.substr(0, 300));
  write_file(path("text.json"), "hello");
  write_file(path("empty.json"), "");
  EXPECT_EQ(complaint({"cut.json", "a.json", "text.json", "empty.json", "none.json", "."}, 2),
            "startle: cut.json: is cut off after 300 bytes: the run that wrote it, or a copy of "
            "it, was interrupted\n"
            "startle: text.json:1: this is not JSON\n"
            "startle: empty.json: is empty: the run that was to write it did not end\n"
            "startle: none.json: cannot be read: No such file or directory\n"
            "startle: .: is a directory\n");
  EXPECT_EQ(run_startle({"merge"}).status, 2);
}

TEST_F(MergeTest, APathThatCannotBeFollowedIsNoReport) {
  std::filesystem::create_symlink("loop", path("loop"));
  EXPECT_EQ(complaint({"loop"}, 2),
            "startle: loop: cannot be read: Too many levels of symbolic links\n");
}

TEST_F(MergeTest, NothingJudgedIsThree) {
  run("a.json", {"smtp/auth/rejected-535"});
  change("a.json", "skipped.json", [](Json& r) {
    r["cases"][0]["verdict"] = "skip";
    r["summary"]["passed"] = 0;
    r["summary"]["skipped"] = 1;
  });
  EXPECT_EQ(merge({"skipped.json"}).status, 3);
}

// ---- run ---------------------------------------------------------------------------------------

TEST_F(MergeTest, TheEnvironmentMakesAShard) {
  const Arguments arguments{"run", "smtp/starttls", "--report", "json"};
  const auto with = [&](std::vector<std::pair<std::string, std::string>> variables) {
    return run_startle(arguments, variables);
  };
  const ProgramRun shard = with({{"GTEST_SHARD_INDEX", "1"},
                                 {"GTEST_TOTAL_SHARDS", "2"},
                                 {"GTEST_SHARD_STATUS_FILE", path("status")}});
  EXPECT_EQ(shard.status, 0);
  EXPECT_EQ(Json::parse(shard.out).at("shard"), "2/2");
  EXPECT_TRUE(
      shard.err.starts_with("startle: shard 2/2 (GTEST_SHARD_INDEX and GTEST_TOTAL_SHARDS)\n"))
      << shard.err;
  EXPECT_TRUE(std::filesystem::exists(path("status")));

  const ProgramRun all = with({{"JOB_COMPLETION_INDEX", "1"}});
  EXPECT_EQ(all.status, 0);
  EXPECT_FALSE(Json::parse(all.out).contains("shard"));
  EXPECT_TRUE(
      all.err.starts_with("startle: JOB_COMPLETION_INDEX=1 is set, but STARTLE_SHARDS is "
                          "not: everything is run"))
      << all.err;

  const ProgramRun half = with({{"TEST_TOTAL_SHARDS", "2"}});
  EXPECT_EQ(half.status, 2);
  EXPECT_EQ(half.err,
            "startle: TEST_TOTAL_SHARDS is set without TEST_SHARD_INDEX: set both, or say with "
            "--shard I/N what to run (--shard 1/1: all)\n");
}

TEST_F(MergeTest, AShardWithNothingToDoIsAsExpected) {
  std::size_t passed = 0;
  Arguments files;
  for (const char* index : {"1", "2", "3"}) {
    files.push_back(std::string(index) + ".json");
    EXPECT_EQ(
        run(files.back(), {"smtp/auth/rejected-535", "--shard", std::string(index) + "/3"}).status,
        0);
    passed += json_of(path(files.back())).at("cases").size();
  }
  EXPECT_EQ(passed, 1U);
  EXPECT_EQ(merge(files).status, 0);
}

// Nothing of it could be judged, which the whole run has to answer for.
TEST_F(MergeTest, AShardOfNothingButSkippedCasesIsAsExpected) {
  const Arguments skipped{
      "matrix/trust/mode=smtps/trust=host/certificate=name-constraint-violated/credential=valid",
      "--name", "127.0.0.1"};
  EXPECT_EQ(run("whole.json", skipped).status, 3);
  for (const char* index : {"1", "2"}) {
    Arguments shard = skipped;
    shard.insert(shard.end(), {"--shard", std::string(index) + "/2"});
    EXPECT_EQ(run(std::string(index) + ".json", shard).status, 0);
  }
  EXPECT_EQ(merge({"1.json", "2.json"}).status, 3);
}

TEST_F(MergeTest, TheOnlyShardIsAWholeRun) {
  run("1.json", {"smtp/auth", "--shard", "1/1"});
  run("2.json", {"smtp/sender"});
  EXPECT_FALSE(json_of(path("1.json")).contains("shard"));
  EXPECT_EQ(merge({"1.json", "2.json"}).status, 0);
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
  const Arguments more{"--report", "json=" + path("merged.json"), "--report",
                       "junit=" + path("merged.xml")};
  EXPECT_EQ(merge({"1.json", "2.json"}, more).status, 0);
  EXPECT_EQ(json_of(path("merged.json")).at("cases").size(), 4U * (1 + 10 * 2));
  EXPECT_EQ(comparable(path("merged.json")), comparable(path("whole.json")));
  const std::string junit = read_file(path("merged.xml"), kLimit);
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
  EXPECT_EQ(merge(files, {"--report", "json=" + path("merged.json")}).status, 0);
  EXPECT_EQ(comparable(path("merged.json")), comparable(path("sample.json")));
  EXPECT_EQ(json_of(path("merged.json")).at("sampled_from"), 494);
}

}  // namespace
}  // namespace startle::cases
