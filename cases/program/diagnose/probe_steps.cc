#include "cases/program/diagnose/probe_steps.h"

#include <algorithm>
#include <array>
#include <utility>

#include "cases/program/diagnose/step_sentences.h"
#include "certs/shown_chain.h"
#include "harness/base/printable.h"

namespace startle::program {
namespace {

using client::Outcome;
using client::Phase;
using client::PhaseRecord;

const words::ProtocolRow& protocol_of(const Probe& probe) {
  return words::row_of(words::protocol_of(probe.mode));
}

void settle(Probe& probe, Step step, StepState state, std::string said,
            std::vector<std::string> details = {}) {
  StepResult* one = find_step(probe, step);
  if (one == nullptr) return;
  one->state = state;
  one->said = std::move(said);
  one->details = std::move(details);
}

// The exchange came through this phase, or ended in it.
enum class Passage { not_reached, passed, failed };
Passage passage(const Outcome& outcome, Phase phase) {
  if (outcome.find(phase) == nullptr) return Passage::not_reached;
  const bool ended = outcome.phase == phase && !words::is_success(outcome.ending);
  return ended ? Passage::failed : Passage::passed;
}

// "220 ready", "success (0)"; empty: there was none.
std::string reply_of(const Probe& probe, const Outcome& outcome, Phase phase) {
  const PhaseRecord* record = outcome.find(phase);
  if (record == nullptr || !record->reply) return {};
  const client::PhaseReply& reply = *record->reply;
  const std::string code = std::to_string(reply.code);
  const std::string text = reply.text.empty() ? "" : " " + reply.text;
  if (!protocol_of(probe).is_directory) return code + text;
  return (reply.code == 0 ? "success (0)" : "result code " + code) + text;
}

// ---- the way to the server ---------------------------------------------------------------------

void tell_connection(Probe& probe, const SeenServer& seen) {
  for (const net::Attempt& one : seen.attempts) probe.addresses.push_back(one.to.address);
  if (passage(seen.outcome, Phase::connect) == Passage::not_reached) {
    settle(probe, Step::resolution, StepState::not_reached, seen.outcome.sentence);
    return;
  }
  const bool connected = !seen.not_connected;
  if (seen.attempts.empty() && !connected) {
    settle(probe, Step::resolution, StepState::failed, seen.outcome.sentence);
    return;
  }
  settle(probe, Step::resolution, StepState::ok, resolution_sentence(probe.host, probe.addresses));
  settle(probe, Step::connection, connected ? StepState::ok : StepState::failed,
         connected ? connection_sentence(seen.attempts) : no_connection_sentence(seen),
         attempt_lines(seen.attempts));
}

// ---- what it says ------------------------------------------------------------------------------

void tell_greeting(Probe& probe, const SeenServer& seen, const SecondLook& second) {
  const Passage came = passage(seen.outcome, Phase::greeting);
  if (came == Passage::not_reached) return;
  const std::string reply = reply_of(probe, seen.outcome, Phase::greeting);
  std::vector<std::string> details;
  if (std::string rewriter = rewriter_of_greeting(reply); !rewriter.empty()) {
    details.push_back(std::move(rewriter));
  }
  const bool greeted = came == Passage::passed;
  settle(probe, Step::greeting, greeted ? StepState::ok : StepState::failed,
         greeted ? reply : speech_sentence(probe, seen, second), std::move(details));
}

// Those before TLS; over implicit TLS those inside.
void tell_capabilities(Probe& probe, const SeenServer& seen, const SecondLook& second) {
  const bool tls_first = words::is_implicit_tls(probe.mode);
  const Phase phase = tls_first ? Phase::capabilities_in_tls : Phase::capabilities;
  const bool unasked = passage(seen.outcome, Phase::starttls) == Passage::failed &&
                       seen.outcome.ending == words::Ending::starttls_not_supported &&
                       reply_of(probe, seen.outcome, Phase::starttls).empty();
  const auto& offers = tls_first ? seen.offers_in_tls : seen.offers;
  const std::vector<std::string> lines = offers.value_or(std::vector<std::string>{});
  if (unasked) {
    settle(probe, Step::capabilities, StepState::failed, no_starttls_sentence(probe.mode, lines),
           lines);
    return;
  }
  switch (passage(seen.outcome, phase)) {
    case Passage::not_reached:
      break;
    case Passage::failed:
      settle(probe, Step::capabilities, StepState::failed, speech_sentence(probe, seen, second),
             lines);
      break;
    case Passage::passed:
      settle(probe, Step::capabilities, StepState::ok, offers_sentence(probe.mode, seen), lines);
      break;
  }
}

void tell_go_ahead(Probe& probe, const SeenServer& seen) {
  const Passage came = passage(seen.outcome, Phase::starttls);
  if (came == Passage::not_reached) return;
  if (came == Passage::failed) {
    const StepResult* capabilities = find_step(probe, Step::capabilities);
    if (capabilities->state == StepState::failed) return;  // it was not asked for
    settle(probe, Step::go_ahead, StepState::failed, seen.outcome.sentence);
    return;
  }
  settle(probe, Step::go_ahead, StepState::ok, reply_of(probe, seen.outcome, Phase::starttls));
  const std::string& behind = seen.behind_go_ahead;
  settle(probe, Step::behind_go_ahead, behind.empty() ? StepState::ok : StepState::failed,
         behind.empty() ? "nothing stands behind the go-ahead" : behind_sentence(behind));
}

// ---- TLS ---------------------------------------------------------------------------------------

std::vector<std::string> certificate_lines(const std::vector<std::string>& chain) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    std::string number = std::to_string(i + 1) + ". ";
    std::string subject;
    for (const auto& [name, text] : certs::described(chain[i])) {
      if (name == "subject") subject = text;
      const bool own = name == "issuer" && text == subject;
      lines.push_back(std::exchange(number, "   ") + name + ": " + text +
                      (own ? " (itself: self-signed)" : ""));
    }
  }
  return lines;
}

