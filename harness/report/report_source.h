#pragma once
// The bytes of a report as the JSON parser takes them: counted, by line, with a bound for what is
// held in memory at once. A report comes from another machine and may be anything.

#include <cstddef>
#include <iterator>
#include <streambuf>
#include <string>

#include "harness/base/error.h"

namespace startle::report {

struct Source {
  std::streambuf& in;
  const std::string& name;
  std::size_t limit = 0;
  std::size_t bytes = 0;
  std::size_t line = 1;
  std::size_t of_part = 0;       // bytes since a part ended
  bool end_was_reached = false;  // more was wanted than there is
  bool one_line = false;         // what is being parsed stands on one line

  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(Fault::input, name + ":" + std::to_string(line) + ": " + why);
  }
  bool at_end() {
    end_was_reached = in.sgetc() == std::streambuf::traits_type::eof();
    return end_was_reached;
  }
  char next() { return static_cast<char>(in.sgetc()); }
  void advance() {
    const bool newline = in.sbumpc() == '\n';
    if (newline && one_line) refuse("this line is no whole JSON object");
    line += newline ? 1 : 0;
    ++bytes;
    if (++of_part <= limit) return;
    refuse("one part of more than " + std::to_string(limit) +
           " bytes: this is no report of startle");
  }
  // Over blanks and, unless they matter, over the ends of lines.
  void skip_blank(bool newlines) {
    while (!at_end()) {
      const char c = next();
      if (c != ' ' && c != '\t' && c != '\r' && (c != '\n' || !newlines)) return;
      advance();
    }
  }
};

// An input iterator; without a source, the end.
struct Bytes {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  char operator*() const { return source->next(); }
  Bytes& operator++() {
    source->advance();
    return *this;
  }
  Bytes operator++(int) {
    source->advance();
    return *this;
  }
  friend bool operator==(const Bytes& a, const Bytes& b) {
    return (a.source == nullptr || a.source->at_end()) ==
           (b.source == nullptr || b.source->at_end());
  }
  friend bool operator!=(const Bytes& a, const Bytes& b) { return !(a == b); }

  Source* source = nullptr;
};

}  // namespace startle::report
