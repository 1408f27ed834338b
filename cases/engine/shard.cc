#include "cases/engine/shard.h"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "harness/base/error.h"

namespace startle::cases {
namespace {

// Digits only, at most 18 of them.
std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = failed == std::errc{} && end == text.data() + text.size();
  return whole && text.size() <= 18 ? std::optional(value) : std::nullopt;
}

// Spreads neighbouring numbers over all 64 bits (the finaliser of SplitMix64).
std::uint64_t mixed(std::uint64_t n) {
  n += 0x9e3779b97f4a7c15U;
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9U;
  n = (n ^ (n >> 27)) * 0x94d049bb133111ebU;
  return n ^ (n >> 31);
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error(Fault::usage, what);
}

constexpr const char* kOtherwise = ", or say with --shard I/N what to run (--shard 1/1: all)";

Shard option_shard(const std::string& given) {
  const std::string option = "--shard " + given;
  const std::size_t slash = given.find('/');
  const auto index = number(given.substr(0, slash));
  const auto total =
      slash == std::string::npos ? std::nullopt : number(std::string_view(given).substr(slash + 1));
  if (!index || !total) refuse(option + " is not I/N: write 1/3 for the first of three shards");
  if (*total == 0) refuse(option + ": there cannot be 0 shards: write 1/3 for the first of three");
  if (*total > kMostShards) {
    refuse(option + ": there cannot be more than " + std::to_string(kMostShards) + " shards");
  }
  if (*index == 0 || *index > *total) {
    const std::string last = std::to_string(*total) + "/" + std::to_string(*total);
    refuse(option + " is none of the shards: write " +
           (*total == 1 ? last : "one of 1/" + std::to_string(*total) + " to " + last));
  }
  return {.index = *index, .total = *total};
}

class Variables {
 public:
  explicit Variables(const Environment& environment) : environment_(environment) {}

  std::optional<std::string> text(const std::string& name) const {
    if (name.empty()) return std::nullopt;
    auto value = environment_(name);
    return value && !value->empty() ? value : std::nullopt;
  }
  bool has(const std::string& name) const { return text(name).has_value(); }
  // Throws unless it is a whole number.
  std::optional<std::size_t> count(const std::string& name) const {
    const auto given = text(name);
    if (!given) return std::nullopt;
    if (const auto value = number(*given)) return value;
    refuse(name + "=" + *given + " is not a whole number: set it right" + kOtherwise);
  }

 private:
  const Environment& environment_;
};

// A pair of variables that says which part of how many.
struct Pair {
  std::string index{};
  std::string total{};
  std::size_t first = 0;  // what the first part is called
  std::string status_file{};
};

ShardChoice pair_choice(const Variables& variables, const Pair& pair) {
  const auto index = variables.count(pair.index);
  const auto total = variables.count(pair.total);
  if (!index && !total) return {};
  if (!index || !total) {
    refuse((index ? pair.index : pair.total) + " is set without " +
           (index ? pair.total : pair.index) + ": set both" + kOtherwise);
  }
  if (*total == 0 || *total > kMostShards) {
    refuse(pair.total + "=" + std::to_string(*total) + " is no number of shards (1 to " +
           std::to_string(kMostShards) + "): set it right" + kOtherwise);
  }
  if (*index < pair.first || *index - pair.first >= *total) {
    refuse(pair.index + "=" + std::to_string(*index) + " is not in the range " +
           std::to_string(pair.first) + " to " + std::to_string(*total - 1 + pair.first) +
           " that " + pair.total + "=" + std::to_string(*total) + " allows: set it right" +
           kOtherwise);
  }
  ShardChoice choice{.shard = Shard{.index = *index - pair.first + 1, .total = *total},
                     .from = pair.index + " and " + pair.total};
  if (const auto file = variables.text(pair.status_file)) {
    choice.status_files.emplace(pair.status_file, *file);
  }
  return choice;
}

ShardChoice gitlab_choice(const Variables& variables) {
  const Pair pair{.index = "CI_NODE_INDEX", .total = "CI_NODE_TOTAL", .first = 1};
  if (!variables.has(pair.index) && variables.text(pair.total).value_or("1") == "1") return {};
  return pair_choice(variables, pair);
}

ShardChoice kubernetes_choice(const Variables& variables) {
  const Pair pair{.index = "JOB_COMPLETION_INDEX", .total = "STARTLE_SHARDS"};
  if (variables.has(pair.index) && !variables.has(pair.total)) {
    return {.note = pair.index + "=" + *variables.text(pair.index) + " is set, but " + pair.total +
                    " is not: everything is run (set " + pair.total +
                    " to the Job's completions to run a part)"};
  }
  return pair_choice(variables, pair);
}

ShardChoice slurm_choice(const Variables& variables) {
  const std::string task = "SLURM_ARRAY_TASK_";
  const auto id = variables.count(task + "ID");
  const auto min = variables.count(task + "MIN");
  const auto max = variables.count(task + "MAX");
  const std::size_t step = variables.count(task + "STEP").value_or(1);
  const auto count = variables.count(task + "COUNT");
  if (!id && !min && !max) return {};
  for (const auto& [value, name] : {std::pair(id, "ID"), {min, "MIN"}, {max, "MAX"}}) {
    if (value) continue;
    refuse(task + name + " is not set, but others of a Slurm array are: set all of " + task +
           "ID, _MIN and _MAX" + kOtherwise);
  }
  if (step == 0) refuse(task + "STEP=0 is no step: set it right" + kOtherwise);
  if (*id < *min || *id > *max) {
    refuse(task + "ID=" + std::to_string(*id) + " is not in the range of " + task +
           "MIN=" + std::to_string(*min) + " to " + task + "MAX=" + std::to_string(*max) +
           ": set it right" + kOtherwise);
  }
  const std::size_t total = (*max - *min) / step + 1;
  if (total > kMostShards) {
    refuse(task + "MAX=" + std::to_string(*max) + " makes more than " +
           std::to_string(kMostShards) + " shards: set it right" + kOtherwise);
  }
  if (count.value_or(total) != total || (*id - *min) % step != 0) {
    refuse(task +
           (count.value_or(total) != total ? "COUNT=" + std::to_string(*count)
                                           : "ID=" + std::to_string(*id)) +
           " does not fit ids from " + std::to_string(*min) + " to " + std::to_string(*max) +
           " by " + std::to_string(step) + ": give the array a range (--array=0-9), not a list" +
           kOtherwise);
  }
  return {.shard = Shard{.index = (*id - *min) / step + 1, .total = total},
          .from = task + "ID, _MIN, _MAX and _STEP"};
}

}  // namespace

