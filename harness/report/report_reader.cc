#include "harness/report/report_reader.h"

#include <optional>
#include <set>
#include <utility>

#include "harness/base/date.h"
#include "harness/report/json_members.h"
#include "harness/report/report_elements.h"
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
  return {.id = id,
          .severity = of.word<words::Severity>("severity"),
          .seen = of.text("seen"),
          .why = of.text("why"),
          .fix = of.text("fix"),
          .reproduce = of.text("reproduce")};
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

// What the head says of itself.
ReadReport head_from(const json& head) {
  ReadReport read;
  const Members members(head, "the report");
  const Members client(members.member("client"), "`client`");
  read.info = {.version = members.text("startle"),
               .client_name = client.text("name"),
               .client_version = client.text("version"),
               .tls_library = client.text("tls_library"),
               .trust_model = members.text("trust_model"),
               .transport = members.text("transport"),
               .clock = clock_of(members.text("clock")),
               .clock_stated = members.has("clock_stated") && members.flag("clock_stated"),
               .seed = members.count("seed")};
  if (members.has("store_model")) read.info.store_model = members.text("store_model");
  if (members.has("selection")) read.info.selection = members.texts("selection");
  if (members.has("sampled_from")) read.info.sampled_from = members.count("sampled_from");
  if (members.has("shard")) read.info.shard = members.text("shard");
  read.wall_s = members.amount("wall_s");
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

class Reader {
 public:
  explicit Reader(const std::function<void(Verdict&&)>& each) : each_(each) {}

  // A complaint about a part has to wait: whether this is a report at all may stand behind it.
  template <class Read>
  void attempt(Read read) {
    if (complaint_) return;
    try {
      read();
    } catch (const Error& e) {
      complaint_ = e.what();
    }
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
  std::optional<Verdict> next_case(const json& from) {
    std::optional<Verdict> verdict;
    attempt([&] {
      ++cases_;
      verdict = verdict_from(from);
      count(counted_, verdict->kind);
      if (verdict->kind == Kind::fail && named_.size() <= kMostFindings) {
        named_.insert(verdict->finding);
      }
    });
    return verdict;
  }

  ReadReport finish(const json& head) {
    if (!head.contains("format") || !head.contains("startle")) {
      throw Error(Fault::input, "is no report of startle: write one with --report json=FILE");
    }
    if (head["format"] != 1) {
      throw Error(Fault::input,
                  "has format " + dumped(head["format"]) + ": this startle reads format 1");
    }
    if (complaint_) throw Error(Fault::input, *complaint_);
    ReadReport read = head_from(head);
    read.info.cases = cases_;
    read.info.selected =
        head.contains("selected") ? Members(head, "the report").count("selected") : cases_;
    check_counts(read.summary, counted_);
    for (const std::string& id : named_) {
      if (findings_.count(id) == 0) {
        throw Error(Fault::input, "a case belongs to the finding `" + id +
                                      "`, which the report does not describe");
      }
    }
    read.findings = std::move(findings_);
    return read;
  }

  void hand_over(Verdict&& verdict) { each_(std::move(verdict)); }

 private:
  const std::function<void(Verdict&&)>& each_;
  std::map<std::string, Finding> findings_{};
  std::set<std::string> named_{};  // findings, by cases
  std::size_t cases_ = 0;
  Summary counted_{};
  std::optional<std::string> complaint_{};
};

}  // namespace

Verdict verdict_from(const json& from) {
  const std::string id = Members(from, "a case").text("id");
  const Members of(from, "the case `" + id + "`");
  Verdict verdict{.id = id,
                  .trust_model = of.word<words::TrustModel>("trust_model"),
                  .kind = of.word<Kind>("verdict"),
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
  if (verdict.kind == Kind::fail && (!verdict.severity || verdict.finding.empty())) {
    throw Error(Fault::input, "the case `" + id + "` failed, but has no `" +
                                  (verdict.severity ? "finding" : "severity") + "`");
  }
  return verdict;
}

ReadReport read_report(std::istream& in, const std::string& name,
                       const std::function<void(Verdict&&)>& each) {
  Reader reader(each);
  const ElementSink sink{
      .finding = [&](const json& from) { reader.attempt([&] { reader.add_finding(from); }); },
      .each_case =
          [&](const json& from) {
            if (auto verdict = reader.next_case(from)) reader.hand_over(std::move(*verdict));
          }};
  const json head = read_elements(in, name, kMostBytesOfACase, sink);
  try {
    return reader.finish(head);
  } catch (const Error& e) {
    throw Error(Fault::input, name + ": " + e.what());
  }
}

}  // namespace startle::report
