#pragma once
// One line of SMTP. Only CR LF ends a line (RFC 5321, 2.3.8): a reader that also takes a bare LF
// or CR can be shown two lines where the peer wrote one.

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "harness/wire/parsed.h"

namespace startle::wire {

struct ParsedLine {
  std::string_view text{};   // without CRLF; a view into the input
  std::size_t consumed = 0;  // from the start of the input, CRLF included

  bool operator==(const ParsedLine&) const = default;
};

// The line that starts at `start`; offsets count from the start of `input`. A bare CR, a bare LF
// and NUL are malformed, and so is a line of more than `limit` octets with its CRLF (at least 2),
// as soon as no CRLF can come in time.
std::variant<ParsedLine, NeedMore, Malformed> parse_line(std::string_view input, std::size_t start,
                                                         std::size_t limit);

// The text with CRLF behind it. Throws Error(Fault::internal) when the text holds CR, LF or NUL:
// it would be more than one line to its reader.
std::string written_line(std::string_view text);

}  // namespace startle::wire
