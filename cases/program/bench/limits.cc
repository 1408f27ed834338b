#include "cases/program/bench/limits.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "cases/program/bench/latency.h"
#include "harness/base/error.h"

namespace startle::program {
namespace {

constexpr std::string_view kRate = "handshakes_per_s";
constexpr std::string_view kFailures = "failures";
constexpr std::array<std::pair<std::string_view, double>, 4> kUnits{
    {{"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"", 1}}};

// The part and the quantile of "tls.p99".
std::optional<std::pair<load::Part, const Quantile*>> latency_of(const std::string& metric) {
  const std::size_t dot = metric.find('.');
  if (dot == std::string::npos) return {};
  const auto part = from_word<load::Part>(metric.substr(0, dot));
  const auto quantile = std::ranges::find(kQuantiles, metric.substr(dot + 1), &Quantile::name);
  if (!part || quantile == kQuantiles.end()) return {};
  return std::pair(*part, &*quantile);
}

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw Error(Fault::usage, "--fail-if " + text + ": " + why +
                                ": write PART.QUANTILE>TIME, for example tls.p99>200ms (parts: " +
                                comma_separated(load::kParts) +
                                "; quantiles: p50, p90, p99, p99.9, max; times in us, ms or s), "
                                "handshakes_per_s<NUMBER or failures>NUMBER");
}

std::string shown(const std::string& metric, double value) {
  if (latency_of(metric)) return duration_text(value);
  return number_text(value);
}

}  // namespace

BenchLimit parse_bench_limit(const std::string& text) {
  const std::size_t at = text.find_first_of("<>");
  if (at == std::string::npos) refuse(text, "it has neither < nor >");
  BenchLimit limit{.said = text, .metric = text.substr(0, at), .above = text[at] == '>'};
  const bool is_latency = latency_of(limit.metric).has_value();
  if (!is_latency && limit.metric != kRate && limit.metric != kFailures) {
    refuse(text, "`" + limit.metric + "` is not measured");
  }
  const std::string number = text.substr(at + 1);
  const auto [end, failed] =
      std::from_chars(number.data(), number.data() + number.size(), limit.value);
  if (failed != std::errc{} || limit.value < 0) refuse(text, "`" + number + "` is no number");
  const std::string_view unit(end, static_cast<std::size_t>(number.data() + number.size() - end));
  const auto known = std::ranges::find(kUnits, unit, &std::pair<std::string_view, double>::first);
  if (known == kUnits.end() || is_latency == unit.empty()) {
    refuse(text, unit.empty() ? "a time needs its unit" : "`" + std::string(unit) + "` is no unit");
  }
  limit.value *= known->second;
  return limit;
}

std::optional<double> metric_of(const Row& row, const std::string& metric) {
  if (metric == kRate) return row.rate();
  if (metric == kFailures) return static_cast<double>(row.result.failed());
  const auto latency = latency_of(metric);
  if (!latency || !has_latencies(row)) return {};
  const load::Histogram& histogram = row.result.of(latency->first);
  if (histogram.count() == 0) return {};
  return microseconds(quantile_of(histogram, *latency->second));
}

std::vector<std::string> exceeded(const std::vector<BenchLimit>& limits,
                                  const std::vector<Row>& rows) {
  std::vector<std::string> sentences;
  for (const BenchLimit& limit : limits) {
    bool held_to = false;
    for (const Row& row : rows) {
      const auto value = metric_of(row, limit.metric);
      if (!value) continue;
      held_to = true;
      const bool fails = limit.above ? *value > limit.value : *value < limit.value;
      if (!fails) continue;
      sentences.push_back(row.plan.name + ": " + limit.metric + " is " +
                          shown(limit.metric, *value) + ": --fail-if " + limit.said);
    }
    if (!held_to) sentences.push_back("--fail-if " + limit.said + ": no row has measured that");
  }
  return sentences;
}

}  // namespace startle::program
