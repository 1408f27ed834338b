#include "harness/client/ldap_client.h"

#include <memory>
#include <optional>
#include <utility>

#include "harness/base/printable.h"
#include "harness/base/words.h"
#include "harness/client/ldap_bind.h"
#include "harness/client/ldap_channel.h"
#include "harness/client/ldap_endings.h"
#include "harness/client/ldap_search.h"
#include "harness/client/sasl_authentication.h"
#include "harness/client/secure_connection.h"
#include "harness/wire/ldap_filter.h"
#include "harness/wire/ldap_url.h"

namespace startle::client {
namespace {

using net::Task;
using wire::LdapMessage;
using wire::LdapResult;
using words::Ending;

// What is shown of a diagnosticMessage.
std::string shown_text(const std::string& diagnostic) {
  return printable(diagnostic.substr(0, 512));
}

// One session. Each step returns false once the ending is known.
class LdapClient final : private SecureConnection, public Conversation {
 public:
  using SecureConnection::SecureConnection;

  Task<Outcome> run(net::Connector& connector) override {
    const bool connected = configured() && co_await connect(connector);
    if (connected) {
      channel_.emplace(world_, *clear_, decisions_);
      if (decisions_.takes_unasked_responses()) channel_->allow_unasked_bytes();
      const bool found = co_await session();
      co_await follow(connector);
      if (!found || state_ == nullptr) co_await leave();
    }
    co_return finished();
  }

  // Another search of who is bound.
  Task<Outcome> again() override {
    outcome_ = {};
    found_ = {};
    bool found = configured();
    if (found) found = co_await look_up();
    if (!found) co_await leave();
    co_return finished();
  }
  bool is_open() const override { return may_quit_; }
  Task<void> close() override { co_await leave(); }

  // This is the target of a reference: it follows no further ones.
  void is_target() { is_target_ = true; }

 private:
  Channel& channel() override { return *channel_; }

  // ---- endings ---------------------------------------------------------------------------------

  bool end_on(const LdapResult& result, Ending ending, const std::string& what) {
    outcome_.reply_code = result.code;
    outcome_.reply = shown_text(result.diagnostic);
    if (decisions_.keeps_referral_of_refusal()) keep(result.referrals, found_);
    return end(ending, what + ": " + described(result));
  }

  // The response, or nothing once the ending is known.
  std::optional<LdapMessage> heard(LdapAnswer answer) {
    auto* message = std::get_if<LdapMessage>(&answer);
    if (message == nullptr) {
      end_without(std::get<NoReply>(answer));
      return std::nullopt;
    }
    if (const LdapResult* result = wire::ldap_result(message->operation)) {
      phases_.hear({.code = result->code, .text = shown_text(result->diagnostic)});
    }
    if (message->id != 0) return std::move(*message);
    // RFC 4511, 4.4.1: the server ends the session by this.
    may_quit_ = false;
    const LdapResult& result = *wire::ldap_result(message->operation);
    end_on(result, refusal_ending(result), "the server ends the session");
    return std::nullopt;
  }

  bool end_on_other(const LdapMessage& message, const std::string& request) {
    may_quit_ = false;
    return end(Ending::protocol_error, "the answer to " + request + " is a " +
                                           wire::ldap_operation_text(message.operation));
  }

  // ---- configuration ---------------------------------------------------------------------------

  bool configured() {
    enter(Phase::configuration);
    if (settings_.mechanism) {
      const auto complaint = SaslAuthentication::complaint_about(settings_);
      if (complaint) return end(Ending::configuration_error, *complaint);
    }
    auto filter = wire::parse_ldap_filter(settings_.filter);
    if (const auto* bad = std::get_if<wire::Malformed>(&filter)) {
      return end(Ending::configuration_error,
                 "the filter `" + printable(settings_.filter) + "` is none: " + bad->why);
    }
    filter_ = std::get<std::string>(std::move(filter));
    const bool has_credential = wants_external() ? can_use_external() : is_whole_credential();
    return has_credential && can_trust();
  }

