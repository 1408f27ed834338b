#pragma once
// Weighs the evidence of one server: the causes that something speaks for, the likeliest first.

#include <string>
#include <vector>

#include "harness/diagnosis/claim.h"
#include "harness/diagnosis/evidence.h"

namespace startle::diagnosis {

enum class Health {
  healthy,  // what was given is accepted as the stated model has it, and nothing speaks against it
  fails,
  unknown,  // nobody can tell from what was given
};
inline constexpr auto kHealths = word_table<Health>({
    {Health::healthy, "healthy"},
    {Health::fails, "fails"},
    {Health::unknown, "unknown"},
});
constexpr Words words_of(Health) {
  return kHealths;
}

struct Diagnosis {
  Health health = Health::unknown;
  std::vector<Claim> claims{};                // the first is the answer; never empty
  std::vector<std::string> contradictions{};  // between pieces of the evidence, a sentence each
};

Diagnosis weigh(const Evidence& evidence);

}  // namespace startle::diagnosis
