#include "fake-servers/smtp/recorder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/printable.h"
#include "harness/base/text.h"
#include "harness/wire/smtp_capabilities.h"
#include "harness/wire/smtp_reply.h"

namespace startle::fake {
namespace {

constexpr std::string_view kEndOfLine = "\r\n";

// Nobody has to refuse a line for its length (RFC 5321, 4.5.3.1).
std::optional<wire::ParsedReply> first_reply(std::string_view bytes) {
  auto parsed = wire::parse_smtp_reply(bytes, {.line = wire::ReplyLimits{}.reply});
  if (auto* whole = std::get_if<wire::ParsedReply>(&parsed)) return std::move(*whole);
  return std::nullopt;
}

// Where a reply tells the client something that an observation has to hold.
bool is_telling(Point point) {
  return point == Point::starttls || point == Point::ehlo || point == Point::ehlo_in_tls ||
         point == Point::data || point == Point::message;
}

// Base64 that is long enough to hide something, of either alphabet, padded or not.
bool is_base64_of_something(std::string_view line) {
  constexpr std::size_t kShortest = 12;
  constexpr std::string_view kOthers = "+/-_=";
  return line.size() >= kShortest && std::all_of(line.begin(), line.end(), [kOthers](char c) {
           return is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos;
         });
}

template <class Codes>
bool holds(const Codes& codes, int code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

bool is_smtp_command(std::string_view verb) {
  constexpr std::array<std::string_view, 15> kVerbs{"EHLO", "HELO", "LHLO", "STARTTLS", "AUTH",
                                                    "MAIL", "RCPT", "DATA", "BDAT",     "RSET",
                                                    "NOOP", "HELP", "VRFY", "EXPN",     "QUIT"};
  return std::find(kVerbs.begin(), kVerbs.end(), verb) != kVerbs.end();
}

AuthReply smtp_auth_reply(int code) {
  if (code == 334) return AuthReply::challenge;
  // RFC 4954, 4 and 6; RFC 5321, 4.2.4: of the command, or of the mechanism.
  constexpr std::array<int, 3> kNotKnown{500, 501, 504};
  constexpr std::array<int, 3> kNotAttempted{421, 503, 530};
  if (holds(kNotKnown, code)) return AuthReply::not_known;
  if (holds(kNotAttempted, code)) return AuthReply::not_attempted;
  return code >= 400 ? AuthReply::refused : AuthReply::other;
}

void SmtpRecorder::answered_attempt(std::string_view bytes) {
  int code = 0;
  const auto [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), code);
  if (error == std::errc{} && end == bytes.data() + 3) auth_.replied(smtp_auth_reply(code));
}

void SmtpRecorder::told(std::string_view bytes) {
  constexpr std::size_t kTelling = 4;  // the code, and what tells whether more lines follow
  for (const char c : bytes) {
    if (std::exchange(line_ended_, c == '\n')) reply_line_.clear();
    if (reply_line_.size() < kTelling) reply_line_ += c;
  }
}

// A client may give its credentials away in other places than those of RFC 4954, 4: a whole line of
// base64 is taken for some wherever it stands, and so is what stands behind a mechanism.
std::string SmtpRecorder::shown(std::string_view line, bool is_answer) const {
  constexpr std::string_view kAnswer = "<answer>";
  constexpr std::string_view kSpaces = " \t";
  const std::string_view verb = line.substr(0, line.find_first_of(kSpaces));
  if (is_answer || (verb.size() == line.size() && is_base64_of_something(line))) {
    return std::string(kAnswer);
  }
  if (!equal_ignoring_case(verb, "AUTH")) return printable(secret_.blotted(line));
  const std::size_t mechanism = line.find_first_not_of(kSpaces, verb.size());
  if (mechanism == std::string_view::npos) return printable(secret_.blotted(line));
  const std::size_t response = line.find_first_of(kSpaces, mechanism);
  const std::string head = printable(secret_.blotted(line.substr(0, response)));
  return response == std::string_view::npos ? head : head + " <initial response>";
}

void SmtpRecorder::command(const wire::SmtpCommand& command, bool is_answer) {
  constexpr std::string_view kCancel = "*";  // RFC 4954, 4
  const bool cancels = is_answer && command.line == kCancel;
  if (cancels) auth_.cancelled();
  if (command.verb == "AUTH" && !is_answer) {
    const std::string name = command.argument.substr(0, command.argument.find(' '));
    const auto mechanism = from_word<sasl::Mechanism>(ascii_upper(name));
    mechanism ? auth_.attempted(*mechanism) : auth_.attempted_unknown();
  }
  if (in_tls_ && awaiting_reply_) ++seen_.commands_before_reply;
  // Whoever leaves answers nothing, whatever he was told last; nor does a command where no answer
  // is due.
  const bool leaves = command.verb == "QUIT" && command.argument.empty();
  const bool answers = !leaves && (is_answer || (challenged() && !is_smtp_command(command.verb)));
  note_command(cancels ? std::string(kCancel) : shown(command.line, answers), true);
}

void SmtpRecorder::no_command(std::string_view bytes) {
  if (!in_tls_ && is_tls_record(bytes)) return note(std::string(bytes));
  std::string lines;
  while (!bytes.empty()) {
    const std::string_view line = bytes.substr(0, bytes.find_first_of(kEndOfLine));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    if (line.empty()) continue;
    const std::string verb = ascii_upper(line.substr(0, line.find(' ')));
    std::string command = shown(line, challenged() && !is_smtp_command(verb));
    lines.append(command).append("\r\n");
    add_command(std::move(command));
  }
  note(lines);
}

void SmtpRecorder::message() {
  note("<message>");
  awaiting_reply_ = true;
}

std::string_view SmtpRecorder::kind_of(std::string_view shown) const {
  return shown.substr(0, shown.find(' '));
}

bool SmtpRecorder::is_farewell(std::string_view bytes) const {
  return equal_ignoring_case(bytes.substr(0, bytes.find_first_of(" \r\n")), "QUIT");
}

void SmtpRecorder::reply(Point point, std::string_view before, std::string_view bytes) {
  if (!is_telling(point)) return;
  const std::string all = std::string(before).append(bytes);
  const auto answered = before.empty() ? std::nullopt : first_reply(before);
  const auto whole = answered ? answered : first_reply(all);
  if (!whole) return;
  if (point == Point::starttls && !in_tls_ && whole->reply.code == 220) {
    goes_ahead_ = true;
    if (whole->consumed < all.size()) seen_.sent_behind_go_ahead = true;
  }
  // Unasked behind 354, and yet what a client that writes before it reads on takes for the answer
  // to the message.
  if (answered && point == Point::data && answered->reply.code == 354) {
    const auto next = first_reply(bytes);
    if (next && next->reply.positive_completion()) ++seen_.delivered;
  }
  if (answered) return;
  if (point == Point::ehlo) seen_.auth_offered_in_clear = parse_capabilities(whole->reply).auth;
  if (point == Point::ehlo_in_tls) {
    seen_.auth_offered_in_tls = parse_capabilities(whole->reply).auth;
  }
  if (point == Point::message && whole->reply.positive_completion()) ++seen_.delivered;
}

}  // namespace startle::fake
