#ifdef STARTLE_LBER

#include <lber.h>

#include <memory>

#include "harness/wire/lber_for_test.h"
#include "harness/wire/ldap_tags.h"

namespace startle::wire {
namespace {

struct FreeWithBuffer {
  void operator()(BerElement* ber) const { ber_free(ber, 1); }
};

// Writes what ber_printf's formats say.
class Writer {
 public:
  explicit Writer(int options) : ber_(ber_alloc_t(options)) {}

  void open(int tag) { good_ &= ber_printf(ber_.get(), "t{", static_cast<ber_tag_t>(tag)) >= 0; }
  void close() { good_ &= ber_printf(ber_.get(), "N}") >= 0; }
  void number(int tag, std::int64_t value) {
    good_ &= ber_printf(ber_.get(), "ti", static_cast<ber_tag_t>(tag),
                        static_cast<ber_int_t>(value)) >= 0;
  }
  void boolean(bool value) { good_ &= ber_printf(ber_.get(), "b", ber_int_t{value}) >= 0; }
  void text(int tag, std::string_view value) {
    good_ &= ber_printf(ber_.get(), "to", static_cast<ber_tag_t>(tag), value.data(),
                        static_cast<ber_len_t>(value.size())) >= 0;
  }
  void optional_text(int tag, const std::optional<std::string>& value) {
    if (value) text(tag, *value);
  }
  void texts(int tag, const std::vector<std::string>& values) {
    open(tag);
    for (const std::string& value : values) text(kBerOctetString, value);
    close();
  }
  void raw(std::string_view element) {
    good_ &= ber_write(ber_.get(), element.data(), element.size(), 0) ==
             static_cast<ber_slen_t>(element.size());
  }
  std::string bytes() {
    berval value{};
    good_ &= ber_flatten2(ber_.get(), &value, 0) == 0;
    return good_ ? std::string(value.bv_val, value.bv_len) : std::string();
  }

 private:
  std::unique_ptr<BerElement, FreeWithBuffer> ber_;
  bool good_ = true;
};

void write(Writer& out, const LdapResult& result) {
  out.number(kBerEnumerated, result.code);
  out.text(kBerOctetString, result.matched_dn);
  out.text(kBerOctetString, result.diagnostic);
  if (!result.referrals.empty()) out.texts(kTagReferral, result.referrals);
}
void write(Writer& out, const LdapBindRequest& bind) {
  out.open(kTagBindRequest);
  out.number(kBerInteger, bind.version);
  out.text(kBerOctetString, bind.name);
  if (const auto* simple = std::get_if<SimpleBind>(&bind.authentication)) {
    out.text(kTagSimple, simple->password);
  } else if (const auto* other = std::get_if<OtherBind>(&bind.authentication)) {
    out.text(other->tag, other->content);
  } else {
    const auto& sasl = std::get<SaslBind>(bind.authentication);
    out.open(kTagSasl);
    out.text(kBerOctetString, sasl.mechanism);
    out.optional_text(kBerOctetString, sasl.credentials);
    out.close();
  }
  out.close();
}
void write(Writer& out, const LdapBindResponse& bind) {
  out.open(kTagBindResponse);
  write(out, bind.result);
  out.optional_text(kTagServerSaslCredentials, bind.server_credentials);
  out.close();
}
void write(Writer& out, const LdapUnbindRequest&) {
  out.text(kTagUnbindRequest, "");
}
void write(Writer& out, const LdapSearchRequest& search) {
  out.open(kTagSearchRequest);
  out.text(kBerOctetString, search.base);
  out.number(kBerEnumerated, static_cast<std::int64_t>(search.scope));
  out.number(kBerEnumerated, search.dereference);
  out.number(kBerInteger, search.size_limit);
  out.number(kBerInteger, search.time_limit);
  out.boolean(search.types_only);
  out.raw(search.filter);
  out.texts(kBerSequence, search.attributes);
  out.close();
}
void write(Writer& out, const LdapSearchEntry& entry) {
  out.open(kTagSearchEntry);
  out.text(kBerOctetString, entry.dn);
  out.open(kBerSequence);
  for (const LdapAttribute& attribute : entry.attributes) {
    out.open(kBerSequence);
    out.text(kBerOctetString, attribute.type);
    out.texts(kBerSet, attribute.values);
    out.close();
  }
  out.close();
  out.close();
}
void write(Writer& out, const LdapSearchReference& reference) {
  out.texts(kTagSearchReference, reference.uris);
}
void write(Writer& out, const LdapSearchDone& done) {
  out.open(kTagSearchDone);
  write(out, done.result);
  out.close();
}
void write(Writer& out, const LdapExtendedRequest& request) {
  out.open(kTagExtendedRequest);
  out.text(kTagRequestName, request.name);
  out.optional_text(kTagRequestValue, request.value);
  out.close();
}
void write(Writer& out, const LdapExtendedResponse& response) {
  out.open(kTagExtendedResponse);
  write(out, response.result);
  out.optional_text(kTagResponseName, response.name);
  out.optional_text(kTagResponseValue, response.value);
  out.close();
}
void write(Writer& out, const LdapIntermediateResponse& response) {
  out.open(kTagIntermediateResponse);
  out.optional_text(kTagIntermediateName, response.name);
  out.optional_text(kTagIntermediateValue, response.value);
  out.close();
}
void write(Writer& out, const LdapAbandonRequest& abandon) {
  out.number(kTagAbandonRequest, abandon.id);
}
void write(Writer& out, const LdapOtherOperation& other) {
  out.text(other.tag, other.content);
}
void write(Writer& out, const LdapControl& control) {
  out.open(kBerSequence);
  out.text(kBerOctetString, control.type);
  if (control.critical) out.boolean(true);
  out.optional_text(kBerOctetString, control.value);
  out.close();
}

}  // namespace

std::string written_by_lber(const LdapMessage& message, BerLengths lengths) {
  Writer out(lengths == BerLengths::shortest ? LBER_USE_DER : 0);
  out.open(kBerSequence);
  out.number(kBerInteger, message.id);
  std::visit([&](const auto& operation) { write(out, operation); }, message.operation);
  if (!message.controls.empty()) {
    out.open(kTagControls);
    for (const LdapControl& control : message.controls) write(out, control);
    out.close();
  }
  out.close();
  return out.bytes();
}

}  // namespace startle::wire

#endif  // STARTLE_LBER
