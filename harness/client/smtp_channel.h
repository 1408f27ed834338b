#pragma once
// Commands out, replies in.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include "harness/client/channel.h"
#include "harness/client/smtp_decisions.h"
#include "harness/wire/smtp_reply.h"

namespace startle::client {

using SmtpAnswer = std::variant<wire::SmtpReply, NoReply>;

class SmtpChannel final : public Channel {
 public:
  // Servers may exceed 512 octets a little (requirement RFC5321-4.5.3.1-a), and a challenge of AUTH
  // has more (RFC 4954, 4); memory stays bounded.
  // `decisions` must outlive the channel.
  SmtpChannel(net::World& world, net::Stream& clear, const SmtpDecisions& decisions,
              std::size_t longest_challenge = 12288)
      : Channel(world, clear),
        decisions_(decisions),
        limits_{.line = longest_challenge + 8,
                .reply = std::max<std::size_t>(65536, 2 * longest_challenge)} {}

  net::Task<SmtpAnswer> reply(std::chrono::milliseconds within) { return converse({}, within); }
  // Sends `line` and CRLF in one segment, then waits. Bytes that came before the command was sent
  // break the protocol (RFC 5321, 4.3.1): NoReply{unasked}.
  net::Task<SmtpAnswer> command(std::string line, std::chrono::milliseconds within) {
    return converse(std::move(line.append("\r\n")), within);
  }
  // Sends bytes as they are and waits.
  net::Task<SmtpAnswer> send(std::string bytes, std::chrono::milliseconds within) {
    return converse(std::move(bytes), within);
  }

 private:
  // One frame for a command and its reply. Nothing is sent when `bytes` is empty.
  net::Task<SmtpAnswer> converse(std::string bytes, std::chrono::milliseconds within);
  // The reply that the buffer begins with, if it does.
  std::optional<SmtpAnswer> parsed();
  // Nothing more comes.
  SmtpAnswer ended_by(NoReply why);

  const SmtpDecisions& decisions_;
  const wire::ReplyLimits limits_;
};

}  // namespace startle::client
