#include "cases/program/explain/explain_text.h"

#include <algorithm>
#include <string_view>

#include "cases/program/explain/explain_log.h"
#include "harness/base/shell_word.h"

namespace startle::program {
namespace {

using messages::LogVerdict;
using messages::Mention;
using messages::Recognised;

// What a reader knows it by: "java" of "java/path-building" is the file that has it.
std::string known_from(const Recognised& recognised) {
  const messages::Source& source = recognised.source;
  const std::string id = " (" + recognised.signature_id + ")";
  if (!source.client.empty()) {
    return "seen in a run of " + source.client + ", " + source.version + id;
  }
  return "as published, it was not run here: " + source.page + id;
}

void write_mentions(const std::string& title, const std::vector<Mention>& mentions,
                    std::ostream& out) {
  if (mentions.empty()) return;
  out << '\n' << title << '\n';
  for (const Mention& one : mentions) out << "  line " << one.line << ": " << one.text << '\n';
}

void write_recognised(const std::string& log, const Recognised& recognised,
                      const messages::Signatures& signatures, std::ostream& out) {
  out << log << ", line " << recognised.line << ", decides:\n  " << recognised.text << "\n\n";
  out << recognised.meaning << '\n';
  out << "Printed by " << recognised.printed_by << "; " << known_from(recognised) << ".\n";
  out << "\nIt ended with\n";
  for (const messages::Ranked& one : recognised.endings) {
    out << "  " << word(one.ending) << ", " << word(one.certainty) << '\n';
  }
  if (!recognised.facts.empty()) out << "\nThe log says\n";
  for (const messages::Fact& fact : recognised.facts) {
    out << "  " << fact.name << ": " << fact.value << '\n';
  }
  const std::vector<PrintingCase> cases = printing_cases(recognised, signatures);
  if (!cases.empty()) out << "\nServers that bring a client to it\n";
  for (const PrintingCase& one : cases) {
    out << "  startle serve " << shell_word(one.id) << "  # " << word(one.ending)
        << (one.was_printed ? ", this message was printed" : "") << '\n';
  }
  out << "\nAsk for\n";
  for (const std::string& one : recognised.ask) out << "  - " << one << '\n';
  write_mentions("Of the same failure", recognised.besides, out);
  if (recognised.failures > 1) {
    const std::size_t others = recognised.failures - 1;
    write_mentions("Before it, " + std::to_string(others) +
                       (others == 1 ? " failure" : " failures") +
                       (others > recognised.earlier.size() ? ", of which the last" : ""),
                   recognised.earlier, out);
  }
  if (recognised.later_success) {
    out << "\nBehind it, line " << recognised.later_success->line
        << " says that it worked: " << recognised.later_success->text << '\n';
  }
}

}  // namespace

std::string why_unknown(const LogVerdict& verdict) {
  if (verdict.octets == 0) return "it is empty: ask for the log of the time when it failed";
  if (verdict.lines_of_text == 0) {
    return "these are octets and no text: ask for the log as the program writes it, unpacked";
  }
  if (const auto& success = verdict.nothing()->success) {
    return "nothing in it has failed, and line " + std::to_string(success->line) +
           " says that it worked: ask for the log of the time when it failed";
  }
  return "no line of it is a message of a mail or LDAP client that is known: ask for the whole "
         "log from the connection on, of a stack trace every `Caused by`, written with the "
         "client's most talkative setting, and for client and version";
}

void write_explanation(const std::string& log, const LogVerdict& verdict,
                       const messages::Signatures& signatures, std::ostream& out) {
  if (const Recognised* recognised = verdict.recognised()) {
    write_recognised(log, *recognised, signatures, out);
    return;
  }
  out << log << ": unknown: " << why_unknown(verdict) << ".\n";
  if (const auto& success = verdict.nothing()->success) {
    out << "  line " << success->line << ": " << success->text << '\n';
  }
}

}  // namespace startle::program
