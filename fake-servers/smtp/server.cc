#include "fake-servers/smtp/server.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "fake-servers/dialogue/dialogue.h"
#include "fake-servers/sasl/conversation.h"
#include "fake-servers/sasl/scram_message.h"
#include "fake-servers/smtp/recorder.h"
#include "harness/base/bytes.h"
#include "harness/base/text.h"
#include "harness/wire/smtp_command.h"
#include "harness/wire/smtp_data.h"

namespace startle::fake {
namespace {

using wire::SmtpCommand;

constexpr std::size_t kLongestMessage = 1 << 20;
constexpr std::string_view kTlsFirst = "530 5.7.0 Must issue a STARTTLS command first";
// RFC 4954, 4 and 6: the line of the command is no longer for its initial response.
constexpr std::string_view kLineTooLong = "500 5.5.6 Authentication Exchange line is too long";

class SmtpConversation final : public Conversation {
 public:
  SmtpConversation(const Server& server, Observation& seen)
      : server_(server), seen_(seen), recorder_(server.secret, seen) {}

  std::optional<Request> opened() override {
    return at(Point::greeting, "220 " + server_.name + " ESMTP startle");
  }

  std::optional<Request> next(std::string& buffer) override {
    if (expected_ == Expected::message) return next_message(buffer);
    auto parsed = wire::parse_smtp_command(buffer, wire::kAuthLine);
    if (auto* whole = std::get_if<wire::ParsedCommand>(&parsed)) {
      buffer.erase(0, whole->consumed);
      const bool is_answer = expected_ == Expected::answer;
      recorder_.command(whole->command, is_answer);
      if (!is_answer) return request(whole->command);
      answer_ = std::move(whole->command.line);
      return Request{};
    }
    if (!std::holds_alternative<wire::Malformed>(parsed)) return std::nullopt;
    recorder_.no_command(buffer);
    const std::size_t length = std::min(buffer.find_first_of("\r\n"), buffer.size());
    const bool too_long = length + 2 > wire::kAuthLine;
    return give_up(too_long ? "500 5.5.2 Line too long" : "500 5.5.2 Lines end with CRLF");
  }

  ServerAnswer usual() override {
    ServerAnswer answer;
    if (auth_asked_) {
      auth_asked_ = false;
      reply_ = authenticate();
    } else if (answer_) {
      reply_ = go_on(*std::exchange(answer_, std::nullopt));
    }
    answer.unfinished = expected_ == Expected::answer;
    answer.starts_tls = std::exchange(go_ahead_, false);
    answer.bytes = std::move(reply_);
    answer.bytes += "\r\n";
    return answer;
  }

  std::string responded(const Respond& step) override {
    return std::to_string(step.code) + " " + step.diagnostic + "\r\n";
  }

  void tls_started(const tls::Session& session) override {
    in_tls_ = true;
    channel_.begin(session);
    begin_anew();
    if (!server_.client_anchors) return;
    const tls::PeerChain chain = session.peer_chain();
    certificate_shown_ = chain.size() > 0;
    certified_ = user_of(chain, *server_.client_anchors, server_.users);
  }
  void tls_ended() override {
    in_tls_ = false;
    begin_anew();
  }
  Recorder& recorder() override { return recorder_; }

 private:
  // What the client's next bytes are.
  enum class Expected { command, answer, message };

  Request at(Point point, std::string usual) {
    reply_ = std::move(usual);
    return Request{.at = point};
  }
  Request plain(std::string_view reply) {
    reply_ = reply;
    return Request{};
  }
  Request give_up(std::string_view reply) {
    expected_ = Expected::command;
    reply_ = reply;
    return Request{.last = true};
  }

  bool may_authenticate() const { return in_tls_ || server_.script.accepts_in_clear; }

  Request request(const SmtpCommand& command) {
    const std::string& verb = command.verb;
    go_ahead_ = false;
    auth_asked_ = false;
    if (verb == "EHLO") return ehlo();
    if (verb == "STARTTLS") return starttls(command);
    if (verb == "AUTH") return auth(command);
    if (verb == "MAIL") return mail(command);
    if (verb == "RCPT") return rcpt(command);
    if (verb == "DATA") return data();
    if (verb == "QUIT") return quit();
    if (verb == "HELO") return helo();
    if (verb == "RSET") {
      reset();
      return plain("250 2.0.0 Ok");
    }
    if (verb == "NOOP") return plain("250 2.0.0 Ok");
    return plain("500 5.5.2 Command not recognized");
  }

  // RFC 5321, 4.1.1.5, and with EHLO and HELO 4.1.4: no mail is begun.
  void reset() {
    sender_.reset();
    recipients_ = 0;
  }
  // RFC 3207, 4.2: as behind the greeting. Nothing that the client has said before counts.
  void begin_anew() {
    reset();
    authenticated_ = nullptr;
    sasl_.reset();
  }

  Request helo() {
    reset();
    const std::string usual = "250 " + server_.name;
    return in_tls_ ? plain(usual) : at(Point::helo, usual);
  }

