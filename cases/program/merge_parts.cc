#include "cases/program/merge_parts.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>
#include <variant>

#include "harness/base/bytes.h"
#include "harness/base/date.h"
#include "harness/base/error.h"
#include "harness/report/json_value.h"
#include "harness/report/report_json.h"

namespace startle::program {
namespace {

constexpr std::size_t kChunk = 16 * 1024;

[[noreturn]] void refuse_changed(const Part& part) {
  throw Error(Fault::input, part.file + ": was changed while it was read");
}

// Opened each time: there may be more shards than a process may have files open.
std::string read_at(const std::string& file, std::size_t offset, std::size_t count) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset));
  std::string text(count, '\0');
  in.read(text.data(), static_cast<std::streamsize>(count));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::string case_text(const report::Verdict& verdict) {
  return "`" + verdict.id + "` [" + reading_of(verdict) + "]";
}

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line.empty() ? "none" : line;
}

std::string clock_text(const report::RunInfo& info) {
  return time_text(info.clock);
}

// Why `part` cannot stand in one report with `first`; empty: it can.
std::string difference(const Part& part, const Part& first) {
  const report::RunInfo& a = part.read.info;
  const report::RunInfo& b = first.read.info;
  const bool shards = part.shard || first.shard;
  const bool clocks = a.clock_stated || b.clock_stated;
  struct Row {
    const char* what;
    std::string ours;
    std::string theirs;
    bool counts = true;
  };
  const Row rows[] = {
      {"version of startle", a.version, b.version},
      {"client", a.client_name + " " + a.client_version, b.client_name + " " + b.client_version},
      {"TLS library", a.tls_library, b.tls_library},
      {"trust model", a.trust_model, b.trust_model},
      {"store model", a.store_model, b.store_model},
      {"transport", a.transport, b.transport},
      {"seed", std::to_string(a.seed), std::to_string(b.seed)},
      {"clock", clock_text(a), clock_text(b), clocks},
      {"selection", joined(a.selection), joined(b.selection), shards},
      {"number of cases in all shards", std::to_string(a.selected), std::to_string(b.selected),
       shards},
      {"number of cases before sampling", std::to_string(a.sampled_from),
       std::to_string(b.sampled_from), shards},
      {"number of shards", part.shard ? std::to_string(part.shard->total) : "none",
       first.shard ? std::to_string(first.shard->total) : "none", shards},
  };
  for (const Row& row : rows) {
    if (!row.counts || row.ours == row.theirs) continue;
    return std::string("its ") + row.what + " is " + row.ours + ", that of " + first.file + " " +
           row.theirs + ": these are not reports of one " + (shards ? "run" : "kind of run");
  }
  return "";
}

// What is wrong with the part, given those before it; empty: nothing.
std::string complaint(const std::vector<Part>& parts, std::size_t at) {
  const Part& part = parts[at];
  const report::RunInfo& info = part.read.info;
  if (std::string why = difference(part, parts.front()); !why.empty()) return why;
  for (std::size_t before = 0; part.shard && before < at; ++before) {
    if (parts[before].shard != part.shard) continue;
    return "is shard " + cases::shard_text(*part.shard) + ", as " + parts[before].file +
           " is: give each shard once";
  }
  if (!part.read.complete) return "is not complete: the run that wrote it was interrupted";
  const std::size_t share =
      part.shard ? cases::share_of(*part.shard, info.selected) : info.selected;
  if (info.cases != share) {
    return "has " + std::to_string(info.cases) + " of the " + std::to_string(share) +
           " cases of its run: it was changed after it was written";
  }
  return "";
}

}  // namespace

CasesOfPart::CasesOfPart(const Part& part, Read read)
    : part_(part), read_(std::move(read)), offset_(part.begin) {}

report::Verdict CasesOfPart::next() {
  std::size_t end = buffer_.find('\n', at_);
  while (end == std::string::npos) {
    buffer_.erase(0, std::exchange(at_, 0));
    const std::string more = read_(offset_, kChunk);
    if (more.empty() || buffer_.size() > report::kMostBytesOfACase) refuse_changed(part_);
    offset_ += more.size();
    buffer_ += more;
    end = buffer_.find('\n');
  }
  const auto line = std::string_view(buffer_).substr(at_, end - at_);
  at_ = end + 1;
  const auto json = report::read_json<nlohmann::json>(line);
  if (std::holds_alternative<report::NotJson>(json)) refuse_changed(part_);
  try {
    return report::verdict_from(std::get<nlohmann::json>(json));
  } catch (const Error&) {
    refuse_changed(part_);
  }
}

void Parts::add(const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    throw Error(Fault::input, file + ": is a directory");
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(Fault::input, file + ": cannot be read: " + std::strerror(errno));
  // What cannot be read twice, as a pipe, and cases that have no lines of their own are kept.
  const bool twice = std::filesystem::is_regular_file(file, ignored);
  Part part{.file = file};
  bool first = true;
  part.read = report::read_report(
      in, file, [&](report::Verdict&& verdict, const report::ElementPlace& place) {
        if (std::exchange(first, false)) {
          part.in_spool = !twice || place.line == 0;
          part.begin = part.in_spool ? spool_.size() : place.offset;
        }
        if (part.in_spool) spool_.write(report::dumped(report::line_json(verdict)) + "\n");
        repeats_.add(fingerprint(case_text(verdict), 1));
      });
  if (const std::string& shard = part.read.info.shard; !shard.empty()) {
    part.shard = cases::parse_shard(shard);
    if (!part.shard) throw Error(Fault::input, file + ": its `shard` is not I/N: " + shard);
  }
  parts_.push_back(std::move(part));
}

