#include "harness/sasl/server_exchange.h"

#include <cstdint>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/sasl/gsasl.h"
#include "harness/sasl/password.h"
#include "harness/sasl/scram.h"
#include "harness/sasl/token_server.h"

namespace startle::sasl {
namespace {

// PLAIN (RFC 4616), without GNU SASL: 2.2 refuses what Unicode 3.2 has not assigned, though what is
// compared is a query (RFC 4013, 2.5), and prepares for 20 microseconds, a thirtieth of a whole
// submission, what SASLprep leaves as it is.
class PlainServer final : public ServerExchange {
 public:
  explicit PlainServer(const ServerSide& side) : side_(side) {}

  ServerStep step(const std::optional<std::string>& message) override {
    if (!message)
      return std::exchange(asked_, true) ? ServerStep(ServerNonsense{}) : ServerChallenge{};
    asked_ = true;
    // message = [authzid] UTF8NUL authcid UTF8NUL passwd
    const std::size_t first = message->find('\0');
    const std::size_t second = first == message->npos ? first : message->find('\0', first + 1);
    if (second == message->npos || message->find('\0', second + 1) != message->npos) {
      return ServerNonsense{};
    }
    const std::string authorization = message->substr(0, first);
    const std::string name = message->substr(first + 1, second - first - 1);
    const std::string given = message->substr(second + 1);
    const bool himself = authorization.empty() || authorization == name;
    const std::string* password = side_.password_of ? side_.password_of(name) : nullptr;
    if (!himself || password == nullptr || !is_same_prepared(*password, given)) {
      return ServerFailure{};
    }
    return ServerSuccess{.name = name};
  }

 private:
  const ServerSide& side_;
  bool asked_ = false;
};

// LOGIN (draft-murchison-sasl-login-00), without GNU SASL, to which a message of no octets is none:
// a name or a password may be empty.
class LoginServer final : public ServerExchange {
 public:
  explicit LoginServer(const ServerSide& side) : side_(side) {}

  ServerStep step(const std::optional<std::string>& message) override {
    const bool first = !std::exchange(begun_, true);
    if (!message) return first ? ServerStep(ServerChallenge{"Username:"}) : ServerNonsense{};
    if (message->find('\0') != message->npos) return ServerNonsense{};
    if (!name_) {
      name_ = *message;
      return ServerChallenge{"Password:"};
    }
    const std::string* password = side_.password_of ? side_.password_of(*name_) : nullptr;
    if (password == nullptr || *password != *message) return ServerFailure{};
    return ServerSuccess{.name = *name_};
  }

 private:
  const ServerSide& side_;
  bool begun_ = false;
  std::optional<std::string> name_{};
};

// GNU SASL steps; what it needs to know it asks for meanwhile.
class GsaslExchange final : public ServerExchange {
 public:
  GsaslExchange(Mechanism mechanism, const ServerSide& side) : mechanism_(mechanism), side_(side) {}

  ServerStep step(const std::optional<std::string>& message) override {
    const bool first = !std::exchange(begun_, true);
    if (mechanism_ == Mechanism::cram_md5 && first) {
      ServerStep asked_for = step_gsasl(std::nullopt);
      if (const auto* asked = std::get_if<ServerChallenge>(&asked_for)) challenge_ = asked->data;
      if (!message) return asked_for;
      // RFC 4954, 4: where the server speaks first there is no initial response.
      return ServerNonsense{};
    }
    if (!first && !message) return ServerNonsense{};
    if (mechanism_ == Mechanism::cram_md5 && message) return take_digest(*message);
    // GNU SASL takes an empty message for none. EXTERNAL's is one.
    if (message && message->empty() && mechanism_ != Mechanism::external) return ServerNonsense{};
    return step_gsasl(message);
  }

 private:
  void start() {
    Gsasl_session* session = nullptr;
    const std::string mechanism(word(mechanism_));
    const int status = gsasl_server_start(gsasl_of_this_thread(), mechanism.c_str(), &session);
    session_.reset(session);
    if (status != GSASL_OK) {
      throw Error(Fault::system,
                  "GNU SASL has no server for " + mechanism + ": " + gsasl_strerror(status));
    }
    gsasl_session_hook_set(session, this);
  }

  ServerStep step_gsasl(const std::optional<std::string>& message) {
    if (!session_) start();
    gsasl_callback_set(gsasl_of_this_thread(), &asked);
    char* output = nullptr;
    std::size_t length = 0;
    const int status = gsasl_step(session_.get(), message ? message->data() : nullptr,
                                  message ? message->size() : 0, &output, &length);
    const GsaslString owner(output);
    std::string data(output == nullptr ? "" : output, output == nullptr ? 0 : length);
    switch (status) {
      case GSASL_NEEDS_MORE:
        return ServerChallenge{std::move(data)};
      case GSASL_OK:
        return ServerSuccess{.name = name(), .data = with_success(std::move(data))};
      case GSASL_MECHANISM_PARSE_ERROR:
      case GSASL_BASE64_ERROR:
      case GSASL_MECHANISM_CALLED_TOO_MANY_TIMES:
        return ServerNonsense{};
      case GSASL_MALLOC_ERROR:
      case GSASL_CRYPTO_ERROR:
        throw Error(Fault::system, std::string("GNU SASL fails: ") + gsasl_strerror(status));
      default:  // wrong, unknown, not to be prepared (RFC 4013), bound to another channel
        return ServerFailure{};
    }
  }

