#include "harness/client/smtp_client.h"

#include <memory>
#include <optional>
#include <utility>

#include "harness/base/words.h"
#include "harness/client/secure_connection.h"
#include "harness/client/smtp_channel.h"
#include "harness/client/smtp_sasl.h"
#include "harness/wire/smtp_command.h"
#include "harness/wire/smtp_data.h"

namespace startle::client {
namespace {

using net::Task;
using policy::Ending;
using wire::SmtpReply;

// One submission. Each step returns false once the ending is known.
class Submission final : private SecureConnection {
 public:
  using SecureConnection::SecureConnection;

  Task<Outcome> run(net::Connector& connector) {
    const bool connected = configured() && co_await connect(connector);
    if (connected) {
      channel_.emplace(world_, *clear_);
      const bool submitted = co_await submit();
      // The last line of a failed session is QUIT where the server still listens for one.
      if (!submitted) co_await leave();
      note_tls();
    }
    co_return std::move(outcome_);
  }

 private:
  Channel& channel() override { return *channel_; }
  bool wants_auth() const { return settings_.username || wants_external() || wants_tls(); }

  // ---- endings ---------------------------------------------------------------------------------

  bool end_on(const SmtpReply& reply, Ending ending, const std::string& what) {
    outcome_.reply_code = reply.code;
    outcome_.enhanced_code = reply.enhanced_code();
    outcome_.reply = reply.text();
    const bool closing = reply.code == 421;  // RFC 5321, 3.8: at any time, before closing
    return end(closing ? Ending::throttled : ending,
               what + ": " + std::to_string(reply.code) + " " + outcome_.reply);
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
    if (settings_.mechanism && !from_word<Mechanism>(*settings_.mechanism)) {
      return end(Ending::configuration_error,
                 "the mechanism `" + *settings_.mechanism +
                     "` is none of this client: " + comma_separated(kMechanisms));
    }
    const bool has_credential = wants_external() ? can_use_external() : has_password();
    return has_credential && can_trust();
  }

  bool has_password() {
    if (!wants_tls()) return true;
    if (!settings_.username || !settings_.password) {
      return end(Ending::configuration_error,
                 std::string(tls_attribute(settings_.mode)) + " needs " +
                     (settings_.username ? "a password" : "a username"));
    }
    if (settings_.password->empty() && !uses_java()) {
      return end(Ending::configuration_error, "the password is empty");
    }
    return true;
  }

  Task<bool> submit() {
    bool going = true;
    if (policy::is_implicit_tls(settings_.mode)) going = co_await handshake();
    if (going) going = co_await greeting();
    if (going) going = co_await hello();
    if (going && settings_.mode == policy::Mode::smtp_starttls) going = co_await start_tls();
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
    outcome_.phase = inside_tls() ? Phase::capabilities_in_tls : Phase::capabilities;
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
    if (reply->permanent_failure() && wants_tls() && !inside_tls()) {
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
    may_quit_ = false;
    if (!accepts_left_behind("go-ahead")) co_return false;
    if (!co_await handshake()) co_return false;
    co_return co_await hello_in_tls();
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
    const auto mechanism = decisions_.mechanism(capabilities_, inside_tls(), settings_);
    if (!mechanism) co_return end(Ending::auth_unavailable, no_mechanism());
    const SaslExchange sasl = sasl_exchange(*mechanism, settings_);
    auto reply = heard(co_await command(sasl.command));
    for (const std::string& answer : sasl.answers) {
      if (!reply || reply->code != 334) break;
      reply = heard(co_await command(answer));
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

  std::string no_mechanism() const {
    if (!inside_tls()) {
      return "a password is only ever sent inside TLS: configure starttls=\"true\"";
    }
    if (settings_.mechanism) return "the server does not offer AUTH " + *settings_.mechanism;
    return "the server offers neither AUTH PLAIN nor AUTH LOGIN inside TLS";
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
    reply = heard(co_await channel_->send(wire::dot_stuffed(settings_.message),
                                          settings_.timeouts.data_termination));
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

  wire::Capabilities capabilities_{};
  std::optional<SmtpChannel> channel_{};
};

}  // namespace

Task<Outcome> submit(net::World& world, net::Connector& connector, const Settings& settings,
                     const Decisions& decisions) {
  const auto submission = std::make_unique<Submission>(world, settings, decisions);
  co_return co_await submission->run(connector);
}

}  // namespace startle::client
