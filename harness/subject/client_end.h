#pragma once
// What it means that a program ended: its exit code and its words, by the contract or by its
// description.

#include <string>
#include <vector>

#include "harness/subject/description.h"
#include "harness/subject/fill_in.h"
#include "harness/subject/running_program.h"
#include "harness/subject/subject.h"

namespace startle::subject {

struct EndMeanings {
  Speech speech = Speech::environment;
  const std::vector<EndMeaning>& ends;
  const Circumstances& task;
  const PlaceholderValues& values;
  std::string program{};  // as complaints name it
  std::string started{};  // what was to be run, where that is another name; empty: it is not
};

// `why`: errno.
std::string cannot_be_started(const std::string& program, const std::string& started, int why);

// A program by the contract may state an ending on its last line: "startle: ENDING". Throws
// Error(Fault::input, "PROGRAM: ..") where that is none, or Error(Fault::system) where the program
// could not be started.
ExchangeResult meaning_of(const ProgramEnd& end, words::Mode mode, const EndMeanings& meanings);

}  // namespace startle::subject
