#pragma once
// What a log of a mail or LDAP client, or a stack trace, says: the line that decides, and what it
// means. Of several failures the last one counts, and of one failure the line that says most: in a
// stack trace that of the deepest cause.

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/messages/signatures.h"

namespace startle::messages {

// A line of the log that something is known by.
struct Mention {
  std::size_t line = 0;        // from 1
  std::string text{};          // printable, cut around what was found, secrets taken out
  std::string signature_id{};  // "java/path-building"
};

struct Recognised {
  std::size_t line = 0;
  std::string text{};
  std::string signature_id{};
  std::string family{};                       // "java"
  std::string printed_by{};                   // "Java's TLS (JSSE)"
  std::optional<words::Protocol> protocol{};  // where a line of this failure says it
  std::vector<Ranked> endings{};              // the likeliest first
  std::string meaning{};
  std::vector<std::string> ask{};    // a sentence each, no full stop
  std::vector<std::string> cases{};  // ids of the catalogue that make a client print it
  std::vector<Fact> facts{};         // read out of the lines of this failure
  Source source{};
  std::vector<Mention> besides{};  // other lines of this failure, in their order
  std::vector<Mention> earlier{};  // the deciding lines of failures before it, the last of them
  std::size_t failures = 1;        // in the log, this one included
  std::optional<Mention> later_success{};
};
inline constexpr std::size_t kMostMentions = 8;

// Nothing that is known has failed.
struct Nothing {
  std::optional<Mention> success{};  // the last line that says that it worked
};

struct LogVerdict {
  std::variant<Nothing, Recognised> what{};
  std::size_t octets = 0;
  std::size_t lines = 0;
  std::size_t lines_of_text = 0;  // the others are octets, and no words

  // Null: it is not known.
  const Recognised* recognised() const { return std::get_if<Recognised>(&what); }
  const Nothing* nothing() const { return std::get_if<Nothing>(&what); }
};

// Reads `in` to its end, in memory that does not grow with it.
LogVerdict read_log(std::istream& in, const Signatures& signatures);

}  // namespace startle::messages
