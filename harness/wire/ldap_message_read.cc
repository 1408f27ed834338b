// The reader of LDAP messages: each function reads one type of RFC 4511, B, under its name there.

#include "harness/wire/ldap_filter.h"
#include "harness/wire/ldap_message.h"
#include "harness/wire/ldap_tags.h"

namespace startle::wire {
namespace {

constexpr std::int64_t kMaxInt = 2147483647;  // maxInt (4.1.1)

// What an LDAPMessage holds: the operations that RFC 4511 defines, an id, controls.
constexpr std::string_view kMessageTags(
    "\x02\xa0\x60\x61\x42\x63\x64\x65\x66\x67\x68\x69\x4a\x6b\x6c\x6d\x6e\x6f\x50\x73\x77\x78\x79");

bool read(BerReader& in, std::vector<std::string>& uris) {
  do {
    if (!in.octets(kBerOctetString, "a URI", uris.emplace_back())) return false;
  } while (in.more());
  return !in.failed();
}

// The components of an LDAPResult, not what surrounds them (4.1.9).
bool read(BerReader& in, LdapResult& result) {
  if (!in.integer(kBerEnumerated, "the result code", result.code) ||
      !in.octets(kBerOctetString, "the matched DN", result.matched_dn) ||
      !in.octets(kBerOctetString, "the diagnostic message", result.diagnostic)) {
    return false;
  }
  if (in.next() != kTagReferral) return !in.failed();
  return in.inside(kTagReferral, "the referral", [&] { return read(in, result.referrals); });
}

bool read_sasl(BerReader& in, SaslBind& sasl) {
  return in.inside(kTagSasl, "the SASL credentials", [&] {
    return in.octets(kBerOctetString, "the SASL mechanism", sasl.mechanism) &&
           in.optional_octets(kBerOctetString, "the SASL credentials", sasl.credentials) &&
           in.skip_unknown("\x04");
  });
}

bool read(BerReader& in, LdapBindRequest& bind) {
  if (!in.integer(kBerInteger, "the version", bind.version, 1, 127) ||
      !in.octets(kBerOctetString, "the name", bind.name)) {
    return false;
  }
  const auto choice = in.next();
  if (in.failed()) return false;
  if (!choice || choice == kTagSimple) {
    auto& simple = bind.authentication.emplace<SimpleBind>();
    if (!in.octets(kTagSimple, "the authentication", simple.password)) return false;
  } else if (choice == kTagSasl) {
    if (!read_sasl(in, bind.authentication.emplace<SaslBind>())) return false;
  } else {
    if ((*choice & 0xc0U) != 0x80 || ber_holds_tag("\x80\xa3", *choice)) {
      return in.malformed(in.position(), "no authentication has the tag " + ber_tag_text(*choice));
    }
    if ((*choice & 0x1fU) == 0x1f) {
      return in.malformed(in.position(), "no authentication has a tag number above 30");
    }
    auto& other = bind.authentication.emplace<OtherBind>();
    std::string_view content;
    if (!in.any("the authentication", other.tag, content)) return false;
    other.content = content;
  }
  return in.skip_unknown("\x02\x04\x80\xa3");
}

bool read(BerReader& in, LdapBindResponse& bind) {
  return read(in, bind.result) &&
         in.optional_octets(kTagServerSaslCredentials, "the server's SASL credentials",
                            bind.server_credentials) &&
         in.skip_unknown("\x0a\x04\xa3\x87");
}

bool read(BerReader& in, LdapSearchRequest& search) {
  std::int64_t scope = 0;
  if (!in.octets(kBerOctetString, "the base", search.base) ||
      !in.integer(kBerEnumerated, "the scope", scope, 0, 2) ||
      !in.integer(kBerEnumerated, "the alias dereferencing", search.dereference, 0, 3) ||
      !in.integer(kBerInteger, "the size limit", search.size_limit, 0, kMaxInt) ||
      !in.integer(kBerInteger, "the time limit", search.time_limit, 0, kMaxInt) ||
      !in.boolean(kBerBoolean, "types only", search.types_only)) {
    return false;
  }
  search.scope = static_cast<LdapScope>(scope);
  const std::size_t filter = in.position();
  read_ldap_filter(in, {});
  if (in.failed()) return false;
  search.filter = in.since(filter);
  return in.each(kBerSequence, "the attribute selection", [&] {
    return in.octets(kBerOctetString, "an attribute selector", search.attributes.emplace_back());
  }) && in.skip_unknown("\x04\x0a\x02\x01\x30");
}

bool read_attribute(BerReader& in, LdapAttribute& attribute) {
  return in.inside(kBerSequence, "an attribute", [&] {
    return in.octets(kBerOctetString, "an attribute description", attribute.type) &&
           in.each(kBerSet, "the values",
                   [&] {
                     return in.octets(kBerOctetString, "a value", attribute.values.emplace_back());
                   }) &&
           in.skip_unknown("\x04\x31");
  });
}

bool read(BerReader& in, LdapSearchEntry& entry) {
  return in.octets(kBerOctetString, "the DN of an entry", entry.dn) &&
         in.each(kBerSequence, "the attributes",
                 [&] { return read_attribute(in, entry.attributes.emplace_back()); }) &&
         in.skip_unknown("\x04\x30");
}

bool read(BerReader& in, LdapSearchReference& reference) {
  return read(in, reference.uris);
}

bool read(BerReader& in, LdapSearchDone& done) {
  return read(in, done.result) && in.skip_unknown("\x0a\x04\xa3");
}

bool read(BerReader& in, LdapExtendedRequest& request) {
  return in.octets(kTagRequestName, "the request name", request.name) &&
         in.optional_octets(kTagRequestValue, "the request value", request.value) &&
         in.skip_unknown("\x80\x81");
}

bool read(BerReader& in, LdapExtendedResponse& response) {
  return read(in, response.result) &&
         in.optional_octets(kTagResponseName, "the response name", response.name) &&
         in.optional_octets(kTagResponseValue, "the response value", response.value) &&
         in.skip_unknown("\x0a\x04\xa3\x8a\x8b");
}

bool read(BerReader& in, LdapIntermediateResponse& response) {
  return in.optional_octets(kTagIntermediateName, "the response name", response.name) &&
         in.optional_octets(kTagIntermediateValue, "the response value", response.value) &&
         in.skip_unknown("\x80\x81");
}

template <class Operation>
bool read_as(BerReader& in, unsigned char tag, const char* what, LdapOperation& operation) {
  auto& known = operation.emplace<Operation>();
  return in.inside(tag, what, [&] { return read(in, known); });
}

// An operation that is not taken apart. Those that RFC 4511 defines have one form only, primitive
// or constructed; of others nothing is known.
bool read_other(BerReader& in, unsigned char tag, LdapOperation& operation) {
  if ((tag & 0xc0U) != 0x40) {
    return in.malformed(in.position(),
                        "an operation has an application tag, not " + ber_tag_text(tag));
  }
  if (kMessageTags.find(static_cast<char>(tag ^ kBerConstructed)) != std::string_view::npos) {
    return in.malformed(in.position(), "the tag of this operation is " +
                                           ber_tag_text(tag ^ kBerConstructed) + ", not " +
                                           ber_tag_text(tag));
  }
  if ((tag & 0x1fU) == 0x1f) {
    return in.malformed(in.position(), "no operation has a tag number above 30");
  }
  auto& other = operation.emplace<LdapOtherOperation>();
  std::string_view content;
  if (!in.any("the operation", other.tag, content)) return false;
  other.content = content;
  return true;
}

bool read(BerReader& in, LdapOperation& operation) {
  const auto tag = in.next();
  if (in.failed()) return false;
  switch (tag.value_or(0)) {
    case 0:
      if (tag) break;
      return in.null(0, "the operation");  // it is missing
    case kTagBindRequest:
      return read_as<LdapBindRequest>(in, *tag, "the bind request", operation);
    case kTagBindResponse:
      return read_as<LdapBindResponse>(in, *tag, "the bind response", operation);
    case kTagUnbindRequest:
      operation.emplace<LdapUnbindRequest>();
      return in.null(*tag, "the unbind request");
    case kTagSearchRequest:
      return read_as<LdapSearchRequest>(in, *tag, "the search request", operation);
    case kTagSearchEntry:
      return read_as<LdapSearchEntry>(in, *tag, "the search result entry", operation);
    case kTagSearchReference:
      return read_as<LdapSearchReference>(in, *tag, "the search result reference", operation);
    case kTagSearchDone:
      return read_as<LdapSearchDone>(in, *tag, "the search result", operation);
    case kTagExtendedRequest:
      return read_as<LdapExtendedRequest>(in, *tag, "the extended request", operation);
    case kTagExtendedResponse:
      return read_as<LdapExtendedResponse>(in, *tag, "the extended response", operation);
    case kTagIntermediateResponse:
      return read_as<LdapIntermediateResponse>(in, *tag, "the intermediate response", operation);
    case kTagAbandonRequest:
      return in.integer(*tag, "the message id to abandon",
                        operation.emplace<LdapAbandonRequest>().id, 0, kMaxInt);
    default:
      break;
  }
  return read_other(in, *tag, operation);
}

// Control (4.1.11).
bool read_control(BerReader& in, LdapControl& control) {
  return in.inside(kBerSequence, "a control", [&] {
    if (!in.octets(kBerOctetString, "the control type", control.type)) return false;
    if (in.next() == kBerBoolean && !in.boolean(kBerBoolean, "the criticality", control.critical)) {
      return false;
    }
    return in.optional_octets(kBerOctetString, "the control value", control.value) &&
           in.skip_unknown("\x04\x01");
  });
}

bool read(BerReader& in, LdapMessage& message) {
  if (!in.integer(kBerInteger, "the message id", message.id, 0, kMaxInt) ||
      !read(in, message.operation)) {
    return false;
  }
  if (in.next() == kTagControls) {
    const bool read_all = in.each(kTagControls, "the controls", [&] {
      return read_control(in, message.controls.emplace_back());
    });
    if (!read_all) return false;
  }
  return in.skip_unknown(kMessageTags);
}

}  // namespace

std::variant<ParsedLdap, NeedMore, Malformed> parse_ldap_message(std::string_view input,
                                                                 std::size_t longest) {
  BerReader in(input, longest);
  ParsedLdap parsed;
  if (in.inside(kBerSequence, "a message", [&] { return read(in, parsed.message); })) {
    parsed.consumed = in.position();
    return parsed;
  }
  auto failure = in.take_failure();
  if (auto* malformed = std::get_if<Malformed>(&failure)) return std::move(*malformed);
  return NeedMore{};
}

}  // namespace startle::wire
