#include "harness/client/smtp_channel.h"

#include <utility>

namespace startle::client {

using net::IoResult;
using net::IoStatus;
using net::Task;

std::optional<Answer> SmtpChannel::parsed() {
  if (buffer_.empty()) return std::nullopt;
  auto parsed = wire::parse_smtp_reply(buffer_, limits_);
  if (auto* whole = std::get_if<wire::ParsedReply>(&parsed)) {
    buffer_.erase(0, whole->consumed);
    return std::move(whole->reply);
  }
  if (const auto* bad = std::get_if<wire::Malformed>(&parsed)) {
    return Silence{.why = NoReply::malformed, .detail = bad->why};
  }
  return std::nullopt;
}

Task<Answer> SmtpChannel::converse(std::string bytes, std::chrono::milliseconds within) {
  if (!bytes.empty()) {
    if (!buffer_.empty() && !allow_unasked_) {
      co_return Silence{.why = NoReply::unasked,
                        .detail = "the server sent a reply before it was asked"};
    }
    set_deadline(within);
    // As Stream::write() and read_some(), which are a coroutine each.
    std::optional<IoResult> sent = current().write_now(bytes);
    if (!sent) sent = co_await current().written();
    if (sent->status == IoStatus::timed_out) co_return Silence{.why = NoReply::timed_out};
    // A server that closed may have said why first: the reply is read even when the write failed.
  }
  set_deadline(within);
  while (true) {
    if (auto answer = parsed()) co_return std::move(*answer);
    const std::optional<IoResult> got = current().read_now(chunk_);
    if (got) {
      if (auto silence = take_in(*got)) co_return std::move(*silence);
      continue;
    }
    const bool in_time = co_await current().readable();
    if (!in_time) co_return Silence{.why = NoReply::timed_out};
  }
}

}  // namespace startle::client
