// startle explain: what a message of a client, a case or a finding means.

#include <iostream>
#include <memory>
#include <string>

#include "cases/program/commands.h"
#include "cases/program/explain/explain_log.h"

namespace startle::program {
namespace {

struct ExplainOptions {
  std::string log{};
  std::string report = "text";
};

int explain(const ExplainOptions& options) {
  if (!options.log.empty()) return explain_log(options.log, options.report, std::cout);
  throw Error(Fault::usage,
              "`startle explain` needs a log: for example `startle explain --log trace.txt`, or "
              "--log - for what is piped in");
}

}  // namespace

void add_explain(CommandLine& startle) {
  auto options = std::make_shared<ExplainOptions>();
  CommandLine sub = startle.command("explain", "What a client's log or stack trace says");
  sub.option("--log", options->log,
             "A log or a stack trace of a mail or LDAP client; - for stdin. UTF-8, UTF-16 and "
             "whatever keeps ASCII; wrapped, quoted and of any length")
      .value("FILE");
  sub.option("--report", options->report, comma_separated(kLogReports))
      .value("KIND")
      .shows_default();
  sub.footer(
      "The last failure in the log counts, and of one failure the line that says most:\n"
      "in a stack trace that of the deepest cause. What may be a password is taken out\n"
      "of the lines that are shown.\n"
      "Examples:\n"
      "  startle explain --log trace.txt\n"
      "  journalctl -u postfix | startle explain --log -\n"
      "  startle explain --log catalina.out --report json\n"
      "Exit: 1 something that is known has failed, 2 usage or input, 3 unknown: no line\n"
      "  is a message that is known, or nothing in it has failed.");
  sub.runs([options] { return explain(*options); });
}

}  // namespace startle::program
