#include "fake-servers/sasl/lie.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "fake-servers/sasl/scram_message.h"
#include "harness/base/bytes.h"
#include "harness/sasl/password.h"
#include "harness/sasl/scram.h"

namespace startle::fake {
namespace {

using sasl::Mechanism;
using sasl::ServerChallenge;
using sasl::ServerFailure;
using sasl::ServerNonsense;
using sasl::ServerStep;
using sasl::ServerSuccess;

constexpr char kFiller = 'a';
constexpr std::string_view kSaltOfDigits = "8192";  // in base64, and an iteration count

// What stands behind i= as a number; nothing: it is none, or none that a client may compute with.
std::optional<std::uint32_t> computable(const std::string& iterations) {
  std::uint32_t number = 0;
  const char* end = iterations.data() + iterations.size();
  const auto [stop, error] = std::from_chars(iterations.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  if (number < 1 || number > sasl::kMostIterations) return std::nullopt;
  return number;
}

std::string stated_iterations(const SaslScript& script) {
  return script.iterations.value_or(std::to_string(sasl::kLeastIterations));
}

class LyingScram final : public sasl::ServerExchange {
 public:
  LyingScram(Mechanism mechanism, const SaslScript& script, const sasl::ServerSide& side)
      : mechanism_(mechanism), hash_(sasl::hash_of(mechanism)), script_(script), side_(side) {}

  ServerStep step(const std::optional<std::string>& message) override {
    if (!message) return ServerChallenge{};
    return first_ ? finish(*message) : begin(*message);
  }

 private:
  bool lies(SaslLie lie) const { return script_.lie == lie; }

  ServerStep begin(const std::string& message) {
    first_ = read_scram_client_first(message);
    if (!first_) return ServerNonsense{};
    if (!lies(SaslLie::any_channel_binding)) {
      // RFC 5802, 6
      const bool binds = first_->says == SaysOfBinding::binds;
      if (binds != sasl::binds_to_channel(mechanism_)) return ServerFailure{};
      if (first_->says == SaysOfBinding::saw_no_plus && side_.binding) return ServerFailure{};
    }
    // Another one for each exchange, as the client's is.
    const std::string added =
        to_base64(sasl::digest(sasl::ScramHash::sha_256, "nonce" + first_->nonce)).substr(0, 24);
    nonce_ = first_->nonce + added;
    if (lies(SaslLie::unchanged_nonce)) nonce_ = first_->nonce;
    if (lies(SaslLie::foreign_nonce)) nonce_ = added + first_->nonce;
    challenge_ = challenge();
    return ServerChallenge{challenge_};
  }

  std::string challenge() const {
    const std::string nonce = "r=" + nonce_;
    const std::string salt = "s=" + to_base64(sasl::scram_salt(first_->name));
    const std::string iterations = "i=" + stated_iterations(script_);
    switch (script_.lie) {
      case SaslLie::mandatory_extension:
        return "m=startle," + nonce + "," + salt + "," + iterations;
      case SaslLie::late_extension:
        return nonce + "," + salt + "," + iterations + ",m=startle";
      case SaslLie::optional_extension:
        return nonce + "," + salt + "," + iterations + ",x=startle";
      case SaslLie::missing_salt:
        return nonce + "," + iterations;
      case SaslLie::swapped_attributes:
        return salt + "," + nonce + "," + iterations;
      case SaslLie::swapped_salt:
        return nonce + "," + iterations + ",s=" + std::string(kSaltOfDigits);
      case SaslLie::huge_challenge:
      case SaslLie::padded_challenge:
        return padded(nonce + "," + salt + "," + iterations + ",x=", script_.lie);
      default:
        return nonce + "," + salt + "," + iterations;
    }
  }

  ServerStep finish(const std::string& message) {
    const auto final = read_scram_client_final(message);
    if (!final) return ServerNonsense{};
    if (lies(SaslLie::binding_error)) return ServerFailure{"e=channel-bindings-dont-match"};
    const bool bound =
        lies(SaslLie::any_channel_binding) || is_bound_to(*first_, *final, side_.binding);
    const std::string* known = side_.password_of ? side_.password_of(first_->name) : nullptr;
    const bool anybody = lies(SaslLie::any_credentials);
    if (!bound || final->nonce != nonce_ || (known == nullptr && !anybody)) return ServerFailure{};

    const sasl::ScramKeys keys = keys_of(known == nullptr ? "" : *known);
    const std::string all = first_->bare + "," + challenge_ + "," + final->without_proof;
    const bool takes_anything =
        anybody || !computable(stated_iterations(script_)) || lies(SaslLie::missing_salt);
    if (!takes_anything && final->proof != sasl::client_proof(hash_, keys, all)) {
      return ServerFailure{};
    }
    return ServerSuccess{.name = first_->name, .data = last_message(keys, all)};
  }

  sasl::ScramKeys keys_of(const std::string& password) const {
    const std::string kept = sasl::prepared(password).value_or(password);
    std::string salt = sasl::scram_salt(first_->name);
    if (lies(SaslLie::missing_salt)) salt = "";
    if (lies(SaslLie::swapped_salt)) salt = from_base64(kSaltOfDigits).value();
    // Fewer than one is one to those who compute the first before they count.
    const std::uint32_t iterations = computable(stated_iterations(script_)).value_or(1);
    if (side_.salted == nullptr) {
      return sasl::scram_keys(hash_, sasl::salted_password(hash_, kept, salt, iterations));
    }
    return sasl::scram_keys(hash_, side_.salted->get(hash_, kept, salt, iterations));
  }

  std::string last_message(const sasl::ScramKeys& keys, const std::string& all) const {
    if (lies(SaslLie::error_then_success)) return "e=other-error";
    std::string signature = sasl::server_signature(hash_, keys, all);
    if (lies(SaslLie::wrong_signature)) signature[0] = static_cast<char>(signature[0] ^ 1);
    if (lies(SaslLie::short_signature)) signature.resize(signature.size() / 2);
    std::string message = "v=" + to_base64(signature);
    if (lies(SaslLie::optional_extension)) message += ",x=startle";
    if (lies(SaslLie::final_extension)) message += ",m=startle";
    return message;
  }

  Mechanism mechanism_;
  sasl::ScramHash hash_;
  const SaslScript& script_;
  const sasl::ServerSide& side_;
  std::optional<ScramClientFirst> first_{};
  std::string nonce_{};
  std::string challenge_{};
};

// RFC 2195 with a challenge of a size of its own.
class LyingCramMd5 final : public sasl::ServerExchange {
 public:
  LyingCramMd5(SaslLie lie, const sasl::ServerSide& side)
      : challenge_("<" + padded("1896.", lie) + "@startle.example.test>"), side_(side) {}

  ServerStep step(const std::optional<std::string>& message) override {
    if (!std::exchange(begun_, true)) {
      if (message) return ServerNonsense{};
      return ServerChallenge{challenge_};
    }
    const std::size_t space = message ? message->rfind(' ') : std::string::npos;
    if (space == std::string::npos) return ServerNonsense{};
    const std::string name = message->substr(0, space);
    const std::string* password = side_.password_of ? side_.password_of(name) : nullptr;
    if (password == nullptr) return ServerFailure{};
    const std::string kept = sasl::prepared(*password).value_or(*password);
    const bool right = message->substr(space + 1) == sasl::cram_md5_digest(kept, challenge_);
    return right ? ServerStep(ServerSuccess{.name = name}) : ServerFailure{};
  }

 private:
  std::string challenge_;
  const sasl::ServerSide& side_;
  bool begun_ = false;
};

bool is_of_scram_alone(SaslLie lie) {
  switch (lie) {
    case SaslLie::no_signature:
    case SaslLie::wrong_signature:
    case SaslLie::short_signature:
    case SaslLie::signature_in_reply:
    case SaslLie::unchanged_nonce:
    case SaslLie::foreign_nonce:
    case SaslLie::mandatory_extension:
    case SaslLie::late_extension:
    case SaslLie::final_extension:
    case SaslLie::optional_extension:
    case SaslLie::missing_salt:
    case SaslLie::swapped_attributes:
    case SaslLie::swapped_salt:
    case SaslLie::any_channel_binding:
    case SaslLie::binding_error:
      return true;
    default:
      return false;
  }
}

// What the honest server of SCRAM would not do, and nobody else can do for it.
bool needs_lying_scram(const SaslScript& script) {
  constexpr std::array kOfOthersToo{SaslLie::error_then_success, SaslLie::huge_challenge,
                                    SaslLie::padded_challenge, SaslLie::any_credentials};
  return script.iterations || is_of_scram_alone(script.lie) ||
         std::find(kOfOthersToo.begin(), kOfOthersToo.end(), script.lie) != kOfOthersToo.end();
}

}  // namespace

std::unique_ptr<sasl::ServerExchange> lying_exchange(Mechanism mechanism, const SaslScript& script,
                                                     const sasl::ServerSide& side) {
  if (sasl::is_scram(mechanism) && needs_lying_scram(script)) {
    return std::make_unique<LyingScram>(mechanism, script, side);
  }
  const bool sized =
      script.lie == SaslLie::huge_challenge || script.lie == SaslLie::padded_challenge;
  if (mechanism == Mechanism::cram_md5 && sized) {
    return std::make_unique<LyingCramMd5>(script.lie, side);
  }
  return nullptr;
}

bool has_place_for(Mechanism mechanism, SaslLie lie) {
  const bool scram = sasl::is_scram(mechanism);
  if (is_of_scram_alone(lie)) return scram;
  switch (lie) {
    case SaslLie::error_then_success:
      return scram || sasl::takes_token(mechanism);
    case SaslLie::no_credentials:
      return scram || mechanism == Mechanism::cram_md5;
    case SaslLie::padded_challenge:
      return scram || mechanism == Mechanism::cram_md5 || mechanism == Mechanism::login;
    case SaslLie::swapped_prompts:
      return mechanism == Mechanism::login;
    default:
      return true;
  }
}

bool forges_first_challenge(Mechanism mechanism, const SaslScript& script) {
  const bool scram = sasl::is_scram(mechanism);
  switch (script.lie) {
    case SaslLie::huge_challenge:
      return true;
    case SaslLie::no_credentials:
      return scram || mechanism == Mechanism::cram_md5;
    case SaslLie::unchanged_nonce:
    case SaslLie::foreign_nonce:
    case SaslLie::mandatory_extension:
    case SaslLie::late_extension:
    case SaslLie::missing_salt:
    case SaslLie::swapped_attributes:
    case SaslLie::swapped_salt:
      return scram;
    default:
      return scram && !computable(stated_iterations(script));
  }
}

std::string padded(std::string challenge, SaslLie lie) {
  const std::size_t size = lie == SaslLie::huge_challenge ? kHugeChallenge : kPaddedChallenge;
  challenge.resize(std::max(challenge.size(), size), kFiller);
  return challenge;
}

}  // namespace startle::fake
