#include <string>

#include "harness/base/bytes.h"
#include "harness/base/text.h"
#include "harness/wire/fuzz_properties.h"
#include "harness/wire/ldap_url.h"

namespace startle::wire {
namespace {

std::string encoded(std::string_view text) {
  std::string all;
  for (const char c : text) all += is_alphanumeric(c) ? std::string(1, c) : "%" + to_hex({&c, 1});
  return all;
}

void check(std::string_view input) {
  const auto answer = parse_ldap_url(input);
  if (const auto* malformed = std::get_if<Malformed>(&answer)) {
    must_hold(malformed->offset <= input.size() && !malformed->why.empty(),
              "what is malformed has place and reason");
    return;
  }
  const auto& url = std::get<LdapUrl>(answer);
  must_hold(url.port >= 1 && url.port <= 65535, "a port is a port");
  must_hold(url.implicit_tls == (ascii_upper(input.substr(0, 5)) == "LDAPS"), "the scheme decides");
  must_hold(!url.critical_extension || input.find('!') != std::string_view::npos,
            "only ! makes an extension critical");
  must_hold(url.host.size() + url.dn.size() <= input.size(), "reading adds nothing");

  std::string plain = url.implicit_tls ? "ldaps://" : "ldap://";
  const bool address = input.find("//[") == plain.size() - 2;
  plain += address ? "[" + url.host + "]" : encoded(url.host);
  plain += ":" + std::to_string(url.port) + "/" + encoded(url.dn);
  if (url.critical_extension)
    plain +=
        "???"
        "?!x";
  const auto again = parse_ldap_url(plain);
  const auto* same = std::get_if<LdapUrl>(&again);
  must_hold(same != nullptr && *same == url, "a URL that is written out parses to the same");
}

}  // namespace
}  // namespace startle::wire

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  startle::wire::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
