#include "cases/program/bench/report.h"

#include <algorithm>
#include <ostream>

#include "cases/program/bench/latency.h"
#include "harness/report/json_value.h"

namespace startle::program {
namespace {

using report::Json;
using Cells = std::vector<std::string>;

// Columns as wide as they have to be; the first stands left, the others right.
void write_table(std::ostream& out, const std::vector<Cells>& lines) {
  std::vector<std::size_t> widths;
  for (const Cells& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  for (const Cells& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string blank(widths[i] - line[i].size(), ' ');
      text += i == 0 ? line[i] + blank : "  " + blank + line[i];
    }
    out << text.substr(0, text.find_last_not_of(' ') + 1) << '\n';
  }
}

std::string load_text(const RowPlan& plan) {
  if (plan.is_open_loop()) return number_text(plan.rate) + " a second";
  return std::to_string(plan.connections) +
         (plan.connections == 1 ? " connection" : " connections");
}

std::string key_text(const Row& row) {
  return row.key ? std::string(word(*row.key)) : "";
}

std::string or_dash(bool has, const std::string& text) {
  return has ? text : "-";
}

double share(std::uint64_t of, double count) {
  return static_cast<double>(of) / count;
}

// ---- for a person ------------------------------------------------------------------------------

void write_rates(std::ostream& out, const BenchReport& report) {
  std::vector<Cells> lines{{report.is_matrix ? "key, TLS, group, resumption, mode" : "row", "load",
                            "server", "key", "handshakes/s", "per CPU-s", "client CPU",
                            "server CPU", "octets", "round trips"}};
  if (report.is_matrix) lines.front().push_back("of bare");
  for (const Row& row : report.rows) {
    const bool some = row.result.done > 0;
    const load::Traffic& traffic = row.result.traffic;
    const double count = row.done();
    Cells line{
        row.plan.name,
        load_text(row.plan),
        row.server,
        key_text(row),
        row.rate() ? number_text(*row.rate()) : "void",
        or_dash(row.rate().has_value(), number_text(1e6 / row.cpu_per_handshake())),
        or_dash(some, duration_text(row.client_cpu_per_handshake())),
        or_dash(some && row.server_cpu_us, duration_text(row.server_cpu_us.value_or(0) / count)),
        or_dash(some, number_text(share(traffic.octets_sent + traffic.octets_received, count))),
        or_dash(some, number_text(share(traffic.round_trips, count)))};
    if (report.is_matrix) {
      line.push_back(
          or_dash(some && row.bare_us, number_text(*row.bare_us / row.cpu_per_handshake())));
    }
    lines.push_back(std::move(line));
  }
  write_table(out, lines);
}

void write_latencies(std::ostream& out, const Row& row) {
  if (!has_latencies(row) || row.result.done == 0) return;
  Cells head{"\n" + row.plan.name};
  for (const Quantile& quantile : kQuantiles) head.emplace_back(quantile.name);
  std::vector<Cells> lines{head};
  for (std::size_t i = 0; i < load::kParts.size(); ++i) {
    const auto part = static_cast<load::Part>(i);
    const load::Histogram& histogram = row.result.of(part);
    if (histogram.count() == 0) continue;
    Cells line{"  " + std::string(word(part))};
    for (const Quantile& quantile : kQuantiles) {
      line.push_back(duration_text(microseconds(quantile_of(histogram, quantile))));
    }
    lines.push_back(std::move(line));
  }
  write_table(out, lines);
}

void write_failures(std::ostream& out, const Row& row) {
  for (const auto& [ending, count] : row.result.failures) {
    out << row.plan.name << ": " << count << " ended in " << word(ending) << ": "
        << row.result.said.at(ending) << '\n';
  }
}

// ---- JSON --------------------------------------------------------------------------------------

Json latencies_json(const Row& row) {
  Json all = Json::object();
  if (!has_latencies(row)) return all;
  for (std::size_t i = 0; i < load::kParts.size(); ++i) {
    const auto part = static_cast<load::Part>(i);
    const load::Histogram& histogram = row.result.of(part);
    if (histogram.count() == 0) continue;
    Json of_part;
    for (const Quantile& quantile : kQuantiles) {
      of_part[std::string(quantile.name)] = microseconds(quantile_of(histogram, quantile));
    }
    all[std::string(word(part))] = of_part;
  }
  return all;
}

Json per_handshake(const Row& row, double total) {
  return row.result.done == 0 ? Json() : Json(total / row.done());
}

Json row_json(const Row& row) {
  Json failures = Json::object();
  Json said = Json::object();
  for (const auto& [ending, count] : row.result.failures) {
    failures[std::string(word(ending))] = count;
    said[std::string(word(ending))] = row.result.said.at(ending);
  }
  const RowPlan& plan = row.plan;
  const load::Traffic& traffic = row.result.traffic;
  const auto rate = row.rate();
  return {
      {"name", plan.name},
      {"server", row.server},
      {"mode", word(plan.mode)},
      {"transport", word(plan.transport)},
      {"loop", plan.is_open_loop() ? "open" : "closed"},
      {"connections", plan.connections},
      {"rate", plan.is_open_loop() ? Json(plan.rate) : Json()},
      {"threads", plan.threads},
      {"tls_version", row.result.tls_version},
      {"group", row.result.tls_group},
      {"key", row.key ? Json(word(*row.key)) : Json()},
      {"resume", word(plan.tls.resumption)},
      {"stop_after", word(plan.stop_after)},
      {"seconds", row.wall_s},
      {"handshakes", row.result.done},
      {"resumed", row.result.resumed},
      {"handshakes_per_s", rate ? Json(*rate) : Json()},
      {"handshakes_per_cpu_s", rate ? Json(1e6 / row.cpu_per_handshake()) : Json()},
      {"client_cpu_us_per_handshake", per_handshake(row, row.client_cpu_us)},
      {"server_cpu_us_per_handshake",
       row.server_cpu_us ? per_handshake(row, *row.server_cpu_us) : Json()},
      {"bare_us", row.bare_us ? Json(*row.bare_us) : Json()},
      {"octets_sent_per_handshake", per_handshake(row, static_cast<double>(traffic.octets_sent))},
      {"octets_received_per_handshake",
       per_handshake(row, static_cast<double>(traffic.octets_received))},
      {"round_trips_per_handshake", per_handshake(row, static_cast<double>(traffic.round_trips))},
      {"failures", failures},
      {"said", said},
      {"latency_us", latencies_json(row)},
      {"interrupted", row.interrupted},
      {"remarks", row.remarks}};
}

// ---- CSV ---------------------------------------------------------------------------------------

// RFC 4180, 2
std::string csv_cell(const Json& value) {
  if (value.is_null()) return "";
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

constexpr std::string_view kCsvColumns[] = {"name",
                                            "server",
                                            "mode",
                                            "transport",
                                            "loop",
                                            "connections",
                                            "rate",
                                            "threads",
                                            "tls_version",
                                            "group",
                                            "key",
                                            "resume",
                                            "stop_after",
                                            "seconds",
                                            "handshakes",
                                            "resumed",
                                            "handshakes_per_s",
                                            "handshakes_per_cpu_s",
                                            "client_cpu_us_per_handshake",
                                            "server_cpu_us_per_handshake",
                                            "bare_us",
                                            "octets_sent_per_handshake",
                                            "octets_received_per_handshake",
                                            "round_trips_per_handshake",
                                            "failures"};

}  // namespace

void write_bench_text(std::ostream& out, const BenchReport& report) {
  write_rates(out, report);
  if (!report.is_matrix) {
    for (const Row& row : report.rows) write_latencies(out, row);
  }
  out << '\n';
  for (const Row& row : report.rows) {
    write_failures(out, row);
    for (const std::string& remark : row.remarks) out << row.plan.name << ": " << remark << '\n';
  }
  for (const std::string& remark : report.remarks) out << remark << '\n';
  for (const std::string& sentence : report.exceeded) out << sentence << '\n';
  if (!report.complete) out << "a signal has ended this early: these are the results so far\n";
}

void write_bench_json(std::ostream& out, const BenchReport& report) {
  Json rows = Json::array();
  for (const Row& row : report.rows) rows.push_back(row_json(row));
  const Json all{{"format", 1},  {"startle", STARTLE_VERSION},  {"complete", report.complete},
                 {"rows", rows}, {"exceeded", report.exceeded}, {"remarks", report.remarks}};
  out << all.dump(1) << '\n';
}

void write_bench_csv(std::ostream& out, const BenchReport& report) {
  std::string line;
  for (const std::string_view column : kCsvColumns) {
    line += (line.empty() ? "" : ",") + std::string(column);
  }
  const auto latency_columns = [](const auto& each) {
    for (const std::string_view part : load::kParts) {
      for (const Quantile& quantile : kQuantiles) each(std::string(part), quantile);
    }
  };
  latency_columns([&](const std::string& part, const Quantile& quantile) {
    line += "," + part + "_" + std::string(quantile.name) + "_us";
  });
  out << line << "\r\n";
  for (const Row& row : report.rows) {
    const Json whole = row_json(row);
    line.clear();
    for (const std::string_view column : kCsvColumns) {
      const Json& value = whole.at(std::string(column));
      const std::string cell =
          column == "failures" ? std::to_string(row.result.failed()) : csv_cell(value);
      line += (column == kCsvColumns[0] ? "" : ",") + cell;
    }
    const Json& latencies = whole.at("latency_us");
    latency_columns([&](const std::string& part, const Quantile& quantile) {
      line += ",";
      if (latencies.contains(part)) {
        line += csv_cell(latencies.at(part).at(std::string(quantile.name)));
      }
    });
    out << line << "\r\n";
  }
}

}  // namespace startle::program
