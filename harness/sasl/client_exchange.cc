#include "harness/sasl/client_exchange.h"

#include <stdexcept>

#include "harness/base/error.h"
#include "harness/sasl/gsasl.h"
#include "harness/sasl/password.h"
#include "harness/sasl/scram_client.h"

namespace startle::sasl {
namespace {

constexpr char kSeparator = '\x01';  // of key-value pairs (RFC 7628, 3.1)

bool computes_with_prepared(Mechanism m) {
  return is_scram(m) || m == Mechanism::cram_md5;
}

bool holds(std::string_view text, char c) {
  return text.find(c) != std::string_view::npos;
}

// RFC 4616, 2, with an empty authorization identity: the server derives it. The strings are
// prepared by the server, if they are.
std::string plain_message(const Credentials& credentials) {
  Gsasl_session* started = nullptr;
  int status = gsasl_client_start(gsasl_of_this_thread(), "PLAIN", &started);
  const GsaslSession session(started);
  char* made = nullptr;
  std::size_t size = 0;
  if (status == GSASL_OK) {
    gsasl_property_set(started, GSASL_AUTHID, credentials.username.c_str());
    gsasl_property_set(started, GSASL_PASSWORD, credentials.password.c_str());
    status = gsasl_step(started, nullptr, 0, &made, &size);
  }
  const GsaslString owned(made);
  if (status != GSASL_OK) {
    throw Error(Fault::system, std::string("GNU SASL has no PLAIN: ") + gsasl_strerror(status));
  }
  return {made, size};
}

// RFC 7628, 3.1.
std::string oauthbearer_message(const Credentials& credentials) {
  const std::string user =
      credentials.username.empty() ? "" : "a=" + scram_name(credentials.username);
  return "n," + user + "," + kSeparator + "host=" + credentials.host + kSeparator +
         "port=" + std::to_string(credentials.port) + kSeparator + "auth=Bearer " +
         credentials.password + kSeparator + kSeparator;
}

std::string xoauth2_message(const Credentials& credentials) {
  return "user=" + credentials.username + kSeparator + "auth=Bearer " + credentials.password +
         kSeparator + kSeparator;
}

// One message of the client and nothing else.
class OneMessage final : public ClientExchange {
 public:
  OneMessage(Mechanism mechanism, std::string message)
      : ClientExchange(mechanism, std::move(message)) {}

 private:
  std::optional<Objection> object(std::string_view) const override { return std::nullopt; }
  std::optional<std::string> respond(std::string_view) override { return std::nullopt; }
};

// One message; a challenge behind it states the server's error in JSON, and is answered so that the
// server may say that it failed (RFC 7628, 3.2.2 and 3.2.3).
class BearerToken final : public ClientExchange {
 public:
  BearerToken(Mechanism mechanism, std::string message, std::string farewell)
      : ClientExchange(mechanism, std::move(message)), farewell_(std::move(farewell)) {}

 private:
  bool may_be_challenged() const override { return true; }
  std::optional<Objection> object(std::string_view) const override { return std::nullopt; }
  std::optional<std::string> respond(std::string_view) override {
    standing_ = Standing::error_stated;
    return farewell_;
  }

  std::string farewell_;
};

// RFC 2195, 2.
class CramMd5 final : public ClientExchange {
 public:
  explicit CramMd5(const Credentials& credentials)
      : ClientExchange(Mechanism::cram_md5, std::nullopt), credentials_(credentials) {}

 private:
  std::optional<Objection> object(std::string_view challenge) const override {
    if (!challenge.empty()) return std::nullopt;
    return Objection{Objection::Kind::malformed, "the challenge is empty"};
  }
  std::optional<std::string> respond(std::string_view challenge) override {
    standing_ = Standing::complete;
    return credentials_.username + " " + cram_md5_digest(credentials_.password, challenge);
  }

