#include "harness/client/smtp_channel.h"

#include <utility>

namespace startle::client {

using net::IoResult;
using net::IoStatus;
using net::Task;

std::optional<SmtpAnswer> SmtpChannel::parsed() {
  if (buffer_.empty()) return std::nullopt;
  auto parsed = decisions_.read_reply(buffer_, limits_);
  if (auto* whole = std::get_if<wire::ParsedReply>(&parsed)) {
    buffer_.erase(0, whole->consumed);
    return std::move(whole->reply);
  }
  if (const auto* bad = std::get_if<wire::Malformed>(&parsed)) {
    return NoReply{.why = NoReply::Why::malformed, .detail = bad->why};
  }
  return std::nullopt;
}

// Only a defect takes what lacks its end for a reply.
SmtpAnswer SmtpChannel::ended_by(NoReply why) {
  const bool reads_it = decisions_.reads_cut_replies() && why.why == NoReply::Why::closed;
  const std::size_t last_line = buffer_.ends_with("\r\n")
                                    ? buffer_.rfind('\n', buffer_.size() - 2) + 1
                                    : buffer_.rfind('\n') + 1;
  if (!reads_it || buffer_.size() < last_line + 4) return why;
  if (buffer_[last_line + 3] == '-') buffer_[last_line + 3] = ' ';
  if (!buffer_.ends_with("\r\n")) buffer_ += "\r\n";
  auto cut = parsed();
  return cut ? std::move(*cut) : SmtpAnswer{std::move(why)};
}

Task<SmtpAnswer> SmtpChannel::converse(std::string bytes, std::chrono::milliseconds within) {
  if (!bytes.empty()) {
    if (!buffer_.empty() && !allow_unasked_ && !decisions_.queues_surplus_replies()) {
      co_return NoReply{.why = NoReply::Why::unasked,
                        .detail = "the server sent a reply before it was asked"};
    }
    set_deadline(within);
    // As Stream::write() and read_some(), which are a coroutine each.
    net::Stream& out = outgoing();
    std::optional<IoResult> sent = out.write_now(bytes);
    if (!sent) sent = co_await out.written();
    if (sent->status == IoStatus::timed_out) co_return NoReply{.why = NoReply::Why::timed_out};
    // A server that closed may have said why first: the reply is read even when the write failed.
  }
  set_deadline(within);
  while (true) {
    if (auto answer = parsed()) co_return std::move(*answer);
    const std::optional<IoResult> got = current().read_now(chunk_);
    if (got) {
      if (auto no_reply = take_in(*got)) co_return ended_by(std::move(*no_reply));
      if (decisions_.renews_deadline()) set_deadline(within);
      continue;
    }
    const bool in_time = co_await current().readable();
    if (!in_time) co_return NoReply{.why = NoReply::Why::timed_out};
  }
}

}  // namespace startle::client
