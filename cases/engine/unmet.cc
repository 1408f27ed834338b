#include "cases/engine/unmet.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "cases/engine/judge.h"
#include "cases/engine/sasl_endings.h"
#include "certs/element_reader.h"
#include "fake-servers/protocols.h"
#include "harness/base/printable.h"
#include "harness/base/text.h"
#include "harness/sasl/mechanism.h"
#include "harness/tls/server_name.h"

namespace startle::cases {
namespace {

using fake::Observation;
using fake::Point;
using sasl::Mechanism;

// Whether the client, which never came to `point`, went by it.
bool is_passed_by(Point point, const Observation& seen) {
  const auto& protocol = fake::server_protocol(seen.protocol);
  const auto stays = [&](const std::string& line) { return !protocol.traits_of(line).leaves; };
  const auto follows_login = [&](const std::string& line) {
    return protocol.traits_of(line).follows_login;
  };
  const auto& in_clear = seen.clear_commands;
  const auto& in_tls = seen.tls_commands;
  switch (point) {
    case Point::root_dse:
      return std::any_of(in_clear.begin(), in_clear.end(), stays);
    case Point::root_dse_in_tls:
      return std::any_of(in_tls.begin(), in_tls.end(), stays);
    case Point::mail:
    case Point::rcpt:
    case Point::data:
    case Point::message:
      return seen.authenticated && std::none_of(in_tls.begin(), in_tls.end(), follows_login);
    case Point::whoami:
    case Point::search:
      return seen.authenticated;
    case Point::quit:
    case Point::unbind:
      return seen.delivered > 0;
    default:
      return false;
  }
}

// The points of the script are all that there is to meet.
bool is_about_points(const Exchange& exchange, const Expectation& expected) {
  const fake::SaslScript& sasl = exchange.script.sasl;
  const bool lies = sasl.lie != fake::SaslLie::none || sasl.mechanisms || sasl.result;
  return !exchange.script.deviations.empty() && !lies && !must_be_refused(expected.endings);
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool takes_login_for_done(const Observation& seen) {
  const auto& protocol = fake::server_protocol(seen.protocol);
  return std::any_of(
      seen.tls_commands.begin(), seen.tls_commands.end(),
      [&protocol](const std::string& line) { return protocol.traits_of(line).follows_login; });
}

std::string may_demand_tls(const Exchange& exchange, const Observation& seen) {
  if (words::demands_tls(exchange.mode)) return "";
  if (!seen.tls_version.empty()) {
    return "the client began the TLS that the case does without: it may have been told to";
  }
  const auto& protocol = fake::server_protocol(seen.protocol);
  const bool left = std::all_of(seen.clear_commands.begin(), seen.clear_commands.end(),
                                [&](const std::string& line) {
                                  const fake::CommandTraits traits = protocol.traits_of(line);
                                  return traits.leaves || traits.is_harmless;
                                });
  return left ? "the client left a server without TLS: it may have been told to demand it" : "";
}

std::string may_have_another_host(const Exchange& exchange, const Observation& seen) {
  // However a client writes it: that is another question (RFC 6066, 3).
  const auto plain = [](const std::string& name) {
    std::string ascii = ascii_lower(tls::ascii_server_name(name));
    if (ascii.ends_with('.')) ascii.pop_back();
    return ascii;
  };
  if (seen.server_name.empty() || plain(seen.server_name) == plain(exchange.host)) return "";
  return "the client asked for `" + printable(seen.server_name) + "` (SNI), and this server is " +
         exchange.host + ": it may not have been told so";
}

std::string may_do_less(const Exchange& exchange, const Expectation& expected,
                        const Observation& seen) {
  if (!exchange.script.sasl.hidden.empty() && seen.cannot_bind_to_channel) {
    return "the client says that it cannot bind its login to the channel (RFC 5802, 7): whether "
           "-PLUS was struck from the list is nothing to it";
  }
  const bool by_list = std::find(expected.endings.begin(), expected.endings.end(),
                                 words::Ending::auth_unavailable) != expected.endings.end();
  const bool directory = row_of(words::protocol_of(exchange.mode)).is_directory;
  const auto& protocol = fake::server_protocol(seen.protocol);
  const bool asked = std::any_of(
      seen.tls_commands.begin(), seen.tls_commands.end(),
      [&protocol](const std::string& line) { return protocol.traits_of(line).finds_out; });
  if (!by_list || !directory || !exchange.mechanism || asked) return "";
  return "the client was told its mechanism, and looks at no list of them (root DSE): what it "
         "makes "
         "of one does not show";
}

std::string may_lack_mechanism(const Exchange& exchange, const Expectation& expected,
                               const Observation& seen) {
  if (must_be_refused(expected.endings) || seen.tls_version.empty()) return "";
  const auto offered = certs::words_in(exchange.script.sasl.mechanisms.value_or(""));
  const auto wanted = exchange.mechanism ? exchange.mechanism : strongest_of(exchange, offered);
  if (!wanted) return "";
  const std::string lacks = exchange.mechanism ? ": it may not have been told to use " + *wanted
                                               : ": it may not know " + *wanted;
  if (!seen.auth_used_in_tls.empty()) {
    const std::string& began = seen.auth_used_in_tls.front();
    return began == *wanted ? "" : "the client began with " + began + lacks;
  }
  // Whoever authenticates in SMTP knows these (RFC 4954, 4).
  const bool everybodys =
      holds(offered, word(Mechanism::plain)) || holds(offered, word(Mechanism::login));
  if (everybodys && !row_of(words::protocol_of(exchange.mode)).is_directory) return "";
  return "the client began no exchange of SASL" + lacks;
}

std::string never_met(const Exchange& exchange, const Expectation& expected,
                      const Observation& seen) {
  if (expected.rests_on_staple && seen.handshakes > 0 && !seen.asked_for_staple) {
    return "the client asked for no OCSP response (status_request): what it makes of a staple, or "
           "of none, does not show";
  }
  if (!is_about_points(exchange, expected)) return "";
  // A connection tells which of them it has not come to.
  const std::size_t all = exchange.script.deviations.size() * std::max(1U, seen.connections);
  if (seen.unmet.size() < all) return "";
  const auto passed = std::find_if(seen.unmet.begin(), seen.unmet.end(),
                                   [&seen](Point point) { return is_passed_by(point, seen); });
  if (passed == seen.unmet.end()) return "";
  return "the client never came to `" + std::string(word(*passed)) +
         "`: what it makes of the answer there does not show";
}

}  // namespace startle::cases
