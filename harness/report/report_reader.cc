#include "harness/report/report_reader.h"

#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "harness/base/date.h"
#include "harness/report/json_members.h"
#include "harness/report/json_value.h"
#include "harness/report/summary.h"

namespace startle::report {
namespace {

using nlohmann::json;

std::chrono::sys_seconds clock_of(std::string_view text) {
  if (const auto time = read_time(text)) return *time;
  throw Error(Fault::input, "its `clock` is not a date");
}

Finding finding_from(const json& from) {
  const Members members(from, "a finding");
  const std::string id = members.text("id");
  const Members of(from, "the finding `" + id + "`");
  Finding finding{.id = id,
                  .severity = of.word<words::Severity>("severity"),
                  .seen = of.text("seen"),
                  .why = of.text("why"),
                  .fix = of.text("fix"),
                  .reproduce = of.text("reproduce")};
  // Older versions wrote none of these.
  if (of.has("requirements")) finding.requirements = of.texts("requirements");
  if (of.has("clauses")) finding.clauses = of.texts("clauses");
  if (of.has("dialogue")) finding.dialogue = shortened(of.texts("dialogue"), kMostLinesOfFinding);
  return finding;
}

constexpr std::pair<const char*, std::size_t Summary::*> kCounts[] = {
    {"passed", &Summary::passed},
    {"failed", &Summary::failed},
    {"notes", &Summary::notes},
    {"skipped", &Summary::skipped},
    {"expected_failures", &Summary::expected_failures},
    {"unexpected_passes", &Summary::unexpected_passes},
    {"errors", &Summary::errors},
    {"connections", &Summary::connections},
    {"handshakes", &Summary::handshakes},
};

std::vector<Warning> warnings_from(const json& from) {
  std::vector<Warning> warnings;
  if (!from.is_array()) throw Error(Fault::input, "`warnings` of the report is not a list");
  for (const json& each : from) {
    const Members of(each, "a warning");
    warnings.push_back({.where = of.text("where"), .text = of.text("text")});
  }
  return warnings;
}

std::vector<std::pair<std::string, std::string>> facts_from(const json& from) {
  if (!from.is_array()) throw Error(Fault::input, "`facts` of a case is not a list");
  std::vector<std::pair<std::string, std::string>> facts;
  for (const json& each : from) {
    const Members of(each, "a fact");
    facts.emplace_back(of.text("name"), of.text("text"));
  }
  return facts;
}

const json& list_of(const Members& members, const char* name) {
  const json& list = members.member(name);
  if (!list.is_array()) throw Error(Fault::input, "`" + std::string(name) + "` is not a list");
  return list;
}

std::vector<Consequences> consequences_from(const json& list) {
  std::vector<Consequences> found;
  for (const json& each : list) {
    const Members of(each, "an entry of `consequences`");
    Consequences made{.server = of.text("server"), .text = of.text("text")};
    for (const json& one : list_of(of, "rows")) {
      const Members row(one, "a row of `consequences`");
      made.rows.push_back({.server = row.text("server"),
                           .required = row.text("required"),
                           .enabled = row.text("enable"),
                           .gives_away = row.flag("gives_away")});
    }
    found.push_back(std::move(made));
  }
  return found;
}

// What is known before the first case.
RunInfo info_from(const json& head) {
  const Members members(head, "the report");
  const Members client(members.member("client"), "`client`");
  RunInfo info{.version = members.text("startle"),
               .client_name = client.text("name"),
               .client_version = client.text("version"),
               .tls_library = client.text("tls_library"),
               .trust_model = members.text("trust_model"),
               .transport = members.text("transport"),
               .clock = clock_of(members.text("clock")),
               .clock_stated = members.has("clock_stated") && members.flag("clock_stated"),
               .seed = members.count("seed")};
  if (members.has("store_model")) info.store_model = members.text("store_model");
  if (members.has("selection")) info.selection = members.texts("selection");
  if (members.has("sampled_from")) info.sampled_from = members.count("sampled_from");
  if (members.has("shard")) info.shard = members.text("shard");
  if (members.has("cause")) info.cause = members.text("cause");
  if (members.has("selected")) info.selected = members.count("selected");
  if (members.has("inputs")) {
    for (const json& each : list_of(members, "inputs")) {
      const Members of(each, "an input");
      info.inputs.emplace_back(of.text("name"), of.text("text"));
    }
  }
  if (members.has("consequences")) {
    info.consequences = consequences_from(list_of(members, "consequences"));
  }
  return info;
}

unsigned count_from(const Members& of, const char* name) {
  const std::uint64_t count = of.count(name);
  if (count > std::numeric_limits<unsigned>::max()) {
    throw Error(Fault::input, "`" + std::string(name) + "` of a case is too large");
  }
  return static_cast<unsigned>(count);
}

// All but what the cases say.
ReadReport report_from(const json& head) {
  const Members members(head, "the report");
  ReadReport read{.info = info_from(head)};
  read.wall_s = members.amount("wall_s");
  read.complete = !members.has("complete") || members.flag("complete");
  if (members.has("warnings")) read.warnings = warnings_from(members.member("warnings"));
  const Members summary(members.member("summary"), "`summary`");
  for (const auto& [name, count] : kCounts) {
    if (count != &Summary::notes) read.summary.*count = summary.count(name);
  }
  if (summary.has("notes")) read.summary.notes = summary.count("notes");
  for (const char* list : {"findings", "cases"}) {
    if (!members.member(list).is_array()) {
      throw Error(Fault::input, "`" + std::string(list) + "` of the report is not a list");
    }
  }
  return read;
}

void check_counts(const Summary& said, Summary counted, bool knows_notes) {
  if (!knows_notes) counted.failed += std::exchange(counted.notes, 0);
  for (const auto& [name, count] : kCounts) {
    if (count == &Summary::connections || count == &Summary::handshakes) continue;
    if (said.*count == counted.*count) continue;
    throw Error(Fault::input, "its summary says " + std::to_string(said.*count) + " " + name +
                                  ", its cases " + std::to_string(counted.*count) +
                                  ": it was changed after it was written");
  }
}

// Whether the head is one of startle's at all. Throws with a sentence.
void check_format(const json& head) {
  if (!head.contains("format") || !head.contains("startle")) {
    throw Error(Fault::input, "is no report of startle: write one with --report jsonl=FILE");
  }
  if (head["format"] != 1) {
    throw Error(Fault::input,
                "has format " + dumped(head["format"]) + ": this startle reads format 1");
  }
}

class Reader {
 public:
  // `describes`: cases are handed on with what describes their findings.
  Reader(const std::string& name, const EachCase& each, bool describes)
      : name_(name), each_(each), describes_(describes) {}

