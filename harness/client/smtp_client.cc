#include "harness/client/smtp_client.h"

#include <memory>
#include <optional>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/client/sasl_authentication.h"
#include "harness/client/secure_connection.h"
#include "harness/client/smtp_channel.h"
#include "harness/wire/smtp_data.h"

namespace startle::client {
namespace {

using net::Task;
using wire::SmtpReply;
using words::Ending;

// What is shown of a reply, whose text is printable; a character is not cut in two.
std::string bounded(std::string text) {
  constexpr std::size_t kLongestText = 512;
  if (text.size() <= kLongestText) return text;
  std::size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
  text.resize(end);
  return text;
}

// One submission. Each step returns false once the ending is known.
class SmtpClient final : private SecureConnection, public Conversation {
 public:
  using SecureConnection::SecureConnection;

  Task<Outcome> run(net::Connector& connector) override {
    const bool connected = configured() && co_await connect(connector);
    if (connected) {
      channel_.emplace(world_, *clear_, decisions_, decisions_.longest_challenge());
      const bool submitted = co_await submit();
      // The last line of a session that went no further is QUIT where the server still listens.
      if (!submitted) co_await leave();
    }
    co_return finished();
  }

  // RFC 5321, 3.3: mail after mail.
  Task<Outcome> again() override {
    outcome_ = {};
    const bool sent = co_await send_message();
    if (!sent) co_await leave();
    co_return finished();
  }
  bool is_open() const override { return may_quit_; }
  Task<void> close() override { co_await leave(); }

 private:
  Channel& channel() override { return *channel_; }
  bool wants_auth() const {
    return settings_.username || wants_external() || (wants_tls() && !is_unauthenticated());
  }
  // As JavaMail where mail.smtp.auth is not set.
  bool is_unauthenticated() const {
    return uses_java() && !settings_.username && !settings_.password && !settings_.mechanism;
  }

  // ---- endings ---------------------------------------------------------------------------------

  bool end_on(const SmtpReply& reply, Ending ending, const std::string& what) {
    outcome_.reply_code = reply.code;
    outcome_.enhanced_code = reply.enhanced_code();
    outcome_.reply = bounded(reply.text());
    const bool closing = decisions_.is_closing(reply);
    return end(closing ? Ending::throttled : ending,
               what + ": " + std::to_string(reply.code) + " " + outcome_.reply);
  }

  void note(const SmtpReply& reply) {
    phases_.hear({.code = reply.code,
                  .enhanced_code = reply.enhanced_code(),
                  .text = bounded(reply.text())});
  }

  // The reply, or nothing once the ending is known.
  std::optional<SmtpReply> heard(SmtpAnswer answer) {
    if (auto* reply = std::get_if<SmtpReply>(&answer)) {
      note(*reply);
      return std::move(*reply);
    }
    end_without(std::get<NoReply>(answer));
    return std::nullopt;
  }

  // ---- steps -----------------------------------------------------------------------------------

  bool configured() {
    enter(Phase::configuration);
    const bool has_credential = wants_external() ? can_use_external() : has_password();
    if (!has_credential) return false;
    const auto complaint = SaslAuthentication::complaint_about(settings_);
    if (complaint) return end(Ending::configuration_error, *complaint);
    return can_trust();
  }

  bool has_password() {
    const bool names_nobody = settings_.stop_after == StopAfter::tls;
    if (!wants_tls() || names_nobody || is_unauthenticated()) return true;
    if (!settings_.username || !settings_.password) {
      return end(Ending::configuration_error,
                 std::string(tls_attribute(settings_.mode)) + " needs " +
                     (settings_.username ? "a password" : "a username"));
    }
    if (uses_java()) return true;  // it sends what is empty
    // RFC 4616, 2; RFC 5802, 7
    if (settings_.username->empty()) {
      return end(Ending::configuration_error, "the username is empty");
    }
    if (settings_.password->empty()) {
      return end(Ending::configuration_error, "the password is empty");
    }
    return true;
  }