  // Neither name nor password: anonymous.
  bool is_whole_credential() {
    const bool named = !settings_.username.value_or("").empty();
    if (settings_.mechanism && !named) {
      return end(Ending::configuration_error,
                 "the mechanism " + *settings_.mechanism + " needs a username");
    }
    if (named && !settings_.password) {
      return end(Ending::configuration_error, "a username needs a password");
    }
    if (!named && !settings_.password.value_or("").empty()) {
      return end(Ending::configuration_error, "a password needs a username, which is a DN");
    }
    if (named && settings_.password->empty() && !decisions_.allows_unauthenticated_bind()) {
      return end(Ending::configuration_error,
                 settings_.mechanism
                     ? "the password is empty"
                     : "the password is empty: a server takes that for an anonymous bind");
    }
    return true;
  }

  // ---- steps -----------------------------------------------------------------------------------

  // False once it has ended other than well.
  Task<bool> session() {
    bool going = true;
    if (words::is_implicit_tls(settings_.mode)) going = co_await handshake();
    if (going && asks_for_starttls()) going = co_await start_tls();
    // Who keeps tickets reads on: they come behind the handshake (RFC 8446, 4.6.1).
    if (going && !state_ && !looks_on() && stops_after(StopAfter::tls)) co_return false;
    if (going && (inside_tls() || (looks_on() && !wants_tls()))) going = co_await read_root_dse();
    if (going && stops_after(StopAfter::tls)) co_return false;
    if (going) going = co_await bind();
    if (going && (stops_after(StopAfter::auth) || stops_after(StopAfter::sender))) co_return false;
    if (going) going = co_await ask_who_am_i();
    if (going) going = co_await look_up();
    co_return going;
  }

  bool asks_for_starttls() const {
    return settings_.mode == words::Mode::ldap_starttls ||
           (inside_tls() && decisions_.asks_for_starttls_inside_tls());
  }

  Task<bool> search(wire::LdapSearchRequest request, Found& found) {
    auto message = heard(co_await channel_->ask(std::move(request), settings_.timeouts.command));
    while (message) {
      if (const auto* entry = std::get_if<wire::LdapSearchEntry>(&message->operation)) {
        ++found.entries;
        if (entry->dn.empty()) found.root_dse.take(*entry);
      } else if (auto* other = std::get_if<wire::LdapSearchReference>(&message->operation)) {
        keep(std::move(other->uris), found);
      } else if (auto* done = std::get_if<wire::LdapSearchDone>(&message->operation)) {
        found.result = std::move(done->result);
        keep(found.result.referrals, found);
        co_return true;
      } else {
        co_return end_on_other(*message, "a search");
      }
      LdapAnswer answer = co_await channel_->next();
      if (std::holds_alternative<NoReply>(answer) && decisions_.takes_end_for_result()) {
        co_return true;
      }
      message = heard(std::move(answer));
    }
    co_return false;
  }

  static void keep(std::vector<std::string> uris, Found& found) {
    for (std::string& uri : uris) {
      if (found.references.size() < kMostReferences) found.references.push_back(std::move(uri));
    }
  }

  // In clear, then inside TLS. A server may hide it, but not answer in disorder.
  Task<bool> read_root_dse() {
    enter(inside_tls() ? Phase::capabilities_in_tls : Phase::capabilities);
    Found found;
    const bool searched = co_await search(root_dse_request(), found);
    if (!searched) co_return false;
    const Ending refusal = refusal_ending(found.result);
    if (found.result.code != wire::kLdapSuccess && refusal == Ending::throttled) {
      co_return end_on(found.result, refusal, "the root DSE is not to be had");
    }
    std::optional<RootDse> read;
    if (found.result.code == wire::kLdapSuccess) read = std::move(found.root_dse);
    root_dse_ = inside_tls() ? decisions_.root_dse_in_effect(root_dse_, read)
                             : decisions_.root_dse_in_clear(read);
    co_return true;
  }

