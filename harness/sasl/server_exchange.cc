#include "harness/sasl/server_exchange.h"

#include <gnutls/crypto.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/sasl/gsasl.h"
#include "harness/sasl/saslprep.h"
#include "harness/sasl/scram.h"
#include "harness/sasl/token_server.h"

namespace startle::sasl {
namespace {

struct PlainMessage {
  std::string_view authorization{};
  std::string_view name{};
  std::string_view password{};
};

// A message of PLAIN in printable ASCII, which SASLprep leaves as it is (RFC 4013, 2). GNU SASL
// prepares it all the same, and takes 20 microseconds, a thirtieth of a whole submission.
std::optional<PlainMessage> read_plain_ascii(std::string_view message) {
  const auto is_plain = [](char c) { return c == '\0' || (c >= ' ' && c <= '~'); };
  if (!std::all_of(message.begin(), message.end(), is_plain)) return std::nullopt;
  const std::size_t first = message.find('\0');
  const std::size_t second = first == message.npos ? first : message.find('\0', first + 1);
  if (second == message.npos || message.find('\0', second + 1) != message.npos) return std::nullopt;
  return PlainMessage{.authorization = message.substr(0, first),
                      .name = message.substr(first + 1, second - first - 1),
                      .password = message.substr(second + 1)};
}

// GNU SASL steps; what it needs to know it asks for meanwhile.
class GsaslExchange final : public ServerExchange {
 public:
  GsaslExchange(Mechanism mechanism, const ServerSide& side) : mechanism_(mechanism), side_(side) {}

  ServerStep step(const std::optional<std::string>& message) override {
    const bool first = !std::exchange(begun_, true);
    const bool asks_first = mechanism_ == Mechanism::login || mechanism_ == Mechanism::cram_md5;
    if (asks_first && first) {
      ServerStep challenge = step_gsasl(std::nullopt);
      if (!message) return challenge;
      // RFC 4954, 4: where the server speaks first there is no initial response. LOGIN has clients
      // that send one.
      if (mechanism_ == Mechanism::cram_md5) return ServerNonsense{};
    }
    if (!first && !message) return ServerNonsense{};
    if (mechanism_ == Mechanism::plain && message) {
      if (const auto plain = read_plain_ascii(*message)) return take(*plain);
    }
    // GNU SASL takes an empty message for none. EXTERNAL's is one.
    if (message && message->empty() && mechanism_ != Mechanism::external) {
      if (mechanism_ == Mechanism::login) return ServerFailure{};
      return ServerNonsense{};
    }
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
        return ServerChallenge{prompt(std::move(data))};
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

  ServerStep take(const PlainMessage& plain) const {
    const std::string name(plain.name);
    const bool himself = plain.authorization.empty() || plain.authorization == plain.name;
    const std::string* password = side_.password_of ? side_.password_of(name) : nullptr;
    if (!himself || password == nullptr) return ServerFailure{};
    const bool same = *password == plain.password || prepared(*password) == plain.password;
    if (!same) return ServerFailure{};
    return ServerSuccess{.name = name};
  }

  // The words that clients of LOGIN look for, if they look.
  std::string prompt(std::string data) const {
    if (mechanism_ != Mechanism::login) return data;
    return data.starts_with("User") ? "Username:" : "Password:";
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
      case GSASL_VALIDATE_SIMPLE:
        return validate();
      case GSASL_VALIDATE_EXTERNAL: {
        const std::string authorization = this->property(GSASL_AUTHZID);
        const bool himself = side_.external && side_.external(authorization);
        return himself ? GSASL_OK : GSASL_AUTHENTICATION_ERROR;
      }
      case GSASL_PASSWORD: {
        const std::string* password = mechanism_ == Mechanism::cram_md5 ? password_of() : nullptr;
        return password == nullptr ? GSASL_NO_PASSWORD : give(property, *password);
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

  // GNU SASL has prepared what PLAIN brought, nothing of LOGIN.
  int validate() const {
    const std::string* password = password_of();
    if (password == nullptr) return GSASL_AUTHENTICATION_ERROR;
    if (mechanism_ == Mechanism::plain) {
      // RFC 4616, 2: nobody acts as somebody else here.
      const std::string authorization = property(GSASL_AUTHZID);
      if (!authorization.empty() && authorization != name()) return GSASL_AUTHENTICATION_ERROR;
    }
    const std::string given = property(GSASL_PASSWORD);
    if (given == *password) return GSASL_OK;
    const bool same = mechanism_ == Mechanism::plain && prepared(*password) == given;
    return same ? GSASL_OK : GSASL_AUTHENTICATION_ERROR;
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
};

}  // namespace

std::unique_ptr<ServerExchange> server_exchange(Mechanism mechanism, const ServerSide& side) {
  if (takes_token(mechanism)) return token_server(mechanism, side);
  return std::make_unique<GsaslExchange>(mechanism, side);
}

std::string scram_salt(std::string_view name) {
  constexpr std::size_t kSalt = 16;
  return digest(ScramHash::sha_256, "startle's salt of " + std::string(name)).substr(0, kSalt);
}

std::string cram_md5_digest(std::string_view password, std::string_view challenge) {
  std::array<char, 16> made{};
  const int status = gnutls_hmac_fast(GNUTLS_MAC_MD5, password.data(), password.size(),
                                      challenge.data(), challenge.size(), made.data());
  if (status < 0) {
    throw Error(Fault::system, std::string("GnuTLS does not compute: ") + gnutls_strerror(status));
  }
  return to_hex({made.data(), made.size()});
}

}  // namespace startle::sasl
