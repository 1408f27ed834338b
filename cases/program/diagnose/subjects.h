#pragma once
// The servers that a diagnosis is of: those of configurations, those of URLs, and where neither was
// given the one that the rest of the evidence seems to be of.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cases/program/diagnose/diagnose_request.h"
#include "harness/customer/schedule/schedule.h"
#include "harness/words/words.h"

namespace startle::program {

// What a log, a store's name or a certificate says of the server.
struct Hints {
  std::string host{};
  std::uint16_t port = 0;
  std::optional<words::Protocol> protocol{};
};

// Servers with the same source, and how their settings are read.
struct Subjects {
  enum class Source { file, url, guess } source = Source::file;
  std::string file{};
  customer::Schedule schedule{};
  std::vector<std::string> refusals{};  // no product can start with the file; then it has no entry
  bool knows_host = true;
  bool knows_mode = true;

  // "schedule.xml:4"; "" of what no file has.
  std::string where(const customer::Entry& entry) const;
};

// Throws Error(Fault::input) for a file that cannot be read, Error(Fault::usage) for a URL that is
// none.
std::vector<Subjects> subjects_of(const DiagnoseRequest& request, const Hints& hints);

}  // namespace startle::program
