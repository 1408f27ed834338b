#pragma once
// Commands out, replies in, over whatever stream is current: clear text first, TLS later.

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "harness/net/stream.h"
#include "harness/net/world.h"
#include "harness/wire/smtp_reply.h"

namespace startle::client {

// Why there is no reply.
enum class NoReply { closed, timed_out, malformed, unasked };
struct Silence {
  NoReply why = NoReply::closed;
  std::string detail{};
};
using Answer = std::variant<wire::SmtpReply, Silence>;

class SmtpChannel {
 public:
  SmtpChannel(net::World& world, std::unique_ptr<net::Stream> stream)
      : world_(world), clear_(std::move(stream)), current_(clear_.get()) {}

  net::Task<Answer> reply(std::chrono::milliseconds within);
  // Sends `line` and CRLF in one segment, then waits. Bytes that came before the command was sent
  // are a protocol violation (RFC 5321, 4.3.1): Silence{unasked}.
  net::Task<Answer> command(std::string line, std::chrono::milliseconds within);
  // Sends bytes as they are and waits.
  net::Task<Answer> send(std::string_view bytes, std::chrono::milliseconds within);

  // What was received and is not part of a reply yet.
  const std::string& left_behind() const { return buffer_; }
  void discard_left_behind() { buffer_.clear(); }

  net::Stream& clear() { return *clear_; }
  net::Stream& current() { return *current_; }
  // From here on everything goes through `stream` (a TLS session over clear()).
  void switch_to(net::Stream& stream) { current_ = &stream; }
  void set_deadline(std::chrono::milliseconds within) {
    clear_->set_deadline(world_.now() + within);
  }
  // Believing what was left behind is only possible by asking for it (a defect).
  void allow_unasked_bytes() { allow_unasked_ = true; }

 private:
  // Servers may exceed 512 octets a little (requirement RFC5321-4.5.3.1-a), and a challenge of AUTH
  // may have 12288 (RFC 4954, 4); memory stays bounded.
  static constexpr wire::ReplyLimits kLimits{.line = 12288 + 8, .reply = 65536};

  net::World& world_;
  std::unique_ptr<net::Stream> clear_;
  net::Stream* current_;
  std::string buffer_{};
  // Not in the frame of the coroutine that reads: frames of kilobytes are slow to come by.
  std::array<char, 4096> chunk_;  // NOLINT: filled by reads
  bool allow_unasked_ = false;
};

}  // namespace startle::client
