#include "harness/client/smtp_client.h"

#include <optional>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/client/smtp_channel.h"
#include "harness/client/trust.h"
#include "harness/tls/session.h"
#include "harness/wire/printable.h"
#include "harness/wire/smtp_command.h"
#include "harness/wire/smtp_data.h"

namespace startle::client {
namespace {

using net::Task;
using policy::Ending;
using policy::TrustModel;
using wire::SmtpReply;

// One submission. Each step returns false once the ending is known.
class Submission {
 public:
  Submission(net::World& world, const Settings& settings, const Decisions& decisions)
      : world_(world), settings_(settings), decisions_(decisions) {}

  Task<Outcome> run(net::Connector& connector) {
    const bool connected = configured() && co_await connect(connector);
    if (connected) {
      const bool submitted = co_await submit();
      // The last line of a failed session is QUIT where the server still listens for one.
      if (!submitted) co_await leave();
      if (tls_) note_tls();
    }
    co_return std::move(outcome_);
  }

 private:
  bool wants_tls() const { return policy::demands_tls(settings_.mode); }
  bool wants_auth() const { return settings_.username.has_value() || wants_tls(); }

  // ---- endings ---------------------------------------------------------------------------------

  bool end(Ending ending, std::string sentence) {
    outcome_.ending = ending;
    outcome_.sentence = std::move(sentence);
    return false;
  }

  bool end_on(const SmtpReply& reply, Ending ending, const std::string& what) {
    outcome_.reply_code = reply.code;
    outcome_.enhanced_code = reply.enhanced_code();
    outcome_.reply = reply.text();
    const bool closing = reply.code == 421;  // RFC 5321, 3.8: at any time, before closing
    return end(closing ? Ending::throttled : ending,
               what + ": " + std::to_string(reply.code) + " " + outcome_.reply);
  }

  bool end_without(const Silence& silence) {
    may_quit_ = false;
    const std::string where = " (" + std::string(word(outcome_.phase)) + ")";
    switch (silence.why) {
      case NoReply::closed:
        return end(Ending::connection_lost, "the server closed the connection" + where);
      case NoReply::timed_out:
        return end(Ending::timeout, "the server did not answer in time" + where);
      case NoReply::malformed:
        return end(Ending::protocol_error,
                   "the server's reply is malformed: " + silence.detail + where);
      case NoReply::unasked:
        break;
    }
    return end(Ending::protocol_error, silence.detail + where);
  }

  // The reply, or nothing once the ending is known.
  std::optional<SmtpReply> heard(Answer answer) {
    if (auto* reply = std::get_if<SmtpReply>(&answer)) return std::move(*reply);
    end_without(std::get<Silence>(answer));
    return std::nullopt;
  }

  // ---- steps -----------------------------------------------------------------------------------

  bool configured() {
    outcome_.phase = Phase::configuration;
    if (!wants_tls()) return true;
    if (!settings_.username || !settings_.password) {
      return end(Ending::configuration_error,
                 std::string("starttls=\"true\" needs ") +
                     (settings_.username ? "a password" : "a username"));
    }
    const bool java =
        settings_.trust_model == TrustModel::javamail || settings_.trust_model == TrustModel::angus;
    if (settings_.password->empty() && !java) {
      return end(Ending::configuration_error, "the password is empty");
    }
    std::string why;
    auto trust = read_trust(settings_, why);
    if (!trust) return end(Ending::configuration_error, why);
    trust_ = std::move(*trust);
    return true;
  }

  Task<bool> connect(net::Connector& connector) {
    outcome_.phase = Phase::connect;
    auto connected = co_await connector.connect(settings_.host, settings_.port,
                                                world_.now() + settings_.timeouts.connect);
    if (!connected.stream) co_return end(Ending::not_connected, connected.why);
    channel_.emplace(world_, std::move(connected.stream));
    co_return true;
  }

  Task<bool> submit() {
    bool going = co_await greeting();
    if (going) going = co_await hello();
    if (going && wants_tls()) going = co_await start_tls();
    if (going && wants_auth()) going = co_await authenticate();
    if (going) going = co_await send_message();
    co_return going;
  }

  Task<bool> greeting() {
    outcome_.phase = Phase::greeting;
    const auto reply = heard(co_await channel_->reply(settings_.timeouts.greeting));
    if (!reply) co_return false;
    if (reply->code == 220) co_return true;
    if (reply->positive_completion() || reply->positive_intermediate()) {
      co_return end_on(*reply, Ending::protocol_error, "this is no greeting");
    }
    co_return end_on(*reply,
                     reply->transient_failure() ? Ending::throttled : Ending::refused_by_server,
                     "the server refuses to serve");
  }

