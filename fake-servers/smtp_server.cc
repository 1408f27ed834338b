#include "fake-servers/smtp_server.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "fake-servers/secret.h"
#include "harness/base/bytes.h"
#include "harness/tls/session.h"
#include "harness/wire/printable.h"
#include "harness/wire/smtp_capabilities.h"
#include "harness/wire/smtp_command.h"
#include "harness/wire/smtp_data.h"
#include "harness/wire/smtp_reply.h"

namespace startle::fake {
namespace {

using net::IoResult;
using net::IoStatus;
using net::Task;
using wire::SmtpCommand;

constexpr std::string_view kEndOfLine = "\r\n";
constexpr std::size_t kLongestMessage = 1 << 20;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

class Dialogue {
 public:
  Dialogue(net::World& world, std::unique_ptr<net::Stream> stream, const SmtpServer& server,
           Observation& seen)
      : world_(world),
        clear_(std::move(stream)),
        stream_(clear_.get()),
        server_(server),
        seen_(seen),
        secret_(server.secret) {}

  Task<void> run() {
    ++seen_.connections;
    seen_.reach(Reached::connection);
    if (co_await at(Point::greeting, "220 " + server_.name + " ESMTP startle")) {
      while (co_await serve_one()) {
      }
    }
    if (tls_ && !tls_->alert_received().empty()) seen_.alert = tls_->alert_received();
    for (const Deviation& deviation : server_.script.deviations) {
      if (std::find(met_.begin(), met_.end(), deviation.at) == met_.end()) {
        seen_.unmet.push_back(deviation.at);
      }
    }
  }

 private:
  // ---- bytes -----------------------------------------------------------------------------------

  // False: the client is gone or silent for too long.
  Task<bool> receive(net::Instant until) {
    stream_->set_deadline(until);
    const IoResult got = co_await stream_->read_some(chunk_);
    if (got.status != IoStatus::ok) co_return false;
    std::string& all = tls_ ? seen_.bytes_in_tls : seen_.bytes_in_clear;
    const std::size_t room =
        Observation::kMostBytes - std::min(all.size(), Observation::kMostBytes);
    all.append(chunk_.data(), std::min(got.count, room));
    buffer_.append(chunk_.data(), got.count);
    co_return true;
  }

  Task<bool> say(std::string bytes) {
    note("S", bytes);
    stream_->set_deadline(world_.now() + server_.patience);
    co_return (co_await stream_->write(bytes)).status == IoStatus::ok;
  }

  void note(std::string_view who, std::string_view bytes) {
    while (bytes.ends_with(kEndOfLine)) bytes.remove_suffix(kEndOfLine.size());
    std::string line(who);
    line += tls_ ? " (tls): " : ": ";
    seen_.dialogue.push_back(line + wire::printable(secret_.blotted(bytes)));
  }

  // Nothing: the connection is over.
  Task<std::optional<SmtpCommand>> next_line(bool is_secret) {
    while (true) {
      auto parsed = wire::parse_smtp_command(buffer_, wire::kAuthLine);
      if (auto* whole = std::get_if<wire::ParsedCommand>(&parsed)) {
        buffer_.erase(0, whole->consumed);
        note_command(whole->command, is_secret);
        co_return std::move(whole->command);
      }
      if (std::holds_alternative<wire::Malformed>(parsed)) {
        note("C", buffer_);
        co_await say("500 5.5.2 Lines end with CRLF\r\n");
        co_return std::nullopt;
      }
      if (!co_await receive(world_.now() + server_.patience)) co_return std::nullopt;
    }
  }

  void note_command(const SmtpCommand& command, bool is_secret) {
    std::string shown = is_secret ? "<answer>" : secret_.blotted(command.line);
    if (command.verb == "AUTH" && !is_secret) {
      // The initial response is a credential, ours or not.
      const std::size_t mechanism = command.argument.find(' ');
      if (mechanism != std::string::npos) {
        shown = "AUTH " + command.argument.substr(0, mechanism) + " <initial response>";
      }
    }
    shown = wire::printable(shown);
    if (tls_ && awaiting_reply_) ++seen_.commands_before_reply;
    awaiting_reply_ = true;
    note("C", shown);
    (tls_ ? seen_.tls_commands : seen_.clear_commands).push_back(std::move(shown));
  }

  // ---- the script ------------------------------------------------------------------------------

