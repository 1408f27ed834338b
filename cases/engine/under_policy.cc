#include "cases/engine/under_policy.h"

#include <algorithm>
#include <array>

namespace startle::cases {
namespace {

using fake::Point;
using words::TlsPolicy;

// Up to the handshake the server is a sound one.
bool gives_tls(const Setup& setup) {
  constexpr std::array kOnTheWay{Point::greeting, Point::ehlo, Point::root_dse, Point::starttls};
  return std::none_of(kOnTheWay.begin(), kOnTheWay.end(),
                      [&](Point point) { return setup.script.at(point) != nullptr; });
}

bool leaves_no_choice(const Setup& setup) {
  return !words::may_do_without_tls(setup.mode, TlsPolicy::enable);
}

}  // namespace

Case under_policy(Case given, TlsPolicy policy) {
  if (given.setup.tls_policy == policy || !given.then.empty()) return given;
  given.setup.tls_policy = policy;
  if (policy == TlsPolicy::enable && given.expect_enabled) given.expect = *given.expect_enabled;
  return given;
}

std::string why_left_out(const Case& given, TlsPolicy policy) {
  const Setup& setup = given.setup;
  // Of several connections each states its own.
  if (!given.then.empty()) return "";
  if (setup.tls_policy == policy || leaves_no_choice(setup) || gives_tls(setup)) return "";
  if (policy == TlsPolicy::enable && given.expect_enabled) return "";
  return "the case does not say what is right under tls-policy=\"" + std::string(word(policy)) +
         "\"";
}

}  // namespace startle::cases
