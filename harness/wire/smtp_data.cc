#include "harness/wire/smtp_data.h"

namespace startle::wire {
namespace {

constexpr std::string_view kEndOfLine = "\r\n";
constexpr std::string_view kTerminator = ".\r\n";  // where a line starts

// The length of the line `text` starts with, its CRLF included, or of all that is there.
std::size_t line_length(std::string_view text) {
  const std::size_t end = text.find(kEndOfLine);
  return end == std::string_view::npos ? text.size() : end + kEndOfLine.size();
}

// Where the terminator starts, if it is there.
std::size_t find_terminator(std::string_view input) {
  if (input.starts_with(kTerminator)) return 0;
  const std::size_t end = input.find("\r\n.\r\n");
  return end == std::string_view::npos ? end : end + kEndOfLine.size();
}

}  // namespace

std::string dot_stuffed(std::string_view message) {
  std::string sent;
  sent.reserve(message.size() + message.size() / 32 + 8);
  const bool unfinished = !message.empty() && !message.ends_with(kEndOfLine);
  while (!message.empty()) {
    const std::string_view line = message.substr(0, line_length(message));
    if (line.starts_with('.')) sent += '.';
    sent += line;
    message.remove_prefix(line.size());
  }
  if (unfinished) sent += kEndOfLine;
  sent += kTerminator;
  return sent;
}

std::variant<ParsedData, NeedMore, Malformed> parse_smtp_data(std::string_view input,
                                                              std::size_t limit) {
  const std::size_t end = find_terminator(input.substr(0, limit));
  if (end == std::string_view::npos) {
    if (input.size() < limit) return NeedMore{};
    return Malformed{limit - 1, "a message is longer than " + std::to_string(limit) + " octets"};
  }
  ParsedData parsed{.consumed = end + kTerminator.size()};
  parsed.content.reserve(end);
  for (std::string_view rest = input.substr(0, end); !rest.empty();) {
    const std::string_view line = rest.substr(0, line_length(rest));
    parsed.content += line.substr(line.starts_with('.') ? 1 : 0);
    rest.remove_prefix(line.size());
  }
  return parsed;
}

}  // namespace startle::wire
