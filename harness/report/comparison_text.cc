#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/printable.h"
#include "harness/report/comparison.h"

namespace startle::report {
namespace {

constexpr std::size_t kWidth = 120;
constexpr std::size_t kGap = 2;       // between columns
constexpr std::size_t kLongest = 24;  // of a version or a library in the table of clients
constexpr std::size_t kLeastId = 24;  // the column of ids; a longer one stands above its row

// In front of an ending, by severity.
constexpr std::array<char, 5> kMarks{'N', 'W', 'R', 'A', 'L'};
static_assert(kMarks.size() == words::kSeverities.size());
constexpr const char* kLegend =
    "L leak, A false-accept, R false-refuse, W wrong-reason, N note, x an expected failure, X an "
    "unexpected pass,\nE an error; no mark: as expected\n";

using Texts = std::vector<std::string>;

// The characters that it takes on a terminal.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string cut(const std::string& text) {
  const std::string shown = printable(text);
  if (width_of(shown) <= kLongest) return shown;
  std::size_t end = kLongest - 2;
  while ((static_cast<unsigned char>(shown[end]) & 0xC0) == 0x80) --end;
  return shown.substr(0, end) + "..";
}

std::string counted(std::size_t n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

// The rows with each column as wide as the longest that stands in it. What is longer than
// `most_of_first` has a line of its own above the rest of its row.
void print_table(std::ostream& out, const std::vector<Texts>& rows,
                 std::size_t most_of_first = kWidth) {
  const auto is_above = [&](const Texts& row) { return width_of(row[0]) > most_of_first; };
  std::vector<std::size_t> widths;
  for (const Texts& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = is_above(row) ? 1 : 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  }
  for (const Texts& row : rows) {
    if (is_above(row)) out << row[0] << '\n';
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string text = i == 0 && is_above(row) ? "" : row[i];
      line += text;
      line.append(widths[i] - width_of(text) + kGap, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

// What the columns behind the first take.
std::size_t width_of_cells(const std::vector<Texts>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Texts& row : rows) {
    for (std::size_t i = 1; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::size_t sum = 0;
  for (std::size_t i = 1; i < widths.size(); ++i) sum += kGap + widths[i];
  return sum;
}

// Breaks a text at blanks into lines of kWidth, each behind `indent`.
void print_wrapped(std::ostream& out, const std::string& text, std::size_t indent) {
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) out << std::string(indent, ' ') << line << '\n';
    line.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!line.empty() && indent + width_of(line) + 1 + width_of(word) > kWidth) flush();
    line += (line.empty() ? "" : " ") + word;
    at = end + 1;
  }
  flush();
}

// Of what no client can meet, what the rules say; a client without an ending hangs.
std::string ending_of(const ComparedResult& result) {
  if (result.kind == VerdictKind::skip) return "skipped";
  if (result.kind == VerdictKind::error) return "error";
  if (result.ending) return std::string(word(*result.ending));
  if (result.kind != VerdictKind::pass) return "hung";
  std::string right;
  for (const words::Ending one : result.expected) {
    right += (right.empty() ? "" : " or ") + std::string(word(one));
  }
  return right;
}

char mark_of(const ComparedResult& result) {
  switch (result.kind) {
    case VerdictKind::pass:
    case VerdictKind::skip:
      return ' ';
    case VerdictKind::fail:
      return result.severity ? kMarks.at(static_cast<std::size_t>(*result.severity)) : 'W';
    case VerdictKind::xfail:
      return 'x';
    case VerdictKind::xpass:
      return 'X';
    case VerdictKind::error:
      return 'E';
  }
  return ' ';
}

std::string cell(const std::optional<ComparedResult>& result) {
  return result ? std::string(1, mark_of(*result)) + " " + ending_of(*result) : "  not run";
}

std::string verdict_text(const ComparedResult& result) {
  switch (result.kind) {
    case VerdictKind::pass:
      return ", as expected";
    case VerdictKind::fail:
      return ", " + std::string(result.severity ? word(*result.severity) : "fail");
    case VerdictKind::xfail:
      return ", an expected failure";
    case VerdictKind::xpass:
      return ", an unexpected pass";
    case VerdictKind::skip:
    case VerdictKind::error:
      break;
  }
  return "";
}

// Clients that a case came to the same with.
struct Group {
  std::string text{};
  std::string clients{};
  std::string reason{};  // of the first
  std::optional<words::Severity> severity{};
};

std::vector<Group> groups_of(const ComparedCase& one, const Texts& names) {
  std::vector<Group> groups;
  for (std::size_t at = 0; at < one.results.size(); ++at) {
    const auto& result = one.results[at];
    const std::string text = result ? ending_of(*result) + verdict_text(*result) : "not run";
    auto group = std::ranges::find(groups, text, &Group::text);
    if (group == groups.end()) {
      groups.push_back({.text = text,
                        .reason = result ? printable(result->reason) : "",
                        .severity = result ? result->severity : std::nullopt});
      group = groups.end() - 1;
    }
    group->clients += (group->clients.empty() ? "" : ", ") + names[at];
  }
  std::ranges::stable_sort(groups, std::ranges::greater(), &Group::severity);
  return groups;
}

void print_groups(std::ostream& out, const ComparedCase& one, const Texts& names, bool reasons) {
  out << printable(one.id) << '\n';
  for (const Group& group : groups_of(one, names)) {
    print_wrapped(out, group.text + ": " + group.clients, 2);
    if (reasons && !group.reason.empty()) print_wrapped(out, group.reason, 6);
  }
}

Texts labels_of(const Comparison& comparison) {
  Texts labels;
  for (const Compared& client : comparison.clients()) labels.push_back(printable(client.label));
  return labels;
}

Texts numbers_of(const Comparison& comparison) {
  Texts numbers;
  for (std::size_t n = 1; n <= comparison.clients().size(); ++n) {
    numbers.push_back("[" + std::to_string(n) + "]");
  }
  return numbers;
}

void print_clients(std::ostream& out, const Comparison& comparison) {
  std::vector<Texts> rows{{"", "client", "version", "TLS library", "trust model", "passed",
                           "failed", "skipped", "worst"}};
  const Texts labels = labels_of(comparison);
  const Texts numbers = numbers_of(comparison);
  for (std::size_t at = 0; at < labels.size(); ++at) {
    const Compared& client = comparison.clients()[at];
    const Summary& s = client.summary;
    const std::string store =
        client.store_model.empty() ? "" : ", " + client.store_model + " store";
    rows.push_back(
        {numbers[at], labels[at], cut(client.run.client_version), cut(client.run.tls_library),
         printable(client.trust_model) + store, std::to_string(s.passed + s.expected_failures),
         std::to_string(s.failed + s.unexpected_passes + s.errors), std::to_string(s.skipped),
         client.worst ? std::string(word(*client.worst)) : "none"});
  }
  print_table(out, rows);
}

// The clients side by side, under their names or, where these are too long, their numbers. Where
// that is too wide as well, case by case.
void print_failed(std::ostream& out, const Comparison& comparison,
                  const std::vector<const ComparedCase*>& failed) {
  std::vector<Texts> rows{{"case"}};
  for (const ComparedCase* one : failed) {
    Texts row{printable(one->id)};
    for (const auto& result : one->results) row.push_back(cell(result));
    rows.push_back(std::move(row));
  }
  for (const Texts& heads : {labels_of(comparison), numbers_of(comparison)}) {
    rows.front().resize(1);
    for (const std::string& head : heads) rows.front().push_back("  " + head);
    const std::size_t cells = width_of_cells(rows);
    if (cells + kLeastId > kWidth) continue;
    print_table(out, rows, kWidth - cells);
    out << kLegend;
    return;
  }
  for (const ComparedCase* one : failed) print_groups(out, *one, numbers_of(comparison), false);
}

}  // namespace

void write_comparison_text(std::ostream& out, const Comparison& comparison) {
  std::vector<const ComparedCase*> failed;
  std::vector<const ComparedCase*> drift;
  for (const ComparedCase& one : comparison.cases()) {
    if (one.failing > 0) failed.push_back(&one);
    if (one.drifts) drift.push_back(&one);
  }
  print_clients(out, comparison);
  if (!failed.empty()) {
    out << "\nFailed by one at least: " << failed.size() << " of "
        << counted(comparison.cases().size(), "case") << "\n\n";
    print_failed(out, comparison, failed);
  }
  const Texts labels = labels_of(comparison);
  std::size_t names = 0;
  for (const std::string& label : labels) names += width_of(label) + kGap;
  out << "\nDrift: " << counted(drift.size(), "case") << " of " << comparison.comparable()
      << " that were judged under two clients at least\n";
  if (!drift.empty()) out << '\n';
  const Texts called = names > kWidth / 2 ? numbers_of(comparison) : labels;
  for (const ComparedCase* one : drift) print_groups(out, *one, called, true);
}

}  // namespace startle::report
