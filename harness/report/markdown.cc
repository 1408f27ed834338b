#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/date.h"
#include "harness/base/printable.h"
#include "harness/report/reports.h"
#include "harness/report/summary.h"

namespace startle::report {
namespace {

// Text of a paragraph or of a table's cell, on one line: what Markdown (GitHub's, with tables) or
// HTML would make something of is text.
std::string escaped(std::string_view text) {
  constexpr std::string_view kMarks = "\\`*_[]|#~";
  std::string line(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::string markdown;
  for (const char c : printable(line)) {
    if (c == '&') {
      markdown += "&amp;";
    } else if (c == '<') {
      markdown += "&lt;";
    } else if (c == '>') {
      markdown += "&gt;";
    } else {
      if (kMarks.find(c) != kMarks.npos) markdown += '\\';
      markdown += c;
    }
  }
  return markdown;
}

// Lines as they are, behind a fence longer than any row of backticks in them.
std::string fenced(std::string_view language, const std::vector<std::string>& lines) {
  std::size_t longest = 2;
  std::string inside;
  for (const std::string& line : lines) {
    const std::string shown = printable(line);
    std::size_t row = 0;
    for (const char c : shown) {
      row = c == '`' ? row + 1 : 0;
      longest = std::max(longest, row);
    }
    inside += shown + "\n";
  }
  const std::string fence(longest + 1, '`');
  return fence + std::string(language) + "\n" + inside + fence + "\n";
}

std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

// What the list of a table is made of, and what a reader finds below it.
struct Told {
  std::string row{};
  std::string section{};
};

Told told(const Finding& f) {
  const std::string severity(word(f.severity));
  Told made;
  made.row = "| " + severity + " | " + escaped(f.id) + " | " + std::to_string(f.cases) + " | " +
             escaped(f.first_case) + " |\n";
  std::string& text = made.section;
  text = "\n### " + severity + ": " + escaped(f.id) + "\n\n" + escaped(f.seen) +
         "\n\n- **cases:** " + std::to_string(f.cases) + ", first " + escaped(f.first_case);
  for (const std::string& one : f.further) text += ", " + escaped(one);
  text += f.cases > 1 + f.further.size() ? ", ..\n" : "\n";
  for (const std::string& clause : f.clauses.empty() ? f.requirements : f.clauses) {
    text += "- **clause:** " + escaped(clause) + "\n";
  }
  text += "- **why:** " + escaped(f.why) + "\n- **fix:** " + escaped(f.fix) + "\n";
  if (!f.reproduce.empty()) text += "\n" + fenced("sh", {f.reproduce});
  if (f.dialogue.empty()) return made;
  const std::vector<std::string> shown = shortened(f.dialogue, kMostLinesShown);
  text += "\n<details><summary>dialogue of the first case</summary>\n\n" + fenced("text", shown) +
          "\n</details>\n";
  return made;
}

// A list of `all` under its heading, of which `lines` are the first: what fits, and how many more
// there are; nothing of nothing.
std::string list(std::string_view heading, const std::vector<std::string>& lines, std::size_t all) {
  constexpr std::size_t kMostBytes = 64 * 1024;
  if (all == 0) return "";
  std::string text = "\n### " + std::string(heading) + "\n\n";
  std::size_t shown = 0;
  for (const std::string& line : lines) {
    if (text.size() + line.size() > kMostBytes) break;
    text += "- " + line + "\n";
    ++shown;
  }
  if (shown < all) text += "- and " + std::to_string(all - shown) + " more\n";
  return text;
}

// A page for a CI system to show: GitHub's step summary, GitLab's and Forgejo's comments.
class MarkdownReport final : public Report {
 public:
  explicit MarkdownReport(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& info) override { info_ = info; }

  // Of what is no finding, and yet fails the run, a few are named.
  void add(const Verdict& v) override {
    if (v.kind != VerdictKind::error && v.kind != VerdictKind::xpass) return;
    if (others_.size() >= kMostOthers) return;
    others_.push_back(std::string(word(v.kind)) + " " + escaped(v.id) + ": " + escaped(v.reason));
  }

  void end(const RunEnd& end) override {
    const std::string head = head_of(end);
    const std::string tail = tail_of(end);
    const std::string table = "\n| severity | finding | cases | first case |\n|---|---|---:|---|\n";
    const std::size_t total = end.findings.size();
    std::size_t size = head.size() + tail.size() + table.size() + left_out(total).size();
    std::string rows;
    std::string sections;
    std::size_t shown = 0;
    for (const Finding& finding : end.findings) {
      const Told one = told(finding);
      size += one.row.size() + one.section.size();
      if (size > kMostBytesOfMarkdown) break;
      rows += one.row;
      sections += one.section;
      ++shown;
    }
    out_ << head;
    if (shown > 0) out_ << table << rows << sections;
    out_ << tail;
    if (shown < total) out_ << left_out(total - shown);
  }

 private:
  static constexpr std::size_t kMostOthers = 20;

  static std::string left_out(std::size_t findings) {
    return "\n" + counted(findings, "finding") + " left out, the least severe: a step summary of " +
           "GitHub holds 1 MiB.\n";
  }

  std::string head_of(const RunEnd& end) const {
    const Summary& s = end.summary;
    const std::size_t failed = s.failed + s.unexpected_passes + s.errors;
    const bool works = std::all_of(end.configurations.begin(), end.configurations.end(),
                                   [](const ConfiguredServer& one) { return one.works; });
    std::string text = "## startle " + escaped(info_.version) + ": " + escaped(info_.client_name) +
                       " " + escaped(info_.client_version) +
                       (failed == 0 && works && end.complete ? "" : " **(failed)**") + "\n\n**" +
                       std::to_string(s.passed + s.expected_failures) + " passed, " +
                       std::to_string(failed) + " failed, " + std::to_string(s.skipped) +
                       " skipped**";
    if (s.notes > 0) text += ", " + counted(s.notes, "note");
    if (s.expected_failures > 0) text += ", " + counted(s.expected_failures, "expected failure");
    if (s.unexpected_passes > 0) {
      text += ", " + std::to_string(s.unexpected_passes) +
              (s.unexpected_passes == 1 ? " unexpected pass" : " unexpected passes");
    }
    if (s.errors > 0) text += ", " + counted(s.errors, "error");
    if (!end.complete) text += "; " + interrupted_text(info_, end);
    text += "\n\n" + escaped(info_.tls_library) + ", trust model " + escaped(info_.trust_model) +
            ", " + escaped(info_.transport) + ", clock " + time_text(info_.clock) + ", seed " +
            std::to_string(info_.seed);
    if (!info_.shard.empty()) text += ", shard " + escaped(info_.shard);
    std::array<char, 32> seconds{};
    std::snprintf(seconds.data(), seconds.size(), "%.1f", end.wall_s);
    return text + ", " + counted(s.connections, "connection") + ", " +
           counted(s.handshakes, "handshake") + ", " + seconds.data() + " s\n";
  }

  std::string tail_of(const RunEnd& end) const {
    std::vector<std::string> servers;
    for (const ConfiguredServer& one : end.configurations) {
      servers.push_back(escaped(one.where) + ": " + escaped(one.text));
    }
    std::vector<std::string> warnings;
    for (const Warning& one : end.warnings) {
      warnings.push_back((one.where.empty() ? "" : escaped(one.where) + ": ") + escaped(one.text));
    }
    return list("Not as expected, and no finding", others_,
                end.summary.errors + end.summary.unexpected_passes) +
           list("Configuration", servers, servers.size()) +
           list("Warnings", warnings, warnings.size());
  }

  std::ostream& out_;
  RunInfo info_{};
  std::vector<std::string> others_{};
};

}  // namespace

std::unique_ptr<Report> make_markdown_report(std::ostream& out) {
  return std::make_unique<MarkdownReport>(out);
}

}  // namespace startle::report
