#include "harness/sasl/salted_passwords.h"

#include <utility>

namespace startle::sasl {

const std::string& SaltedPasswords::get(ScramHash hash, std::string_view password,
                                        std::string_view salt, std::uint32_t iterations) {
  Key key(hash, password, salt, iterations);
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  std::string computed = salted_password(hash, password, salt, iterations);
  if (known_.size() >= kMost) known_.clear();
  return known_.emplace(std::move(key), std::move(computed)).first->second;
}

}  // namespace startle::sasl
