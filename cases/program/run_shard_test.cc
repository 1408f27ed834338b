// startle run --shard and the environment that says so, from outside.

#include <gtest/gtest.h>

#include <filesystem>

#include "cases/program/merge_for_test.h"

namespace startle::cases {
namespace {

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
    passed += json_of(files.back()).at("cases").size();
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

}  // namespace
}  // namespace startle::cases
