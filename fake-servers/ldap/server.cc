#include "fake-servers/ldap/server.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "fake-servers/dialogue/dialogue.h"
#include "fake-servers/ldap/directory.h"
#include "fake-servers/ldap/persona.h"
#include "fake-servers/ldap/recorder.h"
#include "fake-servers/ldap/response.h"
#include "fake-servers/sasl/conversation.h"
#include "fake-servers/sasl/scram_message.h"
#include "harness/base/error.h"

namespace startle::fake {
namespace {

using wire::LdapMessage;
using wire::LdapOperation;
using wire::LdapResult;

class LdapConversation final : public Conversation {
 public:
  LdapConversation(const Server& server, Observation& seen)
      : server_(server),
        traits_(traits_of(server.directory.persona)),
        seen_(seen),
        recorder_(server.secret, seen) {}

  // Who is asked nothing says nothing, unless a script has it otherwise.
  std::optional<Request> opened() override {
    if (server_.script.at(Point::greeting) == nullptr) return std::nullopt;
    return Request{.at = Point::greeting};
  }

  std::optional<Request> next(std::string& buffer) override {
    auto parsed = wire::parse_ldap_message(buffer);
    if (std::holds_alternative<wire::NeedMore>(parsed)) return std::nullopt;
    if (const auto* malformed = std::get_if<wire::Malformed>(&parsed)) {
      recorder_.no_command(buffer);
      buffer.clear();
      return give_up(malformed->why);
    }
    auto& whole = std::get<wire::ParsedLdap>(parsed);
    buffer.erase(0, whole.consumed);
    request_ = std::move(whole.message);
    complaint_.clear();
    step_.reset();
    recorder_.request(request_);
    if (request_.id < 1) return give_up("the message id of a request is 1 at least");
    return std::visit([this](const auto& operation) { return came(operation); },
                      request_.operation);
  }

  ServerAnswer usual() override {
    if (!complaint_.empty()) return ServerAnswer{written(notice_of_disconnection(complaint_))};
    if (request_.id < 1) return {};  // on connecting
    if (has_unknown_critical_control()) {
      constexpr std::int64_t kUnavailableCriticalExtension = 12;
      return says(response_to(request_.operation, {.code = kUnavailableCriticalExtension}));
    }
    return std::visit([this](const auto& operation) { return answer(operation); },
                      request_.operation);
  }

  std::string responded(const Respond& step) override {
    if (!step.bytes.empty()) return octets_of(step);
    const ResponseParts parts{.request = request_,
                              .starttls_name = traits_.names_starttls,
                              .authorization = authorization(),
                              .referral = server_.directory.referral};
    const LdapMessage message = scripted_response(step, parts);
    // Whoever is told that he is bound is bound, when his credentials are right.
    const auto* bind = std::get_if<wire::LdapBindRequest>(&request_.operation);
    const auto* response = std::get_if<wire::LdapBindResponse>(&message.operation);
    if (bind != nullptr && response != nullptr && step.code == wire::kLdapSuccess &&
        message.id == request_.id && !step.octets) {
      const auto* sasl = std::get_if<wire::SaslBind>(&bind->authentication);
      sasl == nullptr ? bind_as(owner_of(server_, *bind)) : static_cast<void>(answer(*sasl));
    }
    std::string bytes = written(message);
    if (step.octets) bytes.resize(std::min(bytes.size(), *step.octets));
    return bytes;
  }

  void tls_started(const tls::Session& session) override {
    in_tls_ = true;
    channel_.begin(session);
    sasl_.reset();
    if (!server_.client_anchors) return;
    const tls::PeerChain chain = session.peer_chain();
    certificate_shown_ = chain.size() > 0;
    certified_ = user_of(chain, *server_.client_anchors, server_.users);
  }
  // RFC 4513, 4: who was known by the means of that TLS is known no longer.
  void tls_ended() override {
    in_tls_ = false;
    certificate_shown_ = false;
    certified_ = nullptr;
    bound_ = nullptr;
    sasl_.reset();
  }
  Recorder& recorder() override { return recorder_; }

 private:
  std::string octets_of(const Respond& step) const {
    auto octets = scripted_octets(step.bytes, request_.id);
    if (octets) return *std::move(octets);
    throw Error(Fault::input, "the message id " + std::to_string(request_.id) +
                                  " does not fit into the octets of the script");
  }

  // ---- requests --------------------------------------------------------------------------------

  Request give_up(std::string why) {
    complaint_ = std::move(why);
    return Request{.last = true};
  }