  // What `read` complains of, as a complaint about the report.
  template <class Read>
  auto located(const ElementPlace& place, Read read) const {
    try {
      return read();
    } catch (const Error& e) {
      const std::string line = place.line == 0 ? "" : ":" + std::to_string(place.line);
      throw Error(Fault::input, name_ + line + ": " + e.what());
    }
  }
  // That about a part has to wait: whether this is a report at all may stand behind it.
  template <class Read>
  void attempt(const ElementPlace& place, Read read) {
    if (complaint_) return;
    try {
      located(place, read);
    } catch (const Error& e) {
      complaint_ = e;
    }
  }
  void begin_lines(const json& first) const {
    located({}, [&] { check_format(first); });
    located({.line = 1}, [&] { info_from(first); });
  }
  void add_finding(const json& from) {
    Finding finding = finding_from(from);
    if (findings_.size() >= kMostFindings) {
      throw Error(Fault::input, "more than " + std::to_string(kMostFindings) + " findings");
    }
    const std::string id = finding.id;
    if (!findings_.emplace(id, std::move(finding)).second) {
      throw Error(Fault::input, "it has the finding `" + id + "` twice");
    }
  }
  void add_case(const json& from, const ElementPlace& place) {
    std::optional<Verdict> verdict;
    attempt(place, [&] {
      ++cases_;
      verdict = verdict_from(from);
      count(counted_, verdict->kind, verdict->severity);
      if (verdict->kind == VerdictKind::fail && named_.size() <= kMostFindings) {
        ++named_[verdict->finding];
      }
    });
    if (!verdict) return;
    if (describes_) attempt(place, [&] { describe(*verdict); });
    each_(std::move(*verdict), place);
  }
  // A line's own words come first: those of the last line are not read by then.
  void describe(Verdict& verdict) {
    if (verdict.kind != VerdictKind::fail) return;
    auto& known = described_[verdict.finding];
    if (verdict.described && verdict.described->id != verdict.finding) {
      throw Error(Fault::input, "`" + verdict.id + "` describes another finding than its own");
    }
    if (!known) known = verdict.described;
    if (const auto found = findings_.find(verdict.finding); !known && found != findings_.end()) {
      known = std::make_shared<Finding>(found->second);
    }
    if (!known) {
      throw Error(Fault::input, "the case `" + verdict.id + "` belongs to the finding `" +
                                    verdict.finding + "`, which no line before describes");
    }
    verdict.described = known;
  }

