#include "harness/client/sasl_authentication.h"

#include <algorithm>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/base/printable.h"
#include "harness/base/text.h"

namespace startle::client {

using sasl::Mechanism;
using sasl::Objection;
using sasl::Standing;

namespace {

// More than any mechanism has, also where a defect answers whatever it is asked.
constexpr std::size_t kMostRounds = 64;

sasl::Credentials credentials_of(const Settings& settings) {
  return {.username = settings.username.value_or(""),
          .password = settings.password.value_or(""),
          .host = settings.host,
          .port = settings.port};
}

bool offers_any(const std::vector<std::string>& offered, bool (*is)(Mechanism)) {
  return std::any_of(offered.begin(), offered.end(), [is](const std::string& name) {
    const auto known = from_word<Mechanism>(name);
    return known && is(*known);
  });
}

}  // namespace

SaslAuthentication::SaslAuthentication(const SaslDecisions& decisions, const Settings& settings,
                                       const tls::Session* session,
                                       const std::vector<std::string>& offered)
    : decisions_(decisions), settings_(settings), offered_(offered) {
  place_.inside_tls = session != nullptr;
  place_.may_be_in_clear = settings.may_do_without_tls();
  if (session == nullptr || !offers_any(offered, sasl::is_scram)) return;
  // Also one that this client does not know: it says that the server can bind.
  channel_.plus_offered = std::any_of(offered.begin(), offered.end(), [](const std::string& name) {
    return ascii_upper(name).ends_with("-PLUS");
  });
  channel_.binding = decisions.binding(session->channel_binding(), channel_.plus_offered);
  place_.can_bind = channel_.binding.has_value();
}

std::optional<std::string> SaslAuthentication::complaint_about(const Settings& settings) {
  // Which it will be is not known where none is configured: what PLAIN takes, or LOGIN, is let
  // pass.
  const auto mechanism = settings.mechanism ? from_word<Mechanism>(*settings.mechanism)
                                            : std::optional(Mechanism::plain);
  if (!mechanism) {
    return "the mechanism `" + *settings.mechanism +
           "` is none of this client: " + comma_separated(sasl::kMechanisms);
  }
  const auto prepared = sasl::prepared_for(*mechanism, credentials_of(settings));
  const auto* unusable = std::get_if<sasl::Unusable>(&prepared);
  return unusable == nullptr ? std::nullopt : std::optional(unusable->why);
}

// ---- which mechanism ---------------------------------------------------------------------------

bool SaslAuthentication::begin() {
  return start(decisions_.mechanism(offered_, place_, settings_));
}

bool SaslAuthentication::begin_after(std::int64_t code) {
  refused_.code = code;
  refused_.challenge_answered = challenge_answered_;
  refused_.stated_error = exchange_->stated_error();
  const auto next = decisions_.after_refusal(refused_, offered_, place_, settings_);
  return next && start(next);
}

bool SaslAuthentication::start(std::optional<Mechanism> mechanism) {
  if (!mechanism) {
    why_ = nothing_to_use();
    return false;
  }
  auto made = sasl::start_client_exchange(*mechanism, credentials_of(settings_), channel_,
                                          settings_.salted_passwords);
  if (auto* unusable = std::get_if<sasl::Unusable>(&made)) {
    unusable_ = true;
    why_ = std::move(unusable->why);
    return false;
  }
  notes_ = notes();
  exchange_ = std::get<std::unique_ptr<sasl::ClientExchange>>(std::move(made));
  challenge_answered_ = false;
  refused_.tried.push_back(*mechanism);
  return true;
}

std::string SaslAuthentication::nothing_to_use() const {
  const std::string where = place_.inside_tls ? " inside TLS" : "";
  if (!place_.inside_tls && !place_.may_be_in_clear) {
    return "a password is only ever sent inside TLS: configure starttls=\"true\"";
  }
  if (!settings_.mechanism) return "the server offers no mechanism of this client" + where;
  const auto configured = from_word<Mechanism>(*settings_.mechanism);
  if (configured && sasl::binds_to_channel(*configured) && channel_.plus_offered &&
      !place_.can_bind) {
    return "this TLS session has nothing that " + *settings_.mechanism + " could bind to";
  }
  return "the server does not offer the mechanism " + *settings_.mechanism + where;
}

// ---- what is said ------------------------------------------------------------------------------

std::optional<std::string> SaslAuthentication::give_up(std::string why) {
  why_ = std::move(why);
  return std::nullopt;
}

std::optional<std::string> SaslAuthentication::answer_base64(std::string_view text) {
  const auto challenge = decisions_.decoded(text);
  if (!challenge) return give_up("the server's challenge is no base64");
  const auto said = answer(challenge);
  if (!said) return std::nullopt;
  return to_base64(*said);
}

std::optional<std::string> SaslAuthentication::answer(const std::optional<std::string>& challenge) {
  std::optional<Objection> objection;
  if (challenge) {
    objection = exchange_->objection(*challenge);
  } else {
    objection = Objection{Objection::Kind::absent, "the server sends no challenge"};
  }
  const std::string came = challenge.value_or("");
  // As octets; in base64 there are four for three of them. In SMTP a line that is longer never gets
  // here (SmtpChannel).
  if (came.size() > decisions_.longest_challenge() / 4 * 3 || ++rounds_ > kMostRounds) {
    return give_up(rounds_ > kMostRounds ? "the server's challenges do not end"
                                         : "the server's challenge is too long");
  }
  const auto given = decisions_.challenge(came, objection);
  if (!given) return give_up(objection ? objection->why : "the server's challenge is refused");
  auto said = exchange_->answer(*given);
  challenge_answered_ = true;
  if (said) return said;
  if (exchange_->standing() == Standing::wrong_signature ||
      exchange_->standing() == Standing::short_signature) {
    if (is_proven("")) return "";
    return std::nullopt;
  }
  return give_up("the server's challenge is unreadable");
}

void SaslAuthentication::hear_refusal(const std::optional<std::string>& challenge) {
  if (challenge && exchange_->standing() == Standing::unsigned_) answer(challenge);
}

bool SaslAuthentication::hear_last(const std::optional<std::string>& challenge) {
  if (!challenge) return true;
  // Nothing, but present: that is how some servers leave it out.
  if (challenge->empty() && exchange_->standing() == Standing::complete) return true;
  return answer(challenge).has_value();
}

bool SaslAuthentication::is_proven(std::string_view text) {
  const Standing standing = exchange_->standing();
  if (decisions_.is_proven(standing, text)) return true;
  if (standing == Standing::error_stated) {
    why_ = "the server says success after it has stated an error";
  } else if (sasl::is_scram(mechanism())) {
    why_ = "the server has not proved that it knows the password";
  } else {
    why_ = "the server says success before the exchange is over";
  }
  return false;
}

std::string SaslAuthentication::refusal() const {
  const std::string& stated = exchange_->stated_error();
  std::string what = "the server refuses the credentials";
  if (stated.empty()) return what;
  if (sasl::binds_to_channel(mechanism()) && stated.find("channel-binding") != std::string::npos) {
    what = "the server is bound to another channel, so someone may stand in between";
  }
  constexpr std::size_t kLongestError = 128;
  return what + " (" + printable(stated.substr(0, kLongestError)) + ")";
}

std::vector<std::string> SaslAuthentication::notes() const {
  std::vector<std::string> all = notes_;
  if (exchange_) all.insert(all.end(), exchange_->notes().begin(), exchange_->notes().end());
  return all;
}

}  // namespace startle::client
