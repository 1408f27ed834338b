#ifdef STARTLE_LBER

#include "harness/wire/lber_for_test.h"

#include <lber.h>

#include <limits>
#include <memory>

#include "harness/wire/ldap_tags.h"

namespace startle::wire {
namespace {

struct FreeKeepingBuffer {
  void operator()(BerElement* ber) const { ber_free(ber, 0); }
};

// The elements of one constructed element.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : ber_(ber_alloc_t(0)) {
    berval value{bytes.size(), const_cast<char*>(bytes.data())};  // is only read
    ber_init2(ber_.get(), &value, 0);
  }

  // -1 at the end.
  int next() {
    ber_len_t length = 0;
    const ber_tag_t tag = ber_peek_tag(ber_.get(), &length);
    return tag == LBER_DEFAULT ? -1 : static_cast<int>(tag & 0xff);
  }
  bool number(std::int64_t& value) {
    ber_int_t read = 0;
    const bool good = ber_scanf(ber_.get(), "i", &read) != LBER_ERROR;
    value = read;
    return good;
  }
  bool boolean(bool& value) {
    ber_int_t read = 0;
    const bool good = ber_scanf(ber_.get(), "b", &read) != LBER_ERROR;
    value = read != 0;
    return good;
  }
  bool text(std::string& value) {
    berval read{};
    if (ber_scanf(ber_.get(), "m", &read) == LBER_ERROR) return false;
    value.assign(read.bv_val, read.bv_len);
    return true;
  }
  bool optional_text(int tag, std::optional<std::string>& value) {
    return next() != tag || text(value.emplace());
  }
  // The content of the next element.
  std::optional<std::string_view> content() {
    berval read{};
    if (ber_skip_element(ber_.get(), &read) == LBER_DEFAULT) return std::nullopt;
    return std::string_view(read.bv_val, read.bv_len);
  }
  // The whole of the next element.
  std::optional<std::string_view> raw() {
    berval read{};
    if (ber_skip_raw(ber_.get(), &read) == LBER_DEFAULT) return std::nullopt;
    return std::string_view(read.bv_val, read.bv_len);
  }
  template <class Read>
  bool inside(Read read) {
    const auto bytes = content();
    if (!bytes) return false;
    Reader in(*bytes);
    return read(in);
  }
  template <class Read>
  bool each(Read read) {
    return inside([&](Reader& in) {
      while (in.next() >= 0) {
        if (!read(in)) return false;
      }
      return true;
    });
  }
  bool texts(std::vector<std::string>& values) {
    return each([&](Reader& in) { return in.text(values.emplace_back()); });
  }

 private:
  std::unique_ptr<BerElement, FreeKeepingBuffer> ber_;
};

