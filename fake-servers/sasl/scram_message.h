#pragma once
// What a client says in SCRAM, as a server reads it (RFC 5802, 7), and whether it is bound to the
// channel it came through. Nothing is computed here.

#include <optional>
#include <string>
#include <string_view>

#include "harness/sasl/mechanism.h"
#include "harness/tls/session.h"

namespace startle::fake {

// What a client says of binding to the channel (RFC 5802, 6 and 7: gs2-cbind-flag).
enum class SaysOfBinding {
  cannot,       // "n"
  saw_no_plus,  // "y": it could, and the list had no -PLUS
  binds,        // "p=TYPE"
};

// client-first-message = gs2-header client-first-message-bare
struct ScramClientFirst {
  std::string header{};  // "p=tls-exporter,a=boss,"
  SaysOfBinding says = SaysOfBinding::cannot;
  std::string type{};  // that it binds by
  std::string authorization{};
  std::string bare{};
  std::string name{};  // "=2C" and "=3D" read
  std::string nonce{};
};
std::optional<ScramClientFirst> read_scram_client_first(std::string_view message);

// client-final-message = client-final-message-without-proof "," proof
struct ScramClientFinal {
  std::string binding{};  // of c=, octets
  std::string nonce{};
  std::string without_proof{};
  std::string proof{};  // octets
};
std::optional<ScramClientFinal> read_scram_client_final(std::string_view message);

// What a client may be bound to inside `session`. What that is called is the server's own to say,
// from the version (RFC 9266, 2 and 4): the client has its name from the session too.
std::optional<sasl::ChannelBinding> channel_of(const tls::Session& session);

// That of the session that stands or, where TLS has ended, stood: a login that began inside it is
// bound to it. It is asked for where it is wanted: few clients bind to it, and it costs a
// derivation of keys.
class Channel {
 public:
  void begin(const tls::Session& session) {
    session_ = &session;
    binding_.reset();
  }
  const std::optional<sasl::ChannelBinding>& binding() {
    if (session_ != nullptr && !binding_) binding_ = channel_of(*session_);
    return binding_;
  }

 private:
  const tls::Session* session_ = nullptr;  // lives until another begins
  std::optional<sasl::ChannelBinding> binding_{};
};

// Whether the client is to be bound by what this channel has, or by none: tls-unique is not for TLS
// 1.3 (RFC 5929, 3; RFC 8446, C.5), and nothing is safe in 1.2 without the extended master secret
// (RFC 7677, 4; RFC 9266, 4).
bool names_safe_binding(const ScramClientFirst& first,
                        const std::optional<sasl::ChannelBinding>& channel);

// RFC 5802, 7: c= is the header again and, where it begins with "p", the data of the channel.
// Data that a session here has not is taken unseen: of tls-server-end-point (RFC 5929, 4), and,
// where tls-unique is safe, of tls-exporter inside TLS 1.2 (RFC 9266, 4).
bool is_bound_to(const ScramClientFirst& first, const ScramClientFinal& final,
                 const std::optional<sasl::ChannelBinding>& channel);

}  // namespace startle::fake
