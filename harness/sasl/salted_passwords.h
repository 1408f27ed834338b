#pragma once
// Salted passwords of SCRAM that were computed already: 4096 rounds of HMAC cost more than the
// handshake around them, and the users of a run are few. One for each worker.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "harness/sasl/scram.h"

namespace startle::sasl {

// Not for several threads at once. It holds passwords: it is never printed.
class SaltedPasswords {
 public:
  SaltedPasswords() = default;
  SaltedPasswords(const SaltedPasswords&) = delete;
  SaltedPasswords& operator=(const SaltedPasswords&) = delete;

  // As salted_password(). Valid until the next call.
  const std::string& get(ScramHash hash, std::string_view password, std::string_view salt,
                         std::uint32_t iterations);

  // Kept at once; when there are more, all are forgotten.
  static constexpr std::size_t kMost = 1024;
  std::size_t size() const { return known_.size(); }

 private:
  using Key = std::tuple<ScramHash, std::string, std::string, std::uint32_t>;
  std::map<Key, std::string> known_{};
};

}  // namespace startle::sasl
