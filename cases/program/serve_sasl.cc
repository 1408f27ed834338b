#include "cases/program/serve_sasl.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "cases/engine/sasl_reader.h"
#include "certs/element_reader.h"
#include "fake-servers/protocols.h"
#include "fake-servers/sasl/lie.h"
#include "harness/base/error.h"
#include "harness/sasl/mechanism.h"

namespace startle::program {
namespace {

using fake::SaslLie;
using sasl::Mechanism;
using words::Protocol;

std::vector<std::string_view> lies_for(Protocol protocol) {
  std::vector<std::string_view> lies;
  for (const std::string_view name : fake::kSaslLies) {
    const auto lie = from_word<SaslLie>(name);
    if (*lie != SaslLie::none && cases::has_lie(protocol, *lie)) lies.push_back(name);
  }
  return lies;
}

// "did you mean `PLAIN`?", or all there are.
std::string hint(const std::string& given, Words words) {
  const std::string_view near = nearest(given, words);
  if (near.empty()) return "there are " + comma_separated(words);
  return "did you mean `" + std::string(near) + "`?";
}

// What a server here has without being told to, and what it was told to have.
std::vector<std::string> offered(const cases::Exchange& exchange) {
  if (const auto& list = exchange.script.sasl.mechanisms) return certs::words_in(*list);
  const auto& usual = fake::server_protocol(words::protocol_of(exchange.mode)).usual_mechanisms;
  std::vector<std::string> names(usual.begin(), usual.end());
  if (exchange.mechanism) names.push_back(*exchange.mechanism);
  return names;
}

bool has_place(const std::string& name, SaslLie lie) {
  const auto mechanism = from_word<Mechanism>(name);
  return mechanism && fake::has_place_for(*mechanism, lie);
}

// What could be offered for the lie to be told.
std::string_view needed_for(SaslLie lie) {
  constexpr std::array kUsual{Mechanism::scram_sha_256, Mechanism::login, Mechanism::oauthbearer};
  const auto found = std::find_if(kUsual.begin(), kUsual.end(),
                                  [lie](Mechanism m) { return fake::has_place_for(m, lie); });
  return word(found == kUsual.end() ? Mechanism::plain : *found);
}

}  // namespace

std::string lies_of(Protocol protocol) {
  return comma_separated(lies_for(protocol));
}

void set_mechanisms(cases::Exchange& exchange, const std::string& list, const std::string& option) {
  for (const std::string& name : certs::words_in(list)) {
    const auto mechanism = from_word<Mechanism>(name);
    const bool external = mechanism == Mechanism::external;
    if (external && exchange.client_certificate == certs::ClientCertificate::none) {
      exchange.client_certificate = certs::ClientCertificate::valid;
    }
    if (mechanism) continue;
    throw Error(Fault::usage, option + ": `" + name + "` is no mechanism of a server here: " +
                                  hint(name, sasl::kMechanisms));
  }
  if (!words::demands_tls(exchange.mode)) {
    throw Error(Fault::usage, option + " says what is offered inside TLS, and the case `" +
                                  exchange.id + "` has none");
  }
  exchange.script.sasl.mechanisms = list;
}

void set_lie(cases::Exchange& exchange, const std::string& lie, const std::string& option,
             const std::string& mechanisms_option) {
  const Protocol protocol = words::protocol_of(exchange.mode);
  const auto told = from_word<SaslLie>(lie);
  if (!told) {
    throw Error(Fault::usage,
                option + ": `" + lie + "` is no lie: " + hint(lie, lies_for(protocol)));
  }
  if (!cases::has_lie(protocol, *told)) {
    throw Error(Fault::usage, option + ": " + std::string(row_of(protocol).title) +
                                  " has no place for `" + lie + "`");
  }
  const auto names = offered(exchange);
  const bool can_be_told = *told == SaslLie::none ||
                           std::any_of(names.begin(), names.end(), [&](const std::string& name) {
                             return has_place(name, *told);
                           });
  if (!can_be_told) {
    throw Error(Fault::usage, option + ": no mechanism that is offered has a place for `" + lie +
                                  "`: state " + mechanisms_option + ", for example " +
                                  std::string(needed_for(*told)));
  }
  exchange.script.sasl.lie = *told;
}

}  // namespace startle::program
