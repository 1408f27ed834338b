#pragma once
// A finished case and what a whole run amounts to: what every report is written from.

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/words/words.h"

namespace startle::report {

enum class VerdictKind { pass, fail, skip, xfail, xpass, error };
inline constexpr auto kVerdictKinds = word_table<VerdictKind>({
    {VerdictKind::pass, "pass"},
    {VerdictKind::fail, "fail"},
    {VerdictKind::skip, "skip"},
    {VerdictKind::xfail, "xfail"},
    {VerdictKind::xpass, "xpass"},
    {VerdictKind::error, "error"},
});
constexpr Words words_of(VerdictKind) {
  return kVerdictKinds;
}

struct Finding;

struct Verdict {
  std::string id{};
  words::TrustModel trust_model = words::TrustModel::documented;
  std::optional<words::StoreModel> store_model{};  // where the client has a store for the host
  VerdictKind kind = VerdictKind::pass;
  std::optional<words::Severity> severity{};  // of a failure
  std::vector<words::Ending> expected{};
  std::optional<words::Ending> observed{};
  std::vector<words::Invariant> violations{};
  std::string tls_version{};
  std::string alert{};  // that the client sent, as the server saw it
  std::vector<std::string> requirements{};
  std::string finding{};      // id of the finding a failure belongs to
  std::string reason{};       // one or two sentences for a person
  double ms = 0;              // real time
  std::string client_says{};  // the client's own sentence
  std::string certificate{};  // recipe id
  std::string subject_to{};   // what it was run for, where a report sets runs side by side
  // What is known of the certificate besides, in order: ("issuer", "CN=..")
  std::vector<std::pair<std::string, std::string>> facts{};
  std::vector<std::string> dialogue{};  // as the server saw it, secrets blotted out
  unsigned connections = 0;
  unsigned handshakes = 0;
  // Of the first case of a finding, and of one that was read back: the finding's words.
  std::shared_ptr<const Finding> described{};
};

// "pkix", or "pkix, jsse store" where the client has a store for the host.
std::string reading_of(const Verdict& verdict);

// Failures with one cause, in the words of the first of them. Which cases all of them
// are stands in the cases: a list would grow with them.
struct Finding {
  std::string id{};
  words::Severity severity = words::Severity::note;
  std::string seen{};
  std::string why{};
  std::string fix{};
  std::string reproduce{};  // a command
  std::string first_case{};
  std::vector<std::string> further{};       // the next cases, up to kMostCasesNamed of them
  std::size_t cases = 0;                    // how many in all
  std::vector<std::string> requirements{};  // ids of what was broken; empty: no clause is named
  std::vector<std::string> clauses{};       // of each, where the catalogue has it: its own words
  std::vector<std::string> dialogue{};      // of the first case, its middle cut where it is long
};

// At most `most` lines (3 or more): where there are more, those of the middle are replaced by one
// that says how many they were. What a client did wrong stands at the end of a dialogue.
std::vector<std::string> shortened(const std::vector<std::string>& lines, std::size_t most);
inline constexpr std::size_t kMostLinesOfFinding = 200;
// What a report for people shows of it, and how many of its cases it names besides the first.
inline constexpr std::size_t kMostLinesShown = 24;
inline constexpr std::size_t kMostCasesNamed = 4;

// What a user is told of their own files besides any verdict.
struct Warning {
  std::string where{};  // "file:line"
  std::string text{};
  friend bool operator==(const Warning&, const Warning&) = default;
};

// What a server of a customer's configuration comes to, under all readings that were run.
struct ConfiguredServer {
  std::string server{};                  // a verdict's `subject_to`
  std::string where{};                   // "file:line", as it begins
  std::size_t certificates = 0;          // of ours that were met
  std::size_t accepted = 0;              // of these, under one reading at least
  std::optional<bool> shown_accepted{};  // what the server itself shows; nullopt: nobody has said
  // False: it accepts none of them, or not what is shown. What goes in clear is no matter of these.
  bool works = true;
  std::string text{};  // a sentence that says so; no full stop
};

struct Summary {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t notes = 0;  // that are no failures: is_note()
  std::size_t skipped = 0;
  std::size_t expected_failures = 0;
  std::size_t unexpected_passes = 0;
  std::size_t errors = 0;
  std::size_t connections = 0;
  std::size_t handshakes = 0;
};

// What a server of a customer's configuration comes to where it, or somebody on the way to it,
// keeps the client from STARTTLS: by what the client demands.
struct Consequences {
  struct Row {
    std::string server{};  // what it does
    std::string required{};
    std::string enabled{};    // where TLS is no more than taken if it is to be had
    bool gives_away = false;  // a password, then
    friend bool operator==(const Row&, const Row&) = default;
  };
  std::string server{};  // a verdict's `subject_to`
  std::string text{};    // the worst of it, a sentence; no full stop
  std::vector<Row> rows{};
};

// What is known before the first case.
struct RunInfo {
  std::string version{};
  std::string client_name{};
  std::string client_version{};
  std::string tls_library{};
  std::string trust_model{};  // or "all"
  std::string store_model{};  // so
  std::string transport{};
  std::chrono::sys_seconds clock{};
  bool clock_stated = false;  // by the user; otherwise it was the time of day
  std::uint64_t seed = 0;
  std::vector<std::string> selection{};  // what the command line said of which cases are run
  std::size_t selected = 0;              // how many they are, those of every shard
  std::size_t sampled_from = 0;          // where they are a sample: of how many; otherwise 0
  std::string shard{};                   // "2/3"; empty: everything was run
  std::size_t cases = 0;                 // of this run, or this shard
  // Of a customer's configuration, one line: why it does not work, or that no fault was found.
  std::string cause{};
  // What else says what is run: its name, and a word of what it was ("catalogue", a fingerprint).
  std::vector<std::pair<std::string, std::string>> inputs{};
  std::vector<Consequences> consequences{};  // of the servers of a configuration
};

// What is known behind the last case.
struct RunEnd {
  std::vector<Finding> findings{};
  Summary summary{};
  std::vector<Warning> warnings{};
  std::vector<ConfiguredServer> configurations{};  // where all certificates were met with each
  bool complete = true;                            // the run ended by itself
  double wall_s = 0;
};

// Gets every verdict in order, once.
class Report {
 public:
  Report() = default;
  virtual ~Report() = default;
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;
  virtual void begin(const RunInfo&) {}
  virtual void add(const Verdict& verdict) = 0;
  virtual void end(const RunEnd& end) = 0;
};

}  // namespace startle::report
