#pragma once
// Cuts the JSON of a report into its parts as it is read: the members that say something of the
// run, and each case and finding by itself. What a later version has added is passed over.

#include <functional>
#include <istream>
#include <nlohmann/json.hpp>
#include <string>

namespace startle::report {

struct ElementSink {
  std::function<void(const nlohmann::json&)> finding{};  // without its `cases`
  std::function<void(const nlohmann::json&)> each_case{};
};

// The other members, as one object. Throws Error(Fault::input, "NAME: ..") when it is no JSON
// object, is cut off, has one part of more than `limit` bytes or two members of one name; what a
// sink throws is passed on.
nlohmann::json read_elements(std::istream& in, const std::string& name, std::size_t limit,
                             const ElementSink& sink);

}  // namespace startle::report
