#include "fake-servers/smtp_server.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "fake-servers/smtp_recorder.h"
#include "harness/base/bytes.h"
#include "harness/tls/session.h"
#include "harness/wire/ascii.h"
#include "harness/wire/smtp_command.h"
#include "harness/wire/smtp_data.h"

namespace startle::fake {
namespace {

using net::IoResult;
using net::IoStatus;
using net::Task;
using wire::SmtpCommand;

constexpr std::size_t kLongestMessage = 1 << 20;

class Dialogue {
 public:
  Dialogue(net::World& world, std::unique_ptr<net::Stream> stream, const SmtpServer& server,
           Observation& seen)
      : world_(world),
        clear_(std::move(stream)),
        stream_(clear_.get()),
        server_(server),
        seen_(seen),
        recorder_(server.secret, seen) {}

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
    recorder_.heard({chunk_.data(), got.count});
    buffer_.append(chunk_.data(), got.count);
    co_return true;
  }

  Task<bool> say(std::string bytes) {
    recorder_.said(bytes);
    stream_->set_deadline(world_.now() + server_.patience);
    co_return (co_await stream_->write(bytes)).status == IoStatus::ok;
  }

  // Nothing: the connection is over.
  Task<std::optional<SmtpCommand>> next_line(bool is_answer) {
    while (true) {
      auto parsed = wire::parse_smtp_command(buffer_, wire::kAuthLine);
      if (auto* whole = std::get_if<wire::ParsedCommand>(&parsed)) {
        buffer_.erase(0, whole->consumed);
        recorder_.command(whole->command, is_answer);
        co_return std::move(whole->command);
      }
      if (std::holds_alternative<wire::Malformed>(parsed)) {
        recorder_.no_command(buffer_);
        co_await say("500 5.5.2 Lines end with CRLF\r\n");
        co_return std::nullopt;
      }
      if (!co_await receive(world_.now() + server_.patience)) co_return std::nullopt;
    }
  }

  // ---- the script ------------------------------------------------------------------------------

  // Says what the script says at `point`, or `usual`. False: the dialogue is over.
  Task<bool> at(Point point, std::string usual) {
    const Deviation* deviation = server_.script.at(point);
    if (deviation == nullptr) co_return co_await say_usual(point, usual);
    met_.push_back(point);
    std::string said;
    for (const Step& step : deviation->steps) {
      if (const auto* send = std::get_if<Send>(&step)) {
        recorder_.reply(point, said, send->bytes);
        said += send->bytes;
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
    recorder_.answered();
    co_return true;
  }

  Task<bool> say_usual(Point point, const std::string& usual) {
    if (point == Point::auth) co_return co_await authenticate();
    const std::string bytes = usual + "\r\n";
    recorder_.reply(point, "", bytes);
    recorder_.still_unanswered(!buffer_.empty());
    if (!co_await say(bytes)) co_return false;
    recorder_.answered();
    if (point == Point::starttls && usual.starts_with("220")) co_return co_await start_tls();
    co_return true;
  }

  // What the client sends while we are silent it sends unasked.
  Task<void> listen_for(std::chrono::milliseconds how_long) {
    const net::Instant until = world_.now() + how_long;
    while (co_await receive(until)) {
    }
    recorder_.still_unanswered(!buffer_.empty());
  }

  Task<bool> start_tls() {
    seen_.reach(Reached::starttls);
    buffer_.clear();  // RFC 3207, 4.2: what came before TLS is discarded
    auto session = tls::Session::server(*clear_, server_.credentials);
    clear_->set_deadline(world_.now() + server_.patience);
    const tls::HandshakeResult result = co_await session->handshake();
    if (result.end == tls::HandshakeEnd::not_tls) {
      recorder_.heard(session->plain_text());
      recorder_.no_command(session->plain_text());
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
    recorder_.enter_tls();
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
    recorder_.still_unanswered(!buffer_.empty());
    recorder_.answered();
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
    mechanism_ = wire::upper_case(argument.substr(0, space));
    initial_response_.reset();
    if (space < argument.size()) initial_response_ = argument.substr(space + 1);
    if (tls_) seen_.auth_used_in_tls.push_back(mechanism_);
    co_return co_await at(Point::auth, "");
  }

  // What a well-behaved server makes of the AUTH command.
  Task<bool> authenticate() {
    if (!may_authenticate())
      co_return co_await plain("530 5.7.0 Must issue a STARTTLS command first");
    if (authenticated_) co_return co_await plain("503 5.5.1 Authenticated already");
    if (mechanism_ != "PLAIN" && mechanism_ != "LOGIN") {
      co_return co_await plain("504 5.5.4 Mechanism not known");
    }
    std::optional<std::pair<std::string, std::string>> given;
    bool connected = false;
    if (mechanism_ == "PLAIN") {
      connected = co_await sasl_plain(initial_response_, given);
    } else {
      connected = co_await sasl_login(initial_response_, given);
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
            return wire::upper_case(s) == wire::upper_case(path->address);
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
    recorder_.message();
    seen_.reach(Reached::message);
    sender_.reset();
    recipients_ = 0;
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
  // Not in the frame of the coroutine that reads: frames of kilobytes are slow to come by.
  std::array<char, 4096> chunk_;  // NOLINT: filled by reads
  SmtpRecorder recorder_;
  std::string buffer_{};
  std::vector<Point> met_{};
  std::string mechanism_{};  // of the last AUTH, upper-cased
  std::optional<std::string> initial_response_{};
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
