#include "fake-servers/protocols.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "fake-servers/ldap/server.h"
#include "fake-servers/smtp/server.h"

namespace startle::fake {
namespace {

constexpr const ServerProtocol* kServerProtocols[] = {&kSmtpProtocol, &kLdapProtocol};
static_assert(std::size(kServerProtocols) == words::kProtocols.size(), "a protocol has no server");

}  // namespace

const ServerProtocol& server_protocol(words::Protocol protocol) {
  return **std::find_if(std::begin(kServerProtocols), std::end(kServerProtocols),
                        [protocol](const auto* row) { return row->protocol == protocol; });
}

net::Task<void> serve(net::World& world, std::unique_ptr<net::Stream> stream, const Server& server,
                      Observation& seen) {
  return serve(world, std::move(stream), server, server_protocol(words::protocol_of(server.mode)),
               seen);
}

std::vector<words::Invariant> violations(const Observation& seen, const Demands& demands) {
  return violations(seen, demands, server_protocol(words::protocol_of(demands.mode)));
}

std::vector<std::string> transcript(const Observation& seen, std::string_view secret) {
  return transcript(seen, server_protocol(seen.protocol), secret);
}

}  // namespace startle::fake