  Task<bool> submit() {
    bool going = true;
    const bool tls_first = words::is_implicit_tls(settings_.mode) && decisions_.begins_with_tls();
    if (tls_first) going = co_await handshake();
    if (going) going = co_await greeting();
    const bool stops_at_once = inside_tls() && !looks_on();
    if (going && stops_at_once && stops_after(StopAfter::tls)) co_return false;
    if (going) going = co_await hello();
    if (going && needs_starttls()) going = co_await start_tls();
    if (going && stops_after(StopAfter::tls)) co_return false;
    if (going && wants_auth() && !may_go_unnamed()) going = co_await authenticate();
    if (going && stops_after(StopAfter::auth)) co_return false;
    if (going) going = co_await send_message();
    co_return going;
  }

  bool needs_starttls() const {
    return !inside_tls() && wants_tls() && (!said_helo_ || decisions_.demands_tls_behind_helo());
  }

  // RFC 4954, 3: a server without AUTH knows no users. A mechanism that is configured is demanded.
  bool may_go_unnamed() const {
    return settings_.may_do_without_tls() && !inside_tls() && !settings_.mechanism &&
           capabilities_.auth.empty();
  }

  Task<bool> greeting() {
    enter(Phase::greeting);
    const auto limit = decisions_.patience(settings_.timeouts.greeting);
    const auto reply = heard(co_await channel_->reply(limit));
    if (!reply) co_return false;
    if (decisions_.is_greeting(*reply)) co_return true;
    if (reply->positive_completion() || reply->positive_intermediate()) {
      co_return end_on(*reply, Ending::protocol_error, "this is no greeting");
    }
    co_return end_on(
        *reply, decisions_.is_temporary(*reply) ? Ending::throttled : Ending::refused_by_server,
        "the server refuses to serve");
  }

  Task<bool> hello() {
    enter(inside_tls() ? Phase::capabilities_in_tls : Phase::capabilities);
    auto reply = heard(co_await command("EHLO " + settings_.ehlo_name));
    if (!reply) co_return false;
    const RefusedHello refused{
        .inside_tls = inside_tls(),
        .needs_extensions =
            (wants_tls() || wants_auth()) && (inside_tls() || !settings_.may_do_without_tls())};
    if (reply->permanent_failure() && decisions_.says_helo(refused)) {
      said_helo_ = true;
      reply = heard(co_await command("HELO " + settings_.ehlo_name));
      if (!reply) co_return false;
      // RFC 5321, 3.2: whatever it lists, HELO knows no extension.
      if (reply->code == 250 && !refused.needs_extensions) co_return true;
    }
    if (decisions_.is_hello(*reply)) {
      capabilities_ = decisions_.offered(*reply);
      co_return true;
    }
    if (reply->permanent_failure() && wants_tls() && !inside_tls()) {
      co_return end_on(*reply, Ending::starttls_not_supported, "the server refuses EHLO");
    }
    co_return end_on(*reply, unexpected(*reply), "the server refuses EHLO");
  }

  Task<bool> start_tls() {
    enter(Phase::starttls);
    if (!decisions_.starts_tls(capabilities_)) {
      if (goes_on_in_clear(std::nullopt)) co_return true;
      co_return end(Ending::starttls_not_supported, "the server does not offer STARTTLS");
    }
    const auto reply = heard(co_await command(starttls_lines()));
    if (!reply) co_return false;
    if (!decisions_.is_go_ahead(*reply)) {
      if (goes_on_in_clear(reply)) co_return true;
      // 2yz and 3yz leave open what the server does next: nothing more may be said in clear.
      const bool refused = reply->transient_failure() || reply->permanent_failure();
      may_quit_ = refused;
      co_return end_on(*reply, refused ? Ending::starttls_refused : Ending::protocol_error,
                       refused ? "the server refuses STARTTLS" : "only 220 is a go-ahead");
    }
    may_quit_ = false;
    if (!accepts_left_behind("go-ahead")) co_return false;
    if (!co_await handshake()) co_return false;
    if (settings_.stop_after == StopAfter::tls && !looks_on()) co_return true;
    co_return co_await hello_in_tls();
  }

  // RFC 3207, 4: what a refusal leads to is the user's to say. Java's libraries take it for the end
  // all the same: for them mail.smtp.starttls.enable does without an offer alone.
  bool goes_on_in_clear(const std::optional<SmtpReply>& reply) const {
    const bool refused = reply && (reply->transient_failure() || reply->permanent_failure());
    const bool allowed = settings_.may_do_without_tls() && (!reply || (refused && !uses_java()));
    return allowed || decisions_.goes_on_in_clear(reply);
  }

