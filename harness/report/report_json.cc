#include "harness/report/report_json.h"

#include <string_view>

#include "harness/base/date.h"

namespace startle::report {
namespace {

constexpr std::size_t kBlock = 4096;

// `object` without its closing brace, to write more members behind.
std::string opened(const Json& object) {
  std::string text = dumped(object);
  text.pop_back();
  return text;
}

// What is read again keeps within a bound.
std::vector<std::string> bounded(const std::vector<std::string>& dialogue) {
  constexpr std::size_t kMostOfALine = 4000;
  std::vector<std::string> lines = shortened(dialogue, kMostLinesOfFinding);
  for (std::string& line : lines) {
    if (line.size() > kMostOfALine) line = line.substr(0, kMostOfALine) + "..";
  }
  return lines;
}

Json consequences_json(const Consequences& of) {
  Json rows = Json::array();
  for (const Consequences::Row& row : of.rows) {
    rows.push_back({{"server", row.server},
                    {"required", row.required},
                    {"enable", row.enabled},
                    {"gives_away", row.gives_away}});
  }
  return {{"server", of.server}, {"text", of.text}, {"rows", std::move(rows)}};
}

}  // namespace

Json head_json(const RunInfo& info) {
  Json head{
      {"format", 1},
      {"startle", info.version},
      {"client",
       {{"name", info.client_name},
        {"version", info.client_version},
        {"tls_library", info.tls_library}}},
      {"trust_model", info.trust_model},
      {"transport", info.transport},
      {"clock", time_text(info.clock)},
      {"seed", info.seed},
      {"clock_stated", info.clock_stated},
      {"selection", info.selection},
      {"selected", info.selected},
  };
  if (!info.store_model.empty()) head["store_model"] = info.store_model;
  if (info.sampled_from > 0) head["sampled_from"] = info.sampled_from;
  if (!info.shard.empty()) head["shard"] = info.shard;
  if (!info.cause.empty()) head["cause"] = info.cause;
  for (const auto& [name, text] : info.inputs) {
    head["inputs"].push_back({{"name", name}, {"text", text}});
  }
  for (const Consequences& one : info.consequences) {
    head["consequences"].push_back(consequences_json(one));
  }
  return head;
}

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
  for (const auto& [name, text] : v.facts) {
    made["facts"].push_back({{"name", name}, {"text", text}});
  }
  if (v.connections > 0) made["connections"] = v.connections;
  if (v.handshakes > 0) made["handshakes"] = v.handshakes;
  return made;
}

Json line_json(const Verdict& v) {
  Json made = verdict_json(v);
  if (!v.client_says.empty()) made["client_says"] = v.client_says;
  if (!v.dialogue.empty()) made["dialogue"] = bounded(v.dialogue);
  return made;
}

Json described_json(const Finding& f, bool with_dialogue) {
  Json made{{"id", f.id},
            {"severity", word(f.severity)},
            {"seen", f.seen},
            {"why", f.why},
            {"fix", f.fix},
            {"reproduce", f.reproduce},
            {"requirements", f.requirements},
            {"clauses", f.clauses}};
  if (with_dialogue && !f.dialogue.empty()) made["dialogue"] = f.dialogue;
  return made;
}

Json summary_json(const Summary& s) {
  return {{"passed", s.passed},
          {"failed", s.failed},
          {"notes", s.notes},
          {"skipped", s.skipped},
          {"expected_failures", s.expected_failures},
          {"unexpected_passes", s.unexpected_passes},
          {"errors", s.errors},
          {"connections", s.connections},
          {"handshakes", s.handshakes}};
}

Json warnings_json(const std::vector<Warning>& warnings) {
  Json list = Json::array();
  for (const Warning& w : warnings) list.push_back({{"where", w.where}, {"text", w.text}});
  return list;
}

Json configurations_json(const std::vector<ConfiguredServer>& servers) {
  Json list = Json::array();
  for (const ConfiguredServer& one : servers) {
    list.push_back({{"where", one.where},
                    {"server", one.server},
                    {"certificates", one.certificates},
                    {"accepted", one.accepted},
                    {"shown_accepted", one.shown_accepted ? Json(*one.shown_accepted) : Json()},
                    {"works", one.works},
                    {"text", one.text}});
  }
  return list;
}

void CasesOfFindings::add(const Verdict& verdict) {
  if (verdict.kind != VerdictKind::fail) return;
  Ids& ids = ids_[verdict.finding];
  ids.last += "," + dumped(verdict.id);
  if (ids.last.size() < kBlock) return;
  ids.blocks.emplace_back(spool_.size(), ids.last.size());
  spool_.write(ids.last);
  ids.last.clear();
}

void CasesOfFindings::write(std::ostream& out, const std::vector<Finding>& findings) {
  const char* before = "[";
  for (const Finding& f : findings) {
    out << before << opened({{"id", f.id}, {"severity", word(f.severity)}}) << ",\"cases\":[";
    const Ids& ids = ids_[f.id];
    bool first = true;
    const auto append = [&](std::string_view block) {
      if (block.empty()) return;
      out << block.substr(first ? 1 : 0);
      first = false;
    };
    for (const auto& [offset, size] : ids.blocks) append(spool_.read(offset, size));
    append(ids.last);
    const Json rest{{"seen", f.seen},       {"why", f.why},
                    {"fix", f.fix},         {"reproduce", f.reproduce},
                    {"count", f.cases},     {"requirements", f.requirements},
                    {"clauses", f.clauses}, {"dialogue", f.dialogue}};
    out << "]," << dumped(rest).substr(1);
    before = ",";
  }
  out << (findings.empty() ? "[]" : "]");
}

}  // namespace startle::report
