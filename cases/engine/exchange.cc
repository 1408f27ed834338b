#include "cases/engine/exchange.h"

#include <algorithm>
#include <charconv>

#include "cases/engine/setting.h"
#include "certs/element_reader.h"
#include "fake-servers/dialogue/distinguished_name.h"
#include "harness/base/bytes.h"
#include "harness/base/placeholders.h"
#include "harness/base/text.h"
#include "harness/sasl/mechanism.h"

namespace startle::cases {
namespace {

constexpr std::string_view kUser = "scheduler";
constexpr std::string_view kKnown = "{host}, {HOST}, {user}, {secret}, {secret:4096}";

std::optional<std::string> stretched(std::string_view digits, const std::string& secret) {
  std::size_t size = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  const bool whole = failed == std::errc{} && end == digits.data() + digits.size();
  if (!whole || size == 0 || size > 65536) return std::nullopt;
  std::string long_one;
  while (long_one.size() < size) long_one += secret;
  return long_one.substr(0, size);
}

using sasl::Mechanism;

std::optional<Mechanism> mechanism_of(const std::optional<std::string>& name) {
  return from_word<Mechanism>(name.value_or(""));
}

// The user's name goes into a SASL message, not into the name of a simple bind.
bool has_sasl_name(const std::optional<std::string>& mechanism) {
  return mechanism && *mechanism != word(Mechanism::external);
}

bool may_be_scram(const Setup& setup) {
  constexpr std::string_view kScram = "SCRAM-";
  return setup.mechanism.value_or("").starts_with(kScram) ||
         setup.script.sasl.mechanisms.value_or("").find(kScram) != std::string::npos;
}

std::string canary(const std::string& id, std::uint64_t seed) {
  std::string bytes;
  for (std::uint64_t n = fingerprint(id, seed); bytes.size() < 8; n >>= 8) {
    bytes += static_cast<char>(n & 255U);
  }
  return "canary" + to_hex(bytes);
}

}  // namespace

std::string fill_in_exchange(const std::string& text, const Fill& fill) {
  const auto value = [&](std::string_view name) -> std::optional<std::string> {
    constexpr std::string_view kStretch = "secret:";
    if (name == "host") return fill.host;
    if (name == "HOST") return ascii_upper(fill.host);
    if (name == "user") return std::string(kUser);
    if (name == "secret") return fill.secret;
    if (name.starts_with(kStretch)) return stretched(name.substr(kStretch.size()), fill.secret);
    return std::nullopt;
  };
  return fill_in(text, value, kKnown);
}

std::string literally(const std::string& text) {
  std::string escaped;
  for (const char c : text) c == '{' ? escaped += "{hex:7b}" : escaped += c;
  return escaped;
}

std::string user_dn(const std::string& name, const std::string& base, fake::Persona persona) {
  const bool as_it_stands =
      name.find('=') != std::string::npos || (persona == fake::Persona::active_directory &&
                                              name.find_first_of("@\\") != std::string::npos);
  if (name.empty() || as_it_stands) return name;
  return "uid=" + fake::escaped_value(name) + ",ou=people," + (base.empty() ? Setup{}.base : base);
}

namespace {

// What of the password is looked for and blotted out: the canary in it, or all of a password that a
// case states itself. One that is short, or stands in what is no secret, would be seen everywhere.
std::string secret_of(const Exchange& made, const std::string& canary) {
  constexpr std::size_t kTelling = 6;
  const std::string& password = *made.password;
  if (password.find(canary) != std::string::npos) return canary;
  const std::string username = made.username.value_or("");
  const auto holds = [&password](const std::string& told) {
    return ascii_lower(told).find(ascii_lower(password)) != std::string::npos;
  };
  const bool public_too = holds(made.host) || holds(username) || holds(made.sender) ||
                          holds(made.base) || holds(made.trust.value_or(""));
  return password.size() < kTelling || public_too ? "" : password;
}

}  // namespace

Exchange make_exchange(const Setup& setup, std::string id, const std::string& host,
                       const Reading& reading, std::uint64_t seed) {
  Fill fill{.host = host, .secret = canary(may_be_scram(setup) ? "" : id, seed)};
  fill.host = fill_in_exchange(setup.host, fill);
  const auto filled = [&](const std::string& text) { return fill_in_exchange(text, fill); };
  Exchange made{setup};
  made.id = std::move(id);
  made.trust_model = reading.trust;
  made.store_model = reading.store;
  made.host = fill.host;
  fill_in_settings(made, filled);
  for (fake::Deviation& deviation : made.script.deviations) {
    for (fake::Step& step : deviation.steps) {
      if (auto* send = std::get_if<fake::Send>(&step)) send->bytes = filled(send->bytes);
    }
  }
  for (fake::WireTap& tap : made.script.taps) tap.bytes = filled(tap.bytes);
  if (made.script.profile) {
    for (tls::MessageChange& one : made.script.profile->changes) one.bytes = filled(one.bytes);
  }
  if (!words::demands_tls(made.mode)) made.script.accepts_in_clear = true;
  const bool nobody = !made.username && !made.password && !made.mechanism;
  if (nobody && words::is_javas(made.trust_model)) made.script.accepts_unauthenticated = true;
  if (made.password) made.secret = secret_of(made, fill.secret);
  // The server knows the user the client is told to be, unless something else is stated. What it
  // knows is not empty, unless that is stated.
  const bool named = !made.username.value_or("").empty();
  made.client_name = named ? *made.username : std::string(kUser);
  const std::string password = made.password.value_or("");
  made.users.push_back(
      {.name = made.server_username.value_or(made.client_name),
       .password = made.server_password.value_or(password.empty() ? fill.secret : password),
       .senders = {made.server_sender.value_or(made.sender)}});
  if (row_of(words::protocol_of(made.mode)).is_directory) {
    if (made.username && !has_sasl_name(made.mechanism))
      made.username = user_dn(*made.username, made.base, made.persona);
    made.users.front().name = user_dn(made.users.front().name, made.base, made.persona);
    made.client_name = fake::first_value(made.client_name);
  }
  return made;
}

namespace {

// Inside TLS. What no <sasl> of the script states is what a well-behaved server offers.
bool is_offered(const Exchange& exchange) {
  const auto& listed = exchange.script.sasl.mechanisms;
  const bool simple_bind =
      row_of(words::protocol_of(exchange.mode)).is_directory && !exchange.mechanism;
  if (!listed || simple_bind) return true;
  const auto names = certs::words_in(*listed);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    if (exchange.mechanism) return name == *exchange.mechanism;
    const auto mechanism = from_word<Mechanism>(name);
    return mechanism && *mechanism != Mechanism::external && !sasl::takes_token(*mechanism);
  });
}

}  // namespace