  // One, unless a defect has it otherwise.
  std::string starttls_lines() const {
    return decisions_.awaits_starttls() ? "STARTTLS" : "STARTTLS\r\nEHLO " + settings_.ehlo_name;
  }

  Task<bool> hello_in_tls() {
    enter(Phase::capabilities_in_tls);
    if (!decisions_.asks_again_in_tls()) co_return true;
    const auto reply = heard(co_await command("EHLO " + settings_.ehlo_name));
    if (!reply) co_return false;
    std::optional<wire::Capabilities> after;
    if (decisions_.is_hello(*reply)) after = decisions_.offered(*reply);
    capabilities_ = decisions_.in_effect(capabilities_, after);
    if (after || !capabilities_.keywords.empty()) co_return true;
    co_return end_on(*reply, unexpected(*reply), "the server refuses EHLO inside TLS");
  }

  Task<bool> authenticate() {
    enter(Phase::authentication);
    sasl_.emplace(decisions_, settings_, tls_.get(), capabilities_.auth);
    if (!sasl_->begin()) {
      co_return end(sasl_->is_unusable() ? Ending::configuration_error : Ending::auth_unavailable,
                    sasl_->why());
    }
    std::optional<std::string> line = auth_line();
    while (line) {
      if (decisions_.writes_credentials_outside()) channel_->say_next_outside();
      const auto reply = heard(co_await command(std::move(*line)));
      if (!reply) break;
      line = line_after(*reply);
    }
    if (cancels_) co_await take_back("*");
    outcome_.notes = sasl_->notes();
    co_return authenticated_;
  }

  // RFC 4954, 4: with the client's first message where the line does not become too long for that;
  // one of no octets is written "=".
  std::string auth_line() {
    std::string line = "AUTH " + std::string(word(sasl_->mechanism()));
    if (!sasl_->speaks_first()) return line;
    const std::string& first = sasl_->first_message();
    const std::string with = line + " " + (first.empty() ? "=" : to_base64(first));
    if (!decisions_.fits_in_line(with.size() + 2)) return line;
    sasl_->initial_response();
    return with;
  }

  // What is said next; nothing once authenticated_, or the ending, is known.
  std::optional<std::string> line_after(const SmtpReply& reply) {
    if (reply.code == 334) {
      const bool one_line = reply.lines.size() == 1;
      auto answer = sasl_->answer_base64(one_line ? reply.lines.front() : reply.text());
      if (answer) return answer;
      cancels_ = true;
      outcome_.reply_code = reply.code;
      end(Ending::protocol_error, sasl_->why());
      return std::nullopt;
    }
    if (decisions_.is_authenticated(reply)) {
      authenticated_ = sasl_->is_proven(reply.text());
      if (!authenticated_) end_on(reply, Ending::protocol_error, sasl_->why());
      return std::nullopt;
    }
    if (reply.positive_completion() || reply.positive_intermediate()) {
      end_on(reply, Ending::protocol_error, "this is no reply to AUTH");
      return std::nullopt;
    }
    if (sasl_->begin_after(reply.code)) return auth_line();
    end_on(reply, refused(reply), sasl_->refusal());
    return std::nullopt;
  }

  // What an error stated before says of the credentials, no code takes back.
  Ending refused(const SmtpReply& reply) const {
    const bool of_credentials = sasl_->is_error_stated() || decisions_.speaks_of_credentials(reply);
    return of_credentials ? Ending::auth_rejected : Ending::auth_unavailable;
  }

  // RFC 4954, 4; RFC 5321, 4.1.1.5: it is given up. What the server says to that changes nothing.
  Task<void> take_back(const char* line) {
    const SmtpAnswer answer = co_await command(line);
    if (std::holds_alternative<NoReply>(answer)) may_quit_ = false;
  }

