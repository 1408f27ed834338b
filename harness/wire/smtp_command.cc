#include "harness/wire/smtp_command.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/wire/line.h"

namespace startle::wire {
namespace {

bool is_control(char c) {
  return (c >= '\0' && c < ' ') || c == '\x7f';
}

// The length of the mailbox before the ">" that closes `text`; nullopt when nothing closes it or
// when an octet in it may not stand there.
std::optional<std::size_t> mailbox_length(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_control(c)) return std::nullopt;
    if (c == '"') {
      quoted = !quoted;
    } else if (quoted) {
      if (c == '\\' && (++i == text.size() || is_control(text[i]))) return std::nullopt;
    } else if (c == '>') {
      return i;
    } else if (c == ' ' || c == '<') {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

// esmtp-param (RFC 5321, 4.1.2).
std::optional<PathParameter> parse_parameter(std::string_view token) {
  const std::size_t equals = token.find('=');
  const std::string_view keyword = token.substr(0, equals);
  if (!is_keyword(keyword)) return std::nullopt;
  PathParameter parameter{.keyword = ascii_upper(keyword)};
  if (equals != std::string_view::npos) {
    parameter.value = token.substr(equals + 1);
    const bool legal = std::none_of(parameter.value.begin(), parameter.value.end(),
                                    [](char c) { return c == '=' || is_control(c); });
    if (parameter.value.empty() || !legal) return std::nullopt;
  }
  return parameter;
}

}  // namespace

bool is_keyword(std::string_view token) {
  return !token.empty() && is_alphanumeric(token.front()) &&
         std::all_of(token.begin(), token.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-'; });
}

std::variant<ParsedCommand, NeedMore, Malformed> parse_smtp_command(std::string_view input,
                                                                    std::size_t limit) {
  if (input.starts_with(' ')) return Malformed{0, "a command does not start with a space"};
  const auto read = parse_line(input, 0, limit);
  if (const auto* malformed = std::get_if<Malformed>(&read)) return *malformed;
  const auto* line = std::get_if<ParsedLine>(&read);
  if (line == nullptr) return NeedMore{};

  ParsedCommand parsed{.consumed = line->consumed};
  parsed.command.line = line->text;
  const std::size_t space = line->text.find(' ');
  parsed.command.verb = ascii_upper(line->text.substr(0, space));
  if (space != std::string_view::npos) {
    const std::size_t last = line->text.find_last_not_of(' ');  // the verb is not empty here
    parsed.command.argument = line->text.substr(space + 1, last > space ? last - space : 0);
  }
  return parsed;
}

std::optional<SmtpPath> parse_path(const SmtpCommand& command, std::string_view keyword) {
  std::string_view rest = command.argument;
  if (ascii_upper(rest.substr(0, keyword.size())) != ascii_upper(keyword)) return std::nullopt;
  rest.remove_prefix(keyword.size());
  if (!rest.starts_with(":<")) return std::nullopt;
  rest.remove_prefix(2);

  if (rest.starts_with('@')) {  // a source route is accepted and ignored (RFC 5321, 4.1.1.3)
    const std::size_t colon = rest.find_first_of(": <>\"");
    if (colon == std::string_view::npos || rest[colon] != ':') return std::nullopt;
    rest.remove_prefix(colon + 1);
    if (rest.starts_with('@') || rest.starts_with('>')) return std::nullopt;
  }
  const auto length = mailbox_length(rest);
  if (!length) return std::nullopt;
  SmtpPath path{.address = std::string(rest.substr(0, *length))};
  if (path.address.empty() && ascii_upper(keyword) != "FROM") return std::nullopt;
  rest.remove_prefix(*length + 1);

  while (!rest.empty()) {
    if (!rest.starts_with(' ')) return std::nullopt;
    const std::string_view token = rest.substr(1, rest.find(' ', 1) - 1);
    auto parameter = parse_parameter(token);
    if (!parameter) return std::nullopt;
    path.parameters.push_back(std::move(*parameter));
    rest.remove_prefix(1 + token.size());
  }
  return path;
}

}  // namespace startle::wire
