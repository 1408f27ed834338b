#pragma once
// What is said of a server in the end: a cause and its four parts.

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"

namespace startle::diagnosis {

enum class Confidence { certain, likely, possible };
inline constexpr auto kConfidences = word_table<Confidence>({
    {Confidence::certain, "certain"},
    {Confidence::likely, "likely"},
    {Confidence::possible, "possible"},
});
constexpr Words words_of(Confidence) {
  return kConfidences;
}

// Something to do, or to send.
struct Advice {
  std::string text{};                   // no full stop
  std::vector<std::string> commands{};  // lines for a shell, in their order
  bool hides = false;                   // it makes the failure invisible, and mends nothing
  bool operator==(const Advice&) const = default;
};

// What one cause has for itself.
struct Claim {
  std::string_view cause{};  // "store-renewed": a word of the tables, for scripts
  std::string answer{};      // one sentence, no full stop
  Confidence confidence = Confidence::possible;
  std::vector<std::string> rests_on{};
  std::vector<Advice> change{};  // the most careful first
  std::vector<Advice> ask{};
};

}  // namespace startle::diagnosis
