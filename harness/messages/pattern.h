#pragma once
// What a message is known by: its stable part, literally, with gaps. No regular expression:
// whatever the text, the time that it takes grows with its length alone.
//
//   unable to find valid certification path     these words, letters of either case
//   x509: * valid for {name}, not {host}        `*`: anything; {name}: a word, which is kept
//   \* \{ \\                                    the characters themselves
//
// A word begins and ends where the pattern's does: `535 5.7` is not in `1535 5.7`, unless the
// pattern begins with `*`: `*Exception: [EOF]` is in `SendFailedException: [EOF]`. What is kept is
// called {host}, {name}, {address}, {port}, {number}, {date}, {alias}, {text}; {date} and {text}
// may hold blanks.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace startle::messages {

// What a message says of the matter: ("host", "mail.example.test").
struct Fact {
  std::string name{};
  std::string value{};
  bool operator==(const Fact&) const = default;
};

inline constexpr std::size_t kMostOfAGap = 2000;  // octets
inline constexpr std::size_t kLeastOfALastPiece = 4;

class Pattern {
 public:
  // Throws std::invalid_argument, with what is wrong as the end of a sentence that begins with the
  // pattern: "ends with a gap: ..".
  static Pattern parse(std::string_view text);

  const std::string& text() const { return text_; }
  // The last literal piece, in lower case: where it is not, the pattern is not either.
  const std::string& last_piece() const { return pieces_.back(); }
  // How many characters are literal: of two patterns in one place the one with more says more.
  std::size_t weight() const { return weight_; }

  struct Found {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::vector<Fact> facts{};
  };
  // In `text`, with the last piece ending at `end`; what is kept behind it is looked for up to the
  // end of the text. `lower` is the same text in lower case (ASCII).
  std::optional<Found> ending_at(std::string_view text, std::string_view lower,
                                 std::size_t end) const;
  // Anywhere in `text`, the last.
  std::optional<Found> find(std::string_view text) const;

 private:
  std::string text_{};
  std::vector<std::string> pieces_{};  // literal, in lower case
  std::vector<std::string> gaps_{};    // before each piece but the first: "" or what is kept
  std::string before_{};               // kept in front of the first piece; "": nothing is
  std::string behind_{};               // kept behind the last
  std::size_t weight_ = 0;
  bool inside_word_ = false;       // it may begin there
  bool ends_inside_word_ = false;  // and so its end
};

}  // namespace startle::messages
