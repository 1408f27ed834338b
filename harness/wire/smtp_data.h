#pragma once
// The content of a message between DATA and its end (RFC 5321, 4.5.2). Only CRLF "." CRLF ends it:
// a reader that also takes LF "." LF and its like can be sent a second message inside the first
// (SMTP smuggling).

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "harness/wire/parsed.h"

namespace startle::wire {

// The message as a client sends it: with a CRLF behind its last line where that is missing, a dot
// doubled at the start of each line, and ".CRLF". Nothing else changes: bare CR, bare LF and NUL
// pass, and only CRLF starts a line.
std::string dot_stuffed(std::string_view message);

struct ParsedData {
  std::string content{};     // un-stuffed; empty or ends with CRLF
  std::size_t consumed = 0;  // the terminator included

  bool operator==(const ParsedData&) const = default;
};

// The content that `input`, the bytes behind the 354, starts with. `limit` is in octets as sent:
// stuffing and terminator count (at least 3). Malformed only when no terminator can end within it.
std::variant<ParsedData, NeedMore, Malformed> parse_smtp_data(std::string_view input,
                                                              std::size_t limit);

}  // namespace startle::wire