  Task<bool> start_tls() {
    const bool read = co_await read_root_dse();
    if (!read) co_return false;
    enter(Phase::starttls);
    if (!decisions_.asks_for_starttls(root_dse_)) {
      if (goes_on_in_clear(nullptr)) co_return true;
      co_return end(Ending::starttls_not_supported, "the root DSE does not offer StartTLS");
    }
    if (decisions_.binds_before_go_ahead()) {
      co_await channel_->tell(starttls_request(), settings_.timeouts.command);
      co_return co_await bind();
    }
    const auto response = heard(co_await ask_for_starttls());
    if (!response) co_return false;
    switch (decisions_.go_ahead(*response)) {
      case GoAhead::given:
        break;
      case GoAhead::refused:
        if (goes_on_in_clear(&*response)) co_return true;
        co_return end_on_refused_starttls(*response);
      case GoAhead::wrong:
        co_return end_on_wrong_starttls(*response);
    }
    may_quit_ = false;
    if (!accepts_left_behind("StartTLS response")) co_return false;
    co_return co_await handshake();
  }

  // RFC 4511, 4.14.2: the session is as before, and what becomes of it is the user's to say.
  bool goes_on_in_clear(const LdapMessage* response) const {
    return settings_.may_do_without_tls() || decisions_.binds_without_starttls(response);
  }

  // RFC 4511, 4.14.1: the name and no value.
  wire::LdapExtendedRequest starttls_request() const {
    return {.name = std::string(wire::kStartTlsOid), .value = decisions_.starttls_value()};
  }

  Task<LdapAnswer> ask_for_starttls() {
    const auto within = settings_.timeouts.command;
    if (decisions_.awaits_starttls()) return channel_->ask(starttls_request(), within);
    return channel_->ask_ahead(starttls_request(), root_dse_request(), within);
  }

  bool end_on_refused_starttls(const LdapMessage& response) {
    const LdapResult& result = *wire::ldap_result(response.operation);
    return end_on(result, starttls_ending(result), "the server refuses StartTLS");
  }

  bool end_on_wrong_starttls(const LdapMessage& response) {
    const auto* extended = std::get_if<wire::LdapExtendedResponse>(&response.operation);
    if (extended == nullptr || !extended->name) return end_on_other(response, "StartTLS");
    may_quit_ = false;
    return end(Ending::protocol_error, "the answer to StartTLS has the response name " +
                                           printable(extended->name->substr(0, 128)));
  }

  Task<bool> bind() {
    enter(Phase::authentication);
    bind_.emplace(decisions_, settings_, channel_->inside_tls() ? tls_.get() : nullptr,
                  root_dse_.mechanisms);
    auto request = bind_->first();
    if (!request) co_return end(bind_->ending(), bind_->why());
    bool going = true;
    while (going && request) {
      const auto message = heard(co_await ask_to_bind(std::move(*request)));
      going = message && take_bound(*message, request);
    }
    outcome_.notes = bind_->notes();
    co_return going;
  }

  Task<LdapAnswer> ask_to_bind(wire::LdapBindRequest request) {
    if (decisions_.writes_credentials_outside()) channel_->say_next_outside();
    return channel_->ask(std::move(request), settings_.timeouts.command);
  }

  // What is asked next: nothing, once bound. False once the ending is known.
  bool take_bound(const LdapMessage& message, std::optional<wire::LdapBindRequest>& next) {
    const auto* response = std::get_if<wire::LdapBindResponse>(&message.operation);
    if (response == nullptr) return end_on_other(message, "a bind");
    next = bind_->after(*response);
    if (next || bind_->is_bound()) return true;
    if (bind_->is_about_result()) return end_on(response->result, bind_->ending(), bind_->why());
    outcome_.reply_code = response->result.code;
    return end(bind_->ending(), bind_->why());
  }

