#pragma once
// Requests out, responses in. Each wait is for the response to the request that was sent last;
// unsolicited notifications and intermediate responses are passed over (RFC 4511, 4.4 and 4.13).

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/client/channel.h"
#include "harness/client/ldap_decisions.h"
#include "harness/tls/session.h"
#include "harness/wire/ldap_message.h"

namespace startle::client {

// The message has the id of the request, or 0: then it is the notice of disconnection (4.4.1).
using LdapAnswer = std::variant<wire::LdapMessage, NoReply>;

class LdapChannel final : public Channel {
 public:
  LdapChannel(net::World& world, net::Stream& clear, const LdapDecisions& decisions)
      : Channel(world, clear), decisions_(decisions) {}

  // Sends a request under the next message id, from 1 on, in one segment; then waits. A response
  // that came before it was asked for is NoReply{unasked}.
  net::Task<LdapAnswer> ask(wire::LdapOperation operation, std::chrono::milliseconds within);
  // The same with `ahead`, the request after it, in the same segment (a defect's).
  net::Task<LdapAnswer> ask_ahead(wire::LdapOperation operation, wire::LdapOperation ahead,
                                  std::chrono::milliseconds within);
  // What else answers the request, until the deadline of ask().
  net::Task<LdapAnswer> next() { return converse({}, std::nullopt); }
  // Sends what has no response (unbind).
  net::Task<net::IoResult> tell(wire::LdapOperation operation, std::chrono::milliseconds within);

  void switch_to(tls::Session& session) override;
  bool inside_tls() const { return session_ != nullptr; }

  // To one request, whatever it is: more is an attack on whoever reads them.
  static constexpr std::size_t kMostMessages = 10000;

 private:
  // One frame for a request and its response. Nothing is sent when `bytes` is empty.
  net::Task<LdapAnswer> converse(std::string bytes,
                                 std::optional<std::chrono::milliseconds> within);
  // The next message of the buffer that is not passed over. `asked`: a request is outstanding.
  std::optional<LdapAnswer> parsed(bool asked);
  std::optional<LdapAnswer> sorted(wire::LdapMessage message, bool asked);
  bool goes_on_in_clear();
  std::string encoded(wire::LdapOperation operation);

  const LdapDecisions& decisions_;
  tls::Session* session_ = nullptr;  // while it is current
  std::int64_t id_ = 0;              // of the last request
  std::size_t messages_ = 0;         // since then
  std::string last_word_{};
  std::vector<wire::LdapMessage> believed_{};  // a defect's: what came for requests to come
};

}  // namespace startle::client