bool read(Reader& in, LdapResult& result) {
  return in.number(result.code) && in.text(result.matched_dn) && in.text(result.diagnostic) &&
         (in.next() != kTagReferral || in.texts(result.referrals));
}
bool read(Reader& in, LdapBindRequest& bind) {
  if (!in.number(bind.version) || !in.text(bind.name)) return false;
  const int choice = in.next();
  if (choice == kTagSimple) return in.text(bind.authentication.emplace<SimpleBind>().password);
  if (choice == kTagSasl) {
    auto& sasl = bind.authentication.emplace<SaslBind>();
    return in.inside([&](Reader& s) {
      return s.text(sasl.mechanism) && s.optional_text(kBerOctetString, sasl.credentials);
    });
  }
  const auto content = in.content();
  if (!content) return false;
  bind.authentication = OtherBind{static_cast<unsigned char>(choice), std::string(*content)};
  return true;
}
bool read(Reader& in, LdapBindResponse& bind) {
  return read(in, bind.result) &&
         in.optional_text(kTagServerSaslCredentials, bind.server_credentials);
}
bool read(Reader& in, LdapSearchRequest& search) {
  std::int64_t scope = 0;
  if (!in.text(search.base) || !in.number(scope) || !in.number(search.dereference) ||
      !in.number(search.size_limit) || !in.number(search.time_limit) ||
      !in.boolean(search.types_only)) {
    return false;
  }
  search.scope = static_cast<LdapScope>(scope);
  const auto filter = in.raw();
  if (!filter) return false;
  search.filter = *filter;
  return in.texts(search.attributes);
}
bool read(Reader& in, LdapSearchEntry& entry) {
  return in.text(entry.dn) && in.each([&](Reader& list) {
    auto& attribute = entry.attributes.emplace_back();
    return list.inside(
        [&](Reader& a) { return a.text(attribute.type) && a.texts(attribute.values); });
  });
}
bool read(Reader& in, LdapSearchDone& done) {
  return read(in, done.result);
}
bool read(Reader& in, LdapExtendedRequest& request) {
  return in.text(request.name) && in.optional_text(kTagRequestValue, request.value);
}
bool read(Reader& in, LdapExtendedResponse& response) {
  return read(in, response.result) && in.optional_text(kTagResponseName, response.name) &&
         in.optional_text(kTagResponseValue, response.value);
}
bool read(Reader& in, LdapIntermediateResponse& response) {
  return in.optional_text(kTagIntermediateName, response.name) &&
         in.optional_text(kTagIntermediateValue, response.value);
}

template <class Operation>
bool read_as(Reader& in, LdapOperation& operation) {
  auto& known = operation.emplace<Operation>();
  return in.inside([&](Reader& content) { return read(content, known); });
}

bool read(Reader& in, LdapOperation& operation) {
  const int tag = in.next();
  switch (tag) {
    case kTagBindRequest:
      return read_as<LdapBindRequest>(in, operation);
    case kTagBindResponse:
      return read_as<LdapBindResponse>(in, operation);
    case kTagUnbindRequest:
      operation.emplace<LdapUnbindRequest>();
      return in.content().has_value();
    case kTagSearchRequest:
      return read_as<LdapSearchRequest>(in, operation);
    case kTagSearchEntry:
      return read_as<LdapSearchEntry>(in, operation);
    case kTagSearchReference:
      return in.texts(operation.emplace<LdapSearchReference>().uris);
    case kTagSearchDone:
      return read_as<LdapSearchDone>(in, operation);
    case kTagExtendedRequest:
      return read_as<LdapExtendedRequest>(in, operation);
    case kTagExtendedResponse:
      return read_as<LdapExtendedResponse>(in, operation);
    case kTagIntermediateResponse:
      return read_as<LdapIntermediateResponse>(in, operation);
    case kTagAbandonRequest:
      return in.number(operation.emplace<LdapAbandonRequest>().id);
    default:
      break;
  }
  const auto content = in.content();
  if (!content) return false;
  operation = LdapOtherOperation{static_cast<unsigned char>(tag), std::string(*content)};
  return true;
}

bool read(Reader& in, LdapControl& control) {
  return in.inside([&](Reader& c) {
    return c.text(control.type) && (c.next() != kBerBoolean || c.boolean(control.critical)) &&
           c.optional_text(kBerOctetString, control.value);
  });
}

bool read(Reader& in, LdapMessage& message) {
  return in.number(message.id) && read(in, message.operation) &&
         (in.next() != kTagControls ||
          in.each([&](Reader& list) { return read(list, message.controls.emplace_back()); }));
}

}  // namespace

std::optional<LdapMessage> read_by_lber(std::string_view bytes) {
  LdapMessage message;
  Reader in(bytes);
  const bool good = in.inside([&](Reader& content) { return read(content, message); });
  return good ? std::optional(std::move(message)) : std::nullopt;
}

bool fits_lber(const LdapMessage& message) {
  const LdapResult* result = ldap_result(message.operation);
  return result == nullptr || (result->code >= std::numeric_limits<ber_int_t>::min() &&
                               result->code <= std::numeric_limits<ber_int_t>::max());
}

}  // namespace startle::wire

#endif  // STARTLE_LBER
