#include "harness/client/smtp_channel.h"

namespace startle::client {

using net::IoResult;
using net::IoStatus;
using net::Task;

Task<Answer> SmtpChannel::reply(std::chrono::milliseconds within) {
  set_deadline(within);
  while (true) {
    if (!buffer_.empty()) {
      auto parsed = wire::parse_smtp_reply(buffer_, kLimits);
      if (auto* whole = std::get_if<wire::ParsedReply>(&parsed)) {
        buffer_.erase(0, whole->consumed);
        co_return std::move(whole->reply);
      }
      if (const auto* bad = std::get_if<wire::Malformed>(&parsed)) {
        co_return Silence{.why = NoReply::malformed, .detail = bad->why};
      }
    }
    const IoResult got = co_await current_->read_some(chunk_);
    if (got.status == IoStatus::timed_out) co_return Silence{.why = NoReply::timed_out};
    if (got.status != IoStatus::ok) co_return Silence{.why = NoReply::closed};
    buffer_.append(chunk_.data(), got.count);
  }
}

Task<Answer> SmtpChannel::send(std::string_view bytes, std::chrono::milliseconds within) {
  if (!buffer_.empty() && !allow_unasked_) {
    co_return Silence{.why = NoReply::unasked,
                      .detail = "the server sent a reply before it was asked"};
  }
  set_deadline(within);
  const IoResult sent = co_await current_->write(bytes);
  if (sent.status == IoStatus::timed_out) co_return Silence{.why = NoReply::timed_out};
  // A server that closed may have said why first: the reply is read even when the write failed.
  co_return co_await reply(within);
}

Task<Answer> SmtpChannel::command(std::string line, std::chrono::milliseconds within) {
  line += "\r\n";
  co_return co_await send(line, within);
}

}  // namespace startle::client
