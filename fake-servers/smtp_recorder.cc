#include "fake-servers/smtp_recorder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "fake-servers/secret.h"
#include "harness/wire/printable.h"
#include "harness/wire/smtp_capabilities.h"
#include "harness/wire/smtp_reply.h"

namespace startle::fake {
namespace {

constexpr std::string_view kEndOfLine = "\r\n";
constexpr char kTlsHandshake = 22;  // the first byte of a ClientHello

std::optional<wire::ParsedReply> first_reply(std::string_view bytes) {
  auto parsed = wire::parse_smtp_reply(bytes);
  if (auto* whole = std::get_if<wire::ParsedReply>(&parsed)) return std::move(*whole);
  return std::nullopt;
}

}  // namespace

void SmtpRecorder::enter_tls() {
  in_tls_ = true;
  answered();
}

void SmtpRecorder::heard(std::string_view bytes) {
  std::string& all = in_tls_ ? seen_.bytes_in_tls : seen_.bytes_in_clear;
  const std::size_t room = Observation::kMostBytes - std::min(all.size(), Observation::kMostBytes);
  all.append(bytes.substr(0, room));
}

void SmtpRecorder::command(const wire::SmtpCommand& command, bool is_answer) {
  std::string shown = is_answer ? "<answer>" : secret_.blotted(command.line);
  if (command.verb == "AUTH" && !is_answer) {
    // The initial response is a credential, ours or not.
    const std::size_t mechanism = command.argument.find(' ');
    if (mechanism != std::string::npos) {
      shown = "AUTH " + command.argument.substr(0, mechanism) + " <initial response>";
    }
  }
  shown = wire::printable(shown);
  if (in_tls_ && awaiting_reply_) ++seen_.commands_before_reply;
  awaiting_reply_ = true;
  note("C", shown);
  (in_tls_ ? seen_.tls_commands : seen_.clear_commands).push_back(std::move(shown));
}

void SmtpRecorder::no_command(std::string_view bytes) {
  note("C", bytes);
  if (!in_tls_ && bytes.starts_with(kTlsHandshake)) return;
  while (!bytes.empty()) {
    const std::string_view line = bytes.substr(0, bytes.find_first_of(kEndOfLine));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    if (line.empty()) continue;
    (in_tls_ ? seen_.tls_commands : seen_.clear_commands)
        .push_back(wire::printable(secret_.blotted(line)));
  }
}

void SmtpRecorder::message() {
  note("C", "<message>");
  awaiting_reply_ = true;
}

void SmtpRecorder::reply(Point point, const std::string& before, const std::string& bytes) {
  const auto answered = first_reply(before);
  const auto whole = answered ? answered : first_reply(before + bytes);
  if (!whole) return;
  if (point == Point::starttls && !in_tls_ && whole->reply.code == 220) {
    if (whole->consumed < before.size() + bytes.size()) seen_.sent_behind_go_ahead = true;
  }
  if (answered) return;
  if (point == Point::ehlo) seen_.auth_offered_in_clear = parse_capabilities(whole->reply).auth;
  if (point == Point::ehlo_in_tls) {
    seen_.auth_offered_in_tls = parse_capabilities(whole->reply).auth;
  }
  if (point == Point::message && whole->reply.positive_completion()) ++seen_.delivered;
}

void SmtpRecorder::still_unanswered(bool more_is_there) {
  if (!in_tls_ || !awaiting_reply_ || !more_is_there) return;
  if (!std::exchange(counted_, true)) ++seen_.commands_before_reply;
}

void SmtpRecorder::answered() {
  awaiting_reply_ = false;
  counted_ = false;
}

void SmtpRecorder::note(std::string_view who, std::string_view bytes) {
  while (bytes.ends_with(kEndOfLine)) bytes.remove_suffix(kEndOfLine.size());
  std::string line(who);
  line += in_tls_ ? " (tls): " : ": ";
  seen_.dialogue.push_back(line + wire::printable(secret_.blotted(bytes)));
}

}  // namespace startle::fake
