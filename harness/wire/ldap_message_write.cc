// The writer of LDAP messages: each function appends one type of RFC 4511, B. Nothing is checked,
// for a lying server says what it likes.

#include "harness/wire/ldap_message.h"
#include "harness/wire/ldap_tags.h"

namespace startle::wire {
namespace {

void write_optional(BerWriter& out, unsigned char tag, const std::optional<std::string>& value) {
  if (value) out.octets(tag, *value);
}

void write_each(BerWriter& out, const std::vector<std::string>& values) {
  for (const std::string& value : values) out.octets(kBerOctetString, value);
}

void write_result(BerWriter& out, const LdapResult& result) {
  out.integer(kBerEnumerated, result.code);
  out.octets(kBerOctetString, result.matched_dn);
  out.octets(kBerOctetString, result.diagnostic);
  if (result.referrals.empty()) return;
  out.inside(kTagReferral, [&] { write_each(out, result.referrals); });
}

void write(BerWriter& out, const SimpleBind& simple) {
  out.octets(kTagSimple, simple.password);
}
void write(BerWriter& out, const SaslBind& sasl) {
  out.inside(kTagSasl, [&] {
    out.octets(kBerOctetString, sasl.mechanism);
    write_optional(out, kBerOctetString, sasl.credentials);
  });
}
void write(BerWriter& out, const OtherBind& other) {
  out.octets(other.tag, other.content);
}

void write(BerWriter& out, const LdapBindRequest& bind) {
  out.inside(kTagBindRequest, [&] {
    out.integer(kBerInteger, bind.version);
    out.octets(kBerOctetString, bind.name);
    std::visit([&](const auto& choice) { write(out, choice); }, bind.authentication);
  });
}
void write(BerWriter& out, const LdapBindResponse& bind) {
  out.inside(kTagBindResponse, [&] {
    write_result(out, bind.result);
    write_optional(out, kTagServerSaslCredentials, bind.server_credentials);
  });
}
void write(BerWriter& out, const LdapUnbindRequest&) {
  out.octets(kTagUnbindRequest, {});
}

void write(BerWriter& out, const LdapSearchRequest& search) {
  out.inside(kTagSearchRequest, [&] {
    out.octets(kBerOctetString, search.base);
    out.integer(kBerEnumerated, static_cast<std::int64_t>(search.scope));
    out.integer(kBerEnumerated, search.dereference);
    out.integer(kBerInteger, search.size_limit);
    out.integer(kBerInteger, search.time_limit);
    out.boolean(kBerBoolean, search.types_only);
    out.encoded(search.filter);
    out.inside(kBerSequence, [&] { write_each(out, search.attributes); });
  });
}
void write(BerWriter& out, const LdapSearchEntry& entry) {
  out.inside(kTagSearchEntry, [&] {
    out.octets(kBerOctetString, entry.dn);
    out.inside(kBerSequence, [&] {
      for (const LdapAttribute& attribute : entry.attributes) {
        out.inside(kBerSequence, [&] {
          out.octets(kBerOctetString, attribute.type);
          out.inside(kBerSet, [&] { write_each(out, attribute.values); });
        });
      }
    });
  });
}
void write(BerWriter& out, const LdapSearchReference& reference) {
  out.inside(kTagSearchReference, [&] { write_each(out, reference.uris); });
}
void write(BerWriter& out, const LdapSearchDone& done) {
  out.inside(kTagSearchDone, [&] { write_result(out, done.result); });
}

void write(BerWriter& out, const LdapExtendedRequest& request) {
  out.inside(kTagExtendedRequest, [&] {
    out.octets(kTagRequestName, request.name);
    write_optional(out, kTagRequestValue, request.value);
  });
}
void write(BerWriter& out, const LdapExtendedResponse& response) {
  out.inside(kTagExtendedResponse, [&] {
    write_result(out, response.result);
    write_optional(out, kTagResponseName, response.name);
    write_optional(out, kTagResponseValue, response.value);
  });
}
void write(BerWriter& out, const LdapIntermediateResponse& response) {
  out.inside(kTagIntermediateResponse, [&] {
    write_optional(out, kTagIntermediateName, response.name);
    write_optional(out, kTagIntermediateValue, response.value);
  });
}
void write(BerWriter& out, const LdapAbandonRequest& abandon) {
  out.integer(kTagAbandonRequest, abandon.id);
}
void write(BerWriter& out, const LdapOtherOperation& other) {
  out.octets(other.tag, other.content);
}

void write(BerWriter& out, const LdapControl& control) {
  out.inside(kBerSequence, [&] {
    out.octets(kBerOctetString, control.type);
    if (control.critical) out.boolean(kBerBoolean, true);  // the default is absent (5.1)
    write_optional(out, kBerOctetString, control.value);
  });
}

}  // namespace

std::string written(const LdapMessage& message, BerLengths lengths) {
  std::string bytes;
  bytes.reserve(128);
  BerWriter out(bytes, lengths);
  out.inside(kBerSequence, [&] {
    out.integer(kBerInteger, message.id);
    std::visit([&](const auto& operation) { write(out, operation); }, message.operation);
    if (message.controls.empty()) return;
    out.inside(kTagControls, [&] {
      for (const LdapControl& control : message.controls) write(out, control);
    });
  });
  return bytes;
}

}  // namespace startle::wire
