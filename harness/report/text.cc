#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "harness/base/date.h"
#include "harness/report/reports.h"
#include "harness/report/summary.h"

namespace startle::report {
namespace {

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

// Only what was judged has an ending, and only a client that hangs has none then; what no client
// can meet has those that the rules say.
std::string ending_of(const Verdict& v) {
  if (v.observed) return std::string(word(*v.observed));
  if (v.kind == VerdictKind::pass) {
    std::string right;
    for (const words::Ending one : v.expected) {
      right += (right.empty() ? "" : " or ") + std::string(word(one));
    }
    return right;
  }
  return v.kind == VerdictKind::error || v.kind == VerdictKind::skip ? "not run" : "hung";
}

// What each certificate comes to, the trust models side by side. One row a certificate: a table of
// what was asked for, not of every case.
class Table {
 public:
  void add(const Verdict& v) {
    const std::string model = reading_of(v);
    if (groups_.empty() || groups_.back().subject_to != v.subject_to) {
      groups_.push_back({.subject_to = v.subject_to});
    }
    Group& group = groups_.back();
    auto& models = group.models;
    if (std::find(models.begin(), models.end(), model) == models.end()) models.push_back(model);
    if (group.rows.empty() || group.rows.back().certificate != v.certificate) {
      group.rows.push_back({.certificate = v.certificate});
    }
    Row& row = group.rows.back();
    row.cells[model] = ending_of(v);
    if (v.kind != VerdictKind::pass) row.cells[model] += " (!)";
    if (row.facts.empty()) row.facts = v.facts;
    const std::string why = v.reason;
    if (row.whys.empty() || row.whys.back().second != why) row.whys.emplace_back(model, why);
  }

  // Behind the certificates of a server stands what else comes of it.
  void print(std::ostream& out, const std::vector<Consequences>& consequences) {
    for (const Group& group : groups_) {
      measure(group);
      print_head(out, group);
      for (const Row& row : group.rows) print(out, row, group.models);
      const auto of = std::ranges::find(consequences, group.subject_to, &Consequences::server);
      if (of != consequences.end()) print(out, *of);
    }
    out << '\n';
  }

 private:
  static constexpr std::size_t kName = 26;
  static constexpr std::size_t kFact = 13;
  static constexpr std::size_t kCell = 28;
  static constexpr std::size_t kGap = 2;  // between columns, at least
  struct Row {
    std::string certificate{};
    std::map<std::string, std::string> cells{};
    std::vector<std::pair<std::string, std::string>> whys{};
    std::vector<std::pair<std::string, std::string>> facts{};
  };
  // Of one server of the customer's: the models are those that fit its protocol.
  struct Group {
    std::string subject_to{};
    std::vector<std::string> models{};
    std::vector<Row> rows{};
  };
  static std::string name_of(const Row& row) {
    return row.facts.empty() ? row.certificate : "what the server shows";
  }
  // A column is as wide as the longest that stands in it.
  void measure(const Group& group) {
    name_width_ = kName;
    widths_.assign(group.models.size(), kCell);
    for (const Row& row : group.rows) {
      name_width_ = std::max(name_width_, name_of(row).size() + kGap);
      for (std::size_t i = 0; i < group.models.size(); ++i) {
        const auto cell = row.cells.find(group.models[i]);
        const std::size_t size = cell == row.cells.end() ? 0 : cell->second.size();
        widths_[i] = std::max({widths_[i], group.models[i].size() + kGap, size + kGap});
      }
    }
  }
  void print_head(std::ostream& out, const Group& group) const {
    if (group.subject_to.empty()) return;
    out << '\n' << group.subject_to << "\n\n" << padded("certificate", name_width_);
    for (std::size_t i = 0; i < group.models.size(); ++i) {
      out << padded(group.models[i], widths_[i]);
    }
    out << (group.models.size() == 1 ? "why\n" : "\n");
  }

  void print(std::ostream& out, const Row& row, const std::vector<std::string>& models) const {
    out << padded(name_of(row), name_width_);
    for (std::size_t i = 0; i < models.size(); ++i) {
      const auto cell = row.cells.find(models[i]);
      out << padded(cell == row.cells.end() ? "" : cell->second, widths_[i]);
    }
    if (models.size() == 1) {
      out << row.whys.front().second << '\n';
    } else {
      out << '\n';
      for (const auto& [model, why] : row.whys) {
        out << padded("", name_width_) << model << ": " << why << '\n';
      }
    }
    for (const auto& [name, text] : row.facts) {
      out << padded("", name_width_) << padded(name, kFact) << text << '\n';
    }
  }

  static void print(std::ostream& out, const Consequences& of) {
    constexpr std::string_view kHead = "a server, or somebody between";
    std::size_t server = kHead.size();
    std::size_t required = std::string_view("with TLS required").size();
    for (const Consequences::Row& row : of.rows) {
      server = std::max(server, row.server.size());
      required = std::max(required, row.required.size());
    }
    const auto line = [&](const std::string& a, const std::string& b, const std::string& c) {
      out << padded(a, server + kGap) << padded(b, required + kGap) << c << '\n';
    };
    out << '\n';
    line(std::string(kHead), "with TLS required", "with `enable` alone");
    for (const Consequences::Row& row : of.rows) {
      line(row.server, row.required, row.enabled + (row.gives_away ? " (!)" : ""));
    }
    out << of.text << '\n';
  }

