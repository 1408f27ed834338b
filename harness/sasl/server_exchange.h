#pragma once
// The honest server's half of every mechanism: messages of the client go in, challenges and an end
// come out. No I/O, and nothing of what a protocol wraps around messages (base64, result codes).

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "harness/sasl/mechanism.h"
#include "harness/sasl/salted_passwords.h"

namespace startle::sasl {

// What a server knows, and the channel it talks over.
struct ServerSide {
  // The password, or the token, of the user called so; null: there is none. What it points to must
  // last as long as the exchange.
  std::function<const std::string*(const std::string& name)> password_of{};
  // EXTERNAL: whether whomever the channel has authenticated may act under this authorization
  // identity; empty: as himself (RFC 4422, A.1).
  std::function<bool(const std::string& authorization)> external{};
  // Set where a -PLUS mechanism is offered; a client that says it saw none (gs2 flag "y") is then
  // refused (RFC 5802, 6).
  std::optional<ChannelBinding> binding{};
  SaltedPasswords* salted = nullptr;  // null: computed each time
};

struct ServerChallenge {
  std::string data{};
};
struct ServerSuccess {
  std::string name{};                 // as the client gave it; empty with EXTERNAL
  std::optional<std::string> data{};  // goes with the success (RFC 4422, 3.3): SCRAM's v=
};
// The credentials are wrong.
struct ServerFailure {
  std::optional<std::string> data{};  // SCRAM's e=, for a server that states it
};
struct ServerNonsense {};  // not of the mechanism's form

using ServerStep = std::variant<ServerChallenge, ServerSuccess, ServerFailure, ServerNonsense>;

class ServerExchange {
 public:
  ServerExchange() = default;
  virtual ~ServerExchange() = default;
  ServerExchange(const ServerExchange&) = delete;
  ServerExchange& operator=(const ServerExchange&) = delete;

  // The client's message; nothing, at the first step only: it has sent no initial response. Not to
  // be called behind an end.
  virtual ServerStep step(const std::optional<std::string>& message) = 0;
};

// `side` must outlive the exchange. GNU SASL does what it has and does right: SCRAM, EXTERNAL,
// the challenges of CRAM-MD5.
std::unique_ptr<ServerExchange> server_exchange(Mechanism mechanism, const ServerSide& side);

// The salt of a user, always the same: 16 octets. Iterations are kLeastIterations.
std::string scram_salt(std::string_view name);

// What a JSON challenge says of a token that is not taken (RFC 7628, 3.2.2).
std::string token_failure(Mechanism mechanism);

}  // namespace startle::sasl