  // Says what the script says at `point`, or `usual`. False: the dialogue is over.
  Task<bool> at(Point point, std::string usual) {
    const Deviation* deviation = server_.script.at(point);
    if (deviation == nullptr) co_return co_await say_usual(point, usual);
    met_.push_back(point);
    bool went_ahead = false;
    for (const Step& step : deviation->steps) {
      if (const auto* send = std::get_if<Send>(&step)) {
        note_offer(point, send->bytes);
        note_injection(point, send->bytes, went_ahead);
        if (!co_await say(send->bytes)) co_return false;
      } else if (const auto* pause = std::get_if<Pause>(&step)) {
        co_await listen_for(pause->how_long);
      } else if (std::holds_alternative<Usual>(step)) {
        if (!co_await say_usual(point, usual)) co_return false;
      } else if (std::holds_alternative<StartTls>(step)) {
        if (!co_await start_tls()) co_return false;
      } else if (std::holds_alternative<Silence>(step)) {
        while (co_await receive(world_.now() + server_.patience)) {
        }
        co_return false;
      } else {
        if (std::holds_alternative<Close>(step)) {
          co_await leave();
        } else {
          stream_->reset();
        }
        co_return false;
      }
    }
    awaiting_reply_ = false;
    co_return true;
  }

  Task<bool> say_usual(Point point, const std::string& usual) {
    const std::string bytes = usual + "\r\n";
    note_offer(point, bytes);
    note_early_commands();
    if (!co_await say(bytes)) co_return false;
    awaiting_reply_ = false;
    if (point == Point::starttls && usual.starts_with("220")) co_return co_await start_tls();
    co_return true;
  }

  // What the client sends while we are silent it sends unasked.
  Task<void> listen_for(std::chrono::milliseconds how_long) {
    const net::Instant until = world_.now() + how_long;
    while (co_await receive(until)) {
    }
    note_early_commands();
  }

  void note_early_commands() {
    if (tls_ && awaiting_reply_ && !buffer_.empty()) ++seen_.commands_before_reply;
  }

  void note_offer(Point point, const std::string& bytes) {
    if (point != Point::ehlo && point != Point::ehlo_in_tls) return;
    const auto parsed = wire::parse_smtp_reply(bytes);
    const auto* whole = std::get_if<wire::ParsedReply>(&parsed);
    if (whole == nullptr) return;
    (point == Point::ehlo ? seen_.auth_offered_in_clear : seen_.auth_offered_in_tls) =
        wire::parse_capabilities(whole->reply).auth;
  }

  void note_injection(Point point, const std::string& bytes, bool& went_ahead) {
    if (point != Point::starttls) return;
    std::size_t behind = 0;
    if (!went_ahead) {
      const auto parsed = wire::parse_smtp_reply(bytes);
      const auto* whole = std::get_if<wire::ParsedReply>(&parsed);
      if (whole == nullptr || whole->reply.code != 220) return;
      went_ahead = true;
      behind = whole->consumed;
    }
    if (behind < bytes.size()) seen_.sent_behind_go_ahead = true;
  }

  Task<bool> start_tls() {
    seen_.reach(Reached::starttls);
    buffer_.clear();  // RFC 3207, 4.2: what came before TLS is discarded
    auto session = tls::Session::server(*clear_, server_.credentials);
    clear_->set_deadline(world_.now() + server_.patience);
    const tls::HandshakeResult result = co_await session->handshake();
    if (result.end == tls::HandshakeEnd::not_tls) {
      const std::string& plain = session->plain_text();
      seen_.bytes_in_clear += plain;
      note("C", plain);
      seen_.clear_commands.push_back(wire::printable(secret_.blotted(plain)));
      co_return false;
    }
    if (session->heard_anything()) {
      ++seen_.handshakes;
      seen_.reach(Reached::handshake);
    }
    seen_.server_name = session->server_name();
    tls_ = std::move(session);
    stream_ = tls_.get();
    if (result.end != tls::HandshakeEnd::established) co_return false;
    seen_.reach(Reached::tls);
    seen_.tls_version = tls_->version();
    awaiting_reply_ = false;
    co_return true;
  }

  // ---- a well-behaved server -------------------------------------------------------------------

  bool may_authenticate() const { return tls_ != nullptr || server_.script.accepts_in_clear; }

  Task<bool> serve_one() {
    const auto command = co_await next_line(false);
    if (!command) co_return false;
    const std::string& verb = command->verb;
    if (verb == "EHLO") co_return co_await ehlo();
    if (verb == "STARTTLS") co_return co_await starttls(*command);
    if (verb == "AUTH") co_return co_await auth(*command);
    if (verb == "MAIL") co_return co_await mail(*command);
    if (verb == "RCPT") co_return co_await rcpt(*command);
    if (verb == "DATA") co_return co_await data();
    if (verb == "QUIT") co_return co_await quit();
    if (verb == "HELO") co_return co_await plain("250 " + server_.name);
    if (verb == "RSET") {
      sender_.reset();
      recipients_ = 0;
      co_return co_await plain("250 2.0.0 Ok");
    }
    if (verb == "NOOP") co_return co_await plain("250 2.0.0 Ok");
    co_return co_await plain("500 5.5.2 Command not recognized");
  }

