#include "harness/base/date.h"
#include "harness/report/json_value.h"
#include "harness/report/report_reader.h"
#include "harness/report/reports.h"
#include "harness/report/spool.h"

namespace startle::report {

Json verdict_json(const Verdict& v) {
  Json made{
      {"id", v.id},
      {"trust_model", word(v.trust_model)},
      {"verdict", word(v.kind)},
      {"severity", v.severity ? Json(word(*v.severity)) : Json()},
      {"expected", words_json(v.expected)},
      {"observed", v.observed ? Json(word(*v.observed)) : Json()},
      {"violations", words_json(v.violations)},
      {"tls_version", text_or_null(v.tls_version)},
      {"alert", text_or_null(v.alert)},
      {"requirements", v.requirements},
      {"finding", text_or_null(v.finding)},
      {"reason", v.reason},
      {"ms", v.ms},
  };
  if (v.store_model) made["store_model"] = word(*v.store_model);
  if (!v.certificate.empty()) made["certificate"] = v.certificate;
  if (!v.subject_to.empty()) made["subject_to"] = v.subject_to;
  return made;
}

namespace {

class JsonReport final : public Report {
 public:
  explicit JsonReport(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& info) override { info_ = info; }

  void add(const Verdict& v) override {
    cases_.write(first_ ? "\n  " : ",\n  ");
    first_ = false;
    cases_.write(dumped(verdict_json(v)));
  }

  void end(const std::vector<Finding>& findings, const Summary& s, double wall_s) override {
    Json found = Json::array();
    for (const Finding& f : findings) {
      found.push_back({{"id", f.id},
                       {"severity", word(f.severity)},
                       {"cases", f.cases},
                       {"seen", f.seen},
                       {"why", f.why},
                       {"fix", f.fix},
                       {"reproduce", f.reproduce}});
    }
    Json head{
        {"format", 1},
        {"startle", info_.version},
        {"client",
         {{"name", info_.client_name},
          {"version", info_.client_version},
          {"tls_library", info_.tls_library}}},
        {"trust_model", info_.trust_model},
        {"transport", info_.transport},
        {"clock", time_text(info_.clock)},
        {"seed", info_.seed},
        {"clock_stated", info_.clock_stated},
        {"selection", info_.selection},
        {"selected", info_.selected},
    };
    if (!info_.store_model.empty()) head["store_model"] = info_.store_model;
    if (info_.sampled_from > 0) head["sampled_from"] = info_.sampled_from;
    if (!info_.shard.empty()) head["shard"] = info_.shard;
    head["wall_s"] = wall_s;
    head["summary"] = {{"passed", s.passed},
                       {"failed", s.failed},
                       {"skipped", s.skipped},
                       {"expected_failures", s.expected_failures},
                       {"unexpected_passes", s.unexpected_passes},
                       {"errors", s.errors},
                       {"connections", s.connections},
                       {"handshakes", s.handshakes}};
    head["findings"] = std::move(found);
    std::string text = dumped(head);
    text.pop_back();  // the closing brace comes behind the cases
    out_ << text << ",\"cases\":[";
    cases_.copy_to(out_);
    out_ << "\n]}\n";
  }

 private:
  std::ostream& out_;
  RunInfo info_{};
  Spool cases_{};
  bool first_ = true;
};

}  // namespace

std::unique_ptr<Report> make_json_report(std::ostream& out) {
  return std::make_unique<JsonReport>(out);
}

}  // namespace startle::report
