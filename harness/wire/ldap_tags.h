#pragma once
// The identifier octets of LDAP messages (RFC 4511, B), for the reader and the writer.

#include "harness/wire/ber.h"

namespace startle::wire {

// protocolOp: application class.
inline constexpr unsigned char kTagBindRequest = 0x60;
inline constexpr unsigned char kTagBindResponse = 0x61;
inline constexpr unsigned char kTagUnbindRequest = 0x42;
inline constexpr unsigned char kTagSearchRequest = 0x63;
inline constexpr unsigned char kTagSearchEntry = 0x64;
inline constexpr unsigned char kTagSearchDone = 0x65;
inline constexpr unsigned char kTagAbandonRequest = 0x50;
inline constexpr unsigned char kTagSearchReference = 0x73;
inline constexpr unsigned char kTagExtendedRequest = 0x77;
inline constexpr unsigned char kTagExtendedResponse = 0x78;
inline constexpr unsigned char kTagIntermediateResponse = 0x79;

// Context class, by what they stand in.
inline constexpr unsigned char kTagControls = 0xa0;               // LDAPMessage
inline constexpr unsigned char kTagReferral = 0xa3;               // LDAPResult
inline constexpr unsigned char kTagSimple = 0x80;                 // AuthenticationChoice
inline constexpr unsigned char kTagSasl = 0xa3;                   // AuthenticationChoice
inline constexpr unsigned char kTagServerSaslCredentials = 0x87;  // BindResponse
inline constexpr unsigned char kTagRequestName = 0x80;            // ExtendedRequest
inline constexpr unsigned char kTagRequestValue = 0x81;
inline constexpr unsigned char kTagResponseName = 0x8a;  // ExtendedResponse
inline constexpr unsigned char kTagResponseValue = 0x8b;
inline constexpr unsigned char kTagIntermediateName = 0x80;  // IntermediateResponse
inline constexpr unsigned char kTagIntermediateValue = 0x81;

// Filter (4.5.1.7)
inline constexpr unsigned char kTagAnd = 0xa0;
inline constexpr unsigned char kTagOr = 0xa1;
inline constexpr unsigned char kTagNot = 0xa2;
inline constexpr unsigned char kTagEquality = 0xa3;
inline constexpr unsigned char kTagSubstrings = 0xa4;
inline constexpr unsigned char kTagGreaterOrEqual = 0xa5;
inline constexpr unsigned char kTagLessOrEqual = 0xa6;
inline constexpr unsigned char kTagPresent = 0x87;
inline constexpr unsigned char kTagApproximate = 0xa8;
inline constexpr unsigned char kTagExtensible = 0xa9;
inline constexpr unsigned char kTagInitial = 0x80;  // SubstringFilter
inline constexpr unsigned char kTagAny = 0x81;
inline constexpr unsigned char kTagFinal = 0x82;
inline constexpr unsigned char kTagMatchingRule = 0x81;  // MatchingRuleAssertion
inline constexpr unsigned char kTagType = 0x82;
inline constexpr unsigned char kTagMatchValue = 0x83;
inline constexpr unsigned char kTagDnAttributes = 0x84;

}  // namespace startle::wire