  Task<bool> send_message() {
    enter(Phase::sender);
    auto reply = heard(co_await command("MAIL FROM:<" + settings_.sender + ">"));
    if (!reply) co_return false;
    if (!decisions_.is_sender_accepted(*reply))
      co_return end_on(*reply, sender_ending(*reply), "MAIL is refused");
    const bool goes_no_further = stops_after(StopAfter::sender);
    if (goes_no_further) co_await take_back("RSET");
    if (goes_no_further) co_return false;

    enter(Phase::recipient);
    reply = heard(co_await command("RCPT TO:<" + settings_.recipient + ">"));
    if (!reply) co_return false;
    if (!decisions_.is_recipient_accepted(*reply))
      co_return end_on(*reply, rejected(*reply), "RCPT is refused");

    enter(Phase::message);
    const auto initiation = decisions_.patience(settings_.timeouts.data_initiation);
    reply = heard(co_await channel_->command("DATA", initiation));
    if (!reply) co_return false;
    if (!decisions_.asks_for_message(*reply))
      co_return end_on(*reply, rejected(*reply), "DATA is refused");
    const auto termination = decisions_.patience(settings_.timeouts.data_termination);
    reply = heard(co_await channel_->send(wire::dot_stuffed(settings_.message), termination));
    if (!reply && !decisions_.takes_end_for_answer()) co_return false;
    if (reply && !decisions_.is_delivered(*reply)) {
      co_return end_on(*reply, rejected(*reply), "the message is refused");
    }
    enter(Phase::quit);
    end(tls_ ? Ending::delivered : Ending::delivered_in_clear,
        tls_ ? "delivered inside " + tls_->version() : "delivered without TLS");
    if (state_ == nullptr) co_await leave();
    co_return true;
  }

  // Whatever comes back, or does not, changes nothing any more (RFC 5321, 4.1.1.10).
  Task<void> leave() {
    if (!std::exchange(may_quit_, false)) co_return;
    phases_.begin(Phase::quit);
    channel_->discard_left_behind();
    const SmtpAnswer goodbye = co_await command("QUIT");
    const auto* reply = std::get_if<SmtpReply>(&goodbye);
    const auto* no_reply = std::get_if<NoReply>(&goodbye);
    if (reply != nullptr) note(*reply);
    if (decisions_.minds_farewell() && no_reply != nullptr) end_without(*no_reply);
    if (decisions_.minds_farewell() && reply != nullptr && reply->code != 221)
      end_on(*reply, unexpected(*reply), "QUIT is refused");
    if (tls_ && (no_reply == nullptr || no_reply->why != NoReply::Why::closed))
      co_await tls_->close_notify();
  }

  Task<SmtpAnswer> command(std::string line) {
    return channel_->command(std::move(line), decisions_.patience(settings_.timeouts.command));
  }

  Ending unexpected(const SmtpReply& reply) const {
    if (decisions_.is_temporary(reply)) return Ending::throttled;
    const bool failure = reply.permanent_failure() || reply.transient_failure();
    return failure ? Ending::refused_by_server : Ending::protocol_error;
  }
  static Ending rejected(const SmtpReply& reply) {
    const bool failure = reply.permanent_failure() || reply.transient_failure();
    return failure ? Ending::message_rejected : Ending::protocol_error;
  }
  // RFC 4954, 6: 530 asks for authentication.
  Ending sender_ending(const SmtpReply& reply) const {
    if (reply.code == 530) return Ending::auth_unavailable;
    return decisions_.speaks_of_sender(reply) ? Ending::sender_not_authorized : rejected(reply);
  }

  wire::Capabilities capabilities_{};
  std::optional<SaslAuthentication> sasl_{};
  bool said_helo_ = false;  // the server does not know EHLO
  bool authenticated_ = false;
  bool cancels_ = false;
  std::optional<SmtpChannel> channel_{};
};

std::unique_ptr<Conversation> make_client(net::World& world, const Settings& settings,
                                          const Decisions& decisions, ProcessState* state) {
  return std::make_unique<SmtpClient>(world, settings, decisions, state);
}

}  // namespace

Task<Outcome> submit(net::World& world, net::Connector& connector, const Settings& settings,
                     const Decisions& decisions, ProcessState* state) {
  if (state != nullptr) {
    const Surroundings around{
        .world = world, .connector = connector, .decisions = decisions, .state = *state};
    co_return co_await exchange(around, make_client, settings);
  }
  co_return co_await exchange_alone(world, connector, decisions, make_client, settings);
}

}  // namespace startle::client
