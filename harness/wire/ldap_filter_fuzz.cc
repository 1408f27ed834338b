#include <string>

#include "harness/wire/fuzz_properties.h"
#include "harness/wire/ldap_filter.h"
#include "harness/wire/ldap_tags.h"

namespace startle::wire {
namespace {

const std::vector<LdapAttribute>& entry() {
  static const std::vector<LdapAttribute> attributes{
      {"cn", {"alice", "b*"}}, {"a", {"1", "02", ""}}, {"c;x-y", {"z"}}, {"o", {}}};
  return attributes;
}

bool is_filter(std::string_view bytes) {
  BerReader in(bytes, bytes.size());
  read_ldap_filter(in, {});
  return !in.failed() && in.position() == bytes.size();
}

std::string set_of(unsigned char tag, std::string_view filter, int times) {
  std::string bytes;
  BerWriter out(bytes);
  out.inside(tag, [&] {
    for (int i = 0; i < times; ++i) out.encoded(filter);
  });
  return bytes;
}

// The laws of three-valued logic, on one filter that has room for another around it.
void check_logic(std::string_view filter) {
  if (!is_filter(set_of(kTagNot, filter, 1))) return;  // as deep as may be
  const LdapTruth truth = ldap_filter_matches(filter, entry());
  const std::string negated = set_of(kTagNot, filter, 1);
  const LdapTruth opposite = ldap_filter_matches(negated, entry());
  must_hold(static_cast<int>(truth) + static_cast<int>(opposite) == 2, "not turns it around");
  for (const unsigned char tag : {kTagAnd, kTagOr}) {
    must_hold(ldap_filter_matches(set_of(tag, filter, 1), entry()) == truth, "a set of one");
    must_hold(ldap_filter_matches(set_of(tag, filter, 2), entry()) == truth, "a set of the same");
    const LdapTruth both =
        ldap_filter_matches(set_of(tag, std::string(filter) + negated, 1), entry());
    const bool undecided = truth == LdapTruth::undefined;
    const LdapTruth certain = tag == kTagAnd ? LdapTruth::false_ : LdapTruth::true_;
    must_hold(
        both == (undecided || !is_filter(set_of(tag, negated, 1)) ? LdapTruth::undefined : certain),
        "one of the two holds");
  }
}

void check_text(std::string_view text) {
  const auto answer = parse_ldap_filter(text);
  if (const auto* malformed = std::get_if<Malformed>(&answer)) {
    must_hold(malformed->offset <= text.size() && !malformed->why.empty(),
              "what is malformed has place and reason");
    return;
  }
  const auto& filter = std::get<std::string>(answer);
  must_hold(is_filter(filter), "what is written is read");
  must_hold(std::holds_alternative<Malformed>(parse_ldap_filter(std::string(text) + ")")),
            "a filter ends where it ends");
  check_logic(filter);
}

void check_bytes(std::string_view bytes) {
  if (is_filter(bytes)) {
    check_logic(bytes);
  } else {
    must_hold(ldap_filter_matches(bytes, entry()) == LdapTruth::undefined,
              "what is no filter says nothing");
  }
}

}  // namespace
}  // namespace startle::wire

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  startle::wire::check_text(input);
  startle::wire::check_bytes(input);
  return 0;
}
