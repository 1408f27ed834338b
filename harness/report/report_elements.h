#pragma once
// Cuts a report in JSON or JSON Lines into its parts as it is read: the members that say something
// of the run, and each case and finding by itself. Which of the two it is shows in its first
// object: only one that is the whole report has what is known at the end of a run. What a later
// version has added is passed over.

#include <cstddef>
#include <functional>
#include <istream>
#include <nlohmann/json.hpp>
#include <string>

namespace startle::report {

// Where an element stands: in JSON Lines.
struct ElementPlace {
  std::size_t line = 0;    // from 1; 0: this is no JSON Lines
  std::size_t offset = 0;  // of the line
};

struct ElementSink {
  std::function<void(const nlohmann::json&, const ElementPlace&)> finding{};  // without its `cases`
  std::function<void(const nlohmann::json&, const ElementPlace&)> each_case{};
  // Of JSON Lines: the first line, before any case.
  std::function<void(const nlohmann::json&)> first_line{};
  bool may_be_cut_off = false;  // JSON Lines may end in the middle of any line but the first
};

struct Elements {
  nlohmann::json others{};  // the other members; `cases` and `findings` are empty
  ElementPlace last{};      // line, or where it is missing
  bool cut_off = false;     // it is missing, or torn, or a case is
};

// Of JSON Lines the members of the first line and the last come together. Throws
// Error(Fault::input, "NAME: ..") when it is no JSON object, is cut off, has one part of more than
// `limit` bytes or two members of one name; what a sink throws is passed on.
Elements read_elements(std::istream& in, const std::string& name, std::size_t limit,
                       const ElementSink& sink);

}  // namespace startle::report
