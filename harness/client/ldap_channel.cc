#include "harness/client/ldap_channel.h"

#include <algorithm>
#include <utility>

namespace startle::client {
namespace {

NoReply malformed(std::string why) {
  return {.why = NoReply::Why::malformed, .detail = std::move(why)};
}

}  // namespace

using net::IoResult;
using net::IoStatus;
using net::Task;

std::string LdapChannel::encoded(wire::LdapOperation operation) {
  ++id_;
  messages_ = 0;
  return wire::written({.id = id_, .operation = std::move(operation)});
}

Task<LdapAnswer> LdapChannel::ask(wire::LdapOperation operation, std::chrono::milliseconds within) {
  return converse(encoded(std::move(operation)), within);
}

Task<LdapAnswer> LdapChannel::ask_ahead(wire::LdapOperation operation, wire::LdapOperation ahead,
                                        std::chrono::milliseconds within) {
  std::string bytes = encoded(std::move(operation));
  bytes += wire::written({.id = id_ + 1, .operation = std::move(ahead)});
  return converse(std::move(bytes), within);
}

Task<IoResult> LdapChannel::tell(wire::LdapOperation operation, std::chrono::milliseconds within) {
  last_word_ = encoded(std::move(operation));
  set_deadline(decisions_.patience(within));
  return current().write(last_word_);
}

void LdapChannel::switch_to(tls::Session& session) {
  Channel::switch_to(session);
  session_ = &session;
}

// Only a defect ever does.
bool LdapChannel::goes_on_in_clear() {
  if (session_ == nullptr || !decisions_.outlives_close_notify() ||
      session_->alert_received() != tls::alert_name(tls::Alert::close_notify)) {
    return false;
  }
  buffer_ += session_->plain_text();
  session_ = nullptr;
  leave_tls();
  return true;
}

std::optional<LdapAnswer> LdapChannel::sorted(wire::LdapMessage message, bool asked) {
  if (++messages_ > kMostMessages) {
    return malformed("more than " + std::to_string(kMostMessages) + " messages for one request");
  }
  if (message.id == 0 && !decisions_.is_answer(0, id_)) {
    const auto* notice = std::get_if<wire::LdapExtendedResponse>(&message.operation);
    if (notice == nullptr || !notice->name) {
      return malformed("the message id 0 is for unsolicited notifications");
    }
    const bool ends = *notice->name == wire::kNoticeOfDisconnectionOid;
    if (ends && decisions_.heeds_notice_of_disconnection()) return message;
    return std::nullopt;
  }
  if (!asked) {
    return NoReply{.why = NoReply::Why::unasked,
                   .detail = "the server sent a response before it was asked"};
  }
  if (!decisions_.is_answer(message.id, id_)) {
    if (allow_unasked_) {
      believed_.push_back(std::move(message));
      return std::nullopt;
    }
    return malformed("a response has the message id " + std::to_string(message.id) +
                     ", the request had " + std::to_string(id_));
  }
  message.id = id_;  // as far as the decision goes, it is
  if (std::holds_alternative<wire::LdapIntermediateResponse>(message.operation)) {
    return std::nullopt;
  }
  for (const wire::LdapControl& control : message.controls) {
    if (decisions_.refuses_control(control)) {
      return malformed("a response has the control " + control.type);
    }
  }
  return message;
}

std::optional<LdapAnswer> LdapChannel::parsed(bool asked) {
  const auto believed = std::find_if(believed_.begin(), believed_.end(),
                                     [&](const auto& message) { return message.id == id_; });
  if (believed != believed_.end()) {
    wire::LdapMessage message = std::move(*believed);
    believed_.erase(believed);
    return message;
  }
  while (!buffer_.empty()) {
    auto parsed = wire::parse_ldap_message(buffer_, decisions_.longest_message());
    if (const auto* bad = std::get_if<wire::Malformed>(&parsed)) return malformed(bad->why);
    auto* whole = std::get_if<wire::ParsedLdap>(&parsed);
    if (whole == nullptr && decisions_.waits_for_the_rest()) return std::nullopt;
    if (whole == nullptr) return malformed("a segment ends inside a message");
    constexpr char kInFourOctets = '\x84';
    if (buffer_[1] == kInFourOctets && !decisions_.takes_lengths_of_four_octets()) {
      return malformed("a length has four octets");
    }
    buffer_.erase(0, whole->consumed);
    if (auto answer = sorted(std::move(whole->message), asked)) return answer;
  }
  return std::nullopt;
}

Task<LdapAnswer> LdapChannel::converse(std::string bytes,
                                       std::optional<std::chrono::milliseconds> within) {
  if (!bytes.empty()) {
    if (!allow_unasked_) {
      if (auto early = parsed(false)) co_return std::move(*early);
    }
    const std::chrono::milliseconds patience = decisions_.patience(*within);
    set_deadline(patience);
    // As Stream::write() and read_some(), which are a coroutine each.
    net::Stream& out = outgoing();
    std::optional<IoResult> sent = out.write_now(bytes);
    if (!sent) sent = co_await out.written();
    if (sent->status == IoStatus::timed_out) co_return NoReply{.why = NoReply::Why::timed_out};
    // A server that closed may have said why first: that is read even when the write failed.
    set_deadline(patience);
  }
  while (true) {
    if (auto answer = parsed(true)) co_return std::move(*answer);
    const std::optional<IoResult> got = current().read_now(chunk_);
    if (got) {
      auto no_reply = take_in(*got);
      if (!no_reply || (no_reply->why == NoReply::Why::closed && goes_on_in_clear())) continue;
      co_return std::move(*no_reply);
    }
    const bool in_time = co_await current().readable();
    if (!in_time) co_return NoReply{.why = NoReply::Why::timed_out};
  }
}

}  // namespace startle::client