  Task<bool> hello() {
    outcome_.phase = Phase::capabilities;
    auto reply = heard(co_await command("EHLO " + settings_.ehlo_name));
    if (!reply) co_return false;
    if (reply->permanent_failure() && !wants_tls() && !wants_auth()) {
      // RFC 5321, 3.2. HELO knows no extension, so it is of no use where TLS or AUTH is wanted.
      reply = heard(co_await command("HELO " + settings_.ehlo_name));
      if (!reply) co_return false;
    }
    if (reply->code == 250) {
      capabilities_ = wire::parse_capabilities(*reply);
      co_return true;
    }
    if (reply->permanent_failure() && wants_tls()) {
      co_return end_on(*reply, Ending::starttls_not_supported, "the server refuses EHLO");
    }
    co_return end_on(*reply, unexpected(*reply), "the server refuses EHLO");
  }

  Task<bool> start_tls() {
    outcome_.phase = Phase::starttls;
    if (!decisions_.starts_tls(capabilities_)) {
      if (decisions_.goes_on_in_clear(std::nullopt)) co_return true;
      co_return end(Ending::starttls_not_supported, "the server does not offer STARTTLS");
    }
    const auto reply = heard(co_await command("STARTTLS"));
    if (!reply) co_return false;
    if (!decisions_.is_go_ahead(*reply)) {
      if (decisions_.goes_on_in_clear(reply)) co_return true;
      // 2yz and 3yz leave open what the server does next: nothing more may be said in clear.
      const bool refused = reply->transient_failure() || reply->permanent_failure();
      may_quit_ = refused;
      co_return end_on(*reply, refused ? Ending::starttls_refused : Ending::protocol_error,
                       refused ? "the server refuses STARTTLS" : "only 220 is a go-ahead");
    }
    may_quit_ = false;  // not in clear any more, and in TLS only once it stands
    switch (channel_->left_behind().empty() ? LeftBehind::discard
                                            : decisions_.left_behind(channel_->left_behind())) {
      case LeftBehind::abort:
        co_return end(Ending::protocol_error,
                      "the server sent plain text behind its go-ahead (response injection)");
      case LeftBehind::discard:
        channel_->discard_left_behind();
        break;
      case LeftBehind::believe:
        channel_->allow_unasked_bytes();
        break;
    }
    if (!co_await handshake()) co_return false;
    co_return co_await hello_in_tls();
  }

  Task<bool> handshake() {
    outcome_.phase = Phase::handshake;
    std::optional<Refusal> refusal;
    const auto verify = [&](const tls::PeerChain& chain) -> std::optional<tls::Alert> {
      refusal =
          decisions_.certificate(check_certificate(chain, trust_, settings_), chain, settings_);
      if (!refusal) return std::nullopt;
      return alert_for(refusal->ending);
    };
    const bool java =
        settings_.trust_model == TrustModel::javamail || settings_.trust_model == TrustModel::angus;
    tls_ = tls::Session::client(channel_->clear(), settings_.host, verify,
                                java ? tls::Strength::any : tls::Strength::medium);
    channel_->set_deadline(settings_.timeouts.handshake);
    const tls::HandshakeResult result = co_await tls_->handshake();
    using enum tls::HandshakeEnd;
    switch (result.end) {
      case established:
        channel_->switch_to(*tls_);
        may_quit_ = true;
        co_return true;
      case refused:
        co_return end(refusal->ending, refusal->sentence);
      case not_tls:
        co_return end(Ending::protocol_error, result.text);
      case alert_received:
      case failed:
        co_return end(Ending::handshake_failure, result.text);
      case timed_out:
        co_return end(Ending::timeout, result.text);
      case closed:
      case broken:
        break;
    }
    co_return end(Ending::connection_lost, result.text);
  }

  Task<bool> hello_in_tls() {
    outcome_.phase = Phase::capabilities_in_tls;
    const auto reply = heard(co_await command("EHLO " + settings_.ehlo_name));
    if (!reply) co_return false;
    std::optional<wire::Capabilities> after;
    if (reply->code == 250) after = wire::parse_capabilities(*reply);
    capabilities_ = decisions_.in_effect(capabilities_, after);
    if (after || !capabilities_.keywords.empty()) co_return true;
    co_return end_on(*reply, unexpected(*reply), "the server refuses EHLO inside TLS");
  }

  Task<bool> authenticate() {
    outcome_.phase = Phase::authentication;
    const auto mechanism = decisions_.mechanism(capabilities_, tls_ != nullptr);
    if (!mechanism) {
      co_return end(Ending::auth_unavailable,
                    tls_ ? "the server offers neither AUTH PLAIN nor AUTH LOGIN inside TLS"
                         : "a password is only ever sent inside TLS: configure starttls=\"true\"");
    }
    std::optional<SmtpReply> reply;
    if (*mechanism == Mechanism::plain) {
      reply = co_await auth_plain();
    } else {
      reply = co_await auth_login();
    }
    if (!reply) co_return false;
    if (decisions_.is_authenticated(*reply)) co_return true;
    if (reply->positive_completion() || reply->positive_intermediate()) {
      co_return end_on(*reply, Ending::protocol_error, "this is no reply to AUTH");
    }
    // RFC 4954, 6: 454 is a failure of the server, 5yz says that these credentials will not do.
    co_return end_on(*reply,
                     reply->transient_failure() ? Ending::auth_unavailable : Ending::auth_rejected,
                     "the server refuses the credentials");
  }

