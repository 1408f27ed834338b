#pragma once
// The client's half of a SASL exchange (RFC 4422, 3), mechanism by mechanism, without any I/O: the
// protocol carries what it says and hears. GNU SASL says what is said in PLAIN and prepares names;
// SCRAM is ours (its client cannot say `y`, see scram_client.h), and CRAM-MD5 (2.2.0 refuses code
// points that are newer than Unicode 3.2), and what it does not have.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "harness/sasl/mechanism.h"
#include "harness/sasl/objection.h"
#include "harness/sasl/salted_passwords.h"

namespace startle::sasl {

struct Credentials {
  std::string username{};  // the authentication identity; of a token: the authorization identity
  std::string password{};  // or the token
  std::string host{};      // as configured, for OAUTHBEARER
  std::uint16_t port = 0;
};

// The credentials as `mechanism` sends or computes with them: SASLprep for SCRAM (RFC 5802, 5.1)
// and CRAM-MD5 (of which RFC 2195 says nothing; RFC 4013, 1), as they are for the others: with
// PLAIN it is the server that prepares (RFC 4616, 2). Otherwise a sentence without them: what a
// mechanism forbids in them, NUL in all of them.
struct Unusable {
  std::string why{};
};
std::variant<Credentials, Unusable> prepared_for(Mechanism mechanism, Credentials credentials);

// What success would mean if the server said it now.
enum class Standing {
  complete,         // what it should: everything was said and heard, the signature among it
  early,            // the client has not said all of its part yet
  unsigned_,        // SCRAM: the server has yet to prove that it knows the password
  wrong_signature,  // SCRAM: it proved that it does not
  short_signature,  // SCRAM: what it says is only the beginning of the right one
  error_stated,     // the opposite of what the server said before (e= of SCRAM; RFC 7628, 3.2.2)
};

class ClientExchange {
 public:
  virtual ~ClientExchange() = default;
  ClientExchange(const ClientExchange&) = delete;
  ClientExchange& operator=(const ClientExchange&) = delete;

  Mechanism mechanism() const { return mechanism_; }
  // Whether the mechanism begins with a message of the client.
  bool speaks_first() const { return first_.has_value(); }
  // That message; saying it by initial_response() counts. Only where speaks_first().
  const std::string& first_message() const { return first_.value(); }
  const std::string& initial_response();

  // Looks at the challenge that came, before anything is computed with it. Nothing: answer it.
  std::optional<Objection> objection(std::string_view challenge) const;
  // What the client says to it; the first message where that was not said yet. It answers also what
  // is objected to, as far as that can be read, and computes a bounded time. Nothing: there is no
  // answer, because the challenge cannot be read, or the server's signature is wrong (standing()).
  std::optional<std::string> answer(std::string_view challenge);

  Standing standing() const { return standing_; }
  // The server's e= of SCRAM ("channel-bindings-dont-match"); empty: none.
  const std::string& stated_error() const { return stated_error_; }
  // What a person ought to know of an exchange that went well.
  const std::vector<std::string>& notes() const { return notes_; }

 protected:
  ClientExchange(Mechanism mechanism, std::optional<std::string> first)
      : mechanism_(mechanism), first_(std::move(first)) {}

  // As the public ones, of the challenges that the mechanism has.
  virtual std::optional<Objection> object(std::string_view challenge) const = 0;
  virtual std::optional<std::string> respond(std::string_view challenge) = 0;

  Standing standing_ = Standing::early;
  std::string stated_error_{};
  std::vector<std::string> notes_{};

 private:
  bool is_over() const;
  // Standing once the first message is said: of a mechanism that is nothing else, complete.
  virtual Standing standing_after_first() const { return Standing::complete; }
  // Whether the server may state an error when everything was said.
  virtual bool may_be_challenged() const { return false; }

  Mechanism mechanism_;
  std::optional<std::string> first_;
  bool first_said_ = false;
};

// What the channel gives a -PLUS mechanism to bind to.
struct BindableChannel {
  std::optional<ChannelBinding> binding{};  // nothing: this session has none
  bool plus_offered = false;                // the server has a -PLUS mechanism
};

// The exchange, or why these credentials cannot be used. `salted` may be null; a -PLUS mechanism
// needs a channel with a binding (throws std::logic_error otherwise: it is never chosen without).
std::variant<std::unique_ptr<ClientExchange>, Unusable> start_client_exchange(
    Mechanism mechanism, Credentials credentials, const BindableChannel& channel,
    std::shared_ptr<SaltedPasswords> salted);

}  // namespace startle::sasl
