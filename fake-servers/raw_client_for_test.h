#pragma once
// A client without manners: it says what a test tells it to, line by line, and writes down what it
// hears. It shares no code with the client under test.

#include <string>
#include <vector>

#include "fake-servers/smtp_server.h"
#include "harness/net/memory.h"

namespace startle::fake {

inline const std::string kHandshake = "(TLS handshake)";
inline const std::string kLeave = "(close)";

struct Talk {
  // Each line said, behind "C: ", and each heard, behind "S: "; how it ended: "S: (closes)",
  // "S: (resets)" or nothing when the server waits for more.
  std::string transcript{};
  Observation seen{};
};

// `says`: bytes of one write each, said once the server has been silent for a while; kHandshake and
// kLeave stand for themselves. The server knows user, with password, who may send from
// sender@example.test. Says `Pause` of a script are waited for.
Talk talk(SmtpServer server, const std::vector<std::string>& says);

// A server with the chain of `valid`, user and canary.
SmtpServer server_for_test(Script script = {});

inline const std::string kUser = "user";
inline const std::string kCanary = "canary0123456789abcdef";
inline const std::string kSender = "sender@example.test";
// "AUTH PLAIN" with kUser and kCanary, in one line without CRLF.
std::string auth_plain(const std::string& user = kUser, const std::string& password = kCanary);

}  // namespace startle::fake
