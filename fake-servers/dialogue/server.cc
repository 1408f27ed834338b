#include "fake-servers/dialogue/server.h"

#include <algorithm>
#include <string>

#include "fake-servers/dialogue/distinguished_name.h"

namespace startle::fake {

const User* user_of(const tls::PeerChain& chain, const tls::TrustStore& anchors,
                    const std::vector<User>& users) {
  if (!chain.readable() || !chain.allows_client_authentication()) return nullptr;
  const tls::PathReport path = chain.path(anchors);
  if (!path.anchored || !path.signature_valid || path.broken_rule != tls::Rule::none)
    return nullptr;
  if (path.authority_dates != tls::Dates::current || chain.dates() != tls::Dates::current)
    return nullptr;
  const std::string name = first_value("cn=" + chain.common_name());  // GnuTLS escapes it
  const auto user = std::find_if(users.begin(), users.end(), [&](const User& u) {
    return !name.empty() && (u.name == name || first_value(u.name) == name);
  });
  return user == users.end() ? nullptr : &*user;
}

tls::ServerOptions tls_options(const Server& server) {
  return {.asks_for_certificate = server.client_anchors != nullptr,
          .versions = std::max(server.versions, server.script.tls),
          .profile = server.script.profile ? &*server.script.profile : nullptr,
          .tickets = server.tickets.get(),
          .key_log = server.key_log};
}

}  // namespace startle::fake