  Request ehlo() {
    reset();
    seen_.reach(in_tls_ ? Reached::ehlo_in_tls : Reached::ehlo);
    std::string lines = "250-" + server_.name + "\r\n250-SIZE 1048576\r\n250-8BITMIME\r\n";
    std::string auth;
    for (const std::string& mechanism : offered()) auth += " " + mechanism;
    if (!in_tls_) {
      if (!auth.empty()) lines += "250-AUTH" + auth + "\r\n";
      return at(Point::ehlo, lines + "250-ENHANCEDSTATUSCODES\r\n250 STARTTLS");
    }
    if (auth.empty()) return at(Point::ehlo_in_tls, lines + "250 ENHANCEDSTATUSCODES");
    return at(Point::ehlo_in_tls, lines + "250-ENHANCEDSTATUSCODES\r\n250 AUTH" + auth);
  }

  Request starttls(const SmtpCommand& command) {
    seen_.reach(Reached::starttls);
    if (in_tls_) return plain("503 5.5.1 TLS is active already");
    if (!command.argument.empty()) return plain("501 5.5.4 STARTTLS takes no parameter");
    go_ahead_ = true;
    return at(Point::starttls, "220 2.0.0 Ready to start TLS");
  }

  // ---- AUTH ------------------------------------------------------------------------------------

  Request auth(const SmtpCommand& command) {
    seen_.reach(Reached::auth);
    if (command.line.size() + 2 > wire::kCommandLine) {
      return at(Point::auth, std::string(kLineTooLong));
    }
    const std::string& argument = command.argument;
    const std::size_t space = std::min(argument.find(' '), argument.size());
    mechanism_ = ascii_upper(argument.substr(0, space));
    initial_response_.reset();
    if (space < argument.size()) initial_response_ = argument.substr(space + 1);
    if (in_tls_) seen_.use_in_tls(mechanism_);
    auth_asked_ = true;
    return at(Point::auth, "");
  }

  std::vector<std::string> offered() {
    std::vector<std::string> usual;
    if (in_tls_) usual.assign(kUsualSmtpMechanisms.begin(), kUsualSmtpMechanisms.end());
    if (certificate_shown_) usual.emplace_back("EXTERNAL");
    const bool asks = offers_binding(server_.sasl_mechanisms);
    return offered_mechanisms(server_, in_tls_, std::move(usual),
                              asks && channel_.binding().has_value());
  }

  // What a well-behaved server makes of the AUTH command.
  std::string authenticate() {
    if (!may_authenticate()) return std::string(kTlsFirst);
    if (authenticated_ != nullptr) return "503 5.5.1 Authenticated already";
    const auto mechanism = played_mechanism(server_, mechanism_, {"PLAIN", "LOGIN", "EXTERNAL"});
    if (!mechanism) return "504 5.5.4 Mechanism not known";
    SaslSurroundings around{.framing = words::SaslFraming::base64_lines};
    around.user_called = [this](const std::string& name) { return user_called(name); };
    around.certified = certified_;
    // RFC 4422, A: whoever is authenticated may act as nobody but himself.
    around.is_himself = [this](const std::string& name) {
      return name.empty() || name == certified_->name;
    };
    if (sasl::is_scram(*mechanism)) {
      around.channel = channel_.binding();
      around.can_bind = can_bind(server_, offered());
    }
    sasl_.emplace(*mechanism, server_, std::move(around), seen_);
    if (!initial_response_) return proceed(sasl_->step(std::nullopt));
    // RFC 4954, 4: "=" is an initial response of no length.
    return *initial_response_ == "=" ? proceed(sasl_->step("")) : go_on(*initial_response_);
  }

  // `line` is what the client says in the exchange.
  std::string go_on(const std::string& line) {
    // Whoever leaves, or has not heard the challenge, has answered nothing, though QUIT is base64
    // of something.
    const std::string verb = ascii_upper(line.substr(0, line.find(' ')));
    const bool elsewhere = line == "*" || is_smtp_command(verb);
    const auto message = elsewhere ? std::nullopt : from_base64(line);
    if (message) return proceed(sasl_->step(message));
    if (!elsewhere) sasl_->answered();
    return proceed({.kind = SaslReply::Kind::nonsense});
  }

  std::string proceed(const SaslReply& reply) {
    expected_ = Expected::command;
    switch (reply.kind) {
      case SaslReply::Kind::challenge:
        expected_ = Expected::answer;
        return continuation(in_base64(reply));
      case SaslReply::Kind::success:
        authenticated_ = sasl_->user();
        seen_.authenticated = true;
        return "235 2.7.0 " +
               (reply.remark.empty() ? "Authentication successful" : to_base64(reply.remark));
      case SaslReply::Kind::failure:
        return "535 5.7.8 Authentication credentials invalid";
      case SaslReply::Kind::nonsense:
        return "501 5.5.2 This is no answer";
      case SaslReply::Kind::result:
        return *server_.script.sasl.result;
    }
    return {};
  }

