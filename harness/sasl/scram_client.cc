#include "harness/sasl/scram_client.h"

#include <gnutls/crypto.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/sasl/scram_challenge.h"

namespace startle::sasl {
namespace {

// gs2-header (RFC 5802, 7) without an authorization identity.
std::string gs2_header(Mechanism mechanism, const BindableChannel& channel) {
  if (binds_to_channel(mechanism)) {
    if (!channel.binding) throw std::logic_error("a -PLUS mechanism without a channel binding");
    return "p=" + channel.binding->type + ",,";
  }
  return channel.binding && !channel.plus_offered ? "y,," : "n,,";
}

class Scram final : public ClientExchange {
 public:
  Scram(Mechanism mechanism, const Credentials& credentials, const BindableChannel& channel,
        std::string nonce, std::shared_ptr<SaltedPasswords> salted)
      : Scram(mechanism, gs2_header(mechanism, channel),
              "n=" + scram_name(credentials.username) + ",r=" + nonce) {
    nonce_ = std::move(nonce);
    password_ = credentials.password;
    salted_ = std::move(salted);
    if (binds_to_channel(mechanism)) binding_ = channel.binding->data;
  }

 private:
  Scram(Mechanism mechanism, std::string header, std::string bare)
      : ClientExchange(mechanism, header + bare),
        hash_(hash_of(mechanism)),
        header_(std::move(header)),
        bare_(std::move(bare)) {}

  Standing standing_after_first() const override { return Standing::early; }

  std::optional<Objection> object(std::string_view challenge) const override {
    using Kind = Objection::Kind;
    if (standing_ == Standing::unsigned_) {
      const auto read = read_scram_final(challenge);
      if (const auto* malformed = std::get_if<MalformedScram>(&read)) {
        return Objection{.kind = Kind::malformed, .why = malformed->why};
      }
      return std::nullopt;
    }
    const auto read = read_scram_challenge(challenge);
    if (const auto* malformed = std::get_if<MalformedScram>(&read)) {
      return Objection{.kind = Kind::malformed, .why = malformed->why};
    }
    return objection_to(std::get<ScramChallenge>(read), nonce_);
  }

  std::optional<std::string> respond(std::string_view challenge) override {
    return standing_ == Standing::unsigned_ ? hear_final(challenge) : prove(challenge);
  }

  std::optional<std::string> prove(std::string_view challenge) {
    auto read = read_scram_challenge(challenge);
    const auto* first = std::get_if<ScramChallenge>(&read);
    if (first == nullptr) return std::nullopt;
    const std::uint32_t iterations = std::clamp(first->iterations, 1U, kMostIterations);
    if (iterations < kLeastIterations) {
      notes_.push_back("the server has the password hashed i=" + std::to_string(iterations) +
                       " times, RFC 7677 asks for 4096 at least");
    }
    const ScramKeys keys =
        scram_keys(hash_, salted_ ? salted_->get(hash_, password_, first->salt, iterations)
                                  : salted_password(hash_, password_, first->salt, iterations));
    const std::string without_proof = "c=" + to_base64(header_ + binding_) + ",r=" + first->nonce;
    const std::string auth_message = bare_ + "," + std::string(challenge) + "," + without_proof;
    expected_ = server_signature(hash_, keys, auth_message);
    standing_ = Standing::unsigned_;
    return without_proof + ",p=" + to_base64(client_proof(hash_, keys, auth_message));
  }

  // A stated error is answered like a signature: what the server makes of it, its reply says.
  std::optional<std::string> hear_final(std::string_view challenge) {
    auto read = read_scram_final(challenge);
    auto* final = std::get_if<ScramFinal>(&read);
    if (final == nullptr) return std::nullopt;
    if (final->error) {
      standing_ = Standing::error_stated;
      stated_error_ = std::move(*final->error);
      return "";
    }
    if (final->signature == expected_) {
      standing_ = Standing::complete;
      return "";
    }
    const bool shortened = expected_.starts_with(final->signature);
    standing_ = shortened ? Standing::short_signature : Standing::wrong_signature;
    return std::nullopt;
  }

  ScramHash hash_;
  std::string header_;
  std::string bare_;  // client-first-message-bare
  std::string nonce_{};
  std::string password_{};
  std::string binding_{};   // cbind-data
  std::string expected_{};  // ServerSignature
  std::shared_ptr<SaltedPasswords> salted_{};
};

}  // namespace

std::unique_ptr<ClientExchange> scram_client(Mechanism mechanism, const Credentials& credentials,
                                             const BindableChannel& channel, std::string nonce,
                                             std::shared_ptr<SaltedPasswords> salted) {
  return std::make_unique<Scram>(mechanism, credentials, channel, std::move(nonce),
                                 std::move(salted));
}

std::string scram_nonce() {
  std::array<char, 18> random{};
  if (gnutls_rnd(GNUTLS_RND_NONCE, random.data(), random.size()) < 0) {
    throw Error(Fault::system, "GnuTLS has no random numbers");
  }
  return to_base64({random.data(), random.size()});
}

}  // namespace startle::sasl