std::string shard_text(const Shard& shard) {
  return std::to_string(shard.index) + "/" + std::to_string(shard.total);
}

std::optional<Shard> parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto index = number(text.substr(0, slash));
  const auto total = number(text.substr(slash + 1));
  if (!index || !total || *index == 0 || *index > *total || *total > kMostShards) {
    return std::nullopt;
  }
  return Shard{.index = *index, .total = *total};
}

std::size_t shard_of(std::size_t ordinal, std::size_t total) {
  const std::size_t turn = mixed(ordinal / total) % total;
  return (ordinal % total + turn) % total + 1;
}

std::size_t share_of(const Shard& shard, std::size_t count) {
  std::size_t share = count / shard.total;
  for (std::size_t i = share * shard.total; i < count; ++i) {
    if (shard_of(i, shard.total) == shard.index) ++share;
  }
  return share;
}

Environment environment_of_process() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

ShardChoice choose_shard(const std::optional<std::string>& option, const Environment& environment) {
  if (option) return {.shard = option_shard(*option), .from = "--shard"};
  const Variables variables(environment);
  const std::vector<ShardChoice> said{
      pair_choice(variables, {.index = "GTEST_SHARD_INDEX",
                              .total = "GTEST_TOTAL_SHARDS",
                              .status_file = "GTEST_SHARD_STATUS_FILE"}),
      pair_choice(variables, {.index = "TEST_SHARD_INDEX",
                              .total = "TEST_TOTAL_SHARDS",
                              .status_file = "TEST_SHARD_STATUS_FILE"}),
      gitlab_choice(variables), kubernetes_choice(variables), slurm_choice(variables)};
  ShardChoice chosen;
  for (const ShardChoice& next : said) {
    if (!next.note.empty()) chosen.note = next.note;
    if (!next.shard) continue;
    if (chosen.shard && chosen.shard != next.shard) {
      refuse(chosen.from + " say shard " + shard_text(*chosen.shard) + ", but " + next.from +
             " say " + shard_text(*next.shard) + ": unset those that are not meant" + kOtherwise);
    }
    if (!chosen.shard) {
      chosen.shard = next.shard;
      chosen.from = next.from;
    }
    chosen.status_files.insert(next.status_files.begin(), next.status_files.end());
  }
  // A part is run after all: what was passed over does not matter.
  if (chosen.shard) chosen.note.clear();
  return chosen;
}

void touch_status_files(const ShardChoice& choice) {
  for (const auto& [variable, file] : choice.status_files) {
    if (!std::ofstream(file)) {
      refuse(variable + "=" + file + " cannot be written: name another file, or unset it");
    }
  }
}

}  // namespace startle::cases