  std::string continuation(const std::string& text) const {
    const bool bare = text.empty() && server_.script.sasl.lie == SaslLie::no_space;
    return bare ? "334" : "334 " + text;
  }

  static std::string in_base64(const SaslReply& challenge) {
    std::string text = to_base64(challenge.data.value_or(""));
    // RFC 4954, 4: not to be skipped. Who skips them reads the right challenge.
    if (challenge.spoilt) text.insert(text.size() / 2, "!!");
    return text;
  }

  const User* user_called(const std::string& name) const {
    const auto user = std::find_if(server_.users.begin(), server_.users.end(),
                                   [&](const User& u) { return is_called(u.name, name); });
    return user == server_.users.end() ? nullptr : &*user;
  }

  // ---- mail ------------------------------------------------------------------------------------

  Request mail(const SmtpCommand& command) {
    seen_.reach(Reached::mail);
    return at(Point::mail, reply_to_mail(command));
  }

  std::string reply_to_mail(const SmtpCommand& command) {
    if (!may_authenticate()) return std::string(kTlsFirst);
    if (authenticated_ == nullptr && in_tls_ && !server_.script.accepts_unauthenticated) {
      return "530 5.7.0 Authentication required";
    }
    const auto path = wire::parse_path(command, "FROM");
    if (!path) return "501 5.5.4 This is no MAIL FROM:<address>";
    if (sender_) return "503 5.5.1 There is a sender already";
    if (authenticated_ != nullptr) {
      const auto& senders = authenticated_->senders;
      if (std::none_of(senders.begin(), senders.end(), [&](const std::string& s) {
            return ascii_upper(s) == ascii_upper(path->address);
          })) {
        return "553 5.7.1 This user may not send from that address";
      }
    }
    sender_ = path->address;
    return "250 2.1.0 Ok";
  }

  Request rcpt(const SmtpCommand& command) {
    seen_.reach(Reached::rcpt);
    if (!sender_) return plain("503 5.5.1 MAIL comes first");
    if (!wire::parse_path(command, "TO")) return plain("501 5.5.4 This is no RCPT TO:<address>");
    ++recipients_;
    return at(Point::rcpt, "250 2.1.5 Ok");
  }

  Request data() {
    seen_.reach(Reached::data);
    if (recipients_ == 0) return plain("503 5.5.1 RCPT comes first");
    const Deviation* deviation = server_.script.at(Point::data);
    if (deviation == nullptr || goes_ahead(*deviation)) expected_ = Expected::message;
    return at(Point::data, "354 End data with <CR><LF>.<CR><LF>");
  }

  // Whether a scripted reply to DATA lets the client send the message.
  static bool goes_ahead(const Deviation& deviation) {
    return std::any_of(deviation.steps.begin(), deviation.steps.end(), [](const Step& step) {
      const auto* send = std::get_if<Send>(&step);
      const auto* respond = std::get_if<Respond>(&step);
      return std::holds_alternative<Usual>(step) || (send && send->bytes.starts_with("354")) ||
             (respond && respond->code == 354);
    });
  }

  std::optional<Request> next_message(std::string& buffer) {
    const auto parsed = wire::parse_smtp_data(buffer, kLongestMessage);
    if (std::holds_alternative<wire::NeedMore>(parsed)) return std::nullopt;
    expected_ = Expected::command;
    const auto* whole = std::get_if<wire::ParsedData>(&parsed);
    if (whole == nullptr) return give_up("552 5.3.4 The message is too long");
    buffer.erase(0, whole->consumed);
    recorder_.message();
    seen_.reach(Reached::message);
    reset();
    return at(Point::message, "250 2.0.0 Ok: accepted");
  }

  Request quit() {
    seen_.reach(Reached::quit);
    Request request = at(Point::quit, "221 2.0.0 Bye");
    request.last = true;
    return request;
  }

  const Server& server_;
  Observation& seen_;
  SmtpRecorder recorder_;
  bool in_tls_ = false;
  Expected expected_ = Expected::command;
  std::string reply_{};  // to the last request, without CRLF

  bool go_ahead_ = false;    // the reply is the go-ahead to TLS
  bool auth_asked_ = false;  // the request is an AUTH command
  std::string mechanism_{};  // of the last AUTH, upper-cased
  std::optional<std::string> initial_response_{};
  std::optional<SaslConversation> sasl_{};  // the last exchange
  std::optional<std::string> answer_{};     // a line of the client's in it
  // What was said inside TLS is bound to it, though it is over when it comes to be answered.
  Channel channel_{};
  bool certificate_shown_ = false;
  const User* certified_ = nullptr;  // whom the client's certificate stands for
  const User* authenticated_ = nullptr;

  std::optional<std::string> sender_{};
  unsigned recipients_ = 0;
};

}  // namespace

std::unique_ptr<Conversation> make_smtp_conversation(const Server& server, Observation& seen) {
  return std::make_unique<SmtpConversation>(server, seen);
}

}  // namespace startle::fake
