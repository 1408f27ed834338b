#include "certs/client_identity.h"

namespace startle::certs {

Recipe client_recipe(ClientCertificate kind, const std::string& user) {
  Recipe made = valid_recipe();
  made.id = "client-" + std::string(word(kind));
  made.reason = "a client's certificate";
  made.clause = "RFC 5280, 4.2.1.12";
  made.expected = {};  // nobody's but a server's
  made.leaf.common_name = user;
  made.leaf.names.clear();
  made.leaf.purposes = {Purpose::client_auth};
  if (kind == ClientCertificate::wrong_ca) {
    made.root_trusted = false;
    made.root.common_name = kUntrustedRootName;
  }
  if (kind == ClientCertificate::expired) {
    made.leaf.validity = {.from = -std::chrono::days{30}, .until = -std::chrono::days{1}};
  }
  return made;
}

}  // namespace startle::certs