CasesOfPart Parts::cases_of(const Part& part) {
  if (!part.in_spool) {
    return CasesOfPart(part, [&part](std::size_t offset, std::size_t count) {
      return read_at(part.file, offset, count);
    });
  }
  return CasesOfPart(part, [this](std::size_t offset, std::size_t count) {
    return spool_.read(offset, std::min(count, spool_.size() - offset));
  });
}

std::vector<std::string> Parts::complaints() {
  std::vector<std::string> all;
  const std::vector<std::string> repeated = repeats();
  for (std::size_t at = 0; at < parts_.size(); ++at) {
    std::string why = complaint(parts_, at);
    if (why.empty()) why = repeated[at];
    if (!why.empty()) all.push_back(parts_[at].file + ": " + why);
  }
  return all;
}

// Of each part: the first of its cases that came before, and where.
std::vector<std::string> Parts::repeats() {
  std::vector<std::size_t> ends;
  for (const Part& part : parts_) {
    ends.push_back((ends.empty() ? 0 : ends.back()) + part.read.info.cases);
  }
  const auto part_of = [&](std::size_t n) {
    return static_cast<std::size_t>(std::ranges::upper_bound(ends, n) - ends.begin());
  };
  std::map<std::size_t, std::pair<std::size_t, std::size_t>> first_of;  // by part: again, first
  repeats_.find([&](std::size_t again, std::size_t first) {
    const auto [found, is_new] = first_of.try_emplace(part_of(again), again, first);
    if (!is_new) found->second = std::min(found->second, {again, first});
  });
  std::vector<std::string> why(parts_.size());
  for (const auto& [at, repeat] : first_of) {
    CasesOfPart cases = cases_of(parts_[at]);
    for (std::size_t n = at == 0 ? 0 : ends[at - 1]; n < repeat.first; ++n) cases.next();
    const std::size_t before = part_of(repeat.second);
    why[at] = case_text(cases.next()) + " stands " +
              (before == at ? "there twice" : "in " + parts_[before].file + " too") +
              ": each case counts once";
  }
  return why;
}

void Parts::in_order(const std::function<void(const Part&, const report::Verdict&)>& each) {
  if (!parts_.front().shard) {
    for (const Part& part : parts_) {
      CasesOfPart cases = cases_of(part);
      for (std::size_t n = 0; n < part.read.info.cases; ++n) each(part, cases.next());
    }
    return;
  }
  const std::size_t total = parts_.size();
  std::vector<const Part*> by_index(total);
  for (const Part& part : parts_) by_index[part.shard->index - 1] = &part;
  std::vector<CasesOfPart> cases;
  for (const Part* part : by_index) cases.push_back(cases_of(*part));
  for (std::size_t i = 0; i < parts_.front().read.info.selected; ++i) {
    const std::size_t of = cases::shard_of(i, total) - 1;
    each(*by_index[of], cases[of].next());
  }
}

std::string missing_shards(const std::vector<Part>& parts) {
  if (!parts.front().shard) return "";
  const std::size_t total = parts.front().shard->total;
  std::vector<std::size_t> have;
  for (const Part& part : parts) have.push_back(part.shard->index);
  std::sort(have.begin(), have.end());
  constexpr std::size_t kMostNamed = 5;
  std::string names;
  std::size_t named = 0;
  for (std::size_t index = 1; index <= total && named < kMostNamed; ++index) {
    if (std::binary_search(have.begin(), have.end(), index)) continue;
    names += (names.empty() ? "" : ", ") + cases::shard_text({.index = index, .total = total});
    ++named;
  }
  const std::size_t more = total - have.size() - named;
  return more == 0 ? names : names + " and " + std::to_string(more) + " more";
}

report::RunInfo merged_info(const std::vector<Part>& parts) {
  report::RunInfo info = parts.front().read.info;
  const bool shards = parts.front().shard.has_value();
  info.shard.clear();
  for (const Part& part : parts) {
    const report::RunInfo& of = part.read.info;
    info.clock = std::min(info.clock, of.clock);
    if (&part == &parts.front()) continue;
    info.cases += of.cases;
    if (shards) continue;
    info.selection.insert(info.selection.end(), of.selection.begin(), of.selection.end());
    info.selected += of.selected;
    // A sample and all of something are a sample of both.
    const bool sampled = info.sampled_from > 0 || of.sampled_from > 0;
    const std::size_t before =
        info.sampled_from > 0 ? info.sampled_from : info.selected - of.selected;
    info.sampled_from =
        sampled ? before + (of.sampled_from > 0 ? of.sampled_from : of.selected) : 0;
  }
  return info;
}

}  // namespace startle::program
