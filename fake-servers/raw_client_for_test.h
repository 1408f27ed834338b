#pragma once
// A client without manners: it says what a test tells it to, line by line, and writes down what it
// hears. It shares no code with the client under test.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fake-servers/protocols.h"
#include "harness/net/memory.h"
#include "harness/net/tap.h"
#include "harness/wire/ldap_message.h"

namespace startle::fake {

inline const std::string kHandshake = "(TLS handshake)";
inline const std::string kLeave = "(close)";           // inside TLS without close_notify
inline const std::string kEndTls = "(close_notify)";   // and on in clear
inline const std::string kOutside = "(outside TLS) ";  // what follows goes over the bare stream

struct Talk {
  // Each line said, behind "C: ", and each heard, behind "S: "; how it ended: "S: (closes)",
  // "S: (resets)" or nothing when the server waits for more.
  std::string transcript{};
  std::string heard{};  // all of it, as it came
  Observation seen{};
};

// The transcript of a server whose secret is kCanary.
std::vector<std::string> lines_of(const Observation& seen);

// What a client shows to a server that asks for a certificate.
using ShownCertificate = std::shared_ptr<const tls::ClientCredentials>;

// `says`: bytes of one write each, said once the server has been silent for a while; kHandshake,
// kLeave and kEndTls stand for themselves. The server knows user, with password, who may send from
// sender@example.test. Says `Pause` of a script are waited for.
// LDAP messages stand in the transcript as "S: 1 bind-response: success (0)".
// `wire` sees what the client writes, and may change it.
Talk talk(const Server& server, const std::vector<std::string>& says,
          ShownCertificate certificate = nullptr, net::Tap wire = nullptr);

// A server with the chain of `valid`, user and canary.
Server server_for_test(Script script = {});

// The same in LDAP. The user's DN is kUserDn, the certificate that of `valid`.
Server ldap_server_for_test(Script script = {});
// The bytes of a request with this id.
std::string request(std::int64_t id, wire::LdapOperation operation);
wire::LdapBindRequest simple_bind(const std::string& name, const std::string& password);
wire::LdapSearchRequest search_for(const std::string& base, wire::LdapScope scope,
                                   std::vector<std::string> attributes = {});
inline const std::string kUserDn = "uid=user,ou=people,dc=example,dc=test";

inline const std::string kUser = "user";
inline const std::string kCanary = "canary0123456789abcdef";
inline const std::string kSender = "sender@example.test";
// "AUTH PLAIN" with kUser and kCanary, in one line without CRLF.
std::string auth_plain(const std::string& user = kUser, const std::string& password = kCanary);

}  // namespace startle::fake
