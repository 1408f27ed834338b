#include "cases/engine/configured_otherwise.h"

#include <algorithm>
#include <sstream>

#include "fake-servers/sasl/lie.h"
#include "harness/sasl/mechanism.h"

namespace startle::cases {
namespace {

using Mechanisms = std::vector<std::string>;

bool asked_for_one_of(const std::string& parted_by_spaces, const Mechanisms& asked) {
  std::istringstream words(parted_by_spaces);
  for (std::string mechanism; words >> mechanism;) {
    if (std::find(asked.begin(), asked.end(), mechanism) != asked.end()) return true;
  }
  return false;
}

bool names_mechanisms(const fake::SaslScript& sasl) {
  return sasl.mechanisms || sasl.lie != fake::SaslLie::none || sasl.result || sasl.iterations ||
         !sasl.hidden.empty() || !sasl.unknown.empty();
}

}  // namespace

std::string configured_otherwise(const Exchange& exchange, const fake::Observation& seen) {
  const bool inside = !seen.tls_version.empty();
  if (!words::demands_tls(exchange.mode)) {
    if (inside) return "inside a TLS that the case does without";
    const bool left = seen.delivered == 0 && seen.reached < fake::Reached::auth;
    return left ? "and may demand the TLS that the case does without" : "";
  }
  if (!inside) return "";
  const Mechanisms& asked = seen.auth_used_in_tls;
  const fake::SaslScript& sasl = exchange.script.sasl;
  if (asked.empty()) {
    // A simple bind is none of SASL, and is answered all the same.
    const bool bound = seen.authenticated || seen.reached == fake::Reached::bind;
    if (bound && !exchange.mechanism) return "";
    if (!exchange.mechanism && !names_mechanisms(sasl)) return "";
    return "and began no exchange of SASL: what it makes of this one does not show";
  }
  if (exchange.mechanism && !asked_for_one_of(*exchange.mechanism, asked)) {
    return "by " + asked.front() + ": it is not configured to " + *exchange.mechanism +
           ", as the case has it";
  }
  if (sasl.lie != fake::SaslLie::none && std::none_of(asked.begin(), asked.end(), [&](auto& one) {
        const auto known = from_word<sasl::Mechanism>(one);
        return known && fake::has_place_for(*known, sasl.lie);
      })) {
    return "by " + asked.front() + ": in it the server does not lie";
  }
  if (!sasl.unknown.empty() && !asked_for_one_of(sasl.unknown, asked)) {
    return "by " + asked.front() + ": it did not ask for what the server does not know (" +
           sasl.unknown + ")";
  }
  return "";
}

}  // namespace startle::cases
