#include "fake-servers/sasl/conversation.h"

#include <algorithm>
#include <utility>

#include "fake-servers/sasl/lie.h"
#include "harness/base/text.h"
#include "harness/sasl/password.h"

namespace startle::fake {
namespace {

using sasl::Mechanism;
using sasl::ServerChallenge;
using sasl::ServerFailure;
using sasl::ServerSuccess;
using Kind = SaslReply::Kind;

constexpr unsigned kMostChallenges = 4096;  // behind the end: who answers them all is not waiting

// The names of a script's list, parted by spaces.
std::vector<std::string> names_of(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(' ', at), list.size());
    if (end > at) names.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_told_at_once(Mechanism mechanism) {
  return mechanism == Mechanism::plain || mechanism == Mechanism::external ||
         sasl::takes_token(mechanism);
}

}  // namespace

SaslConversation::SaslConversation(Mechanism mechanism, const Server& server,
                                   SaslSurroundings surroundings, Observation& seen)
    : mechanism_(mechanism),
      server_(server),
      script_(server.script.sasl),
      around_(std::move(surroundings)),
      seen_(seen) {
  side_.password_of = [this](const std::string& name) -> const std::string* {
    const User* user = around_.user_called(name);
    return user == nullptr ? nullptr : &user->password;
  };
  side_.external = [this](const std::string& authorization) {
    return around_.certified != nullptr && around_.is_himself(authorization);
  };
  if (around_.can_bind) side_.binding = around_.channel;
  side_.salted = server.salted_passwords.get();
  exchange_ = lying_exchange(mechanism, script_, side_);
  if (!exchange_) exchange_ = sasl::server_exchange(mechanism, side_);
}

void SaslConversation::answered() {
  if (std::exchange(forged_, false)) seen_.answered_forged_challenge = true;
}

SaslReply SaslConversation::step(const std::optional<std::string>& message) {
  answered();
  if (message && sasl::is_scram(mechanism_)) watch(*message);
  switch (stage_) {
    case Stage::exchange:
      return exchange(message);
    case Stage::signature_told:
      // RFC 4954, 4: the client has nothing to say to it, and says that.
      if (message && !message->empty()) return {.kind = Kind::nonsense};
      return end_well();
    case Stage::error_told:
      return {.kind = Kind::failure};
    case Stage::one_more:
    case Stage::anyone:
      break;
  }
  if (stage_ == Stage::one_more && script_.lie == SaslLie::challenges_for_ever &&
      ++more_ < kMostChallenges) {
    forged_ = true;
    return {.data = mechanism_ == Mechanism::login ? "Password:" : ""};
  }
  SaslReply end{.kind = script_.result ? Kind::result : Kind::success, .data = std::move(data_)};
  user_ = script_.result ? nullptr : around_.user_called(name_);
  if (user_ == nullptr && !script_.result && !server_.users.empty()) user_ = &server_.users.front();
  return end;
}

SaslReply SaslConversation::exchange(const std::optional<std::string>& message) {
  const bool first = !std::exchange(begun_, true);
  if (succeeds_early(message)) return succeed("", std::nullopt);
  const bool invited = first && !message && !(mechanism_ == Mechanism::login) &&
                       !(mechanism_ == Mechanism::cram_md5);
  return made_of(exchange_->step(message), invited);
}

// Before the mechanism is through.
bool SaslConversation::succeeds_early(const std::optional<std::string>& message) const {
  switch (script_.lie) {
    case SaslLie::success_at_once:
      return !sasl::is_scram(mechanism_) || message;
    case SaslLie::success_without_last_step:
      if (sasl::is_scram(mechanism_)) return false;
      return mechanism_ != Mechanism::login || message;
    case SaslLie::any_credentials:
      return is_told_at_once(mechanism_) && message;
    default:
      return false;
  }
}

SaslReply SaslConversation::made_of(sasl::ServerStep step, bool asked_for_nothing) {
  if (auto* asked = std::get_if<ServerChallenge>(&step)) {
    if (asked_for_nothing || is_told_at_once(mechanism_)) return {.data = std::move(asked->data)};
    return challenge(std::move(asked->data), !std::exchange(challenged_, true));
  }
  if (auto* good = std::get_if<ServerSuccess>(&step)) {
    return succeed(good->name, std::move(good->data));
  }
  auto* bad = std::get_if<ServerFailure>(&step);
  if (bad == nullptr) return {.kind = Kind::nonsense};
  if (script_.lie == SaslLie::any_credentials && !sasl::is_scram(mechanism_)) {
    return succeed("", std::nullopt);
  }
  if (bad->data && !success_has_data()) {
    stage_ = Stage::error_told;
    return {.data = std::move(bad->data)};
  }
  return {.kind = Kind::failure, .data = std::move(bad->data)};
}

SaslReply SaslConversation::challenge(std::string data, bool first) {
  SaslReply reply{.data = std::move(data)};
  if (mechanism_ == Mechanism::login) {
    const bool longer =
        script_.lie == SaslLie::huge_challenge || script_.lie == SaslLie::padded_challenge;
    if (script_.lie == SaslLie::swapped_prompts) reply.data = first ? "Password:" : "Username:";
    if (first && longer) reply.data = padded(*reply.data, script_.lie);
  }
  if (!first) return reply;
  reply.spoilt = spoils_base64();
  forged_ = reply.spoilt || forges_first_challenge(mechanism_, script_);
  if (forged_ && script_.lie == SaslLie::no_credentials) {
    reply.data.reset();
    stage_ = Stage::anyone;
  }
  return reply;
}

// The exchange is through, in truth or in the lie.
SaslReply SaslConversation::succeed(const std::string& name, std::optional<std::string> data) {
  name_ = name;
  data_ = std::move(data);
  switch (script_.lie) {
    case SaslLie::no_signature:
    case SaslLie::success_without_last_step:
      data_.reset();
      break;
    case SaslLie::signature_in_reply:
      break;
    default:
      if (!data_ || success_has_data()) break;
      stage_ = Stage::signature_told;
      return {.data = *std::exchange(data_, std::nullopt)};
  }
  return end_well();
}

SaslReply SaslConversation::end_well() {
  // Of a mechanism without challenges, what is wrong with one shows here.
  const bool first = !challenged_ && (script_.lie == SaslLie::huge_challenge || spoils_base64());
  const bool token = sasl::takes_token(mechanism_);
  const bool one_more = first || script_.lie == SaslLie::challenge_for_success ||
                        script_.lie == SaslLie::challenges_for_ever ||
                        (token && script_.lie == SaslLie::error_then_success);
  if (one_more) {
    stage_ = Stage::one_more;
    // To a token a challenge may come, which says why it is not taken (RFC 7628, 3.2.2).
    forged_ = first || !token;
    SaslReply reply{.data = mechanism_ == Mechanism::login ? "Password:" : ""};
    if (token) reply.data = sasl::token_failure(mechanism_);
    if (script_.lie == SaslLie::huge_challenge) reply.data = padded("", script_.lie);
    reply.spoilt = spoils_base64();
    return reply;
  }
  if (holds(names_of(script_.refused), word(mechanism_))) return {.kind = Kind::failure};
  if (script_.result) return {.kind = Kind::result};
  user_ = mechanism_ == Mechanism::external ? around_.certified : around_.user_called(name_);
  // A lie takes whoever comes, and somebody he has to be.
  if (user_ == nullptr && !server_.users.empty()) user_ = &server_.users.front();
  SaslReply reply{.kind = Kind::success, .data = std::move(data_)};
  if (script_.lie == SaslLie::signature_in_reply && reply.data) {
    reply.remark = *std::exchange(reply.data, std::nullopt);
  }
  return reply;
}

// What SCRAM's messages say of the channel, whatever becomes of them.
void SaslConversation::watch(const std::string& message) {
  if (!scram_first_) {
    scram_first_ = read_scram_client_first(message);
    // RFC 5802, 6: "y" says that the list had no -PLUS.
    if (scram_first_ && scram_first_->says == SaysOfBinding::saw_no_plus &&
        offers_binding(seen_.auth_offered_in_tls)) {
      seen_.stepped_down = true;
    }
    if (scram_first_ && scram_first_->says == SaysOfBinding::cannot) {
      seen_.cannot_bind_to_channel = true;
    }
    if (scram_first_ && !names_safe_binding(*scram_first_, around_.channel)) {
      seen_.bound_to_other_channel = true;
    }
    return;
  }
  const auto final = read_scram_client_final(message);
  if (final && !is_bound_to(*scram_first_, *final, around_.channel)) {
    seen_.bound_to_other_channel = true;
  }
}

std::vector<std::string> offered_mechanisms(const Server& server, bool in_tls,
                                            std::vector<std::string> usual, bool can_bind) {
  const SaslScript& script = server.script.sasl;
  const auto& list = in_tls ? script.mechanisms : script.in_clear;
  if (list) return names_of(*list);
  if (!in_tls) return usual;
  for (const std::string& name : server.sasl_mechanisms) {
    if (!holds(usual, name) && (can_bind || !name.ends_with("-PLUS"))) usual.push_back(name);
  }
  return usual;
}

bool is_called(const std::string& name, const std::string& given) {
  return sasl::is_same_prepared(name, given);
}

bool offers_binding(const std::vector<std::string>& offered) {
  return std::any_of(offered.begin(), offered.end(),
                     [](const std::string& name) { return ascii_upper(name).ends_with("-PLUS"); });
}

bool can_bind(const Server& server, const std::vector<std::string>& offered) {
  return offers_binding(offered) || offers_binding(names_of(server.script.sasl.hidden));
}

std::optional<Mechanism> played_mechanism(const Server& server, std::string_view name,
                                          const std::vector<std::string_view>& usual) {
  const SaslScript& script = server.script.sasl;
  const bool listed = script.mechanisms && holds(names_of(*script.mechanisms), name);
  const bool listed_in_clear = script.in_clear && holds(names_of(*script.in_clear), name);
  if (holds(names_of(script.unknown), name)) return std::nullopt;
  bool played = listed || listed_in_clear || holds(names_of(script.hidden), name);
  if (!script.mechanisms) {
    played = played || holds(server.sasl_mechanisms, name) ||
             std::find(usual.begin(), usual.end(), name) != usual.end();
  }
  return played ? from_word<Mechanism>(name) : std::nullopt;
}

}  // namespace startle::fake
