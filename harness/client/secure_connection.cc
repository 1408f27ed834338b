#include "harness/client/secure_connection.h"

#include <utility>

namespace startle::client {

using net::Task;
using words::Ending;

bool SecureConnection::uses_java() const {
  return words::is_javas(settings_.trust_model);
}

// ---- phases and endings ------------------------------------------------------------------------

void SecureConnection::enter(Phase phase) {
  outcome_.phase = phase;
  phases_.begin(phase);
}

bool SecureConnection::end(Ending ending, std::string sentence) {
  outcome_.ending = ending;
  outcome_.sentence = std::move(sentence);
  return false;
}

bool SecureConnection::end_without(const NoReply& no_reply) {
  may_quit_ = false;
  const std::string where = " (" + std::string(word(outcome_.phase)) + ")";
  switch (no_reply.why) {
    case NoReply::Why::closed:
      break;
    case NoReply::Why::timed_out:
      return end(Ending::timeout, "the server did not answer in time" + where);
    case NoReply::Why::malformed:
      return end(Ending::protocol_error,
                 "the server's reply is malformed: " + no_reply.detail + where);
    case NoReply::Why::unasked:
      return end(Ending::protocol_error, no_reply.detail + where);
  }
  // RFC 8446, 4.4.2.4: a server refuses the client's certificate, or that there is none, when the
  // client's side of the handshake is over already.
  if (tls_ && !channel().heard() && !tls_->alert_received().empty() &&
      tls_->alert_received() != tls::alert_name(tls::Alert::close_notify)) {
    return end(Ending::handshake_failure, "the peer sent the alert " + tls_->alert_received() +
                                              " at the end of the handshake");
  }
  return end(decisions_.lost_connection(), "the server closed the connection" + where);
}

bool SecureConnection::stops_after(StopAfter step) {
  if (settings_.stop_after != step) return false;
  const auto& protocol = words::row_of(words::protocol_of(settings_.mode));
  end(inside_tls() ? protocol.success : Ending::delivered_in_clear,
      "stopped where it was told to, after " + std::string(word(step)) +
          (inside_tls() ? ", inside " + tls_->version() : ", without TLS"));
  return true;
}

Outcome SecureConnection::finished() {
  outcome_.phases = phases_.take();
  keep_ticket();
  if (tls_) {
    outcome_.tls_version = tls_->version();
    outcome_.tls_cipher = tls_->cipher();
    outcome_.tls_group = tls_->group();
    outcome_.resumed = tls_->is_resumed();
    outcome_.alert_sent = tls_->alert_sent();
    outcome_.alert_received = tls_->alert_received();
    outcome_.shown_chain = tls_->take_shown_chain();
  }
  return std::move(outcome_);
}

// As it was verified, so a session counts for the next one (RFC 8446, 4.6.1).
void SecureConnection::keep_ticket() {
  if (state_ == nullptr || !tls_ || refusal_) return;
  std::string data = tls_->resumption_data();
  if (data.empty()) return;
  const bool verified = trust_.check_path || trust_.check_name;
  state_->keep_ticket({.told = settings_, .verified = verified, .data = std::move(data)});
}

// ---- configuration -----------------------------------------------------------------------------

bool SecureConnection::can_use_external() {
  if (!wants_tls()) {
    return end(Ending::configuration_error,
               "the mechanism EXTERNAL needs TLS: the certificate is shown in its handshake");
  }
  if (settings_.certificate) return true;
  return end(Ending::configuration_error, "the mechanism EXTERNAL needs a client certificate");
}

bool SecureConnection::can_trust() {
  if (!wants_tls()) return true;
  std::string why;
  auto trust = decisions_.trust(settings_, why);
  if (!trust) return end(Ending::configuration_error, why);
  if (settings_.host_store && !settings_.host_store->why_unusable().empty()) {
    return end(Ending::configuration_error, settings_.host_store->why_unusable());
  }
  trust_ = std::move(*trust);
  return true;
}

// ---- steps -------------------------------------------------------------------------------------

Task<bool> SecureConnection::connect(net::Connector& connector) {
  enter(Phase::connect);
  auto connected = co_await connector.connect(settings_.host, settings_.port,
                                              world_.now() + settings_.timeouts.connect);
  if (!connected.stream) co_return end(Ending::not_connected, connected.why);
  clear_ = std::move(connected.stream);
  co_return true;
}

bool SecureConnection::accepts_left_behind(std::string_view go_ahead) {
  const std::string& bytes = channel().left_behind();
  if (bytes.empty()) return true;
  switch (decisions_.left_behind(bytes)) {
    case LeftBehind::abort:
      break;
    case LeftBehind::discard:
      channel().discard_left_behind();
      return true;
    case LeftBehind::believe:
      channel().allow_unasked_bytes();
      return true;
  }
  return end(Ending::protocol_error, "the server sent plain text behind its " +
                                         std::string(go_ahead) + " (response injection)");
}

Task<bool> SecureConnection::handshake() {
  enter(Phase::handshake);
  may_quit_ = false;  // not in clear any more, and in TLS only once it stands
  const auto verify = [this](const tls::PeerChain& chain) -> std::optional<tls::Alert> {
    refusal_ =
        decisions_.certificate(check_certificate(chain, trust_, settings_), chain, settings_);
    if (!refusal_ || refusal_->behind_handshake) return std::nullopt;
    return refusal_->alert.value_or(alert_for(refusal_->ending));
  };
  // Java would not read it.
  const bool asks_for_staple =
      (!uses_java() && trust_.check_path) || decisions_.asks_for_every_staple();
  const bool judges = decisions_.judges_certificate(settings_);
  tls_ = tls::Session::client(*clear_, decisions_.server_name(settings_),
                              judges ? tls::Verifier(verify) : nullptr,
                              uses_java() ? tls::Strength::any : tls::Strength::medium,
                              settings_.certificate, asks_for_staple, state_ != nullptr);
  if (settings_.key_log) tls_->tell_secrets(settings_.key_log);
  if (const auto offer = decisions_.also_offered(); offer != tls::Offer::nothing) {
    tls_->offer_also(offer);
  }
  if (gnutls_priority_t alone = decisions_.offered_alone(); alone != nullptr) {
    tls_->offer_alone(alone);
  }
  if (!decisions_.minds_downgrade_mark()) tls_->overlook_downgrade_mark();
  if (state_ != nullptr) tls_->resume(state_->take_ticket(decisions_, settings_));
  channel().set_deadline(decisions_.patience(settings_.timeouts.handshake));
  const tls::HandshakeResult result = co_await tls_->handshake();
  using enum tls::HandshakeEnd;
  // Whatever becomes of a handshake that went on with a certificate that is refused.
  if (refusal_) {
    if (result.end == established) co_await tls_->close_notify();
    co_return end(refusal_->ending, refusal_->sentence);
  }
  switch (result.end) {
    case established:
      channel().switch_to(*tls_);
      may_quit_ = true;
      co_return true;
    case refused:  // which leaves a refusal_
    case not_tls:
      co_return end(Ending::protocol_error, result.text);
    case alert_received:
    case failed:
    case own_failure:
      co_return end(Ending::handshake_failure, result.text);
    case timed_out:
      co_return end(Ending::timeout, result.text);
    case closed:
    case broken:
      break;
  }
  co_return end(decisions_.lost_connection(), result.text);
}

}  // namespace startle::client
