#include <set>
#include <string>

#include "harness/report/report_json.h"
#include "harness/report/reports.h"

namespace startle::report {
namespace {

// One object. What is known at the end stands in front of the cases, which wait in a file.
class JsonReport final : public Report {
 public:
  explicit JsonReport(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& info) override { info_ = info; }

  void add(const Verdict& v) override {
    cases_.write(cases_.size() == 0 ? "\n  " : ",\n  ");
    cases_.write(dumped(verdict_json(v)));
    of_findings_.add(v);
  }

  void end(const RunEnd& end) override {
    Json head = head_json(info_);
    head["wall_s"] = end.wall_s;
    head["complete"] = end.complete;
    head["warnings"] = warnings_json(end.warnings);
    if (!end.configurations.empty()) {
      head["configurations"] = configurations_json(end.configurations);
    }
    head["summary"] = summary_json(end.summary);
    std::string text = dumped(head);
    text.pop_back();  // the closing brace comes behind the cases
    out_ << text << ",\"findings\":";
    of_findings_.write(out_, end.findings);
    out_ << ",\"cases\":[";
    cases_.copy_to(out_);
    out_ << "\n]}\n";
  }

 private:
  std::ostream& out_;
  RunInfo info_{};
  Spool cases_{};
  CasesOfFindings of_findings_{};
};

// Each line is an object and is written at once: a reader can follow, and an interrupted run leaves
// what it has judged.
class JsonLinesReport final : public ContinuedReport {
 public:
  JsonLinesReport(std::ostream& out, bool writes) : out_(out), writes_(writes) {}

  void go_on() override { writes_ = true; }

  void begin(const RunInfo& info) override { write_line(head_json(info)); }

  // Where the run does not come to its end, what a finding is stands with its first case alone.
  void add(const Verdict& v) override {
    of_findings_.add(v);
    const bool is_first =
        v.kind == VerdictKind::fail && v.described && described_.insert(v.finding).second;
    if (!writes_) return;
    Json line = line_json(v);
    if (is_first) line["described"] = described_json(*v.described, v.dialogue.empty());
    write_line(line);
  }

  void end(const RunEnd& end) override {
    out_ << "{\"summary\":" << dumped(summary_json(end.summary)) << ",\"findings\":";
    of_findings_.write(out_, end.findings);
    Json rest{{"warnings", warnings_json(end.warnings)},
              {"complete", end.complete},
              {"wall_s", end.wall_s}};
    if (!end.configurations.empty()) {
      rest["configurations"] = configurations_json(end.configurations);
    }
    out_ << "," << dumped(rest).substr(1) << std::endl;
  }

 private:
  void write_line(const Json& object) {
    if (writes_) out_ << dumped(object) << std::endl;
  }

  std::ostream& out_;
  bool writes_;
  std::set<std::string> described_{};
  CasesOfFindings of_findings_{};
};

}  // namespace

std::unique_ptr<Report> make_json_report(std::ostream& out) {
  return std::make_unique<JsonReport>(out);
}

std::unique_ptr<Report> make_json_lines_report(std::ostream& out) {
  return std::make_unique<JsonLinesReport>(out, true);
}

std::unique_ptr<ContinuedReport> continue_json_lines_report(std::ostream& out) {
  return std::make_unique<JsonLinesReport>(out, false);
}

}  // namespace startle::report