  // As with PLAIN, GNU SASL 2.2 would refuse what Unicode 3.2 has not assigned.
  ServerStep take_digest(const std::string& message) const {
    const std::size_t space = message.rfind(' ');
    constexpr std::size_t kDigits = 32;
    if (space == message.npos || message.size() - space - 1 != kDigits) return ServerNonsense{};
    const std::string name = message.substr(0, space);
    const std::string* password = side_.password_of ? side_.password_of(name) : nullptr;
    if (password == nullptr) return ServerFailure{};
    const std::string kept = prepared(*password).value_or(*password);
    if (message.substr(space + 1) != cram_md5_digest(kept, challenge_)) return ServerFailure{};
    return ServerSuccess{.name = name};
  }

  std::optional<std::string> with_success(std::string data) const {
    return is_scram(mechanism_) ? std::optional(std::move(data)) : std::nullopt;
  }

  std::string property(Gsasl_property property) const {
    const char* value = gsasl_property_fast(session_.get(), property);
    return value == nullptr ? "" : value;
  }
  std::string name() const {
    return mechanism_ == Mechanism::external ? "" : property(GSASL_AUTHID);
  }

  static int asked(Gsasl*, Gsasl_session* session, Gsasl_property property) noexcept {
    auto* self = static_cast<GsaslExchange*>(gsasl_session_hook_get(session));
    if (self == nullptr) return GSASL_NO_CALLBACK;
    try {
      return self->answer(property);
    } catch (...) {
      return GSASL_MALLOC_ERROR;  // nothing throws through a frame of C
    }
  }

  int give(Gsasl_property property, const std::string& value) {
    return gsasl_property_set(session_.get(), property, value.c_str());
  }

  int answer(Gsasl_property property) {
    switch (property) {
      case GSASL_VALIDATE_EXTERNAL: {
        const std::string authorization = this->property(GSASL_AUTHZID);
        const bool himself = side_.external && side_.external(authorization);
        return himself ? GSASL_OK : GSASL_AUTHENTICATION_ERROR;
      }
      case GSASL_CB_TLS_UNIQUE:
        return bind(property, "tls-unique");
      case GSASL_CB_TLS_EXPORTER:
        return bind(property, "tls-exporter");
      case GSASL_SCRAM_ITER:
        return give(property, std::to_string(kLeastIterations));
      case GSASL_SCRAM_SALT:
        return give(property, to_base64(scram_salt(name())));
      case GSASL_SCRAM_SERVERKEY:
      case GSASL_SCRAM_STOREDKEY:
        return give_keys();
      default:
        return GSASL_NO_CALLBACK;
    }
  }

  const std::string* password_of() const {
    return side_.password_of ? side_.password_of(name()) : nullptr;
  }

  int bind(Gsasl_property property, std::string_view type) {
    if (!side_.binding || side_.binding->type != type) return GSASL_NO_CALLBACK;
    return give(property, to_base64(side_.binding->data));
  }

  int give_keys() {
    const std::string* password = password_of();
    if (password == nullptr) return GSASL_NO_PASSWORD;
    const std::string kept = prepared(*password).value_or(*password);
    const ScramHash hash = hash_of(mechanism_);
    const std::string salt = scram_salt(name());
    const ScramKeys keys = scram_keys(
        hash, side_.salted != nullptr ? side_.salted->get(hash, kept, salt, kLeastIterations)
                                      : salted_password(hash, kept, salt, kLeastIterations));
    const int status = give(GSASL_SCRAM_SERVERKEY, to_base64(keys.server_key));
    return status != GSASL_OK ? status : give(GSASL_SCRAM_STOREDKEY, to_base64(keys.stored_key));
  }

  Mechanism mechanism_;
  const ServerSide& side_;
  GsaslSession session_{};
  bool begun_ = false;
  std::string challenge_{};  // of CRAM-MD5
};

}  // namespace

std::unique_ptr<ServerExchange> server_exchange(Mechanism mechanism, const ServerSide& side) {
  if (takes_token(mechanism)) return token_server(mechanism, side);
  if (mechanism == Mechanism::plain) return std::make_unique<PlainServer>(side);
  if (mechanism == Mechanism::login) return std::make_unique<LoginServer>(side);
  return std::make_unique<GsaslExchange>(mechanism, side);
}

std::string scram_salt(std::string_view name) {
  constexpr std::size_t kSalt = 16;
  return digest(ScramHash::sha_256, "startle's salt of " + std::string(name)).substr(0, kSalt);
}

}  // namespace startle::sasl
