#include "harness/wire/ldap_message.h"

#include <algorithm>
#include <array>
#include <type_traits>

namespace startle::wire {
namespace {

struct CodeName {
  std::int64_t code;
  std::string_view name;
};

// RFC 4511, 4.1.9 and A; then RFC 3909, 4528, 4370, 4533.
constexpr CodeName kCodeNames[] = {
    {0, "success"},
    {1, "operationsError"},
    {2, "protocolError"},
    {3, "timeLimitExceeded"},
    {4, "sizeLimitExceeded"},
    {5, "compareFalse"},
    {6, "compareTrue"},
    {7, "authMethodNotSupported"},
    {8, "strongerAuthRequired"},
    {10, "referral"},
    {11, "adminLimitExceeded"},
    {12, "unavailableCriticalExtension"},
    {13, "confidentialityRequired"},
    {14, "saslBindInProgress"},
    {16, "noSuchAttribute"},
    {17, "undefinedAttributeType"},
    {18, "inappropriateMatching"},
    {19, "constraintViolation"},
    {20, "attributeOrValueExists"},
    {21, "invalidAttributeSyntax"},
    {32, "noSuchObject"},
    {33, "aliasProblem"},
    {34, "invalidDNSyntax"},
    {36, "aliasDereferencingProblem"},
    {48, "inappropriateAuthentication"},
    {49, "invalidCredentials"},
    {50, "insufficientAccessRights"},
    {51, "busy"},
    {52, "unavailable"},
    {53, "unwillingToPerform"},
    {54, "loopDetect"},
    {64, "namingViolation"},
    {65, "objectClassViolation"},
    {66, "notAllowedOnNonLeaf"},
    {67, "notAllowedOnRDN"},
    {68, "entryAlreadyExists"},
    {69, "objectClassModsProhibited"},
    {71, "affectsMultipleDSAs"},
    {80, "other"},
    {118, "canceled"},
    {119, "noSuchOperation"},
    {120, "tooLate"},
    {121, "cannotCancel"},
    {122, "assertionFailed"},
    {123, "authorizationDenied"},
    {4096, "e-syncRefreshRequired"},
};

// In the order of LdapOperation's alternatives.
constexpr std::array<std::string_view, 11> kOperations{
    "bind-request",      "bind-response",         "unbind-request",  "search-request",
    "search-entry",      "search-reference",      "search-done",     "extended-request",
    "extended-response", "intermediate-response", "abandon-request",
};
static_assert(std::variant_size_v<LdapOperation> == kOperations.size() + 1);

}  // namespace

std::string ldap_code_text(std::int64_t code) {
  const auto* known =
      std::lower_bound(std::begin(kCodeNames), std::end(kCodeNames), code,
                       [](const CodeName& c, std::int64_t v) { return c.code < v; });
  const bool found = known != std::end(kCodeNames) && known->code == code;
  return std::string(found ? known->name : "unknown") + " (" + std::to_string(code) + ")";
}

std::string ldap_operation_text(const LdapOperation& operation) {
  if (const auto* other = std::get_if<LdapOtherOperation>(&operation)) {
    return "operation " + ber_tag_text(other->tag);
  }
  return std::string(kOperations[operation.index()]);
}

const LdapResult* ldap_result(const LdapOperation& operation) {
  return std::visit(
      [](const auto& o) -> const LdapResult* {
        if constexpr (requires { o.result; }) {
          return &o.result;
        } else {
          return nullptr;
        }
      },
      operation);
}

}  // namespace startle::wire
