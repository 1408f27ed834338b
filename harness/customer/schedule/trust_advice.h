#pragma once
// Mistakes with `trust` that are mistakes whoever reads it, or that Java makes one. What a token is
// to one trust model alone is the oracle's to say. A value is not quoted, only words of our own.

#include <optional>
#include <string>
#include <string_view>

#include "harness/customer/schedule/mistake.h"
#include "harness/words/protocol.h"

namespace startle::customer {

struct TrustValue {
  std::optional<std::string> written{};  // nullopt: absent
  std::string_view host{};               // of `url`, as it is written
  words::Tls tls{};
  bool is_mail = true;
  std::string_view misspelt{};  // where it is absent: what seems to stand in its place
};

// A sentence each, such as "trust=\"*\" accepts anybody: ..", no full stop.
Mistakes trust_advice(const TrustValue& trust);

}  // namespace startle::customer
