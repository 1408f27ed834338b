#include "harness/report/report_reader.h"

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
  return info;
}

// All but what the cases say.
ReadReport report_from(const json& head) {
  const Members members(head, "the report");
  ReadReport read{.info = info_from(head)};
  read.wall_s = members.amount("wall_s");
  read.complete = !members.has("complete") || members.flag("complete");
  if (members.has("warnings")) read.warnings = warnings_from(members.member("warnings"));
  const Members summary(members.member("summary"), "`summary`");
  for (const auto& [name, count] : kCounts) read.summary.*count = summary.count(name);
  for (const char* list : {"findings", "cases"}) {
    if (!members.member(list).is_array()) {
      throw Error(Fault::input, "`" + std::string(list) + "` of the report is not a list");
    }
  }
  return read;
}

void check_counts(const Summary& said, const Summary& counted) {
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
  Reader(const std::string& name, const EachCase& each) : name_(name), each_(each) {}

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
      count(counted_, verdict->kind);
      if (verdict->kind == VerdictKind::fail && named_.size() <= kMostFindings) {
        ++named_[verdict->finding];
      }
    });
    if (verdict) each_(std::move(*verdict), place);
  }

  ReadReport finish(const Elements& elements) {
    const json& head = elements.others;
    located({}, [&] { check_format(head); });
    if (complaint_) throw Error(*complaint_);
    return located(elements.last, [&] {
      ReadReport read = report_from(head);
      read.info.cases = cases_;
      read.info.selected =
          head.contains("selected") ? Members(head, "the report").count("selected") : cases_;
      check_counts(read.summary, counted_);
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
  const std::string& name_;
  const EachCase& each_;
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
  if (verdict.kind == VerdictKind::fail && (!verdict.severity || verdict.finding.empty())) {
    throw Error(Fault::input, "the case `" + id + "` failed, but has no `" +
                                  (verdict.severity ? "finding" : "severity") + "`");
  }
  return verdict;
}

ReadReport read_report(std::istream& in, const std::string& name, const EachCase& each) {
  Reader reader(name, each);
  const ElementSink sink{
      .finding =
          [&](const json& from, const ElementPlace& place) {
            reader.attempt(place, [&] { reader.add_finding(from); });
          },
      .each_case = [&](const json& from,
                       const ElementPlace& place) { reader.add_case(from, place); },
      .first_line = [&](const json& first) { reader.begin_lines(first); }};
  return reader.finish(read_elements(in, name, kMostBytesOfACase, sink));
}

}  // namespace startle::report