  Task<bool> plain(const std::string& reply) {
    note_early_commands();
    awaiting_reply_ = false;
    co_return co_await say(reply + "\r\n");
  }

  Task<bool> ehlo() {
    seen_.reach(tls_ ? Reached::ehlo_in_tls : Reached::ehlo);
    const std::string common =
        "250-" + server_.name +
        "\r\n250-SIZE 1048576\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n";
    if (tls_) co_return co_await at(Point::ehlo_in_tls, common + "250 AUTH PLAIN LOGIN");
    co_return co_await at(Point::ehlo, common + "250 STARTTLS");
  }

  Task<bool> starttls(const SmtpCommand& command) {
    seen_.reach(Reached::starttls);
    if (tls_) co_return co_await plain("503 5.5.1 TLS is active already");
    if (!command.argument.empty())
      co_return co_await plain("501 5.5.4 STARTTLS takes no parameter");
    co_return co_await at(Point::starttls, "220 2.0.0 Ready to start TLS");
  }

  Task<bool> auth(const SmtpCommand& command) {
    seen_.reach(Reached::auth);
    const std::string& argument = command.argument;
    const std::size_t space = std::min(argument.find(' '), argument.size());
    std::string mechanism = argument.substr(0, space);
    std::transform(mechanism.begin(), mechanism.end(), mechanism.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    if (tls_) seen_.auth_used_in_tls.push_back(mechanism);
    if (server_.script.at(Point::auth) != nullptr) co_return co_await at(Point::auth, "");
    if (!may_authenticate())
      co_return co_await plain("530 5.7.0 Must issue a STARTTLS command first");
    if (authenticated_) co_return co_await plain("503 5.5.1 Authenticated already");
    if (mechanism != "PLAIN" && mechanism != "LOGIN") {
      co_return co_await plain("504 5.5.4 Mechanism not known");
    }
    std::optional<std::string> initial;
    if (space < argument.size()) initial = argument.substr(space + 1);
    std::optional<std::pair<std::string, std::string>> given;
    bool connected = false;
    if (mechanism == "PLAIN") {
      connected = co_await sasl_plain(std::move(initial), given);
    } else {
      connected = co_await sasl_login(std::move(initial), given);
    }
    if (!connected) co_return false;
    if (!given) co_return co_await plain("501 5.5.2 This is no answer");
    const auto user = std::find_if(server_.users.begin(), server_.users.end(), [&](const User& u) {
      return u.name == given->first && u.password == given->second;
    });
    if (user == server_.users.end()) {
      co_return co_await plain("535 5.7.8 Authentication credentials invalid");
    }
    authenticated_ = &*user;
    seen_.authenticated = true;
    co_return co_await plain("235 2.7.0 Authentication successful");
  }

  // The answer to a challenge; nothing: not base64, or cancelled. False: the connection is over.
  Task<bool> challenge(std::string_view text, std::optional<std::string>& answer) {
    if (!co_await plain("334 " + std::string(text))) co_return false;
    const auto line = co_await next_line(true);
    if (!line) co_return false;
    answer = from_base64(line->line);
    co_return true;
  }

  using Credentials = std::optional<std::pair<std::string, std::string>>;

  Task<bool> sasl_plain(std::optional<std::string> initial, Credentials& given) {
    std::optional<std::string> message;
    if (initial) {
      message = *initial == "=" ? "" : from_base64(*initial);
    } else {
      if (!co_await challenge("", message)) co_return false;
    }
    if (!message) co_return true;
    // RFC 4616, 2: authzid NUL authcid NUL passwd
    const std::size_t first = message->find('\0');
    const std::size_t second = first == std::string::npos ? first : message->find('\0', first + 1);
    if (second == std::string::npos) co_return true;
    given.emplace(message->substr(first + 1, second - first - 1), message->substr(second + 1));
    co_return true;
  }

  Task<bool> sasl_login(std::optional<std::string> initial, Credentials& given) {
    std::optional<std::string> name;
    std::optional<std::string> password;
    if (initial) {
      name = from_base64(*initial);
    } else {
      if (!co_await challenge(to_base64("Username:"), name)) co_return false;
    }
    if (!name) co_return true;
    if (!co_await challenge(to_base64("Password:"), password)) co_return false;
    if (password) given.emplace(*name, *password);
    co_return true;
  }

  Task<bool> mail(const SmtpCommand& command) {
    seen_.reach(Reached::mail);
    co_return co_await at(Point::mail, reply_to_mail(command));
  }

  std::string reply_to_mail(const SmtpCommand& command) {
    if (!may_authenticate()) return "530 5.7.0 Must issue a STARTTLS command first";
    if (!authenticated_ && tls_) return "530 5.7.0 Authentication required";
    const auto path = wire::parse_path(command, "FROM");
    if (!path) return "501 5.5.4 This is no MAIL FROM:<address>";
    if (sender_) return "503 5.5.1 There is a sender already";
    if (authenticated_) {
      const auto& senders = authenticated_->senders;
      if (std::none_of(senders.begin(), senders.end(), [&](const std::string& s) {
            return equal_ignoring_case(s, path->address);
          })) {
        return "553 5.7.1 This user may not send from that address";
      }
    }
    sender_ = path->address;
    return "250 2.1.0 Ok";
  }

  Task<bool> rcpt(const SmtpCommand& command) {
    seen_.reach(Reached::rcpt);
    if (!sender_) co_return co_await plain("503 5.5.1 MAIL comes first");
    if (!wire::parse_path(command, "TO")) {
      co_return co_await plain("501 5.5.4 This is no RCPT TO:<address>");
    }
    ++recipients_;
    co_return co_await at(Point::rcpt, "250 2.1.5 Ok");
  }

  Task<bool> data() {
    seen_.reach(Reached::data);
    if (recipients_ == 0) co_return co_await plain("503 5.5.1 RCPT comes first");
    if (!co_await at(Point::data, "354 End data with <CR><LF>.<CR><LF>")) co_return false;
    if (const Deviation* d = server_.script.at(Point::data); d != nullptr && !goes_ahead(*d)) {
      co_return true;
    }
    while (true) {
      const auto parsed = wire::parse_smtp_data(buffer_, kLongestMessage);
      if (const auto* whole = std::get_if<wire::ParsedData>(&parsed)) {
        buffer_.erase(0, whole->consumed);
        break;
      }
      if (std::holds_alternative<wire::Malformed>(parsed)) {
        co_await say("552 5.3.4 The message is too long\r\n");
        co_return false;
      }
      if (!co_await receive(world_.now() + server_.patience)) co_return false;
    }
    note("C", "<message>");
    seen_.reach(Reached::message);
    sender_.reset();
    recipients_ = 0;
    awaiting_reply_ = true;
    const Deviation* deviation = server_.script.at(Point::message);
    if (deviation == nullptr) ++seen_.delivered;
    co_return co_await at(Point::message, "250 2.0.0 Ok: accepted");
  }

  // Whether a scripted reply to DATA lets the client send the message.
  static bool goes_ahead(const Deviation& deviation) {
    return std::any_of(deviation.steps.begin(), deviation.steps.end(), [](const Step& step) {
      const auto* send = std::get_if<Send>(&step);
      return std::holds_alternative<Usual>(step) || (send && send->bytes.starts_with("354"));
    });
  }

  Task<bool> quit() {
    seen_.reach(Reached::quit);
    if (tls_ && server_.script.at(Point::quit) == nullptr) tls_->hold_until_close();
    const bool going = co_await at(Point::quit, "221 2.0.0 Bye");
    if (!going) co_return false;
    if (tls_) co_await tls_->close_notify();
    co_await leave();
    co_return false;
  }

  // Says nothing more, and sees how the client leaves: to be gone before it is would break the
  // connection, not close it.
  Task<void> leave() {
    stream_->close();
    const net::Instant until = world_.now() + std::chrono::seconds(2);
    while (co_await receive(until)) {
    }
  }

  net::World& world_;
  std::unique_ptr<net::Stream> clear_;
  std::unique_ptr<tls::Session> tls_{};
  net::Stream* stream_;
  const SmtpServer& server_;
  Observation& seen_;
  const Secret secret_;
  // Not in the frame of the coroutine that reads: frames of kilobytes are slow to come by.
  std::array<char, 4096> chunk_;  // NOLINT: filled by reads
  std::string buffer_{};
  bool awaiting_reply_ = false;
  std::vector<Point> met_{};
  const User* authenticated_ = nullptr;
  std::optional<std::string> sender_{};
  unsigned recipients_ = 0;
};

}  // namespace

Task<void> serve_smtp(net::World& world, std::unique_ptr<net::Stream> stream,
                      const SmtpServer& server, Observation& seen) {
  Dialogue dialogue(world, std::move(stream), server, seen);
  co_await dialogue.run();
}

}  // namespace startle::fake
