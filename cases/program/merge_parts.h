#pragma once
// The reports that `startle merge` makes one of: each is read once and held to what it says of
// itself, then its cases are read again, one at a time. Memory does not grow with their number.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cases/engine/shard.h"
#include "cases/program/merge_repeats.h"
#include "harness/report/report_reader.h"
#include "harness/report/spool.h"

namespace startle::program {

// One of the reports that are merged.
struct Part {
  std::string file{};
  report::ReadReport read{};  // with its findings
  std::optional<cases::Shard> shard{};
  bool in_spool = false;  // its cases; otherwise they stand in `file`, which is JSON Lines
  std::size_t begin = 0;  // of its cases there, a line each
};

// The cases of a part, once more.
class CasesOfPart {
 public:
  // Up to `count` bytes from `offset` on.
  using Read = std::function<std::string(std::size_t offset, std::size_t count)>;
  CasesOfPart(const Part& part, Read read);

  // May be called once for each case. Throws Error(Fault::input, "FILE: ..") when they are others
  // than before.
  report::Verdict next();
  // How much it ever held.
  std::size_t most_bytes() const { return buffer_.capacity(); }

 private:
  const Part& part_;
  Read read_;
  std::size_t offset_;
  std::size_t at_ = 0;  // in the buffer
  std::string buffer_{};
};

class Parts {
 public:
  // Throws Error(Fault::input, "FILE: ..").
  void add(const std::string& file);
  const std::vector<Part>& all() const { return parts_; }
  // Why they cannot be merged, a sentence each; empty: they can.
  std::vector<std::string> complaints();
  CasesOfPart cases_of(const Part& part);
  // Calls `each` with every case and its part: shards as they were dealt out, whole runs one after
  // the other. All shards are there.
  void in_order(const std::function<void(const Part& part, const report::Verdict& verdict)>& each);

 private:
  std::vector<std::string> repeats();

  std::vector<Part> parts_{};
  report::Spool spool_{};
  Repeats repeats_{};
};

// The shards that nobody has given: "2/3, 3/3"; empty: none.
std::string missing_shards(const std::vector<Part>& parts);
// Of the report that is made.
report::RunInfo merged_info(const std::vector<Part>& parts);

}  // namespace startle::program