  // RFC 4532. A bind that the server only pretended to take shows here. Not every server knows the
  // operation, nor lets everyone use it: a refusal changes nothing.
  Task<bool> ask_who_am_i() {
    enter(Phase::whoami);
    const auto message = heard(co_await ask_for_identity());
    if (!message) co_return false;
    const auto* response = std::get_if<wire::LdapExtendedResponse>(&message->operation);
    if (response == nullptr) co_return end_on_other(*message, "Who am I?");
    if (response->result.code == wire::kLdapSuccess && response->value) {
      const std::string shown = printable(response->value->substr(0, 256));
      identity_ = shown.empty() ? " as anonymous" : " as " + shown;
    }
    co_return true;
  }

  Task<LdapAnswer> ask_for_identity() {
    return channel_->ask(wire::LdapExtendedRequest{.name = std::string(wire::kWhoAmIOid)},
                         settings_.timeouts.command);
  }

  Task<bool> look_up() {
    enter(Phase::search);
    const bool searched = co_await search(search_request(), found_);
    const bool over = !searched && decisions_.takes_end_for_answer();
    if (!searched && !over) co_return false;
    if (!over && !is_answered(found_.result)) {
      co_return end_on(found_.result, refusal_ending(found_.result),
                       "the server refuses the search");
    }
    enter(Phase::quit);
    end(tls_ ? Ending::bound : Ending::delivered_in_clear, summary());
    co_return true;
  }

  wire::LdapSearchRequest search_request() const {
    return {.base = settings_.base,
            .scope = wire::LdapScope::whole_subtree,
            .size_limit = kMostEntries,
            .filter = filter_};
  }

  std::string summary() const {
    const std::size_t references = found_.references.size();
    return (tls_ ? "bound inside " + tls_->version() : "bound without TLS") + identity_ + ", " +
           std::to_string(found_.entries) + (found_.entries == 1 ? " entry" : " entries") +
           (references == 0 ? "" : ", referrals not followed: " + std::to_string(references));
  }

  // Nothing, unless a defect has it otherwise: then with the same credential, and whatever
  // protection the URL speaks of.
  Task<void> follow(net::Connector& connector) {
    for (const std::string& uri : found_.references) {
      const auto parsed = wire::parse_ldap_url(uri);
      const auto* url = std::get_if<wire::LdapUrl>(&parsed);
      if (is_target_ || url == nullptr || !decisions_.follows_referral(uri)) continue;
      Settings there = settings_;
      there.mode = url->implicit_tls ? words::Mode::ldaps : words::Mode::ldap_plain;
      if (!url->host.empty()) there.host = url->host;
      there.port = static_cast<std::uint16_t>(url->port);
      if (!url->dn.empty()) there.base = url->dn;
      const auto target = std::make_unique<LdapClient>(world_, there, decisions_);
      target->is_target();
      co_await target->run(connector);
    }
  }

  // RFC 4511, 4.3: unbind, then close_notify, in one segment. There is no response.
  Task<void> leave() {
    if (!std::exchange(may_quit_, false)) co_return;
    phases_.begin(Phase::quit);
    const bool in_tls = channel_->inside_tls();
    if (in_tls) tls_->hold_until_close();
    co_await channel_->tell(wire::LdapUnbindRequest{}, settings_.timeouts.command);
    if (in_tls) co_await tls_->close_notify();
  }

  RootDse root_dse_{};
  Found found_{};
  std::string filter_{};    // BER
  std::string identity_{};  // " as dn:uid=..", once the server said so
  bool is_target_ = false;
  std::optional<LdapBind> bind_{};
  std::optional<LdapChannel> channel_{};
};

std::unique_ptr<Conversation> make_client(net::World& world, const Settings& settings,
                                          const Decisions& decisions, ProcessState* state) {
  return std::make_unique<LdapClient>(world, settings, decisions, state);
}

}  // namespace

Task<Outcome> bind_and_search(net::World& world, net::Connector& connector,
                              const Settings& settings, const Decisions& decisions,
                              ProcessState* state) {
  if (state != nullptr) {
    const Surroundings around{
        .world = world, .connector = connector, .decisions = decisions, .state = *state};
    co_return co_await exchange(around, make_client, settings);
  }
  co_return co_await exchange_alone(world, connector, decisions, make_client, settings);
}

}  // namespace startle::client
