// startle merge: one report of the reports of many runs, or of all shards of one.

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <unordered_map>

#include "cases/engine/shard.h"
#include "cases/program/commands.h"
#include "cases/program/report_outputs.h"
#include "harness/base/bytes.h"
#include "harness/base/date.h"
#include "harness/report/report_reader.h"
#include "harness/report/spool.h"

namespace startle::program {
namespace {

using cases::parse_shard;
using cases::Shard;
using cases::shard_text;

struct Options {
  std::vector<std::string> files{};
  std::vector<std::string> reports{};
  std::string fail_on = "wrong-reason";
};

// One of the reports that are merged.
struct Part {
  std::string file{};
  report::ReadReport read{};
  std::optional<Shard> shard{};
  std::string repeats{};            // the first of its cases that came before, and where
  std::vector<std::size_t> ends{};  // where each of its cases ends in the spool
  std::size_t begin = 0;
};

// All the reports: their cases stand in a file, so that memory holds some bytes a case.
class Parts {
 public:
  // Throws Error(Fault::input, "FILE: ..").
  void add(const std::string& file) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored)) {
      throw Error(Fault::input, file + ": is a directory");
    }
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(Fault::input, file + ": cannot be read: " + std::strerror(errno));
    Part part{.file = file, .begin = spool_.size()};
    part.read = report::read_report(in, file, [&](report::Verdict&& verdict) {
      spool_.write(report::dumped(report::verdict_json(verdict)));
      part.ends.push_back(spool_.size());
      note(part, verdict);
    });
    if (const std::string& shard = part.read.info.shard; !shard.empty()) {
      part.shard = parse_shard(shard);
      if (!part.shard) throw Error(Fault::input, file + ": its `shard` is not I/N: " + shard);
    }
    parts_.push_back(std::move(part));
  }
  const std::vector<Part>& all() const { return parts_; }
  report::Verdict verdict(const Part& part, std::size_t n) {
    const std::size_t begin = n == 0 ? part.begin : part.ends[n - 1];
    return report::verdict_from(nlohmann::json::parse(spool_.read(begin, part.ends[n] - begin)));
  }

 private:
  // A case is known by a digest of its id and how it is read.
  void note(Part& part, const report::Verdict& verdict) {
    const std::string known_by = verdict.id + " [" + reading_of(verdict) + "]";
    const auto [before, is_new] = seen_.emplace(fingerprint(known_by, 1), parts_.size());
    if (is_new || !part.repeats.empty()) return;
    const std::string where = before->second == parts_.size() ? "" : parts_[before->second].file;
    part.repeats = "`" + verdict.id + "` [" + reading_of(verdict) + "] stands " +
                   (where.empty() ? "there twice" : "in " + where + " too");
  }

  std::vector<Part> parts_{};
  report::Spool spool_{};
  std::unordered_map<std::uint64_t, std::size_t> seen_{};
};

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
    return "is shard " + shard_text(*part.shard) + ", as " + parts[before].file +
           " is: give each shard once";
  }
  const std::size_t share = part.shard ? share_of(*part.shard, info.selected) : info.selected;
  if (info.cases != share) {
    return "has " + std::to_string(info.cases) + " of the " + std::to_string(share) +
           " cases of its run: it was changed after it was written";
  }
  return part.repeats.empty() ? "" : part.repeats + ": each case counts once";
}

// The shards that nobody has given; empty: none.
std::string missing(const std::vector<Part>& parts) {
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
    names += (names.empty() ? "" : ", ") + shard_text({.index = index, .total = total});
    ++named;
  }
  const std::size_t more = total - have.size() - named;
  return more == 0 ? names : names + " and " + std::to_string(more) + " more";
}

