#include "cases/engine/sasl_endings.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>

#include "certs/element_reader.h"
#include "harness/sasl/mechanism.h"

namespace startle::cases {
namespace {

using enum fake::SaslLie;
using fake::SaslLie;
using sasl::Mechanism;
using words::Ending;
using Endings = std::vector<Ending>;

bool is_among(SaslLie lie, std::initializer_list<SaslLie> lies) {
  return std::find(lies.begin(), lies.end(), lie) != lies.end();
}

// The server deviates in one way alone: then there is one ending.
bool is_lie_alone(const Exchange& exchange) {
  const fake::SaslScript& sasl = exchange.script.sasl;
  return sasl.hidden.empty() && sasl.unknown.empty() && sasl.refused.empty() && !sasl.iterations &&
         !sasl.result && exchange.script.tls != tls::Versions::tls_1_2_without_ems;
}

// To a client with the right credential, which uses `mechanism`.
Ending of_lie(const words::ProtocolRow& protocol, Mechanism mechanism, SaslLie lie) {
  const bool scram = sasl::is_scram(mechanism);
  const bool prompts = mechanism == Mechanism::login;
  const bool challenged = scram || prompts || mechanism == Mechanism::cram_md5;
  const bool in_lines = protocol.sasl == words::SaslFraming::base64_lines;
  // RFC 4954, 4: nothing is skipped, 12288 octets are enough, and a mechanism ends where it ends.
  if (is_among(lie, {challenge_for_success, challenges_for_ever, huge_challenge})) {
    return Ending::protocol_error;
  }
  if (lie == no_base64 && in_lines) return Ending::protocol_error;
  if (is_among(lie, {success_at_once, success_without_last_step}) && challenged) {
    return Ending::protocol_error;
  }
  if (lie == no_credentials && challenged && !prompts) return Ending::protocol_error;
  if (sasl::takes_token(mechanism) && lie == error_then_success) return Ending::protocol_error;
  if (!scram) return protocol.success;
  // RFC 5802, 5 and 5.1
  if (lie == binding_error) return Ending::auth_rejected;
  const bool refused = is_among(
      lie, {no_signature, wrong_signature, short_signature, signature_in_reply, unchanged_nonce,
            foreign_nonce, mandatory_extension, late_extension, missing_salt, swapped_attributes,
            swapped_salt, final_extension, error_then_success});
  return refused ? Ending::protocol_error : protocol.success;
}

// Several deviations meet, or the client's choice of a mechanism is open. Who does not know the
// password never proves himself by SCRAM (RFC 5802, 5).
Endings open_endings(const Exchange& exchange, const oracle::CredentialFacts& credential,
                     Ending success) {
  Endings all{Ending::auth_rejected, Ending::auth_unavailable, Ending::protocol_error};
  if (exchange.script.sasl.result) {
    all.push_back(Ending::throttled);
    all.push_back(Ending::refused_by_server);
  }
  const bool proves = credential.mechanism && sasl::is_scram(*credential.mechanism);
  if (credential.accepted || !proves) all.push_back(success);
  return all;
}

// A first message that makes the AUTH line too long waits for its challenge (RFC 4954, 4): until
// then the client has said nothing that a server could accept.
bool may_lack_first_message(const Exchange& exchange) {
  constexpr std::size_t kFitsForSure = 200;  // with a name and all, in base64, 512 octets
  return exchange.password.value_or("").size() > kFitsForSure;
}

}  // namespace

std::optional<std::string> strongest_of(const Exchange& exchange,
                                        const std::vector<std::string>& offered) {
  if (row_of(words::protocol_of(exchange.mode)).is_directory) return std::nullopt;
  std::optional<Mechanism> strongest;
  for (const std::string& name : offered) {
    const auto one = from_word<Mechanism>(name);
    if (!one || *one == Mechanism::external || sasl::takes_token(*one)) continue;
    if (!strongest || *one < *strongest) strongest = one;  // they stand in this order
  }
  return strongest ? std::optional<std::string>(word(*strongest)) : std::nullopt;
}

bool has_nothing_to_bind_to(const Exchange& exchange) {
  if (exchange.script.tls != tls::Versions::tls_1_2_without_ems) return false;
  const auto binds = [](const std::string& name) {
    const auto mechanism = from_word<Mechanism>(name);
    return mechanism && sasl::binds_to_channel(*mechanism);
  };
  if (exchange.mechanism) return binds(*exchange.mechanism);
  if (row_of(words::protocol_of(exchange.mode)).is_directory) return false;   // a simple bind
  if (exchange.script.at(fake::Point::ehlo_in_tls) != nullptr) return false;  // another list
  auto offered = certs::words_in(exchange.script.sasl.mechanisms.value_or(""));
  return std::erase_if(offered, binds) > 0 && !strongest_of(exchange, offered);
}

Endings login_endings(const Exchange& exchange, const oracle::Answer& answer, fake::Point point) {
  const auto mode = words::row_of(exchange.mode);
  const words::ProtocolRow& protocol = words::row_of(mode.protocol);
  const Ending success =
      mode.tls == words::Tls::none ? Ending::delivered_in_clear : protocol.success;
  Endings usual;
  for (const Ending ending : answer.endings) {
    // The sender's turn comes behind it.
    if (ending == Ending::sender_not_authorized) usual.push_back(success);
    if (ending == Ending::auth_rejected || ending == Ending::auth_unavailable ||
        words::is_success(ending)) {
      usual.push_back(ending);
    }
  }
  const fake::SaslScript& sasl = exchange.script.sasl;
  if (has_nothing_to_bind_to(exchange)) return {Ending::auth_unavailable};
  const bool simple_bind = point == fake::Point::bind && !exchange.mechanism;
  const oracle::CredentialFacts credential = credential_facts(exchange);
  // RFC 4513, 2; RFC 4954, 9: nothing is begun.
  const bool begun = words::demands_tls(exchange.mode) && credential.offered;
  if (simple_bind || !begun) return usual;
  const bool truthful = sasl.lie == none && is_lie_alone(exchange);
  if (truthful && (exchange.mechanism || !sasl.mechanisms)) return usual;
  if (truthful && credential.accepted) return usual;
  if (credential.mechanism && is_lie_alone(exchange) && credential.accepted) {
    Endings endings{of_lie(protocol, *credential.mechanism, sasl.lie)};
    if (may_lack_first_message(exchange) &&
        is_among(sasl.lie, {success_at_once, success_without_last_step})) {
      endings.push_back(Ending::protocol_error);
    }
    return endings;
  }
  return open_endings(exchange, credential, success);
}

}  // namespace startle::cases
