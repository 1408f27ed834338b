#pragma once
// What a server is limited to speak. A session of TLS 1.2 is bound to by its first Finished, and
// by nothing where the master secret is not that of this session alone (RFC 7627).

#include <array>
#include <string_view>

#include "harness/base/words.h"

namespace startle::tls {

enum class Versions {
  any,                 // TLS 1.3 and 1.2
  tls_1_2,             // 1.2 alone
  tls_1_2_without_ems  // and without the extended master secret
};
inline constexpr std::array<std::string_view, 3> kVersions{"any", "1.2", "1.2-without-ems"};
inline Words words_of(Versions) {
  return kVersions;
}

}  // namespace startle::tls
