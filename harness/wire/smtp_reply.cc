#include "harness/wire/smtp_reply.h"

#include <optional>

#include "harness/base/error.h"
#include "harness/base/printable.h"
#include "harness/base/text.h"
#include "harness/wire/line.h"

namespace startle::wire {
namespace {

// What is wrong with the code of the line at `start`, and with the octet behind it, as far as they
// have come. The first line's code stands at 0. CR, LF and NUL behind a code are for parse_line.
std::optional<Malformed> malformed_code(std::string_view input, std::size_t start) {
  const std::string_view head = input.substr(start, 4);
  for (std::size_t i = 0; i < head.size() && i < 3; ++i) {
    const char c = head[i];
    if (!is_digit(c)) return Malformed{start + i, "a reply line starts with three digits"};
    if (c != input[i]) return Malformed{start + i, "the code changes inside one reply"};
    if (i == 0 && (c < '2' || c > '5')) {
      return Malformed{start, "the first digit of a reply code is 2 to 5"};
    }
    if (i == 1 && c > '5') {
      return Malformed{start + 1, "the second digit of a reply code is 0 to 5"};
    }
  }
  constexpr std::string_view kMayFollow(" -\r\n\0", 5);
  if (head.size() == 4 && kMayFollow.find(head[3]) == std::string_view::npos) {
    return Malformed{start + 3, "a space or a hyphen follows the reply code"};
  }
  return std::nullopt;
}

// The length of the reply that `input` starts with. Keeps nothing, so that a reply that trickles in
// costs little until it is whole.
std::variant<std::size_t, NeedMore, Malformed> measure(std::string_view input,
                                                       std::size_t line_limit) {
  for (std::size_t start = 0;;) {
    if (auto malformed = malformed_code(input, start)) return *malformed;
    auto read = parse_line(input, start, line_limit);
    if (auto* malformed = std::get_if<Malformed>(&read)) return std::move(*malformed);
    const auto* line = std::get_if<ParsedLine>(&read);
    if (line == nullptr) return NeedMore{};
    if (line->text.size() == 3 || line->text[3] == ' ') return line->consumed;
    start = line->consumed;
  }
}

// Takes apart the bytes of one whole reply.
SmtpReply split(std::string_view bytes) {
  SmtpReply reply;
  reply.code = (bytes[0] - '0') * 100 + (bytes[1] - '0') * 10 + (bytes[2] - '0');
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\r');
    const std::size_t text = end > 3 ? 4 : 3;
    reply.lines.emplace_back(bytes.substr(text, end - text));
    bytes.remove_prefix(end + 2);
  }
  return reply;
}

// The length of a sub-code of RFC 3463, 2: one to three digits without a leading zero; else 0.
std::size_t sub_code_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  const bool leading_zero = length > 1 && text.front() == '0';
  return length > 3 || leading_zero ? 0 : length;
}

}  // namespace

std::variant<ParsedReply, NeedMore, Malformed> parse_smtp_reply(std::string_view input,
                                                                const ReplyLimits& limits) {
  auto measured = measure(input.substr(0, limits.reply), limits.line);
  if (const auto* length = std::get_if<std::size_t>(&measured)) {
    return ParsedReply{split(input.substr(0, *length)), *length};
  }
  if (auto* malformed = std::get_if<Malformed>(&measured)) return std::move(*malformed);
  if (input.size() <= limits.reply) return NeedMore{};
  return Malformed{limits.reply,
                   "a reply is longer than " + std::to_string(limits.reply) + " octets"};
}

std::string SmtpReply::text() const {
  std::string joined;
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    if (!joined.empty()) joined += " / ";
    joined += printable(line);
  }
  return joined;
}

std::string SmtpReply::enhanced_code() const {
  if (lines.empty() || positive_intermediate()) return {};
  const std::string_view line = lines.front();
  if (line.size() < 5 || line[0] != '0' + code / 100 || line[1] != '.') return {};
  const std::size_t subject = sub_code_length(line.substr(2));
  const std::size_t dot = 2 + subject;
  if (subject == 0 || dot >= line.size() || line[dot] != '.') return {};
  const std::size_t detail = sub_code_length(line.substr(dot + 1));
  const std::size_t end = dot + 1 + detail;
  if (detail == 0 || (end < line.size() && line[end] != ' ')) return {};
  return std::string(line.substr(0, end));
}

std::string written(const SmtpReply& reply) {
  if (reply.lines.empty()) throw Error(Fault::internal, "a reply without a line");
  const std::string code = std::to_string(reply.code);
  std::string bytes;
  for (std::size_t i = 0; i < reply.lines.size(); ++i) {
    const bool last = i + 1 == reply.lines.size();
    const std::string_view separator = !last ? "-" : reply.lines[i].empty() ? "" : " ";
    bytes += written_line(code + std::string(separator) + reply.lines[i]);
  }
  return bytes;
}

}  // namespace startle::wire
