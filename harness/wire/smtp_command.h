#pragma once
// One SMTP command line (RFC 5321, 4.1.1), as a server reads it, and the path that MAIL and RCPT
// carry. What a verb means, and whether its argument is right, is the server's decision.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/wire/parsed.h"

namespace startle::wire {

inline constexpr std::size_t kCommandLine = 512;  // octets with CRLF (RFC 5321, 4.5.3.1.4)
inline constexpr std::size_t kAuthLine = 12288;   // a line of an AUTH exchange (RFC 4954, 4)

// An esmtp-keyword or ehlo-keyword (RFC 5321, 4.1.1.1): a letter or digit, then those and hyphens.
bool is_keyword(std::string_view token);

struct SmtpCommand {
  std::string verb{};      // upper-cased; empty for an empty line
  std::string argument{};  // behind the first space, without trailing spaces (RFC 5321, 4.1.1)
  std::string line{};      // exactly as sent, without CRLF

  bool operator==(const SmtpCommand&) const = default;
};

struct ParsedCommand {
  SmtpCommand command{};
  std::size_t consumed = 0;  // bytes behind these were pipelined

  bool operator==(const ParsedCommand&) const = default;
};

// The command that `input` starts with, of at most `limit` octets with CRLF. A leading space is
// malformed. So is what makes any line malformed: bare CR or LF, NUL, excess length. An answer to
// an AUTH challenge is read by the same function: it stands whole in `line`, and may be empty.
std::variant<ParsedCommand, NeedMore, Malformed> parse_smtp_command(
    std::string_view input, std::size_t limit = kCommandLine);

struct PathParameter {
  std::string keyword{};  // upper-cased
  std::string value{};    // empty when there is no "="

  bool operator==(const PathParameter&) const = default;
};

struct SmtpPath {
  std::string address{};  // between "<" and ">", without a source route; empty for "<>"
  std::vector<PathParameter> parameters{};

  bool operator==(const SmtpPath&) const = default;
};

// Reads the argument `FROM:<addr> KEY=value ..` of MAIL or `TO:<addr> ..` of RCPT (RFC 5321,
// 4.1.1.2, 4.1.1.3); `keyword` is "FROM" or "TO". nullopt when the grammar is broken, also by the
// spaces around the colon or missing angle brackets that many servers let pass. The empty path is
// legal behind FROM alone. A quoted local part may hold spaces and angle brackets; UTF-8 is legal
// (RFC 6531, 3.3). That the address has a domain is not checked: `<Postmaster>` is legal.
std::optional<SmtpPath> parse_path(const SmtpCommand& command, std::string_view keyword);

}  // namespace startle::wire
