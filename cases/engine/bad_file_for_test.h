#pragma once
// Malformed files of the catalogue: what each is told, by the library and by the program, and who
// notices: the hand-written reader, the grammar, or both.

#include <ostream>
#include <string>

namespace startle::cases {

enum class NoticedBy {
  both,      // the reader and the grammar, each on its own
  reader,    // a grammar cannot say it
  grammar,   // the reader leaves it to the schema
  parser,    // neither sees it: it is not XML, or not XML that we read
  catalogue  // well-formed on its own; does not go with the other files
};

struct BadFile {
  const char* name;
  std::string content;
  std::string complaint;  // without "FILE:"
  NoticedBy by = NoticedBy::both;
};

inline void PrintTo(const BadFile& bad, std::ostream* out) {
  *out << bad.name;
}

// Adding the file to the catalogue throws the complaint, and so does who should notice.
void expect_refused(const BadFile& bad);
// `startle run FILE` ends with 2 and prints the complaint, one line, on stderr and nothing else.
void expect_program_refuses(const BadFile& bad);

}  // namespace startle::cases