oracle::CredentialFacts credential_facts(const Exchange& exchange) {
  const fake::User& user = exchange.users.front();
  const std::string first = fake::first_value(user.name);
  const bool external = exchange.mechanism == word(Mechanism::external);
  const bool named = exchange.username == user.name ||
                     (has_sasl_name(exchange.mechanism) && exchange.username == first);
  const std::string& shown = exchange.client_name;
  const bool certified = exchange.client_certificate == certs::ClientCertificate::valid &&
                         (shown == user.name || shown == first);
  // RFC 4513, 5.1.1: a bind with an empty name has none.
  const bool directory = row_of(words::protocol_of(exchange.mode)).is_directory;
  const bool empty_name = exchange.username && exchange.username->empty();
  return {.username_present = exchange.username && !(directory && empty_name),
          .username_empty = empty_name && !directory,
          .password_present = exchange.password.has_value(),
          .password_empty = exchange.password && exchange.password->empty(),
          .mechanism = mechanism_of(exchange.mechanism),
          .offered = is_offered(exchange),
          .certificate_present = exchange.client_certificate != certs::ClientCertificate::none,
          .accepted = external ? certified : named && exchange.password == user.password,
          .sender_authorized = std::find(user.senders.begin(), user.senders.end(),
                                         exchange.sender) != user.senders.end()};
}

}  // namespace startle::cases
