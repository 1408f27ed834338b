#pragma once
// A defect: the built-in client with one decision made wrongly, as a class of real clients makes
// it. It is the proof that the harness bites: a defect that no case fails is a hole in the
// catalogue. Each is a row of the table of its topic, in defects/.

#include <memory>
#include <string_view>
#include <vector>

#include "harness/words/words.h"

namespace startle::client {
class Decisions;
}

namespace startle::subject {

struct Defect {
  std::string_view name{};       // "accepts-any-certificate"
  std::string_view bug_class{};  // the class of known client bugs it stands for: "CHAIN-NONE"
  // How bad it is, at least, for whoever runs such a client: the catalogue has to say so.
  words::Severity severity{};
  std::string_view does{};  // what is wrong, in one line
  std::unique_ptr<client::Decisions> (*make)() = nullptr;
};

// All of them, by name.
const std::vector<Defect>& defects();

}  // namespace startle::subject