  ReadReport finish(const Elements& elements) {
    const json& head = elements.others;
    located({}, [&] { check_format(head); });
    if (complaint_) throw Error(*complaint_);
    return located(elements.last, [&] {
      if (elements.cut_off) return cut_off(elements);
      ReadReport read = report_from(head);
      read.end_of_cases = elements.last.offset;
      read.info.cases = cases_;
      read.info.selected =
          head.contains("selected") ? Members(head, "the report").count("selected") : cases_;
      // Older versions counted notes among the failures.
      check_counts(read.summary, counted_, head["summary"].contains("notes"));
      for (const auto& [id, cases] : named_) {
        if (const auto found = findings_.find(id); found != findings_.end()) {
          found->second.cases = cases;
          continue;
        }
        throw Error(Fault::input, "a case belongs to the finding `" + id +
                                      "`, which the report does not describe");
      }
      read.findings = std::move(findings_);
      return read;
    });
  }

 private:
  ReadReport cut_off(const Elements& elements) const {
    ReadReport read{.info = info_from(elements.others), .summary = counted_, .complete = false};
    read.info.cases = cases_;
    read.cut_off = true;
    read.end_of_cases = elements.last.offset;
    for (const auto& [id, finding] : described_) read.findings.emplace(id, *finding);
    return read;
  }

  const std::string& name_;
  const EachCase& each_;
  bool describes_;
  std::map<std::string, std::shared_ptr<const Finding>> described_{};
  std::map<std::string, Finding> findings_{};
  std::map<std::string, std::size_t> named_{};  // findings, by cases: how many
  std::size_t cases_ = 0;
  Summary counted_{};
  std::optional<Error> complaint_{};
};

}  // namespace

Verdict verdict_from(const json& from) {
  const std::string id = Members(from, "a case").text("id");
  const Members of(from, "the case `" + id + "`");
  Verdict verdict{.id = id,
                  .trust_model = of.word<words::TrustModel>("trust_model"),
                  .kind = of.word<VerdictKind>("verdict"),
                  .severity = of.word_or_null<words::Severity>("severity"),
                  .expected = of.words<words::Ending>("expected"),
                  .observed = of.word_or_null<words::Ending>("observed"),
                  .violations = of.words<words::Invariant>("violations"),
                  .tls_version = of.text_or_null("tls_version"),
                  .alert = of.text_or_null("alert"),
                  .requirements = of.texts("requirements"),
                  .finding = of.text_or_null("finding"),
                  .reason = of.text("reason"),
                  .ms = of.amount("ms")};
  if (of.has("store_model")) verdict.store_model = of.word<words::StoreModel>("store_model");
  if (of.has("certificate")) verdict.certificate = of.text("certificate");
  if (of.has("subject_to")) verdict.subject_to = of.text("subject_to");
  if (of.has("facts")) verdict.facts = facts_from(of.member("facts"));
  if (of.has("client_says")) verdict.client_says = of.text("client_says");
  if (of.has("connections")) verdict.connections = count_from(of, "connections");
  if (of.has("handshakes")) verdict.handshakes = count_from(of, "handshakes");
  if (of.has("dialogue")) verdict.dialogue = of.texts("dialogue");
  if (of.has("described")) {
    verdict.described = std::make_shared<Finding>(finding_from(of.member("described")));
  }
  if (verdict.kind == VerdictKind::fail && (!verdict.severity || verdict.finding.empty())) {
    throw Error(Fault::input, "the case `" + id + "` failed, but has no `" +
                                  (verdict.severity ? "finding" : "severity") + "`");
  }
  return verdict;
}

namespace {

ReadReport read(std::istream& in, const std::string& name, const EachCase& each, bool may_be_cut) {
  Reader reader(name, each, may_be_cut);
  const ElementSink sink{
      .finding =
          [&](const json& from, const ElementPlace& place) {
            reader.attempt(place, [&] { reader.add_finding(from); });
          },
      .each_case = [&](const json& from,
                       const ElementPlace& place) { reader.add_case(from, place); },
      .first_line = [&](const json& first) { reader.begin_lines(first); },
      .may_be_cut_off = may_be_cut};
  return reader.finish(read_elements(in, name, kMostBytesOfACase, sink));
}

}  // namespace

ReadReport read_report(std::istream& in, const std::string& name, const EachCase& each) {
  return read(in, name, each, false);
}

ReadReport read_what_is_left(std::istream& in, const std::string& name, const EachCase& each) {
  return read(in, name, each, true);
}

RunHead read_run_head(std::istream& in, const std::string& name) {
  std::string first;
  const std::istream::pos_type begin = in.tellg();
  std::getline(in, first);
  const json line = first.size() > kMostBytesOfACase ? json() : json::parse(first, nullptr, false);
  const bool is_lines = line.is_object() && !line.contains("cases");
  if (is_lines) {
    const EachCase none = [](Verdict&&, const ElementPlace&) {};
    Reader reader(name, none, true);
    reader.begin_lines(line);
    return {info_from(line), true};
  }
  in.clear();
  in.seekg(begin);
  return {read(
              in, name, [](Verdict&&, const ElementPlace&) {}, true)
              .info,
          false};
}

}  // namespace startle::report
