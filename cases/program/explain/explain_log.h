#pragma once
// `startle explain --log`: what a log or a stack trace of a mail or LDAP client says.

#include <iosfwd>
#include <string>
#include <vector>

#include "harness/messages/log_verdict.h"

namespace startle::program {

// Writes what it says to `out`; kFindings where something that is known has failed, kNotJudged
// where nothing is. `log`: a file, or `-` for stdin; `report`: a word of LogReport. Throws Error.
int explain_log(const std::string& log, const std::string& report, std::ostream& out);

enum class LogReport { text, json };
inline constexpr auto kLogReports = word_table<LogReport>({
    {LogReport::text, "text"},
    {LogReport::json, "json"},
});
constexpr Words words_of(LogReport) {
  return kLogReports;
}

// What clients are known to print: cases/clients/messages of the catalogue.
messages::Signatures shipped_messages();

// Reads `log` as explain_log does. Throws Error(Fault::input) where it cannot be read.
messages::LogVerdict read_log_file(const std::string& log, const messages::Signatures& signatures);

// A case that makes a client print such a message.
struct PrintingCase {
  std::string id{};
  words::Ending ending{};    // that the client comes to there
  bool was_printed = false;  // this very message, by a client that was run here
};
// The likeliest first. Where the message itself was never seen here, cases of other messages that
// mean the same.
std::vector<PrintingCase> printing_cases(const messages::Recognised& recognised,
                                         const messages::Signatures& signatures);

}  // namespace startle::program
