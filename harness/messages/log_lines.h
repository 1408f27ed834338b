#pragma once
// The lines of a log, whatever it is written in: UTF-8, UTF-16 of either order with and without its
// mark, other encodings that keep ASCII; LF, CR LF or CR at their ends, or no end at all. What is
// held in memory does not grow with the log.

#include <cstddef>
#include <istream>
#include <string>

namespace startle::messages {

inline constexpr std::size_t kMostOfALine = 32 << 10;  // octets; a longer line comes in parts

struct LogLine {
  std::size_t number = 0;  // from 1
  std::string text{};      // without its end, without colours; what is no ASCII is left as it is
  bool goes_on = false;    // the line before is its beginning
  bool is_text = true;     // false: these are octets, and no words
};

class LogLines {
 public:
  explicit LogLines(std::istream& in);

  // False: there are no more.
  bool next(LogLine& line);

  // Behind the last line.
  std::size_t octets() const { return octets_; }
  std::size_t lines() const { return number_; }
  std::size_t lines_of_text() const { return lines_of_text_; }

 private:
  enum class Encoding { octets, utf_16_little, utf_16_big };
  bool fill();
  void learn_encoding();
  void add_units(std::string_view raw);
  void add_unit(char32_t unit);

  std::istream& in_;
  std::string raw_{};   // as it was read
  std::string text_{};  // what is left of it to be taken
  std::size_t taken_ = 0;
  Encoding encoding_ = Encoding::octets;
  bool begun_ = false;
  bool at_end_ = false;
  bool ended_with_cr_ = false;
  bool goes_on_ = false;
  bool has_rest_ = false;  // half of a unit
  char rest_ = 0;
  char32_t high_ = 0;  // the first half of a surrogate pair
  std::size_t octets_ = 0;
  std::size_t number_ = 0;
  std::size_t lines_of_text_ = 0;
};

}  // namespace startle::messages
