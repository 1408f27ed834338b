#include <string>
#include <string_view>
#include <utility>

#include "harness/base/date.h"
#include "harness/report/json_value.h"
#include "harness/report/reports.h"
#include "harness/report/summary.h"

namespace startle::report {
namespace {

std::string_view level_of(words::Severity severity) {
  switch (severity) {
    case words::Severity::leak:
    case words::Severity::false_accept:
    case words::Severity::false_refuse:
      return "error";
    case words::Severity::wrong_reason:
      return "warning";
    case words::Severity::note:
      return "note";
  }
  return "error";
}

// A relative reference (RFC 3986, 4.2) of one name: what is not unreserved, or `/` between names,
// is encoded, so that neither a scheme nor an authority can stand in it.
std::string relative_uri(std::string_view name) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  while (name.starts_with('/')) name.remove_prefix(1);
  std::string uri;
  for (const char c : name) {
    if (kUnreserved.find(c) != kUnreserved.npos) {
      uri += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    uri += {'%', kHex[byte / 16], kHex[byte % 16]};
  }
  return uri.empty() ? "client" : uri;
}

Json message(const std::string& text) {
  return {{"text", text.empty() ? "-" : text}};
}

// What is known of every case of a finding: the same as long as the client has that bug.
Json rule_of(const Finding& f) {
  Json rule{{"id", f.id},
            {"shortDescription", message(f.id)},
            {"fullDescription", message(f.why)},
            {"help", message(f.fix)},
            {"defaultConfiguration", {{"level", level_of(f.severity)}}},
            {"properties", {{"severity", word(f.severity)}}}};
  for (const std::string& id : f.requirements) rule["properties"]["tags"].push_back(id);
  return rule;
}

std::string text_of(const Finding& f) {
  std::string text = f.seen + "\nwhy: " + f.why + "\nfix: " + f.fix;
  for (const std::string& clause : f.clauses) text += "\nclause: " + clause;
  if (!f.reproduce.empty()) text += "\nreproduce: " + f.reproduce;
  return text;
}

class SarifReport final : public Report {
 public:
  explicit SarifReport(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& info) override { info_ = info; }
  void add(const Verdict&) override {}

  void end(const RunEnd& end) override {
    Json rules = Json::array();
    Json results = Json::array();
    for (const Finding& f : end.findings) {
      results.push_back(result_of(f, rules.size()));
      rules.push_back(rule_of(f));
    }
    Json driver{{"name", "startle"}, {"version", info_.version}, {"rules", std::move(rules)}};
    Json run{{"tool", {{"driver", std::move(driver)}}},
             {"automationDetails", {{"id", category()}}},
             {"invocations", Json::array({invocation(end)})},
             {"columnKind", "utf16CodeUnits"},
             {"results", std::move(results)},
             {"properties", properties(end.summary)}};
    const Json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                   {"version", "2.1.0"},
                   {"runs", Json::array({std::move(run)})}};
    out_ << dumped(log) << '\n';
  }

 private:
  // Code scanning tells runs of different clients and trust models apart by it.
  std::string category() const {
    return "startle/" + relative_uri(info_.client_name) + "/" + info_.trust_model + "/";
  }

  Json result_of(const Finding& f, std::size_t rule) const {
    const Json artifact{{"uri", relative_uri(info_.client_name)}};
    const Json location{
        {"physicalLocation", {{"artifactLocation", artifact}, {"region", {{"startLine", 1}}}}},
        {"logicalLocations",
         Json::array({{{"fullyQualifiedName", f.first_case}, {"kind", "member"}}})}};
    return {{"ruleId", f.id},
            {"ruleIndex", rule},
            {"level", level_of(f.severity)},
            {"message", message(text_of(f))},
            {"locations", Json::array({location})},
            {"partialFingerprints", {{"startleFinding/v1", f.id}}},
            {"occurrenceCount", f.cases < 1 ? 1 : f.cases},
            {"properties", {{"dialogue", f.dialogue}, {"requirements", f.requirements}}}};
  }

  Json invocation(const RunEnd& end) const {
    Json notes = Json::array();
    if (!end.complete) {
      notes.push_back({{"level", "error"}, {"message", message(interrupted_text(info_, end))}});
    }
    for (const Warning& one : end.warnings) {
      const std::string where = one.where.empty() ? "" : one.where + ": ";
      notes.push_back({{"level", "warning"}, {"message", message(where + one.text)}});
    }
    for (const ConfiguredServer& one : end.configurations) {
      if (one.works) continue;
      notes.push_back({{"level", "error"}, {"message", message(one.where + ": " + one.text)}});
    }
    return {{"executionSuccessful", end.complete && end.summary.errors == 0},
            {"toolExecutionNotifications", std::move(notes)}};
  }

  Json properties(const Summary& s) const {
    return {{"client",
             {{"name", info_.client_name},
              {"version", info_.client_version},
              {"tls_library", info_.tls_library}}},
            {"trust_model", info_.trust_model},
            {"transport", info_.transport},
            {"clock", time_text(info_.clock)},
            {"seed", info_.seed},
            {"summary",
             {{"passed", s.passed},
              {"failed", s.failed},
              {"notes", s.notes},
              {"skipped", s.skipped},
              {"expected_failures", s.expected_failures},
              {"unexpected_passes", s.unexpected_passes},
              {"errors", s.errors}}}};
  }

  std::ostream& out_;
  RunInfo info_{};
};

}  // namespace

std::unique_ptr<Report> make_sarif_report(std::ostream& out) {
  return std::make_unique<SarifReport>(out);
}

}  // namespace startle::report
