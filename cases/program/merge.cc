// startle merge: one report of the reports of many runs, or of all shards of one.

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>

#include "cases/program/commands.h"
#include "cases/program/merge_parts.h"
#include "cases/program/report_outputs.h"
#include "cases/program/run_inputs.h"
#include "harness/report/configuration.h"

namespace startle::program {
namespace {

struct Options {
  std::vector<std::string> files{};
  std::vector<std::string> reports{};
  std::string fail_on = "wrong-reason";
};

// Whose report sets the certificates of each of their servers side by side.
bool are_of_a_customer(const std::vector<Part>& parts) {
  return std::any_of(parts.begin(), parts.end(), [](const Part& part) {
    const auto& words = part.read.info.selection;
    return std::any_of(words.begin(), words.end(), [](const std::string& word) {
      return word == "--config" || word == "--host";
    });
  });
}

int complain(const std::vector<std::string>& complaints, int code) {
  for (const std::string& text : complaints) std::cerr << "startle: " << text << '\n';
  return code;
}

// The words that the part has for a failure: those of its first case with this cause, as are the
// whole run's.
report::Finding finding_of(const Part& part, const report::Verdict& verdict) {
  if (verdict.kind != report::VerdictKind::fail) return {};
  const auto described = part.read.findings.find(verdict.finding);
  if (described == part.read.findings.end()) {
    throw Error(Fault::input, part.file + ": was changed while it was read");
  }
  report::Finding finding = described->second;
  finding.severity = *verdict.severity;
  return finding;
}

// What the parts say together; each warning once, as shards of one run have the same.
report::RunEnd merged_end(const std::vector<Part>& parts, const report::Tally& tally) {
  report::RunEnd end{.findings = tally.findings(), .summary = tally.summary()};
  end.summary.connections = 0;  // earlier versions told them of whole runs alone
  end.summary.handshakes = 0;
  for (const Part& part : parts) {
    end.summary.connections += part.read.summary.connections;
    end.summary.handshakes += part.read.summary.handshakes;
    end.wall_s += part.read.wall_s;
    for (const report::Warning& warning : part.read.warnings) {
      if (std::ranges::find(end.warnings, warning) != end.warnings.end()) continue;
      end.warnings.push_back(warning);
    }
  }
  return end;
}

int merge(const Options& options) {
  const auto fail_on = fail_on_of(options.fail_on);
  Parts parts;
  std::vector<std::string> complaints;
  for (const std::string& file : options.files) {
    refuse_to_replace(wanted_reports(options.reports), {{"a report that is merged", file}});
  }
  for (const std::string& file : options.files) {
    try {
      parts.add(file);
    } catch (const Error& e) {
      if (e.fault() != Fault::input) throw;
      complaints.emplace_back(e.what());
    }
  }
  if (complaints.empty()) complaints = parts.complaints();
  if (!complaints.empty()) return complain(complaints, kUsage);
  const std::vector<Part>& all = parts.all();
  if (const std::string lost = missing_shards(all); !lost.empty()) {
    return complain({all.front().file + ": is shard " + shard_text(*all.front().shard) +
                     ", and there is no report of " + lost + ": give those of all shards"},
                    kNotJudged);
  }

  const std::vector<Output> outputs = open_reports(
      options.reports, {.color = isatty(STDOUT_FILENO) != 0, .table = are_of_a_customer(all)});
  const report::RunInfo info = merged_info(all);
  for (const Output& output : outputs) output.report->begin(info);
  report::Tally tally;
  report::Configurations configurations;
  parts.in_order([&](const Part& part, const report::Verdict& verdict) {
    const report::Finding* first = tally.add(verdict, finding_of(part, verdict));
    configurations.add(verdict);
    report::Verdict told = verdict;
    told.described = first == nullptr ? nullptr : std::make_shared<report::Finding>(*first);
    for (const Output& output : outputs) output.report->add(told);
  });
  report::RunEnd end = merged_end(all, tally);
  if (report::is_of_whole_configuration(info)) end.configurations = configurations.servers();
  end_reports(outputs, end);
  return exit_code(end, tally.worst(), fail_on);
}

}  // namespace

void add_merge(CommandLine& startle) {
  auto options = std::make_shared<Options>();
  CommandLine sub = startle.command("merge", "Make one report of many");
  sub.option("reports", options->files, "Reports of `startle run --report jsonl=FILE`, or json")
      .value("REPORT")
      .required();
  add_report_option(sub, options->reports);
  sub.option("--fail-on", options->fail_on, kFailOnHelp).value("SEVERITY").shows_default();
  sub.footer(
      "Either all shards of one run, whose report comes out as one machine would have\n"
      "written it, or whole runs of one client, seed and trust model that have no case\n"
      "in common. The seconds are those of all together.\n"
      "Examples:\n"
      "  startle merge 1.jsonl 2.jsonl 3.jsonl --report junit=startle.xml\n"
      "Exit: 0 all as expected, 1 findings, or a configuration that cannot work,\n"
      "  2 usage, or reports that do not belong together, 3 could not judge: a shard is\n"
      "  missing, or nothing was judged.");
  sub.runs([options] { return merge(*options); });
}

}  // namespace startle::program