  Request came(const wire::LdapBindRequest& bind) {
    seen_.reach(Reached::bind);
    bound_ = nullptr;  // RFC 4511, 4.2.1
    if (const auto* sasl = std::get_if<wire::SaslBind>(&bind.authentication); sasl && in_tls_) {
      const bool goes_on = sasl_ && word(sasl_->mechanism()) == sasl->mechanism;
      if (!goes_on) seen_.use_in_tls(sasl->mechanism);
    }
    return Request{.at = Point::bind};
  }
  Request came(const wire::LdapUnbindRequest&) {
    seen_.reach(Reached::unbind);
    return Request{.at = Point::unbind, .last = true};
  }
  Request came(const wire::LdapSearchRequest& search) {
    if (!asks_root_dse(search)) {
      seen_.reach(Reached::search);
      return Request{.at = Point::search};
    }
    seen_.reach(in_tls_ ? Reached::root_dse_in_tls : Reached::root_dse);
    return Request{.at = in_tls_ ? Point::root_dse_in_tls : Point::root_dse};
  }
  Request came(const wire::LdapExtendedRequest& extended) {
    if (extended.name == wire::kStartTlsOid) {
      seen_.reach(Reached::starttls);
      return Request{.at = Point::starttls};
    }
    if (extended.name == wire::kWhoAmIOid) {
      seen_.reach(Reached::whoami);
      return Request{.at = Point::whoami};
    }
    return Request{};
  }
  Request came(const wire::LdapAbandonRequest&) { return Request{}; }
  Request came(const wire::LdapOtherOperation& other) {
    return response_tag(other.tag) ? Request{} : give_up("no request has this tag");
  }
  template <class Response>
  Request came(const Response&) {
    return give_up("a response is no request");
  }

  bool has_unknown_critical_control() const {
    if (std::holds_alternative<wire::LdapUnbindRequest>(request_.operation) ||
        std::holds_alternative<wire::LdapAbandonRequest>(request_.operation)) {
      return false;  // RFC 4511, 4.1.11: there is no response to say so
    }
    const auto& known = traits_.controls;
    return std::any_of(
        request_.controls.begin(), request_.controls.end(), [&](const wire::LdapControl& c) {
          return c.critical && std::find(known.begin(), known.end(), c.type) == known.end();
        });
  }

  // ---- answers ---------------------------------------------------------------------------------

  std::string written(const LdapMessage& message) const {
    return wire::written(message, traits_.lengths);
  }
  ServerAnswer says(LdapOperation operation) const {
    return ServerAnswer{.bytes = written({.id = request_.id, .operation = std::move(operation)})};
  }

  ServerAnswer answer(const wire::LdapBindRequest& bind) {
    const auto* sasl = std::get_if<wire::SaslBind>(&bind.authentication);
    if (sasl != nullptr && bind.version == 3) return says(answer(*sasl));
    sasl_.reset();  // RFC 4513, 5.2.1.2
    wire::LdapBindResponse response{.result = result_of(bind)};
    if (response.result.code == wire::kLdapSuccess) bind_as(owner_of(server_, bind));
    return says(std::move(response));
  }

  void bind_as(const User* user) {
    bound_ = user;
    seen_.authenticated = seen_.authenticated || user != nullptr;
  }

  LdapResult result_of(const wire::LdapBindRequest& bind) const {
    if (bind.version != 3)
      return {.code = wire::kLdapProtocolError, .diagnostic = "version 3 only"};
    const auto* simple = std::get_if<wire::SimpleBind>(&bind.authentication);
    if (simple == nullptr) return {.code = wire::kLdapAuthMethodNotSupported};
    if (simple->password.empty()) {
      return bind.name.empty() ? LdapResult{} : traits_.name_without_password;
    }
    if (!in_tls_ && !server_.script.accepts_in_clear) return traits_.needs_tls;
    if (!is_bind_name(server_, bind.name)) return {.code = wire::kLdapInvalidDnSyntax};
    return owner_of(server_, bind) != nullptr ? LdapResult{} : traits_.wrong_credentials;
  }

  // ---- SASL (RFC 4513, 5.2.1)

  std::vector<std::string> offered() {
    std::vector<std::string> usual = traits_.mechanisms;
    if (usual.empty() && certificate_shown_) usual.emplace_back("EXTERNAL");
    const bool asks = offers_binding(server_.sasl_mechanisms);
    return offered_mechanisms(server_, in_tls_, std::move(usual),
                              asks && channel_.binding().has_value());
  }

  // However often a script has it said, a request is one step of the exchange.
  wire::LdapBindResponse answer(const wire::SaslBind& bind) {
    if (!step_) step_ = step(bind);
    return *step_;
  }

  wire::LdapBindResponse step(const wire::SaslBind& bind) {
    const auto mechanism = played_mechanism(server_, bind.mechanism, {"EXTERNAL"});
    if (!mechanism) {
      sasl_.reset();
      return {.result = {.code = wire::kLdapAuthMethodNotSupported}};
    }
    const bool external = *mechanism == sasl::Mechanism::external;
    // RFC 4513, 5.2.3: nothing below has authenticated the client.
    if (external && !certificate_shown_) {
      sasl_.reset();
      return {.result = {.code = wire::kLdapInappropriateAuthentication}};
    }
    if (!external && !in_tls_ && !server_.script.accepts_in_clear) {
      sasl_.reset();
      return {.result = traits_.needs_tls};
    }
    if (!sasl_ || sasl_->mechanism() != *mechanism)
      begin(*mechanism);
    else if (!bind.credentials)
      return respond(sasl_->step(""));
    if (external) return respond(sasl_->step(bind.credentials.value_or("")));
    return respond(sasl_->step(bind.credentials));
  }

