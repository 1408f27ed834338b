#include "harness/client/process_state.h"

#include <algorithm>
#include <utility>

namespace startle::client {
namespace {

using net::Task;
using words::Ending;

// What an open connection comes to that its server has given up meanwhile (RFC 5321, 3.8).
bool was_over(const Outcome& outcome) {
  return outcome.ending == Ending::connection_lost || outcome.ending == Ending::throttled ||
         outcome.ending == Ending::protocol_error;
}

void keep_open(ProcessState& state, ProcessState::Kept kept, const Outcome& outcome) {
  if (words::is_success(outcome.ending) && kept.conversation->is_open()) {
    state.keep(std::move(kept));
  }
}

Task<Outcome> on_new_connection(const Surroundings& around, MakeConversation make,
                                const Settings& settings) {
  ProcessState::Kept made{.settings = std::make_unique<Settings>(settings)};
  made.conversation = make(around.world, *made.settings, around.decisions, &around.state);
  Outcome outcome = co_await made.conversation->run(around.connector);
  keep_open(around.state, std::move(made), outcome);
  co_return outcome;
}

Task<Outcome> on_open_connection(const Surroundings& around, ProcessState::Kept kept,
                                 const Settings& settings) {
  *kept.settings = settings;
  Outcome outcome = co_await kept.conversation->again();
  keep_open(around.state, std::move(kept), outcome);
  co_return outcome;
}

}  // namespace

std::string ProcessState::take_ticket(const StateDecisions& decisions, const Settings& wanted) {
  const auto found = std::find_if(tickets_.rbegin(), tickets_.rend(), [&](const Ticket& ticket) {
    return decisions.may_resume(ticket.told, ticket.verified, wanted);
  });
  if (found == tickets_.rend()) return {};
  std::string data = found->data;
  if (decisions.uses_tickets_again()) {
    tickets_ = {*found};
  } else {
    tickets_.erase(std::next(found).base());
  }
  return data;
}

ProcessState::Kept ProcessState::take(const StateDecisions& decisions, const Settings& wanted) {
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) {
    return decisions.may_reuse(*kept.settings, wanted);
  });
  if (found == kept_.end()) return {};
  Kept taken = std::move(*found);
  kept_.erase(found);
  return taken;
}

Task<void> ProcessState::close() {
  for (const Kept& kept : kept_) co_await kept.conversation->close();
  kept_.clear();
}

Task<Outcome> exchange(const Surroundings& around, MakeConversation make, const Settings& told) {
  ProcessState& state = around.state;
  const Settings settings = around.decisions.in_force(told, state.past);
  if (!state.past.first) state.past.first = told;
  std::optional<Outcome> outcome;
  ProcessState::Kept kept = state.take(around.decisions, settings);
  if (kept.conversation) {
    outcome = co_await on_open_connection(around, std::move(kept), settings);
    if (was_over(*outcome)) outcome.reset();
  }
  if (!outcome) outcome = co_await on_new_connection(around, make, settings);
  for (unsigned attempt = 1; attempt < settings.attempts; ++attempt) {
    if (words::is_success(outcome->ending)) break;
    const std::optional<Settings> again = around.decisions.retry(*outcome, settings);
    if (!again) break;
    outcome = co_await on_new_connection(around, make, *again);
  }
  state.past.last = outcome->ending;
  co_return std::move(*outcome);
}

Task<Outcome> exchange_alone(net::World& world, net::Connector& connector,
                             const Decisions& decisions, MakeConversation make,
                             const Settings& told) {
  std::unique_ptr<Conversation> client = make(world, told, decisions, nullptr);
  Outcome outcome = co_await client->run(connector);
  const words::ModeRow& mode = row_of(told.mode);
  const bool is_failed_upgrade =
      mode.tls == words::Tls::starttls && outcome.phase == Phase::handshake;
  if (!is_failed_upgrade || !decisions.falls_back_to_clear()) co_return outcome;
  Settings in_clear = told;
  in_clear.mode = words::mode_of(mode.protocol, words::Tls::none);
  client = make(world, in_clear, decisions, nullptr);
  co_return co_await client->run(connector);
}

}  // namespace startle::client
