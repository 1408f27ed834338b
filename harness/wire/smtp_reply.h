#pragma once
// One SMTP reply, possibly of several lines (RFC 5321, 4.2): what a server says. The reader is
// strict and bounded, since a client under attack reads replies from anyone.

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/wire/parsed.h"

namespace startle::wire {

struct SmtpReply {
  int code = 0;                      // 200-559
  std::vector<std::string> lines{};  // the text of each line, without code and CRLF; one at least

  // The lines that hold text, joined by " / ", made printable.
  std::string text() const;
  // The enhanced status code (RFC 2034; RFC 3463, 2) at the start of the first line, "5.7.8";
  // empty when there is none or when its class is not the code's first digit.
  std::string enhanced_code() const;

  bool positive_completion() const { return code / 100 == 2; }
  bool positive_intermediate() const { return code / 100 == 3; }
  bool transient_failure() const { return code / 100 == 4; }
  bool permanent_failure() const { return code / 100 == 5; }

  bool operator==(const SmtpReply&) const = default;
};

struct ReplyLimits {
  std::size_t line = 512;     // octets with code and CRLF (RFC 5321, 4.5.3.1.5); at least 5
  std::size_t reply = 65536;  // octets of all lines
};

struct ParsedReply {
  SmtpReply reply{};
  std::size_t consumed = 0;  // bytes behind these were sent unasked

  bool operator==(const ParsedReply&) const = default;
};

// The reply that `input` starts with. Its code is %x32-35 %x30-35 %x30-39, as the grammar of 4.2
// has it: a second digit of 6-9 is malformed although only the first is forbidden in prose. Then
// comes SP, "-" when more lines follow, or CRLF at once; every line has the same code. Text may
// hold any octet but NUL, CR and LF: a mistake of spelling is no reason to lose a server's reason.
std::variant<ParsedReply, NeedMore, Malformed> parse_smtp_reply(std::string_view input,
                                                                const ReplyLimits& limits = {});

// The reply as a server writes it. Throws Error(Fault::internal) when a line holds CR, LF or NUL,
// or when there is no line.
std::string written(const SmtpReply& reply);

}  // namespace startle::wire
