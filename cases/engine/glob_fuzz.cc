// Two lines of any bytes: a glob matches what the plainest matcher that there is says, and a shard
// is written as it was read.

#include <string>
#include <string_view>
#include <vector>

#include "cases/engine/glob.h"
#include "cases/engine/shard.h"
#include "harness/base/fuzz/claims.h"

namespace {

using startle::fuzz::must_hold;

// By the table of all prefixes.
bool matches(std::string_view pattern, std::string_view id) {
  std::vector<bool> row(id.size() + 1, false);
  row[0] = true;
  for (const char p : pattern) {
    std::vector<bool> next(id.size() + 1, false);
    next[0] = p == '*' && row[0];
    for (std::size_t i = 1; i <= id.size(); ++i) {
      next[i] = p == '*' ? next[i - 1] || row[i] : row[i - 1] && (p == '?' || p == id[i - 1]);
    }
    row = std::move(next);
  }
  return row.back();
}

bool selects(std::string_view pattern, std::string_view id) {
  if (pattern.find_first_of("*?") != std::string_view::npos) return matches(pattern, id);
  return id == pattern || (id.starts_with(pattern) && id.substr(pattern.size()).starts_with('/'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::cases;
  const std::string_view input(reinterpret_cast<const char*>(data),
                               std::min<std::size_t>(size, 400));
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string_view pattern = input.substr(0, line);
  const std::string_view id = input.substr(std::min(line + 1, input.size()));
  must_hold(glob_matches(pattern, id) == selects(pattern, id), "a glob matches what it says");
  must_hold(glob_matches("*", id), "an asterisk matches all");
  if (const auto shard = parse_shard(input)) {
    must_hold(shard->index >= 1 && shard->index <= shard->total, "a shard is one of all");
    must_hold(parse_shard(shard_text(*shard)) == shard, "and written as it was read");
    must_hold(share_of(*shard, 1000) <= 1000, "and has its share");
  }
  return 0;
}
