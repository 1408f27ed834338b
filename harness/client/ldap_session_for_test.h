#pragma once
// An LDAP session of the client over a pair in memory: the test writes each answer as bytes, and
// learns what the client did and what the server heard.

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "harness/client/decisions.h"
#include "harness/client/outcome.h"
#include "harness/client/settings.h"
#include "harness/net/world.h"
#include "harness/wire/ldap_message.h"

namespace startle::client {

// What the server does once it has heard one request.
struct Act {
  enum class Then { listen, start_tls, close, reset, close_notify, silence };

  std::vector<std::string> segments{};
  Then then = Then::listen;
  std::vector<std::string> in_clear{};  // written behind a close_notify
  // Written first: what depends on the request.
  std::function<std::string(const wire::LdapMessage& request)> reply{};
  std::chrono::milliseconds pause{};  // before all that
};

// The requests of a session with StartTLS, each with the message id of its place from 1 on.
enum LdapRequest : std::size_t {
  root_dse,
  starttls,
  root_dse_in_tls,
  bind,
  whoami,
  search,
  unbind
};

// The message that answers request `id`, as bytes.
std::string message(std::int64_t id, wire::LdapOperation operation);
wire::LdapExtendedResponse extended(std::int64_t code, std::optional<std::string> name = {},
                                    std::optional<std::string> value = {});
wire::LdapBindResponse bound(std::int64_t code);
std::string root_dse_message(std::int64_t id, std::vector<std::string> extensions,
                             std::vector<std::string> mechanisms);
std::string done(std::int64_t id, std::int64_t code = 0);
std::string notice(std::int64_t code, std::string diagnostic = "");

struct LdapSession {
  // A sound server's, and a client that trusts it and binds by name and password.
  std::vector<Act> acts{};
  Settings settings{};

  // `mode` decides where the dialogue begins: acts are those of the requests that are sent.
  static LdapSession sound(words::Mode mode = words::Mode::ldap_starttls);
  Act& at(LdapRequest request);
  void answer(LdapRequest request, std::string bytes) { at(request).segments = {std::move(bytes)}; }
};

struct LdapRun {
  Outcome outcome{};
  // "clear search-request", "tls bind-request", in order; "bytes" for what is no message.
  std::vector<std::string> heard{};
  std::string bytes_in_clear{};
  std::string bytes_in_tls{};
  unsigned connections = 0;
  net::Instant took{};
};

LdapRun run(const LdapSession& session, const Decisions& decisions = Decisions());

}  // namespace startle::client
