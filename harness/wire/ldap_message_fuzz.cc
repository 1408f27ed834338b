#include <string>

#include "harness/wire/fuzz_properties.h"
#include "harness/wire/ldap_filter.h"
#include "harness/wire/ldap_message.h"

namespace startle::wire {
namespace {

void check_written(const ParsedLdap& parsed, BerLengths lengths) {
  const std::string bytes = written(parsed.message, lengths);
  const auto again = parse_ldap_message(bytes, bytes.size());
  const auto* same = std::get_if<ParsedLdap>(&again);
  must_hold(same != nullptr && same->message == parsed.message && same->consumed == bytes.size(),
            "what is written parses to the same");
  must_hold(lengths != BerLengths::shortest || bytes.size() <= parsed.consumed,
            "nothing is written that was not read");
}

void check_result(const LdapResult& result) {
  must_hold(ldap_code_text(result.code).ends_with("(" + std::to_string(result.code) + ")"),
            "a code is named with its number");
}

void check(std::string_view input, std::size_t limit) {
  const auto answer = answer_of_every_cut<ParsedLdap>(
      input, [&](std::string_view bytes) { return parse_ldap_message(bytes, limit); });
  if (std::holds_alternative<NeedMore>(answer)) {
    must_hold(input.size() < limit, "no caller has to keep more than the limit");
  }
  const auto* parsed = std::get_if<ParsedLdap>(&answer);
  if (parsed == nullptr) return;

  const LdapMessage& message = parsed->message;
  must_hold(parsed->consumed <= limit, "a message is within its limit");
  must_hold(message.id >= 0 && message.id <= 2147483647, "an id of 4.1.1.1");
  must_hold(!ldap_operation_text(message.operation).empty(), "an operation has a name");
  check_written(*parsed, BerLengths::shortest);
  check_written(*parsed, BerLengths::four_octets);
  if (const auto* result = ldap_result(message.operation)) check_result(*result);
  if (const auto* search = std::get_if<LdapSearchRequest>(&message.operation)) {
    BerReader filter(search->filter, search->filter.size());
    read_ldap_filter(filter, {});
    must_hold(!filter.failed() && filter.position() == search->filter.size(),
              "the filter is one filter");
  }
}

}  // namespace
}  // namespace startle::wire

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  startle::wire::check(input, startle::wire::kLongestLdapMessage);
  startle::wire::check(input, 40);
  return 0;
}