  std::vector<Group> groups_{};
  std::size_t name_width_ = kName;
  std::vector<std::size_t> widths_{};  // of the models
};

class TextReport final : public Report {
 public:
  TextReport(std::ostream& out, const TextOptions& options) : out_(out), options_(options) {}

  void begin(const RunInfo& info) override {
    info_ = info;
    if (!info.cause.empty()) out_ << info.cause << '\n';
    out_ << "startle " << info.version << ": " << info.client_name
         << (info.client_version.empty() ? "" : " " + info.client_version)
         << (info.tls_library.empty() ? "" : " (" + info.tls_library + ")") << ", trust model "
         << info.trust_model
         << (info.store_model.empty() || info.store_model == word(words::StoreModel::documented)
                 ? ""
                 : ", store model " + info.store_model)
         << ", " << info.transport << ", clock " << time_text(info.clock) << ", seed " << info.seed
         << ", " << info.cases << (info.cases == 1 ? " case" : " cases");
    if (!info.shard.empty()) out_ << ", shard " << info.shard << " of " << info.selected;
    if (info.sampled_from > 0) out_ << ", a sample of " << info.sampled_from;
    out_ << '\n';
  }

  void add(const Verdict& v) override {
    if (options_.table) table_.add(v);
    if (options_.verbose || options_.dialogue) {
      out_ << padded(std::string(word(v.kind)), 6) << v.id << " [" << reading_of(v) << "] "
           << ending_of(v) << ": " << v.reason << '\n';
      if (!v.client_says.empty()) out_ << "      the client says: " << v.client_says << '\n';
    } else if (v.kind == VerdictKind::error || v.kind == VerdictKind::xpass) {
      out_ << padded(std::string(word(v.kind)), 6) << v.id << ": " << v.reason << '\n';
    }
    if (options_.dialogue) {
      for (const std::string& line : v.dialogue) out_ << "      " << line << '\n';
    }
  }

  void end(const RunEnd& end) override {
    const Summary& s = end.summary;
    if (options_.table) table_.print(out_, info_.consequences);
    for (const Finding& f : end.findings) print(f);
    if (!end.complete) out_ << interrupted_text(info_, end) << '\n';
    for (const Warning& one : end.warnings) {
      out_ << one.where << (one.where.empty() ? "warning: " : ": warning: ") << one.text << '\n';
    }
    if (!end.warnings.empty()) out_ << '\n';
    std::array<char, 160> line{};
    std::snprintf(line.data(), line.size(), "%zu connections, %zu handshakes, %.1f s",
                  s.connections, s.handshakes, end.wall_s);
    out_ << line.data();
    if (s.expected_failures > 0) out_ << ", " << s.expected_failures << " expected failures";
    if (s.unexpected_passes > 0) out_ << ", " << s.unexpected_passes << " unexpected passes";
    if (s.errors > 0) out_ << ", " << s.errors << " errors";
    out_ << '\n'
         << s.passed + s.expected_failures << " passed, "
         << s.failed + s.unexpected_passes + s.errors << " failed, " << s.skipped << " skipped";
    if (s.notes > 0) out_ << ", " << s.notes << (s.notes == 1 ? " note" : " notes");
    out_ << '\n';
    // The last lines say what cannot work, or works with its own server alone.
    for (const ConfiguredServer& one : end.configurations) {
      const bool own_alone = one.accepted == 0 && one.shown_accepted == true;
      if (!one.works || own_alone) out_ << one.where << ": " << one.text << '\n';
    }
  }

 private:
  static constexpr std::size_t kMostClauses = 6;

  static std::vector<std::string> also_in(const Finding& f) {
    std::vector<std::string> lines = f.further;
    const std::size_t named = 1 + f.further.size();
    if (!lines.empty() && f.cases > named) {
      lines.push_back("and " + std::to_string(f.cases - named) +
                      " more (--report json=FILE names all)");
    }
    return lines;
  }
  // One below the other, the first behind `name`.
  void print(std::string_view name, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      out_ << name << line << '\n';
      name = "             ";
    }
  }
  void print(const Finding& f) {
    const char* on = options_.color ? "\033[1;31m" : "";
    const char* off = options_.color ? "\033[0m" : "";
    out_ << '\n'
         << on << word(f.severity) << off << "  " << f.id << "  (" << f.cases
         << (f.cases == 1 ? " case)\n" : " cases)\n");
    out_ << "  seen       " << f.first_case << '\n' << "             " << f.seen << '\n';
    print("  also in    ", also_in(f));
    print("  clause     ", shortened(f.clauses.empty() ? f.requirements : f.clauses, kMostClauses));
    print("  dialogue   ", shortened(f.dialogue, kMostLinesShown));
    out_ << "  why        " << f.why << '\n';
    out_ << "  fix        " << f.fix << '\n';
    out_ << "  reproduce  " << f.reproduce << '\n';
    out_ << "  more       startle explain " << f.id << "\n\n";
  }

  std::ostream& out_;
  TextOptions options_;
  RunInfo info_{};
  Table table_{};
};

}  // namespace

std::unique_ptr<Report> make_text_report(std::ostream& out, const TextOptions& options) {
  return std::make_unique<TextReport>(out, options);
}

}  // namespace startle::report