void tell_tls(Probe& probe, const SeenServer& seen, const SecondLook& second) {
  const Outcome& outcome = seen.outcome;
  const Passage came = passage(outcome, Phase::handshake);
  if (came == Passage::not_reached) return;
  if (came == Passage::failed) {
    settle(probe, Step::tls, StepState::failed, no_tls_sentence(probe, seen, second));
  } else {
    settle(probe, Step::tls, StepState::ok, tls_sentence(outcome));
  }
  const std::vector<std::string>& chain = outcome.shown_chain;
  if (chain.empty()) return;
  const bool readable = certs::described(chain.front()).size() > 1;
  settle(probe, Step::certificates, readable ? StepState::ok : StepState::failed,
         certificates_sentence(chain, readable), certificate_lines(chain));
}

void tell_mechanisms(Probe& probe, const SeenServer& seen, const SecondLook& second) {
  const bool has_tls = words::demands_tls(probe.mode);
  const bool tls_first = words::is_implicit_tls(probe.mode);
  const Phase phase = has_tls ? Phase::capabilities_in_tls : Phase::capabilities;
  const Passage came = passage(seen.outcome, phase);
  if (came == Passage::not_reached || (came == Passage::failed && (tls_first || !has_tls))) return;
  if (came == Passage::failed) {
    settle(probe, Step::mechanisms, StepState::failed, speech_sentence(probe, seen, second));
    return;
  }
  // A directory without SASL takes a name and a password all the same; without TLS mail may go
  // without a user.
  const bool needed = protocol_of(probe).is_mail && has_tls;
  const bool none = seen.mechanisms.empty();
  settle(probe, Step::mechanisms, none && needed ? StepState::failed : StepState::ok,
         mechanisms_sentence(probe.mode, seen), seen.mechanisms);
}

// ---- the user ----------------------------------------------------------------------------------

constexpr auto kUserSteps = std::to_array<std::pair<Step, std::array<Phase, 2>>>({
    {Step::authentication, {Phase::authentication, Phase::authentication}},
    {Step::sender, {Phase::sender, Phase::sender}},
    {Step::message, {Phase::recipient, Phase::message}},
});

}  // namespace

StepResult* find_step(Probe& probe, Step step) {
  const auto found = std::ranges::find(probe.steps, step, &StepResult::step);
  return found == probe.steps.end() ? nullptr : &*found;
}

void tell_steps(Probe& probe, const SeenServer& seen, const SecondLook& second) {
  const Outcome& outcome = seen.outcome;
  probe.chain_der = outcome.shown_chain;
  probe.capabilities = seen.offers.value_or(std::vector<std::string>{});
  probe.capabilities_in_tls = seen.offers_in_tls.value_or(std::vector<std::string>{});
  probe.mechanisms = seen.mechanisms;
  probe.tls_version = outcome.tls_version;
  probe.cipher = outcome.tls_cipher;
  probe.group = outcome.tls_group;
  if (!seen.staple.empty()) probe.staple = seen.staple;
  probe.ending = outcome.ending;
  probe.sentence = outcome.sentence;

  tell_connection(probe, seen);
  tell_greeting(probe, seen, second);
  tell_capabilities(probe, seen, second);
  tell_go_ahead(probe, seen);
  tell_tls(probe, seen, second);
  tell_mechanisms(probe, seen, second);
  const auto failed = std::ranges::find(probe.steps, StepState::failed, &StepResult::state);
  if (failed == probe.steps.end()) return;
  probe.sentence = failed->said;
  if (!words::is_success(probe.ending)) return;
  // What a client would not have gone on from.
  probe.ending = failed->step == Step::mechanisms ? words::Ending::auth_unavailable
                                                  : words::Ending::protocol_error;
}

void tell_user_steps(Probe& probe, const SeenServer& seen) {
  const Outcome& outcome = seen.outcome;
  const bool is_early = !words::is_success(outcome.ending) && outcome.phase < Phase::authentication;
  if (is_early) {
    settle(probe, Step::authentication, StepState::failed,
           "on the connection on which the user is named: " + outcome.sentence);
    return;
  }
  for (const auto& [step, phases] : kUserSteps) {
    for (const Phase phase : phases) {
      const Passage came = passage(outcome, phase);
      if (came == Passage::failed) settle(probe, step, StepState::failed, outcome.sentence);
      if (came == Passage::passed)
        settle(probe, step, StepState::ok, reply_of(probe, outcome, phase));
    }
  }
  const bool unnamed = passage(outcome, Phase::authentication) == Passage::not_reached;
  if (unnamed) {
    settle(probe, Step::authentication, StepState::not_reached, "no user is configured");
  }
  if (!protocol_of(probe).is_directory) return;
  const Passage searched = passage(outcome, Phase::search);
  if (searched == Passage::not_reached) return;
  settle(probe, Step::message, searched == Passage::failed ? StepState::failed : StepState::ok,
         outcome.sentence);
}

void tell_user_steps_not_reached(Probe& probe, const std::string& why_not) {
  for (const auto& [step, phases] : kUserSteps) {
    settle(probe, step, StepState::not_reached, why_not);
  }
}

}  // namespace startle::program
