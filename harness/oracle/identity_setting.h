#pragma once
// mail.smtp.ssl.checkserveridentity of Java's mail libraries, as a customer's file may have it.

#include <optional>
#include <string>

#include "harness/words/words.h"

namespace startle::oracle {

// The model that judges as `model` does with the setting (nullopt: it is absent): `javamail` with
// true is `javamail-identity`; that one, and `angus`, do as `javamail` with false. Models that are
// none of Java's mail libraries know no such setting.
struct ReadSetting {
  words::TrustModel model{};
  std::string sentence{};  // what a reader of the file may not expect; no full stop
};
ReadSetting with_identity_setting(words::TrustModel model,
                                  const std::optional<std::string>& setting);

}  // namespace startle::oracle
