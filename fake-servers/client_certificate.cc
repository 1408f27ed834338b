#include "fake-servers/client_certificate.h"

#include <algorithm>

namespace startle::fake {

std::string first_value(const std::string& name) {
  const std::size_t equals = name.find('=');
  if (equals == std::string::npos) return name;
  std::string value;
  for (std::size_t i = equals + 1; i < name.size() && name[i] != ',' && name[i] != '+'; ++i) {
    if (name[i] == '\\' && i + 1 < name.size()) ++i;  // RFC 4514, 2.4
    value += name[i];
  }
  return value;
}

const User* user_of(const tls::PeerChain& chain, const tls::TrustStore& anchors,
                    const std::vector<User>& users) {
  if (!chain.readable() || !chain.allows_client_authentication()) return nullptr;
  const tls::PathReport path = chain.path(anchors);
  if (!path.anchored || !path.signatures_valid || !path.rules_kept) return nullptr;
  if (path.dates != tls::Dates::current || chain.dates() != tls::Dates::current) return nullptr;
  const std::string name = chain.common_name();
  const auto user = std::find_if(users.begin(), users.end(), [&](const User& u) {
    return !name.empty() && (u.name == name || first_value(u.name) == name);
  });
  return user == users.end() ? nullptr : &*user;
}

}  // namespace startle::fake