  // RFC 4616, 2. Without initial response where the line would be too long (RFC 4954, 4).
  Task<std::optional<SmtpReply>> auth_plain() {
    const std::string secret = to_base64(std::string(1, '\0') + settings_.username.value_or("") +
                                         std::string(1, '\0') + settings_.password.value_or(""));
    const std::string one_line = "AUTH PLAIN " + secret;
    if (one_line.size() + 2 <= wire::kCommandLine) co_return heard(co_await command(one_line));
    auto reply = heard(co_await command("AUTH PLAIN"));
    if (reply && reply->code == 334) reply = heard(co_await command(secret));
    co_return reply;
  }

  // draft-murchison-sasl-login-00: the answers go by position, whatever the prompts say.
  Task<std::optional<SmtpReply>> auth_login() {
    auto reply = heard(co_await command("AUTH LOGIN"));
    for (const auto& answer : {settings_.username, settings_.password}) {
      if (!reply || reply->code != 334) break;
      reply = heard(co_await command(to_base64(answer.value_or(""))));
    }
    co_return reply;
  }

  Task<bool> send_message() {
    outcome_.phase = Phase::sender;
    auto reply = heard(co_await command("MAIL FROM:<" + settings_.sender + ">"));
    if (!reply) co_return false;
    if (!reply->positive_completion())
      co_return end_on(*reply, sender_ending(*reply), "MAIL is refused");

    outcome_.phase = Phase::recipient;
    reply = heard(co_await command("RCPT TO:<" + settings_.recipient + ">"));
    if (!reply) co_return false;
    if (!reply->positive_completion())
      co_return end_on(*reply, rejected(*reply), "RCPT is refused");

    outcome_.phase = Phase::message;
    reply = heard(co_await channel_->command("DATA", settings_.timeouts.data_initiation));
    if (!reply) co_return false;
    if (reply->code != 354) co_return end_on(*reply, rejected(*reply), "DATA is refused");
    const std::string content = wire::dot_stuffed(settings_.message);
    reply = heard(co_await channel_->send(content, settings_.timeouts.data_termination));
    if (!reply) co_return false;
    if (!reply->positive_completion()) {
      co_return end_on(*reply, rejected(*reply), "the message is refused");
    }
    outcome_.phase = Phase::quit;
    end(tls_ ? Ending::delivered : Ending::delivered_in_clear,
        tls_ ? "delivered inside " + tls_->version() : "delivered without TLS");
    co_await leave();
    co_return true;
  }

  // Whatever comes back, or does not, changes nothing any more (RFC 5321, 4.1.1.10).
  Task<void> leave() {
    if (!std::exchange(may_quit_, false)) co_return;
    channel_->discard_left_behind();
    const Answer goodbye = co_await channel_->command("QUIT", settings_.timeouts.command);
    const auto* silence = std::get_if<Silence>(&goodbye);
    if (tls_ && (silence == nullptr || silence->why != NoReply::closed))
      co_await tls_->close_notify();
  }

  Task<Answer> command(std::string line) {
    return channel_->command(std::move(line), settings_.timeouts.command);
  }

  static Ending unexpected(const SmtpReply& reply) {
    if (reply.permanent_failure()) return Ending::refused_by_server;
    return reply.transient_failure() ? Ending::throttled : Ending::protocol_error;
  }
  static Ending rejected(const SmtpReply& reply) {
    const bool failure = reply.permanent_failure() || reply.transient_failure();
    return failure ? Ending::message_rejected : Ending::protocol_error;
  }
  // RFC 4954, 6: 530 asks for authentication. 5.7.1 and 553 say "not from this address".
  static Ending sender_ending(const SmtpReply& reply) {
    if (reply.code == 530) return Ending::auth_unavailable;
    const bool not_authorized = reply.code == 553 || reply.enhanced_code() == "5.7.1";
    return not_authorized ? Ending::sender_not_authorized : rejected(reply);
  }

  void note_tls() {
    outcome_.tls_version = tls_->version();
    outcome_.alert_sent = tls_->alert_sent();
    outcome_.alert_received = tls_->alert_received();
  }

  net::World& world_;
  const Settings& settings_;
  const Decisions& decisions_;
  Outcome outcome_{};
  Trust trust_{};
  wire::Capabilities capabilities_{};
  bool may_quit_ = true;
  std::optional<SmtpChannel> channel_{};
  std::unique_ptr<tls::Session> tls_{};  // after channel_: it writes through the channel's stream
};

}  // namespace

Task<Outcome> submit(net::World& world, net::Connector& connector, const Settings& settings,
                     const Decisions& decisions) {
  Submission submission(world, settings, decisions);
  co_return co_await submission.run(connector);
}

}  // namespace startle::client
