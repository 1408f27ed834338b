#include "harness/client/ldap_endings.h"

#include "harness/base/printable.h"

namespace startle::client {

using words::Ending;

namespace {

constexpr std::int64_t kSizeLimitExceeded = 4;
constexpr std::int64_t kCompareFalse = 5;
constexpr std::int64_t kCompareTrue = 6;
constexpr std::size_t kLongestText = 512;  // of a diagnostic message that is shown

}  // namespace

Ending starttls_ending(const wire::LdapResult& result) {
  if (result.code == wire::kLdapProtocolError) return Ending::starttls_not_supported;
  return result.code == wire::kLdapBusy ? Ending::throttled : Ending::starttls_refused;
}

Ending bind_ending(const wire::LdapResult& result) {
  switch (result.code) {
    case kCompareFalse:
    case kCompareTrue:
    case wire::kLdapSaslBindInProgress:
      return Ending::protocol_error;
    case wire::kLdapAuthMethodNotSupported:
    case wire::kLdapStrongerAuthRequired:
    case wire::kLdapConfidentialityRequired:
      return Ending::auth_unavailable;
    case wire::kLdapBusy:
    case wire::kLdapUnavailable:
      return Ending::throttled;
    case wire::kLdapReferral:
    case wire::kLdapUnwillingToPerform:
      return Ending::refused_by_server;
    default:
      return Ending::auth_rejected;
  }
}

Ending sasl_bind_ending(const wire::LdapResult& result, bool error_stated) {
  const Ending ending = bind_ending(result);
  return error_stated && ending != Ending::protocol_error ? Ending::auth_rejected : ending;
}

Ending refusal_ending(const wire::LdapResult& result) {
  const bool later = result.code == wire::kLdapBusy || result.code == wire::kLdapUnavailable;
  return later ? Ending::throttled : Ending::refused_by_server;
}

bool is_answered(const wire::LdapResult& result) {
  return result.code == wire::kLdapSuccess || result.code == kSizeLimitExceeded ||
         result.code == wire::kLdapReferral;
}

std::string described(const wire::LdapResult& result) {
  const std::string text = printable(result.diagnostic.substr(0, kLongestText));
  return wire::ldap_code_text(result.code) + (text.empty() ? "" : " " + text);
}

}  // namespace startle::client
