// startle explain: what a case, a finding, an ending or a certificate is about, and what a client's
// log says. Here are its options.

#include <iostream>
#include <memory>
#include <string>

#include "cases/program/commands.h"
#include "cases/program/explain/explain_log.h"
#include "cases/program/explain/explain_subject.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

struct ExplainOptions {
  std::string what{};
  std::string log{};
  std::string report = "text";
  bool names = false;
};

int print_names() {
  const cases::Catalogue catalogue = cases::Catalogue::load();
  const Knowledge knowledge = Knowledge::load(catalogue);
  for (const SubjectName& one : every_subject(catalogue, knowledge)) std::cout << one.name << '\n';
  return kAllAsExpected;
}

int explain(const ExplainOptions& options) {
  if (options.names) return print_names();
  if (!options.log.empty()) return explain_log(options.log, options.report, std::cout);
  if (options.what.empty()) {
    throw Error(
        Fault::usage,
        "`startle explain` needs CASE|FINDING|ENDING|INVARIANT|REQUIREMENT|CERTIFICATE, or --log: "
        "for example `startle explain smtp/injection/reply-after-go-ahead`, or `startle explain "
        "--log trace.txt` (`startle explain --help` says more)");
  }
  tls::set_run_clock(now());
  return explain_subject(options.what, option_word<ExplainReport>("--report", options.report),
                         std::cout);
}

}  // namespace

void add_explain(CommandLine& startle) {
  auto options = std::make_shared<ExplainOptions>();
  CommandLine sub = startle.command(
      "explain", "Say what a case, a finding, an ending or a certificate is about, or a log says");
  sub.option("what", options->what, "The id of one, of a requirement, of a known bug; or a file")
      .value("CASE|FINDING|ENDING|INVARIANT|REQUIREMENT|CERTIFICATE");
  sub.option("--log", options->log,
             "Instead, what a log or a stack trace of a mail or LDAP client says; - for stdin. "
             "UTF-8, UTF-16 and whatever keeps ASCII; wrapped, quoted and of any length")
      .value("FILE")
      .excludes("what");
  sub.option("--report", options->report, "text, json or, without --log, markdown")
      .value("KIND")
      .shows_default();
  sub.flag("--names", options->names, "Print every name that it knows, one a line");
  sub.footer(
      "It draws what the server does as a dialogue, and says why that matters (the\n"
      "clauses, and the bugs that clients have had), what a safe client does, how\n"
      "to meet it by hand (openssl s_client, gnutls-cli, a socket of Python's) and\n"
      "how such bugs are fixed in Java, Python, Node.js, C and Go. What has the\n"
      "name of several kinds is explained as each of them; KIND:ID means one. Bug\n"
      "classes (INJ-RESP), known bugs (CVE-2021-22947) and defects (`startle list\n"
      "--defects`) are known, too.\n"
      "Of a log the last failure counts, and of one failure the line that says most:\n"
      "in a stack trace that of the deepest cause. What may be a password is taken\n"
      "out of the lines that are shown.\n"
      "Examples:\n"
      "  startle explain smtp/injection/reply-after-go-ahead\n"
      "  startle explain accepts/certificate-expired\n"
      "  startle explain starttls-not-supported\n"
      "  startle explain secret-in-clear\n"
      "  startle explain RFC3207-4.2-a\n"
      "  startle explain certificate:expired --report markdown\n"
      "  startle explain --log trace.txt\n"
      "  journalctl -u postfix | startle explain --log -\n"
      "Exit: 0 explained, 2 there is nothing of that name. With --log 1 something that\n"
      "  is known has failed, 3 unknown: no line is a message that is known, or nothing\n"
      "  in it has failed.");
  sub.runs([options] { return explain(*options); });
}

}  // namespace startle::program
