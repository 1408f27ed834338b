#pragma once
// Quantiles and numbers as a row shows them.

#include <array>
#include <string>
#include <string_view>

#include "cases/program/bench/plan.h"

namespace startle::program {

struct Quantile {
  std::string_view name{};
  double share = 0;  // 1: the longest itself
};
inline constexpr std::array<Quantile, 5> kQuantiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1}}};

inline load::Histogram::Duration quantile_of(const load::Histogram& of, const Quantile& which) {
  return which.share >= 1 ? of.longest() : of.quantile(which.share);
}
inline double microseconds(load::Histogram::Duration duration) {
  return static_cast<double>(duration.count()) / 1e3;
}

// In memory time is virtual, and nothing takes any.
inline bool has_latencies(const Row& row) {
  return row.plan.transport == cases::Transport::tcp;
}

// Three significant digits: "412 us", "1.23 ms", "10.5 s".
std::string duration_text(double us);
// So: "0.123", "12.3", "12300"; "-" of what is no number, since there was nothing to divide by.
std::string number_text(double number);

}  // namespace startle::program