  Credentials credentials_;
};

// draft-murchison-sasl-login-00: the answers go by position, whatever the prompts say.
class Login final : public ClientExchange {
 public:
  explicit Login(const Credentials& credentials)
      : ClientExchange(Mechanism::login, std::nullopt), credentials_(credentials) {}

 private:
  std::optional<Objection> object(std::string_view) const override { return std::nullopt; }
  std::optional<std::string> respond(std::string_view) override {
    if (!std::exchange(named_, true)) return credentials_.username;
    standing_ = Standing::complete;
    return credentials_.password;
  }

  Credentials credentials_;
  bool named_ = false;
};

}  // namespace

std::variant<Credentials, Unusable> prepared_for(Mechanism mechanism, Credentials credentials) {
  for (std::string* part : {&credentials.username, &credentials.password}) {
    const std::string what = part == &credentials.username ? "the username" : "the password";
    if (mechanism == Mechanism::external) continue;
    if (holds(*part, '\0')) return Unusable{what + " holds a NUL"};
    if (takes_token(mechanism) && holds(*part, kSeparator)) {
      return Unusable{what + " holds a control character"};
    }
    if (!computes_with_prepared(mechanism)) continue;
    auto form = prepared(*part);
    if (!form) return Unusable{what + " is not fit for SASL (RFC 4013)"};
    *part = std::move(*form);
  }
  return credentials;
}

std::variant<std::unique_ptr<ClientExchange>, Unusable> start_client_exchange(
    Mechanism mechanism, Credentials credentials, const BindableChannel& channel,
    std::shared_ptr<SaltedPasswords> salted) {
  auto checked = prepared_for(mechanism, std::move(credentials));
  if (auto* unusable = std::get_if<Unusable>(&checked)) return std::move(*unusable);
  const auto& ready = std::get<Credentials>(checked);
  switch (mechanism) {
    case Mechanism::scram_sha_256_plus:
    case Mechanism::scram_sha_1_plus:
    case Mechanism::scram_sha_256:
    case Mechanism::scram_sha_1:
      return scram_client(mechanism, ready, channel, scram_nonce(), std::move(salted));
    case Mechanism::external:
      // RFC 4422, A.1: an empty authorization identity leaves it to the server whom the certificate
      // stands for.
      return std::make_unique<OneMessage>(mechanism, "");
    case Mechanism::cram_md5:
      return std::make_unique<CramMd5>(ready);
    case Mechanism::plain:
      return std::make_unique<OneMessage>(mechanism, plain_message(ready));
    case Mechanism::login:
      return std::make_unique<Login>(ready);
    case Mechanism::oauthbearer:
      return std::make_unique<BearerToken>(mechanism, oauthbearer_message(ready), "\x01");
    case Mechanism::xoauth2:
      return std::make_unique<BearerToken>(mechanism, xoauth2_message(ready), "");
  }
  throw std::logic_error("no such mechanism");
}

// ---- what all have in common -------------------------------------------------------------------

const std::string& ClientExchange::initial_response() {
  if (!first_) throw std::logic_error("this mechanism begins with a challenge");
  if (!std::exchange(first_said_, true)) standing_ = standing_after_first();
  return *first_;
}

bool ClientExchange::is_over() const {
  if (standing_ == Standing::complete) return !may_be_challenged();
  return standing_ == Standing::wrong_signature || standing_ == Standing::short_signature ||
         standing_ == Standing::error_stated;
}

std::optional<Objection> ClientExchange::objection(std::string_view challenge) const {
  if (first_ && !first_said_) {
    if (challenge.empty()) return std::nullopt;
    return Objection{Objection::Kind::unexpected,
                     "the server's challenge holds something where the client is to speak first"};
  }
  if (is_over()) {
    return Objection{Objection::Kind::after_end, "the server sends a challenge after the last"};
  }
  return object(challenge);
}

std::optional<std::string> ClientExchange::answer(std::string_view challenge) {
  if (first_ && !first_said_) return initial_response();
  if (is_over()) return "";
  return respond(challenge);
}

}  // namespace startle::sasl