  void begin(sasl::Mechanism mechanism) {
    SaslSurroundings around{.framing = words::SaslFraming::octets};
    around.user_called = [this](const std::string& name) { return user_called(server_, name); };
    around.certified = certified_;
    around.is_himself = [this](const std::string& name) {
      return stands_for(server_, *certified_, name);
    };
    if (sasl::is_scram(mechanism)) {
      around.channel = channel_.binding();
      around.can_bind = can_bind(server_, offered());
    }
    sasl_.emplace(mechanism, server_, std::move(around), seen_);
  }

  wire::LdapBindResponse respond(SaslReply reply) {
    wire::LdapBindResponse response{.server_credentials = std::move(reply.data)};
    switch (reply.kind) {
      case SaslReply::Kind::challenge:
        response.result.code = wire::kLdapSaslBindInProgress;
        return response;
      case SaslReply::Kind::success:
        bind_as(sasl_->user());
        response.result.diagnostic = std::move(reply.remark);
        break;
      case SaslReply::Kind::failure:
        response.result = traits_.wrong_credentials;
        break;
      case SaslReply::Kind::nonsense:
        response.result = {.code = wire::kLdapProtocolError,
                           .diagnostic = "this is no message of the mechanism"};
        break;
      case SaslReply::Kind::result:
        response.result.code = std::stoll(*server_.script.sasl.result);
        break;
    }
    sasl_.reset();
    return response;
  }

  ServerAnswer answer(const wire::LdapExtendedRequest& extended) {
    if (extended.name == wire::kStartTlsOid) return start_tls(extended);
    wire::LdapExtendedResponse response;
    if (extended.name != wire::kWhoAmIOid) {
      response.result = {.code = wire::kLdapProtocolError,
                         .diagnostic = "unsupported extended operation"};
    } else if (extended.value) {
      response.result = {.code = wire::kLdapProtocolError,
                         .diagnostic = "Who am I? takes no value"};
    } else {
      response.value = authorization();
    }
    return says(std::move(response));
  }

  // RFC 4511, 4.14
  ServerAnswer start_tls(const wire::LdapExtendedRequest& request) {
    wire::LdapExtendedResponse response;
    if (traits_.names_starttls) response.name = wire::kStartTlsOid;
    if (in_tls_) {
      response.result = {.code = wire::kLdapOperationsError,
                         .diagnostic = "TLS already established"};
    } else if (!server_.credentials) {
      response.result = {.code = wire::kLdapProtocolError,
                         .diagnostic = "unsupported extended operation"};
    } else if (request.value) {
      response.result = {.code = wire::kLdapProtocolError, .diagnostic = "StartTLS takes no value"};
    }
    const bool starts = response.result.code == wire::kLdapSuccess;
    ServerAnswer answer = says(std::move(response));
    answer.starts_tls = starts;
    return answer;
  }

  // RFC 4532, 2.2: empty for who is anonymous.
  std::string authorization() const {
    return bound_ == nullptr ? "" : "dn:" + dn_of(server_, *bound_);
  }

  ServerAnswer answer(const wire::LdapSearchRequest& search) {
    SearchResult found;
    if (asks_root_dse(search)) {
      found = find_root_dse(
          server_, {.offers_starttls = server_.credentials != nullptr, .mechanisms = offered()},
          search);
    } else if (bound_ == nullptr && !server_.directory.anonymous_may_search &&
               !server_.script.accepts_unauthenticated) {
      found.result = traits_.needs_bind;
    } else {
      found = find_entries(server_, search);
    }
    ServerAnswer all;
    for (wire::LdapSearchEntry& entry : found.entries) all.bytes += says(std::move(entry)).bytes;
    all.bytes += says(wire::LdapSearchDone{std::move(found.result)}).bytes;
    return all;
  }

  ServerAnswer answer(const wire::LdapUnbindRequest&) { return {}; }
  ServerAnswer answer(const wire::LdapAbandonRequest&) { return {}; }
  template <class Other>
  ServerAnswer answer(const Other&) {
    return says(response_to(request_.operation, {.code = wire::kLdapUnwillingToPerform,
                                                 .diagnostic = "this directory is only read"}));
  }

  const Server& server_;
  const PersonaTraits& traits_;
  Observation& seen_;
  LdapRecorder recorder_;
  LdapMessage request_{};    // the last one
  std::string complaint_{};  // what ends the dialogue: the last request is none
  bool in_tls_ = false;
  bool certificate_shown_ = false;
  const User* certified_ = nullptr;  // whom the client's certificate stands for
  const User* bound_ = nullptr;
  // What was said inside TLS is bound to it, though it is over when it comes to be answered.
  Channel channel_{};
  std::optional<SaslConversation> sasl_{};        // a bind in progress
  std::optional<wire::LdapBindResponse> step_{};  // of it, to the last request
};

}  // namespace

std::unique_ptr<Conversation> make_ldap_conversation(const Server& server, Observation& seen) {
  return std::make_unique<LdapConversation>(server, seen);
}

}  // namespace startle::fake
