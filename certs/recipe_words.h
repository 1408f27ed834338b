#pragma once
// The words of recipe files that the reader and the writer share.

#include <array>
#include <string_view>

#include "harness/base/words.h"

namespace startle::certs {

enum class Answer { no, yes };
inline constexpr std::array<std::string_view, 2> kAnswers{"false", "true"};
inline Words words_of(Answer) {
  return kAnswers;
}

enum class Signature { valid, broken };
inline constexpr std::array<std::string_view, 2> kSignatures{"valid", "broken"};
inline Words words_of(Signature) {
  return kSignatures;
}

inline constexpr std::string_view kNoPurpose = "none";  // no extended key usage

}  // namespace startle::certs
