#include <utility>

#include "harness/report/comparison.h"
#include "harness/report/json_value.h"
#include "harness/report/report_json.h"

namespace startle::report {
namespace {

Json severity_json(const std::optional<words::Severity>& severity) {
  return severity ? Json(word(*severity)) : Json();
}

Json client_json(const Compared& client) {
  Json summary = summary_json(client.summary);
  // They are of a run, whose models may stand here as clients of their own.
  for (const char* of_run : {"connections", "handshakes"}) summary.erase(of_run);
  return {
      {"name", client.run.client_name},          {"label", client.label},
      {"version", client.run.client_version},    {"tls_library", client.run.tls_library},
      {"trust_model", client.trust_model},       {"store_model", text_or_null(client.store_model)},
      {"transport", client.run.transport},       {"selection", client.run.selection},
      {"report", text_or_null(client.source)},   {"complete", client.complete},
      {"severity", severity_json(client.worst)}, {"summary", std::move(summary)}};
}

Json result_json(std::size_t client, const std::optional<ComparedResult>& result) {
  if (!result) {
    return {{"client", client},    {"verdict", "not-run"},
            {"ending", nullptr},   {"violations", Json::array()},
            {"severity", nullptr}, {"finding", nullptr},
            {"reason", ""}};
  }
  return {{"client", client},
          {"verdict", word(result->kind)},
          {"ending", result->ending ? Json(word(*result->ending)) : Json()},
          {"violations", words_json(result->violations)},
          {"severity", severity_json(result->severity)},
          {"finding", text_or_null(result->finding)},
          {"reason", result->reason}};
}

Json case_json(const ComparedCase& one) {
  Json results = Json::array();
  for (std::size_t at = 0; at < one.results.size(); ++at) {
    results.push_back(result_json(at, one.results[at]));
  }
  return {
      {"id", one.id}, {"severity", severity_json(one.severity)}, {"results", std::move(results)}};
}

}  // namespace

void write_comparison_json(std::ostream& out, const Comparison& comparison,
                           const std::string& version) {
  Json clients = Json::array();
  for (const Compared& client : comparison.clients()) clients.push_back(client_json(client));
  out << "{\"format\": 1, \"startle\": " << dumped(version) << ",\n\"clients\": " << dumped(clients)
      << ",\n\"cases\": [";
  Json drift = Json::array();
  const char* before = "\n";
  for (const ComparedCase& one : comparison.cases()) {
    out << std::exchange(before, ",\n") << dumped(case_json(one));
    if (one.drifts) drift.push_back(one.id);
  }
  out << "],\n\"drift\": " << dumped(drift) << "}\n";
}

}  // namespace startle::report
