// startle merge, from outside: what does not belong together, or is no report, is told.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "cases/program/merge_for_test.h"

namespace startle::cases {
namespace {

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

TEST_F(MergeTest, EveryFileThatIsNoReportIsTold) {
  run("a.json", {"smtp/auth/rejected-535"});
  const std::string whole = text_of("a.json");
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

// ---- JSON Lines --------------------------------------------------------------------------------

TEST_F(MergeTest, LinesThatAreNoReportAreTold) {
  run("a.jsonl", {"smtp/go-ahead"});
  const std::string whole = text_of("a.jsonl");
  const std::size_t lines = static_cast<std::size_t>(std::count(whole.begin(), whole.end(), '\n'));
  ASSERT_GT(lines, 3U);
  write_file(path("torn.jsonl"), whole.substr(0, whole.find('\n') + 40));
  take_lines("a.jsonl", "no-end.jsonl", 0, lines - 1);
  take_lines("a.jsonl", "no-head.jsonl", 1, lines);
  write_file(path("text.jsonl"), whole.substr(0, whole.find('\n') + 1) + "hello\n");
  const std::string interrupted = "the run that wrote it, or a copy of it, was interrupted\n";
  EXPECT_EQ(complaint({"torn.jsonl", "a.jsonl", "no-end.jsonl", "no-head.jsonl", "text.jsonl"}, 2),
            "startle: torn.jsonl:2: is cut off here: " + interrupted + "startle: no-end.jsonl:" +
                std::to_string(lines) + ": the line with `summary` is missing: " + interrupted +
                "startle: no-head.jsonl: is no report of startle: write one with --report "
                "jsonl=FILE\n"
                "startle: text.jsonl:2: this is not JSON\n");
}

TEST_F(MergeTest, ShardsInLinesAreHeldToTheSame) {
  for (const char* index : {"1", "2", "3"}) {
    run(std::string(index) + ".jsonl", {"smtp/starttls", "--shard", std::string(index) + "/3"});
  }
  EXPECT_EQ(merge({"1.jsonl", "2.jsonl", "3.jsonl"}).status, 0);
  EXPECT_EQ(complaint({"1.jsonl", "3.jsonl"}, 3),
            "startle: 1.jsonl: is shard 1/3, and there is no report of 2/3: give those of all "
            "shards\n");
  EXPECT_EQ(complaint({"1.jsonl", "2.jsonl", "1.jsonl"}, 2),
            "startle: 1.jsonl: is shard 1/3, as 1.jsonl is: give each shard once\n");
  run("other.jsonl", {"smtp/starttls", "--shard", "2/3", "--seed", "2"});
  EXPECT_EQ(complaint({"1.jsonl", "other.jsonl"}, 2),
            "startle: other.jsonl: its seed is 2, that of 1.jsonl 1: these are not reports of one "
            "run\n");
}

TEST_F(MergeTest, ARunThatSaysItIsNotCompleteIsRefused) {
  run("a.json", {"smtp/sender"});
  change("a.json", "part.json", [](Json& r) {
    r["complete"] = false;
    r["cases"].erase(0);
    r["summary"]["passed"] = r["summary"]["passed"].get<int>() - 1;
  });
  EXPECT_EQ(complaint({"part.json"}, 2),
            "startle: part.json: is not complete: the run that wrote it was interrupted\n");
}

TEST_F(MergeTest, ACaseThatStandsThereTwiceIsTold) {
  run("a.json", {"smtp/go-ahead"});
  change("a.json", "twice.json", [](Json& r) {
    r["cases"].push_back(r["cases"][1]);
    r["selected"] = r["cases"].size();
    r["summary"]["passed"] = r["summary"]["passed"].get<int>() + 1;
  });
  EXPECT_EQ(complaint({"twice.json"}, 2),
            "startle: twice.json: `" +
                json_of("a.json").at("cases").at(1).at("id").get<std::string>() +
                "` [documented] stands there twice: each case counts once\n");
}

}  // namespace
}  // namespace startle::cases
