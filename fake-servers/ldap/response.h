#pragma once
// Responses that a script words: the right one with some parts of its own, or another in its place.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fake-servers/dialogue/script.h"
#include "harness/wire/ldap_message.h"

namespace startle::fake {

// The operation that answers a request, with this result: search-done, extended-response, .. A
// request that has no response is answered by a notice of disconnection.
wire::LdapOperation response_to(const wire::LdapOperation& request, wire::LdapResult result);
// The identifier octet of the response to an operation that is not modelled (modify, add, delete,
// ..): RFC 4511, B. Nothing: this is no request.
std::optional<unsigned char> response_tag(unsigned char request_tag);

// Unsolicited, id 0, protocolError (RFC 4511, 4.4.1).
wire::LdapMessage notice_of_disconnection(const std::string& why);

// What is at hand for the parts that a script does not state.
struct ResponseParts {
  const wire::LdapMessage& request;
  bool starttls_name = false;   // the response to StartTLS has its name
  std::string authorization{};  // what "Who am I?" returns
  std::string referral{};       // for {referral}
};
// `as` is an operation by its name in wire::ldap_operation_text, or "notice-of-disconnection".
// Throws Error(Fault::input) for any other.
wire::LdapMessage scripted_response(const Respond& step, const ResponseParts& parts);

// The octets of Respond::bytes, "30 0c 02 01 ID 78 07 ..", ID being the message id of the request:
// an octet up to 127, and more where the lengths before it have room. Nothing: these are none, or
// they have not.
std::optional<std::string> scripted_octets(std::string_view hex, std::int64_t id);

}  // namespace startle::fake
