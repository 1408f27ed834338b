// Any bytes as the body of a Certificate message and of a ClientHello: what is found in one is a
// part of it.

#include <string>
#include <string_view>

#include "harness/base/fuzz/claims.h"
#include "harness/tls/certificate_message.h"
#include "harness/tls/client_hello.h"

namespace {

using startle::fuzz::must_hold;

bool is_within(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::tls;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const bool tls_1_3 : {false, true}) {
    const auto certificates = certificates_of(input, tls_1_3);
    std::size_t octets = 0;
    for (const std::string& one : certificates) {
      octets += one.size() + 3;
      must_hold(input.find(one) != std::string_view::npos, "a certificate stands in the message");
    }
    must_hold(octets <= input.size(), "there are no more than have come");
    const auto fewer = certificates_of(input.substr(0, input.size() / 2), tls_1_3);
    must_hold(fewer.size() <= certificates.size() || certificates.empty(), "half has fewer");
  }
  for (const int type : {0, 16, 43, 65281}) {
    const auto found = extension_in(input, static_cast<std::uint16_t>(type));
    must_hold(!found || is_within(*found, input), "an extension is a part of the message");
  }
  const auto name = server_name_in(input);
  must_hold(!name || is_within(*name, input), "a name is a part of the message");
  must_hold(!name || extension_in(input, 0).has_value(), "and of its extension");
  return 0;
}
