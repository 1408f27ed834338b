#include "fake-servers/ldap/recorder.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "harness/base/printable.h"
#include "harness/wire/ber.h"

namespace startle::fake {
namespace {

// The messages of `bytes`, one after the other; what is left over is no whole message.
class Messages {
 public:
  explicit Messages(std::string_view bytes) : left_(bytes) {}
  std::optional<wire::LdapMessage> next() {
    auto parsed = wire::parse_ldap_message(left_);
    auto* whole = std::get_if<wire::ParsedLdap>(&parsed);
    if (whole == nullptr) return std::nullopt;
    left_.remove_prefix(whole->consumed);
    return std::move(whole->message);
  }
  std::string_view left() const { return left_; }
  // What stands next where a message is malformed, by the length that it states; a client may go on
  // behind it. Empty: nothing whole.
  std::string_view pass_over() {
    wire::BerReader reader(left_, left_.size());
    unsigned char tag = 0;
    std::string_view content;
    if (left_.empty() || !reader.any("a message", tag, content)) return {};
    const std::string_view passed = reader.since(0);
    left_.remove_prefix(passed.size());
    return passed;
  }

 private:
  std::string_view left_;
};

std::string quoted(std::string_view text) {
  return '"' + std::string(text) + '"';
}

// Nothing: an anonymous bind, or a mechanism not known here.
std::optional<sasl::Mechanism> mechanism_of(const wire::LdapBindRequest& bind) {
  if (const auto* sasl = std::get_if<wire::SaslBind>(&bind.authentication)) {
    return from_word<sasl::Mechanism>(sasl->mechanism);
  }
  const auto* simple = std::get_if<wire::SimpleBind>(&bind.authentication);
  if (simple == nullptr || simple->password.empty()) return std::nullopt;
  return sasl::Mechanism::plain;
}

std::string text_of(const wire::LdapBindRequest& bind) {
  const auto* simple = std::get_if<wire::SimpleBind>(&bind.authentication);
  if (simple != nullptr && bind.name.empty() && simple->password.empty()) {
    return std::string(kAnonymousBind);
  }
  std::string how = "unknown";
  if (simple != nullptr) how = simple->password.empty() ? "simple, no password" : "simple";
  if (const auto* sasl = std::get_if<wire::SaslBind>(&bind.authentication)) how = sasl->mechanism;
  return std::string(kBind) + quoted(bind.name) + " (" + how + ")";
}

std::string text_of(const wire::LdapSearchRequest& search) {
  if (search.base.empty() && search.scope == wire::LdapScope::base_object) {
    return std::string(kRootDseSearch);
  }
  constexpr std::array<std::string_view, 3> kScopes{"base", "one", "sub"};
  return "search " + quoted(search.base) + " (" +
         std::string(kScopes[static_cast<std::size_t>(search.scope)]) + ")";
}

std::string text_of(const wire::LdapExtendedRequest& request) {
  std::string text = std::string(kExtended) + request.name;
  if (request.name == wire::kStartTlsOid) text += " (StartTLS)";
  if (request.name == wire::kWhoAmIOid) text += " (Who am I?)";
  return text;
}

std::string response_text(const wire::LdapMessage& message) {
  std::string text = wire::ldap_operation_text(message.operation);
  if (const auto* entry = std::get_if<wire::LdapSearchEntry>(&message.operation)) {
    text += " " + quoted(entry->dn);
  }
  if (const auto* extended = std::get_if<wire::LdapExtendedResponse>(&message.operation)) {
    if (extended->name) text += " " + *extended->name;
  }
  const wire::LdapResult* result = wire::ldap_result(message.operation);
  if (result == nullptr) return text;
  text += ": " + wire::ldap_code_text(result->code);
  if (!result->diagnostic.empty()) text += ", " + result->diagnostic;
  for (const std::string& url : result->referrals) text += " " + url;
  return text;
}

bool is_success(const wire::LdapOperation& operation) {
  const wire::LdapResult* result = wire::ldap_result(operation);
  return result != nullptr && result->code == wire::kLdapSuccess;
}

// Of a search: the client has what it asked for, or knows where that is.
bool is_answered(const wire::LdapResult& result) {
  constexpr std::int64_t kSizeLimitExceeded = 4;
  return result.code == wire::kLdapSuccess || result.code == kSizeLimitExceeded ||
         result.code == wire::kLdapReferral;
}

bool is_mechanism_list(const wire::LdapAttribute& attribute) {
  return attribute.type == "supportedSASLMechanisms";
}

// The first there is, be there malformed messages in front of it.
std::optional<wire::LdapResult> search_done_in(std::string_view bytes) {
  Messages messages(bytes);
  do {
    while (const auto message = messages.next()) {
      const auto* done = std::get_if<wire::LdapSearchDone>(&message->operation);
      if (done != nullptr) return done->result;
    }
  } while (!messages.pass_over().empty());
  return std::nullopt;
}

}  // namespace

std::string request_text(const wire::LdapOperation& request) {
  if (const auto* bind = std::get_if<wire::LdapBindRequest>(&request)) return text_of(*bind);
  if (const auto* search = std::get_if<wire::LdapSearchRequest>(&request)) return text_of(*search);
  if (const auto* extended = std::get_if<wire::LdapExtendedRequest>(&request)) {
    return text_of(*extended);
  }
  if (std::holds_alternative<wire::LdapUnbindRequest>(request)) return std::string(kUnbind);
  if (const auto* abandon = std::get_if<wire::LdapAbandonRequest>(&request)) {
    return std::string(kAbandon) + std::to_string(abandon->id);
  }
  return wire::ldap_operation_text(request);
}

AuthReply ldap_auth_reply(std::int64_t code) {
  switch (code) {
    case wire::kLdapSaslBindInProgress:
      return AuthReply::challenge;
    case wire::kLdapProtocolError:
    case wire::kLdapAuthMethodNotSupported:
      return AuthReply::not_known;
    case wire::kLdapStrongerAuthRequired:
    case wire::kLdapConfidentialityRequired:
    case wire::kLdapInappropriateAuthentication:
    case wire::kLdapInvalidCredentials:
    case wire::kLdapInsufficientAccessRights:
    case wire::kLdapBusy:
    case wire::kLdapUnavailable:
    case wire::kLdapUnwillingToPerform:
    case wire::kLdapOther:
      return AuthReply::refused;
    default:
      return AuthReply::other;
  }
}

std::vector<std::string> response_texts(std::string_view bytes) {
  std::vector<std::string> texts;
  Messages messages(bytes);
  for (std::string_view passed = bytes; !passed.empty();) {
    while (const auto message = messages.next()) texts.push_back(response_text(*message));
    passed = messages.pass_over();
    if (!passed.empty()) texts.emplace_back(passed);
  }
  if (!messages.left().empty()) texts.emplace_back(messages.left());
  return texts;
}

void LdapRecorder::answered_attempt(std::string_view bytes) {
  Messages messages(bytes);
  while (const auto message = messages.next()) {
    const auto* bind = std::get_if<wire::LdapBindResponse>(&message->operation);
    if (bind != nullptr) auth_.replied(ldap_auth_reply(bind->result.code));
  }
}

void LdapRecorder::request(const wire::LdapMessage& message) {
  if (in_tls_ && awaiting_reply_ && had_to_wait(message.operation)) ++seen_.commands_before_reply;
  const auto* bind = std::get_if<wire::LdapBindRequest>(&message.operation);
  binding_ = bind != nullptr;
  if (bind != nullptr) {
    const auto mechanism = mechanism_of(*bind);
    mechanism ? auth_.attempted(*mechanism) : auth_.attempted_unknown();
  }
  note_command(printable(secret_.blotted(request_text(message.operation))), true);
}

// What is no message may be half of one with credentials in it: only text is shown.
std::string LdapRecorder::shown(std::string_view bytes) const {
  constexpr std::size_t kShown = 80;
  constexpr std::string_view kBlanks = "\r\n\t";
  const bool is_text = std::all_of(bytes.begin(), bytes.end(), [kBlanks](char c) {
    return (c >= ' ' && c <= '~') || kBlanks.find(c) != std::string_view::npos;
  });
  if (is_text) return printable(secret_.blotted(bytes).substr(0, kShown));
  return "<" + std::to_string(bytes.size()) + " octets that are no LDAP message>";
}

void LdapRecorder::no_command(std::string_view bytes) {
  if (!in_tls_ && is_tls_record(bytes)) {
    note(std::string(bytes));
    return;
  }
  Messages messages(bytes);
  while (const auto message = messages.next()) request(*message);
  const std::string_view left = messages.left();
  if (left.empty()) return;
  note_command(shown(left), true);
}

void LdapRecorder::reply(Point point, std::string_view before, std::string_view bytes) {
  const std::string all = std::string(before).append(bytes);
  Messages messages(all);
  if (point == Point::starttls && !in_tls_) {
    while (const auto message = messages.next()) {
      if (message->id == 0) continue;  // unsolicited (RFC 4511, 4.4)
      const bool goes_ahead =
          std::holds_alternative<wire::LdapExtendedResponse>(message->operation) &&
          is_success(message->operation);
      goes_ahead_ = goes_ahead;
      if (goes_ahead && !messages.left().empty()) seen_.sent_behind_go_ahead = true;
      return;
    }
  }
  if (point == Point::search && !search_done_in(before)) {
    const auto result = search_done_in(all);
    if (result && is_answered(*result)) ++seen_.delivered;
    return;
  }
  if (point != Point::root_dse && point != Point::root_dse_in_tls) return;
  auto& offered =
      point == Point::root_dse ? seen_.auth_offered_in_clear : seen_.auth_offered_in_tls;
  while (const auto message = messages.next()) {
    const auto* entry = std::get_if<wire::LdapSearchEntry>(&message->operation);
    if (entry == nullptr) continue;
    const auto list =
        std::find_if(entry->attributes.begin(), entry->attributes.end(), is_mechanism_list);
    offered = list == entry->attributes.end() ? std::vector<std::string>{} : list->values;
  }
}

bool LdapRecorder::had_to_wait(std::string_view more) const {
  const auto message = Messages(more).next();
  return message && had_to_wait(message->operation);
}

std::string_view LdapRecorder::kind_of(std::string_view shown) const {
  return shown.substr(0, shown.find('"'));
}

bool LdapRecorder::is_farewell(std::string_view bytes) const {
  const auto message = Messages(bytes).next();
  return message && std::holds_alternative<wire::LdapUnbindRequest>(message->operation);
}

// Requests may overlap, save that nothing may be sent while a bind is unanswered, and a bind not
// before all else is answered (RFC 4511, 4.2.1). To give up is always right; but who was
// told of a success that we never gave, and then leaves without an answer, has believed it.
bool LdapRecorder::had_to_wait(const wire::LdapOperation& request) const {
  if (std::holds_alternative<wire::LdapUnbindRequest>(request)) {
    return binding_ && seen_.sent_behind_go_ahead;
  }
  if (std::holds_alternative<wire::LdapAbandonRequest>(request)) return false;
  return binding_ || std::holds_alternative<wire::LdapBindRequest>(request);
}

}  // namespace startle::fake