report::RunInfo info_of(const std::vector<Part>& parts) {
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

// Calls `each` with every part and the number of its case that comes next: shards as they were
// dealt out, whole runs one after the other.
template <class Each>
void in_order(const std::vector<Part>& parts, Each each) {
  if (!parts.front().shard) {
    for (const Part& part : parts) {
      for (std::size_t n = 0; n < part.ends.size(); ++n) each(part, n);
    }
    return;
  }
  const std::size_t total = parts.size();
  std::vector<const Part*> by_index(total);
  for (const Part& part : parts) by_index[part.shard->index - 1] = &part;
  std::vector<std::size_t> next(total);
  for (std::size_t i = 0; i < parts.front().read.info.selected; ++i) {
    const std::size_t of = cases::shard_of(i, total) - 1;
    each(*by_index[of], next[of]++);
  }
}

// Whose report sets the certificates of each of their servers side by side.
bool are_of_a_customer(const std::vector<Part>& parts) {
  return std::any_of(parts.begin(), parts.end(), [](const Part& part) {
    const auto& words = part.read.info.selection;
    return std::find(words.begin(), words.end(), "--config") != words.end();
  });
}

int complain(const std::vector<std::string>& complaints, int code) {
  for (const std::string& text : complaints) std::cerr << "startle: " << text << '\n';
  return code;
}

int merge(const Options& options) {
  const auto fail_on = option_word<words::Severity>("--fail-on", options.fail_on);
  Parts parts;
  std::vector<std::string> complaints;
  for (const std::string& file : options.files) {
    try {
      parts.add(file);
    } catch (const Error& e) {
      if (e.fault() != Fault::input) throw;
      complaints.emplace_back(e.what());
    }
  }
  if (!complaints.empty()) return complain(complaints, kUsage);
  const std::vector<Part>& all = parts.all();
  for (std::size_t at = 0; at < all.size(); ++at) {
    const std::string why = complaint(all, at);
    if (!why.empty()) complaints.push_back(all[at].file + ": " + why);
  }
  if (!complaints.empty()) return complain(complaints, kUsage);
  if (const std::string lost = missing(all); !lost.empty()) {
    return complain({all.front().file + ": is shard " + shard_text(*all.front().shard) +
                     ", and there is no report of " + lost + ": give those of all shards"},
                    kNotJudged);
  }

  const std::vector<Output> outputs = open_reports(
      options.reports, {.color = isatty(STDOUT_FILENO) != 0, .table = are_of_a_customer(all)});
  const report::RunInfo info = info_of(all);
  for (const Output& output : outputs) output.report->begin(info);
  report::Tally tally;
  in_order(all, [&](const Part& part, std::size_t n) {
    const report::Verdict verdict = parts.verdict(part, n);
    report::Finding finding;
    if (verdict.kind == report::Kind::fail) {
      // The part's words are those of its first case with this cause, as are the whole run's.
      finding = part.read.findings.at(verdict.finding);
      finding.severity = *verdict.severity;
    }
    tally.add(verdict, finding);
    for (const Output& output : outputs) output.report->add(verdict);
  });
  report::Summary summary = tally.summary();
  double wall_s = 0;
  for (const Part& part : all) {
    summary.connections += part.read.summary.connections;
    summary.handshakes += part.read.summary.handshakes;
    wall_s += part.read.wall_s;
  }
  end_reports(outputs, tally.findings(), summary, wall_s);
  return exit_code(summary, tally.worst(), fail_on);
}

}  // namespace

void add_merge(CommandLine& startle) {
  auto options = std::make_shared<Options>();
  CommandLine sub = startle.command("merge", "Make one report of many");
  sub.option("reports", options->files, "Reports of `startle run --report json=FILE`")
      .value("REPORT")
      .required();
  sub.option("--report", options->reports, "text, json or junit; to stdout, or to FILE")
      .value("KIND[=FILE]")
      .each_time();
  sub.option("--fail-on", options->fail_on,
             "The least severity that fails the runs: note, wrong-reason, false-refuse, "
             "false-accept, leak")
      .value("SEVERITY")
      .shows_default();
  sub.footer(
      "Either all shards of one run, whose report comes out as one machine would have written it,\n"
      "or whole runs of one client, seed and trust model that have no case in common. The seconds\n"
      "are those of all together; what was said in a failed case stands in the shard's own "
      "reports.\n"
      "Examples:\n"
      "  startle merge 1.json 2.json 3.json --report junit=startle.xml\n"
      "Exit: 0 all as expected, 1 findings, 2 usage, or reports that do not belong together,\n"
      "3 could not judge: a shard is missing, or nothing was judged.");
  sub.runs([options] { return merge(*options); });
}

}  // namespace startle::program
