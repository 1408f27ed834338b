#pragma once
// One LDAP message (RFC 4511, 4.1.1), read from and written as BER. The reader takes what 5.1
// allows: definite lengths only, in the short form or in a long form of any legal size (Active
// Directory always sends 84 and four octets); strings primitive; a BOOLEAN TRUE is FF; bounded in
// size and depth; integers are never truncated. Names and values are octets: nothing is decoded
// further than a decision needs.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/wire/ber.h"
#include "harness/wire/parsed.h"

namespace startle::wire {

// ---- LDAPResult (4.1.9)

// Result codes that a decision depends on (RFC 4511, A.1); `code` may be any other integer.
enum LdapCode : std::int64_t {
  kLdapSuccess = 0,
  kLdapOperationsError = 1,
  kLdapProtocolError = 2,
  kLdapAuthMethodNotSupported = 7,
  kLdapStrongerAuthRequired = 8,
  kLdapReferral = 10,
  kLdapConfidentialityRequired = 13,
  kLdapSaslBindInProgress = 14,
  kLdapNoSuchObject = 32,
  kLdapInvalidDnSyntax = 34,
  kLdapInappropriateAuthentication = 48,
  kLdapInvalidCredentials = 49,
  kLdapInsufficientAccessRights = 50,
  kLdapBusy = 51,
  kLdapUnavailable = 52,
  kLdapUnwillingToPerform = 53,
  kLdapOther = 80,
};

// "confidentialityRequired (13)"; "unknown (65536)".
std::string ldap_code_text(std::int64_t code);

struct LdapResult {
  std::int64_t code = kLdapSuccess;
  std::string matched_dn{};
  std::string diagnostic{};
  std::vector<std::string> referrals{};  // URIs; empty: the field is absent

  bool operator==(const LdapResult&) const = default;
};

// ---- operations (4.2-4.14)

struct SimpleBind {
  std::string password{};
  bool operator==(const SimpleBind&) const = default;
};
struct SaslBind {
  std::string mechanism{};
  std::optional<std::string> credentials{};
  bool operator==(const SaslBind&) const = default;
};
// A choice that RFC 4511 does not know (4.2 is extensible; Active Directory has Sicily's
// 0x89-0x8b): to be answered authMethodNotSupported.
struct OtherBind {
  unsigned char tag = 0;  // the identifier octet
  std::string content{};
  bool operator==(const OtherBind&) const = default;
};
struct LdapBindRequest {
  std::int64_t version = 3;  // 1-127
  std::string name{};        // a DN; empty: anonymous
  std::variant<SimpleBind, SaslBind, OtherBind> authentication{};
  bool operator==(const LdapBindRequest&) const = default;
};
struct LdapBindResponse {
  LdapResult result{};
  std::optional<std::string> server_credentials{};
  bool operator==(const LdapBindResponse&) const = default;
};
struct LdapUnbindRequest {
  bool operator==(const LdapUnbindRequest&) const = default;
};

enum class LdapScope : unsigned char { base_object, single_level, whole_subtree };
struct LdapSearchRequest {
  std::string base{};
  LdapScope scope = LdapScope::base_object;
  std::int64_t dereference = 0;  // 0-3
  std::int64_t size_limit = 0;
  std::int64_t time_limit = 0;
  bool types_only = false;
  std::string filter{};  // one Filter, BER (harness/wire/ldap_filter.h)
  std::vector<std::string> attributes{};
  bool operator==(const LdapSearchRequest&) const = default;
};
struct LdapAttribute {
  std::string type{};
  std::vector<std::string> values{};
  bool operator==(const LdapAttribute&) const = default;
};
struct LdapSearchEntry {
  std::string dn{};
  std::vector<LdapAttribute> attributes{};
  bool operator==(const LdapSearchEntry&) const = default;
};
struct LdapSearchReference {
  std::vector<std::string> uris{};  // one at least
  bool operator==(const LdapSearchReference&) const = default;
};
struct LdapSearchDone {
  LdapResult result{};
  bool operator==(const LdapSearchDone&) const = default;
};

struct LdapExtendedRequest {
  std::string name{};  // an OID
  std::optional<std::string> value{};
  bool operator==(const LdapExtendedRequest&) const = default;
};
struct LdapExtendedResponse {
  LdapResult result{};
  std::optional<std::string> name{};
  std::optional<std::string> value{};
  bool operator==(const LdapExtendedResponse&) const = default;
};
struct LdapIntermediateResponse {
  std::optional<std::string> name{};
  std::optional<std::string> value{};
  bool operator==(const LdapIntermediateResponse&) const = default;
};
struct LdapAbandonRequest {
  std::int64_t id = 0;
  bool operator==(const LdapAbandonRequest&) const = default;
};
// Any other operation (modify, add, delete, compare ..): its tag and its content, unread.
struct LdapOtherOperation {
  unsigned char tag = 0;  // the identifier octet, 0x66 for a ModifyRequest
  std::string content{};
  bool operator==(const LdapOtherOperation&) const = default;
};

using LdapOperation =
    std::variant<LdapBindRequest, LdapBindResponse, LdapUnbindRequest, LdapSearchRequest,
                 LdapSearchEntry, LdapSearchReference, LdapSearchDone, LdapExtendedRequest,
                 LdapExtendedResponse, LdapIntermediateResponse, LdapAbandonRequest,
                 LdapOtherOperation>;

// "bind-response", "search-entry", "extended-request", "operation 0x66".
std::string ldap_operation_text(const LdapOperation& operation);
// The result that the operation carries; null for one that carries none.
const LdapResult* ldap_result(const LdapOperation& operation);

// ---- messages

struct LdapControl {
  std::string type{};  // an OID
  bool critical = false;
  std::optional<std::string> value{};
  bool operator==(const LdapControl&) const = default;
};
struct LdapMessage {
  std::int64_t id = 0;  // 0-2147483647; 0: an unsolicited notification (4.4)
  LdapOperation operation{};
  std::vector<LdapControl> controls{};
  bool operator==(const LdapMessage&) const = default;
};

inline constexpr std::string_view kStartTlsOid = "1.3.6.1.4.1.1466.20037";               // 4.14
inline constexpr std::string_view kNoticeOfDisconnectionOid = "1.3.6.1.4.1.1466.20036";  // 4.4.1
inline constexpr std::string_view kWhoAmIOid = "1.3.6.1.4.1.4203.1.11.3";                // RFC 4532

struct ParsedLdap {
  LdapMessage message{};
  std::size_t consumed = 0;  // bytes behind these belong to the next message
  bool operator==(const ParsedLdap&) const = default;
};

inline constexpr std::size_t kLongestLdapMessage = 1 << 20;

// The message that `input` starts with, of at most `longest` octets with its header: a greater
// length is malformed at once. Components that follow the known ones of a SEQUENCE under unknown
// tags are skipped (RFC 4511, 4); a FALSE that is the default may be stated, against 5.1 (4).
std::variant<ParsedLdap, NeedMore, Malformed> parse_ldap_message(
    std::string_view input, std::size_t longest = kLongestLdapMessage);

// The message as a peer sends it. What is out of range (id, codes, enumerations) is written as it
// stands: a lying server needs that.
std::string written(const LdapMessage& message, BerLengths lengths = BerLengths::shortest);

}  // namespace startle::wire
