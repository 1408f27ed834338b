#include <string>

#include "harness/base/bytes.h"
#include "harness/base/fuzz/claims.h"
#include "harness/sasl/scram.h"
#include "harness/sasl/scram_challenge.h"

namespace startle::sasl {
namespace {

using fuzz::must_hold;

void check_first(std::string_view input) {
  const auto read = read_scram_challenge(input);
  if (const auto* malformed = std::get_if<MalformedScram>(&read)) {
    must_hold(!malformed->why.empty(), "what is malformed has a reason");
    return;
  }
  const auto& challenge = std::get<ScramChallenge>(read);
  must_hold(!challenge.nonce.empty() && !challenge.salt.empty(), "nonce and salt are there");
  must_hold(challenge.nonce.find(',') == std::string::npos, "a nonce is one attribute");
  const bool first = input.starts_with("m=");
  must_hold(!first || challenge.mandatory_extension, "a mandatory extension is not passed over");

  const std::string plain = "r=" + challenge.nonce + ",s=" + to_base64(challenge.salt) +
                            ",i=" + std::to_string(challenge.iterations);
  ScramChallenge without = challenge;
  without.mandatory_extension = false;
  for (const char* behind : {"", ",x=", ",y=a=b,z= "}) {
    const auto again = read_scram_challenge(plain + behind);
    const auto* same = std::get_if<ScramChallenge>(&again);
    must_hold(same != nullptr && *same == without, "optional attributes change nothing");
  }
  for (const auto& extended : {"m=x," + plain, plain + ",m=x"}) {
    const auto again = read_scram_challenge(extended);
    const auto* other = std::get_if<ScramChallenge>(&again);
    must_hold(other != nullptr && objection_to(*other, "").has_value(), "m= is objected to");
  }

  must_hold(objection_to(challenge, challenge.nonce).has_value(), "a nonce must grow");
  must_hold(objection_to(challenge, "," + challenge.nonce).has_value(), "a nonce must be ours");
  const std::string_view ours = std::string_view(challenge.nonce).substr(1);
  must_hold(challenge.nonce.starts_with(ours) || objection_to(challenge, ours).has_value(),
            "a nonce begins with ours");
  if (!objection_to(challenge, "")) {
    must_hold(challenge.iterations >= 1 && challenge.iterations <= kMostIterations,
              "the work is bounded");
  }
}

void check_final(std::string_view input) {
  const auto read = read_scram_final(input);
  if (const auto* malformed = std::get_if<MalformedScram>(&read)) {
    must_hold(!malformed->why.empty(), "what is malformed has a reason");
    return;
  }
  const auto& final = std::get<ScramFinal>(read);
  must_hold(final.error.has_value() == input.starts_with("e="), "e= is an error");
  must_hold(final.error.has_value() || !final.signature.empty(), "v= is a signature");
  const auto again = read_scram_final(
      (final.error ? "e=" + *final.error : "v=" + to_base64(final.signature)) + ",x=y");
  const auto* same = std::get_if<ScramFinal>(&again);
  must_hold(same != nullptr && *same == final, "what is written out reads the same");
}

}  // namespace
}  // namespace startle::sasl

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  startle::sasl::check_first(input);
  startle::sasl::check_final(input);
  return 0;
}
