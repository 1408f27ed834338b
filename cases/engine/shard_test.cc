// Which part of a run is this one's: --shard, the environment, and how exchanges are dealt out.

#include "cases/engine/shard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

using Variables = std::map<std::string, std::string>;

Environment of(Variables variables) {
  return [variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

struct Row {
  const char* name;
  std::optional<std::string> option;
  Variables variables;
  std::string said;  // "2/3 from NAME", "all", or the complaint
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

class ShardChoiceTest : public testing::TestWithParam<Row> {};

TEST_P(ShardChoiceTest, IsMadeOrRefused) {
  std::string said;
  try {
    const ShardChoice choice = choose_shard(GetParam().option, of(GetParam().variables));
    said = choice.shard ? shard_text(*choice.shard) + " from " + choice.from : "all";
    if (!choice.note.empty()) said += "; " + choice.note;
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::usage);
    said = e.what();
  }
  EXPECT_EQ(said, GetParam().said);
}

const std::string kOr = ", or say with --shard I/N what to run (--shard 1/1: all)";

Variables slurm(const char* id, const char* min, const char* max, const char* step,
                const char* count) {
  return {{"SLURM_ARRAY_TASK_ID", id},
          {"SLURM_ARRAY_TASK_MIN", min},
          {"SLURM_ARRAY_TASK_MAX", max},
          {"SLURM_ARRAY_TASK_STEP", step},
          {"SLURM_ARRAY_TASK_COUNT", count}};
}
const std::string kOfSlurm = " from SLURM_ARRAY_TASK_ID, _MIN, _MAX and _STEP";

const Row kRows[] = {
    {"Nothing", {}, {}, "all"},
    // The command line.
    {"Option", "2/3", {}, "2/3 from --shard"},
    {"OptionForAll", "1/1", {}, "1/1 from --shard"},
    {"OptionBeforeTheEnvironment",
     "2/3",
     {{"CI_NODE_INDEX", "9"}, {"GTEST_TOTAL_SHARDS", "x"}},
     "2/3 from --shard"},
    {"OptionZero", "0/3", {}, "--shard 0/3 is none of the shards: write one of 1/3 to 3/3"},
    {"OptionBeyond", "4/3", {}, "--shard 4/3 is none of the shards: write one of 1/3 to 3/3"},
    {"OptionBeyondOne", "2/1", {}, "--shard 2/1 is none of the shards: write 1/1"},
    {"OptionWords", "a/b", {}, "--shard a/b is not I/N: write 1/3 for the first of three shards"},
    {"OptionNoSlash", "2", {}, "--shard 2 is not I/N: write 1/3 for the first of three shards"},
    {"OptionEmpty", "", {}, "--shard  is not I/N: write 1/3 for the first of three shards"},
    {"OptionSigned",
     "-1/3",
     {},
     "--shard -1/3 is not I/N: write 1/3 for the first of three shards"},
    {"OptionThreeNumbers",
     "1/2/3",
     {},
     "--shard 1/2/3 is not I/N: write 1/3 for the first of three shards"},
    {"OptionOfNone",
     "1/0",
     {},
     "--shard 1/0: there cannot be 0 shards: write 1/3 for the first of three"},
    {"OptionTooMany",
     "1/1000001",
     {},
     "--shard 1/1000001: there cannot be more than 1000000 shards"},
    {"OptionOverflow",
     "1/99999999999999999999999",
     {},
     "--shard 1/99999999999999999999999 is not I/N: write 1/3 for the first of three shards"},
    // GoogleTest.
    {"GoogleTest",
     {},
     {{"GTEST_SHARD_INDEX", "0"}, {"GTEST_TOTAL_SHARDS", "4"}},
     "1/4 from GTEST_SHARD_INDEX and GTEST_TOTAL_SHARDS"},
    {"GoogleTestLast",
     {},
     {{"GTEST_SHARD_INDEX", "3"}, {"GTEST_TOTAL_SHARDS", "4"}},
     "4/4 from GTEST_SHARD_INDEX and GTEST_TOTAL_SHARDS"},
    {"GoogleTestBeyond",
     {},
     {{"GTEST_SHARD_INDEX", "4"}, {"GTEST_TOTAL_SHARDS", "4"}},
     "GTEST_SHARD_INDEX=4 is not in the range 0 to 3 that GTEST_TOTAL_SHARDS=4 allows: set it "
     "right" +
         kOr},
    {"GoogleTestWithoutTotal",
     {},
     {{"GTEST_SHARD_INDEX", "1"}},
     "GTEST_SHARD_INDEX is set without GTEST_TOTAL_SHARDS: set both" + kOr},
    {"GoogleTestWithoutIndex",
     {},
     {{"GTEST_TOTAL_SHARDS", "4"}},
     "GTEST_TOTAL_SHARDS is set without GTEST_SHARD_INDEX: set both" + kOr},
    {"EmptyIsUnset", {}, {{"GTEST_SHARD_INDEX", ""}, {"GTEST_TOTAL_SHARDS", ""}}, "all"},
    {"AStatusFileAloneSaysNothing", {}, {{"GTEST_SHARD_STATUS_FILE", "/x"}}, "all"},
    {"NoNumber",
     {},
     {{"GTEST_SHARD_INDEX", "one"}, {"GTEST_TOTAL_SHARDS", "4"}},
     "GTEST_SHARD_INDEX=one is not a whole number: set it right" + kOr},
    {"Negative",
     {},
     {{"GTEST_SHARD_INDEX", "0"}, {"GTEST_TOTAL_SHARDS", "-1"}},
     "GTEST_TOTAL_SHARDS=-1 is not a whole number: set it right" + kOr},
    {"TotalOfZero",
     {},
     {{"GTEST_SHARD_INDEX", "0"}, {"GTEST_TOTAL_SHARDS", "0"}},
     "GTEST_TOTAL_SHARDS=0 is no number of shards (1 to 1000000): set it right" + kOr},
    // Bazel, which sets GoogleTest's too.
    {"Bazel",
     {},
     {{"TEST_SHARD_INDEX", "1"}, {"TEST_TOTAL_SHARDS", "2"}},
     "2/2 from TEST_SHARD_INDEX and TEST_TOTAL_SHARDS"},
    {"BazelBeyond",
     {},
     {{"TEST_SHARD_INDEX", "2"}, {"TEST_TOTAL_SHARDS", "2"}},
     "TEST_SHARD_INDEX=2 is not in the range 0 to 1 that TEST_TOTAL_SHARDS=2 allows: set it "
     "right" +
         kOr},
    {"TwoThatAgree",
     {},
     {{"TEST_SHARD_INDEX", "1"},
      {"TEST_TOTAL_SHARDS", "2"},
      {"GTEST_SHARD_INDEX", "1"},
      {"GTEST_TOTAL_SHARDS", "2"}},
     "2/2 from GTEST_SHARD_INDEX and GTEST_TOTAL_SHARDS"},
    {"TwoThatDisagree",
     {},
     {{"CI_NODE_INDEX", "1"},
      {"CI_NODE_TOTAL", "2"},
      {"GTEST_SHARD_INDEX", "1"},
      {"GTEST_TOTAL_SHARDS", "2"}},
     "GTEST_SHARD_INDEX and GTEST_TOTAL_SHARDS say shard 2/2, but CI_NODE_INDEX and CI_NODE_TOTAL "
     "say 1/2: unset those that are not meant" +
         kOr},
    // GitLab.
    {"GitLab",
     {},
     {{"CI_NODE_INDEX", "3"}, {"CI_NODE_TOTAL", "3"}},
     "3/3 from CI_NODE_INDEX and CI_NODE_TOTAL"},
    {"GitLabCountsFromOne",
     {},
     {{"CI_NODE_INDEX", "0"}, {"CI_NODE_TOTAL", "3"}},
     "CI_NODE_INDEX=0 is not in the range 1 to 3 that CI_NODE_TOTAL=3 allows: set it right" + kOr},
    {"GitLabBeyond",
     {},
     {{"CI_NODE_INDEX", "4"}, {"CI_NODE_TOTAL", "3"}},
     "CI_NODE_INDEX=4 is not in the range 1 to 3 that CI_NODE_TOTAL=3 allows: set it right" + kOr},
    {"GitLabNotParallel", {}, {{"CI_NODE_TOTAL", "1"}}, "all"},
    {"GitLabWithoutIndex",
     {},
     {{"CI_NODE_TOTAL", "2"}},
     "CI_NODE_TOTAL is set without CI_NODE_INDEX: set both" + kOr},
    {"GitLabWithoutTotal",
     {},
     {{"CI_NODE_INDEX", "2"}},
     "CI_NODE_INDEX is set without CI_NODE_TOTAL: set both" + kOr},
    // Kubernetes.
    {"Kubernetes",
     {},
     {{"JOB_COMPLETION_INDEX", "2"}, {"STARTLE_SHARDS", "5"}},
     "3/5 from JOB_COMPLETION_INDEX and STARTLE_SHARDS"},
    {"KubernetesBeyond",
     {},
     {{"JOB_COMPLETION_INDEX", "5"}, {"STARTLE_SHARDS", "5"}},
     "JOB_COMPLETION_INDEX=5 is not in the range 0 to 4 that STARTLE_SHARDS=5 allows: set it "
     "right" +
         kOr},
    {"KubernetesWithoutTotal",
     {},
     {{"JOB_COMPLETION_INDEX", "2"}},
     "all; JOB_COMPLETION_INDEX=2 is set, but STARTLE_SHARDS is not: everything is run (set "
     "STARTLE_SHARDS to the Job's completions to run a part)"},
    {"KubernetesIndexPassedOver",
     {},
     {{"JOB_COMPLETION_INDEX", "2"}, {"CI_NODE_INDEX", "1"}, {"CI_NODE_TOTAL", "2"}},
     "1/2 from CI_NODE_INDEX and CI_NODE_TOTAL"},
    {"KubernetesWithoutIndex",
     {},
     {{"STARTLE_SHARDS", "2"}},
     "STARTLE_SHARDS is set without JOB_COMPLETION_INDEX: set both" + kOr},
    // Slurm arrays.
    {"Slurm", {}, slurm("2", "0", "3", "1", "4"), "3/4" + kOfSlurm},
    {"SlurmFromAnyId", {}, slurm("102", "101", "104", "1", "4"), "2/4" + kOfSlurm},
    {"SlurmByStep", {}, slurm("9", "1", "13", "4", "4"), "3/4" + kOfSlurm},
    {"SlurmByAStepThatDoesNotEndAtMax", {}, slurm("7", "1", "8", "3", "3"), "3/3" + kOfSlurm},
    {"SlurmOfOne", {}, slurm("7", "7", "7", "1", "1"), "1/1" + kOfSlurm},
    {"SlurmWithoutStepAndCount",
     {},
     {{"SLURM_ARRAY_TASK_ID", "1"}, {"SLURM_ARRAY_TASK_MIN", "1"}, {"SLURM_ARRAY_TASK_MAX", "2"}},
     "1/2" + kOfSlurm},
    {"SlurmList",
     {},
     slurm("5", "1", "9", "1", "3"),
     "SLURM_ARRAY_TASK_COUNT=3 does not fit ids from 1 to 9 by 1: give the array a range "
     "(--array=0-9), not a list" +
         kOr},
    {"SlurmBetweenTwoSteps",
     {},
     slurm("4", "1", "9", "4", "3"),
     "SLURM_ARRAY_TASK_ID=4 does not fit ids from 1 to 9 by 4: give the array a range "
     "(--array=0-9), not a list" +
         kOr},
    {"SlurmOutside",
     {},
     slurm("10", "1", "9", "1", "9"),
     "SLURM_ARRAY_TASK_ID=10 is not in the range of SLURM_ARRAY_TASK_MIN=1 to "
     "SLURM_ARRAY_TASK_MAX=9: set it right" +
         kOr},
    {"SlurmWithoutMax",
     {},
     {{"SLURM_ARRAY_TASK_ID", "1"}, {"SLURM_ARRAY_TASK_MIN", "1"}},
     "SLURM_ARRAY_TASK_MAX is not set, but others of a Slurm array are: set all of "
     "SLURM_ARRAY_TASK_ID, _MIN and _MAX" +
         kOr},
    {"SlurmNoStep",
     {},
     slurm("1", "1", "9", "0", "9"),
     "SLURM_ARRAY_TASK_STEP=0 is no step: set it right" + kOr},
    {"SlurmHuge",
     {},
     slurm("1", "1", "999999999", "1", "999999999"),
     "SLURM_ARRAY_TASK_MAX=999999999 makes more than 1000000 shards: set it right" + kOr},
};
INSTANTIATE_TEST_SUITE_P(All, ShardChoiceTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ShardChoice, TouchesTheStatusFilesOfWhatItFollows) {
  const TemporaryFolder folder;
  const std::string bazel = folder.path() / "bazel";
  const std::string google = folder.path() / "google";
  Variables variables{{"TEST_SHARD_INDEX", "1"},         {"TEST_TOTAL_SHARDS", "2"},
                      {"GTEST_SHARD_INDEX", "1"},        {"GTEST_TOTAL_SHARDS", "2"},
                      {"TEST_SHARD_STATUS_FILE", bazel}, {"GTEST_SHARD_STATUS_FILE", google}};
  touch_status_files(choose_shard("1/2", of(variables)));
  EXPECT_FALSE(std::filesystem::exists(bazel)) << "--shard follows neither";
  touch_status_files(choose_shard({}, of(variables)));
  EXPECT_TRUE(std::filesystem::exists(bazel));
  EXPECT_TRUE(std::filesystem::exists(google));

  const std::string nowhere = folder.path() / "none/x";
  variables["TEST_SHARD_STATUS_FILE"] = nowhere;
  try {
    touch_status_files(choose_shard({}, of(variables)));
    FAIL() << "a file that cannot be written";
  } catch (const Error& e) {
    EXPECT_EQ(e.what(), "TEST_SHARD_STATUS_FILE=" + nowhere +
                            " cannot be written: name another file, or unset it");
  }
}

TEST(Shard, IsWrittenAndReadAlike) {
  EXPECT_EQ(shard_text({.index = 2, .total = 3}), "2/3");
  EXPECT_EQ(parse_shard("2/3"), (Shard{.index = 2, .total = 3}));
  for (const char* wrong : {"", "2", "0/3", "4/3", "1/0", "a/b", "1/2/3", " 1/2", "1/1000001"}) {
    EXPECT_EQ(parse_shard(wrong), std::nullopt) << wrong;
  }
}

TEST(Shard, OfEachRoundEveryShardHasOne) {
  for (const std::size_t total : {1U, 2U, 3U, 7U, 20U, 64U}) {
    for (std::size_t round = 0; round < 50; ++round) {
      std::vector<bool> has(total);
      for (std::size_t i = 0; i < total; ++i) has[shard_of(round * total + i, total) - 1] = true;
      EXPECT_EQ(std::count(has.begin(), has.end(), true), static_cast<long>(total));
    }
  }
}

TEST(Shard, SharesAddUpAndDifferByOneAtMost) {
  for (const std::size_t total : {1U, 2U, 3U, 7U, 20U}) {
    for (std::size_t count = 0; count < 3 * total + 2; ++count) {
      std::size_t sum = 0;
      for (std::size_t index = 1; index <= total; ++index) {
        const Shard shard{.index = index, .total = total};
        const std::size_t share = share_of(shard, count);
        std::size_t counted = 0;
        for (std::size_t i = 0; i < count; ++i) counted += shard_of(i, total) == index ? 1 : 0;
        EXPECT_EQ(share, counted);
        EXPECT_GE(share, count / total);
        EXPECT_LE(share, count / total + 1);
        sum += share;
      }
      EXPECT_EQ(sum, count);
    }
  }
}

// The last axis turns fastest: dealt out in plain turns, a shard of as many as it has values would
// have one of them only.
TEST(Shard, TheLengthOfAnAxisDoesNotMatter) {
  constexpr std::size_t kExchanges = 22'000;
  for (const std::size_t total : {2U, 11U, 22U}) {
    for (const std::size_t values : {2U, 11U, 22U}) {
      std::map<std::pair<std::size_t, std::size_t>, std::size_t> cells;
      for (std::size_t i = 0; i < kExchanges; ++i) ++cells[{shard_of(i, total), i % values}];
      const double even = static_cast<double>(kExchanges) / static_cast<double>(total * values);
      EXPECT_EQ(cells.size(), total * values);
      for (const auto& [of, count] : cells) {
        EXPECT_NEAR(static_cast<double>(count), even, 0.5 * even + 1)
            << total << " shards, " << values << " values";
      }
    }
  }
}

}  // namespace
}  // namespace startle::cases
