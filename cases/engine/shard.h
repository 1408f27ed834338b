#pragma once
// A run cut into parts that several machines do side by side: which part this one does, from the
// command line or from what a test runner, a CI system or a batch system puts into the environment,
// and which exchange is whose.

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace startle::cases {

// Of `total` parts the one numbered `index`, from 1 to `total`.
struct Shard {
  std::size_t index = 1;
  std::size_t total = 1;
  friend bool operator==(const Shard&, const Shard&) = default;
};

inline constexpr std::size_t kMostShards = 1'000'000;

// "2/3"
std::string shard_text(const Shard& shard);
// The reverse; nullopt: it is not of that form, or 0/3, 4/3, 1/0.
std::optional<Shard> parse_shard(std::string_view text);

// Whose the exchange `ordinal` (from 0) of a run is: of each `total` exchanges that follow one
// another every shard has one. Which one it has changes from one such round to the next as if by
// chance, so that no shard is given the same value of an axis each time, whatever the length of the
// axis: cells that cost nothing, as those that end in a configuration error, are spread over all.
std::size_t shard_of(std::size_t ordinal, std::size_t total);
// How many of the exchanges 0 to `count` - 1 are the shard's.
std::size_t share_of(const Shard& shard, std::size_t count);

struct ShardChoice {
  std::optional<Shard> shard{};  // nullopt: everything is run
  std::string from{};            // "--shard", or the variables that say so
  // Files to create when the choice is followed, by the variables that name them: test runners ask
  // to be shown so that they were understood.
  std::map<std::string, std::string> status_files{};
  std::string note{};  // a sentence for the user, where a variable is passed over
};

// The value of an environment variable; an empty one is none.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment environment_of_process();

// `option`: what --shard was given, if it was; it counts before the environment. Otherwise
//   GoogleTest        GTEST_SHARD_INDEX (from 0), GTEST_TOTAL_SHARDS, GTEST_SHARD_STATUS_FILE
//   Bazel             TEST_SHARD_INDEX (from 0), TEST_TOTAL_SHARDS, TEST_SHARD_STATUS_FILE
//   GitLab            CI_NODE_INDEX (from 1), CI_NODE_TOTAL (alone, as in a job that is not
//                     parallel, it is 1)
//   Kubernetes        JOB_COMPLETION_INDEX (from 0) of an Indexed Job; the manifest has to give
//                     STARTLE_SHARDS, the Job's `completions`. Without it everything is run: the
//                     index alone may be meant for something else.
//   Slurm arrays      SLURM_ARRAY_TASK_ID, _MIN, _MAX, _STEP and _COUNT: the rank of ID among MIN,
//                     MIN + STEP .. MAX
// Throws Error(Fault::usage) with a sentence that names the variable.
ShardChoice choose_shard(const std::optional<std::string>& option, const Environment& environment);

// Creates, or empties, the status files. Throws Error(Fault::usage).
void touch_status_files(const ShardChoice& choice);

}  // namespace startle::cases
