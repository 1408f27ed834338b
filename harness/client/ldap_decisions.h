#pragma once
// The points at which an LDAP client decides something that matters for security, where SMTP has
// no like. The correct decision is the default; a defect overrides it.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"
#include "harness/client/settings.h"
#include "harness/wire/ldap_message.h"
#include "harness/words/words.h"

namespace startle::client {

// What a server says of itself (RFC 4512, 5.1), as far as the client goes by it. An attribute is
// absent where the server supports nothing of the kind, or does not let itself be read.
struct RootDse {
  std::vector<std::string> extensions{};  // supportedExtension: OIDs (5.1.4)
  std::vector<std::string> mechanisms{};  // supportedSASLMechanisms (5.1.6)

  // Adds what the entry holds of these; attribute types go in any case (RFC 4512, 2.5).
  void take(const wire::LdapSearchEntry& entry);
  bool offers_starttls() const;
};

// What an answer to the StartTLS request amounts to (RFC 4511, 4.14.2).
enum class GoAhead {
  given,    // TLS begins with the next octet
  refused,  // a result code other than success
  wrong,    // no extended response, or one to another request
};

enum class BindMethod { anonymous, simple, sasl };
inline constexpr auto kBindMethods = word_table<BindMethod>({
    {BindMethod::anonymous, "anonymous"},
    {BindMethod::simple, "simple"},
    {BindMethod::sasl, "sasl"},
});
constexpr Words words_of(BindMethod) {
  return kBindMethods;
}

class LdapDecisions {
 public:
  virtual ~LdapDecisions() = default;

  // RFC 4511, 4.1.1.1: a response has the message id of its request.
  virtual bool is_answer(std::int64_t id, std::int64_t request) const { return id == request; }
  // Of SMTP and the handshake, too. Nobody waits for ever (RFC 5321, 4.5.3.2).
  virtual std::chrono::milliseconds patience(std::chrono::milliseconds configured) const {
    return configured;
  }
  // RFC 4511, 4.14.1, 4.2.1: what comes before it was asked for answers nothing.
  virtual bool takes_unasked_responses() const { return false; }
  // RFC 4511, 4.4.1: the session is over.
  virtual bool heeds_notice_of_disconnection() const { return true; }
  // RFC 4511, 4.1.11: in a response the criticality means nothing, and what is unknown is ignored.
  virtual bool refuses_control(const wire::LdapControl& /*of a response*/) const { return false; }
  // RFC 4511, 5.1: lengths need not be as short as can be. TCP knows no boundaries of messages.
  virtual bool takes_lengths_of_four_octets() const { return true; }
  virtual bool waits_for_the_rest() const { return true; }
  virtual std::size_t longest_message() const { return wire::kLongestLdapMessage; }
  // The connection ends inside the results of a search: is that all there was?
  virtual bool takes_end_for_result() const { return false; }
  // RFC 4511, 4.14.1: no value, nothing else before the response; RFC 4513, 3.1.1: not inside TLS.
  virtual std::optional<std::string> starttls_value() const { return std::nullopt; }
  virtual bool binds_before_go_ahead() const { return false; }
  virtual bool asks_for_starttls_inside_tls() const { return false; }
  // StartTLS is demanded and this was read in clear: is it to be asked for? A server that lists
  // extended operations without StartTLS has said no (RFC 4512, 5.1.4). One that lists none may
  // only hide them (5.1: "subject to access control and other restrictions"): its answer to the
  // request, which is not bound to any reading of the root DSE, decides (RFC 4511, 4.14.2).
  virtual bool asks_for_starttls(const RootDse& seen) const {
    return seen.extensions.empty() || seen.offers_starttls();
  }
  virtual GoAhead go_ahead(const wire::LdapMessage& response) const;
  // StartTLS is demanded and not to be had (not offered, or refused with `response`): go on?
  virtual bool binds_without_starttls(const wire::LdapMessage* /*response*/) const { return false; }
  // RFC 4512, 5.1: a root DSE that could not be read offers nothing.
  virtual RootDse root_dse_in_clear(const std::optional<RootDse>& read) const {
    return read.value_or(RootDse{});
  }
  // RFC 4513, 3.1.5: what was read before TLS is discarded. `after` is absent when it could not be
  // read inside TLS.
  virtual RootDse root_dse_in_effect(const RootDse& /*before*/,
                                     const std::optional<RootDse>& after) const {
    return after.value_or(RootDse{});
  }
  // RFC 4513, 5.1.2: a name with an empty password is a bind that proves nothing.
  virtual bool allows_unauthenticated_bind() const { return false; }
  // RFC 4513, 6.1 and 6.3.3: no password outside TLS, unless the user allows it. SASL where a
  // mechanism is configured.
  virtual std::optional<BindMethod> bind_method(bool inside_tls, const Settings& settings) const;
  // RFC 4511, 4.2.2.
  virtual bool is_bound(const wire::LdapResult& result) const {
    return result.code == wire::kLdapSuccess;
  }
  // What a bind that is refused with this result comes to.
  virtual words::Ending bind_refusal(const wire::LdapResult& result) const;
  // A referral in place of StartTLS or of a bind (RFC 4511, 6) leads nowhere.
  virtual bool keeps_referral_of_refusal() const { return false; }
  // A reference to another server (RFC 4511, 4.1.10 and 4.5.3) asks for a connection as well
  // protected, with another reference identity: none is followed.
  virtual bool follows_referral(const std::string& /*uri*/) const { return false; }
  // RFC 4511, 4.14.3.1 lets the server end TLS and keep the connection; whoever demands TLS has
  // nothing to say or hear there.
  virtual bool outlives_close_notify() const { return false; }
};

}  // namespace startle::client
