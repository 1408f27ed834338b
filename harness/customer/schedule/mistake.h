#pragma once
// What is wrong with a customer's file, or may be.

#include <string>
#include <vector>

namespace startle::customer {

// The worst first.
enum class Weight {
  refused,   // no product can start with it
  fails,     // what the element asks for never comes about
  doubtful,  // it may be what keeps something from working
  careless,  // it works, and ought not to be so
  note,      // it says something of the file
};

struct Mistake {
  std::string text{};  // "file:line: what is wrong and what would be right"
  Weight weight = Weight::doubtful;
  bool operator==(const Mistake&) const = default;
};
using Mistakes = std::vector<Mistake>;

}  // namespace startle::customer
