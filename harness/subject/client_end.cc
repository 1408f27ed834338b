#include "harness/subject/client_end.h"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <regex>

#include "harness/base/error.h"
#include "harness/base/printable.h"
#include "harness/subject/contract.h"

namespace startle::subject {
namespace {

using words::Ending;

// The last line of a text that says something, as it can be shown.
std::string last_line(const std::string& text) {
  std::size_t end = text.find_last_not_of(" \t\r\n");
  if (end == std::string::npos) return "";
  const std::size_t begin = text.find_last_of('\n', end);
  constexpr std::size_t kLongest = 300;
  const std::string line = text.substr(begin == std::string::npos ? 0 : begin + 1,
                                       end - (begin == std::string::npos ? 0 : begin + 1) + 1);
  return printable(line.substr(0, kLongest));
}

// Of whichever says something.
std::string last_words(const ProgramEnd& end) {
  const std::string error = last_line(end.errors);
  return error.empty() ? last_line(end.output) : error;
}

constexpr std::string_view kStates = "startle: ";

std::optional<Ending> stated(const ProgramEnd& end, const std::string& program) {
  for (const std::string* text : {&end.output, &end.errors}) {
    const std::string line = last_line(*text);
    if (!line.starts_with(kStates)) continue;
    const std::string given = line.substr(kStates.size());
    if (const auto ending = from_word<Ending>(given)) return ending;
    throw Error(Fault::input, program + ": its last line is `" + line + "`, and `" + given +
                                  "` is no ending: known are " + comma_separated(words::kEndings));
  }
  return std::nullopt;
}

Ending success_of(words::Mode mode) {
  return row_of(words::protocol_of(mode)).success;
}

ExchangeResult ended(Ending ending, std::string sentence) {
  ExchangeResult result;
  result.outcome.ending = ending;
  result.outcome.sentence = std::move(sentence);
  return result;
}

// Of one that did not end by itself.
ExchangeResult was_ended(const ProgramEnd& end) {
  if (end.flooded) {
    return ended(Ending::crashed, "it printed more than " + std::to_string(kMostOutput >> 20) +
                                      " MiB, and was ended");
  }
  if (end.report.cause == EndCause::disk) {
    return ended(Ending::crashed, "it wrote more into its HOME than a client may, and was ended");
  }
  if (end.report.cause == EndCause::closed) {
    return ended(Ending::crashed, "it ended the process that watches over it");
  }
  ExchangeResult hung;
  hung.hung = true;
  hung.outcome = {.ending = Ending::timeout, .sentence = last_words(end)};
  return hung;
}

ExchangeResult by_contract(const ProgramEnd& end, int code, words::Mode mode,
                           const std::string& program) {
  if (code == kCannotDoThis) {
    ExchangeResult cannot;
    cannot.cannot = last_words(end);
    if (cannot.cannot.empty()) cannot.cannot = "it says so by exit code 89, and does not say why";
    return cannot;
  }
  const auto says = stated(end, program);
  if (code == kDone) {
    return ended(says && words::is_success(*says) ? *says : success_of(mode), last_words(end));
  }
  return ended(says && !words::is_success(*says) ? *says : Ending::refused, last_words(end));
}

bool fits(const EndMeaning& meaning, int code, const std::string& printed,
          const EndMeanings& with) {
  if (meaning.exit && *meaning.exit != code) return false;
  if (!holds(meaning.when, with.task, with.values)) return false;
  return !meaning.match || std::regex_search(printed, std::regex(*meaning.match));
}

ExchangeResult by_description(const ProgramEnd& end, int code, words::Mode mode,
                              const EndMeanings& meanings) {
  // A pattern is held against what people read of it.
  constexpr std::size_t kRead = 256 << 10;
  const std::string printed = end.output.substr(0, kRead) + "\n" + end.errors.substr(0, kRead);
  for (const EndMeaning& meaning : meanings.ends) {
    if (!fits(meaning, code, printed, meanings)) continue;
    if (meaning.ending) return ended(*meaning.ending, last_words(end));
    ExchangeResult cannot;
    cannot.cannot = last_words(end);
    return cannot;
  }
  return ended(code == 0 ? success_of(mode) : Ending::refused, last_words(end));
}

}  // namespace

std::string cannot_be_started(const std::string& program, const std::string& started, int why) {
  const bool is_another = !started.empty() && started != program;
  std::string sentence = program + ": " + (is_another ? "`" + started + "` " : "") +
                         "cannot be started: " + std::strerror(why);
  if (why == EACCES) {
    sentence += " (it has to be executable, chmod +x, in folders that any user may enter)";
  } else if (why == ENOENT && is_another && started.find('/') == std::string::npos) {
    sentence +=
        " (it is in no folder of PATH; beside the description it is {here}/" + started + ")";
  }
  return sentence;
}

ExchangeResult meaning_of(const ProgramEnd& end, words::Mode mode, const EndMeanings& meanings) {
  if (end.report.event == KeeperEvent::not_started) {
    throw Error(Fault::system,
                cannot_be_started(meanings.program, meanings.started, end.report.value));
  }
  ExchangeResult result;
  const int status = end.report.value;
  if (end.flooded || end.report.cause != EndCause::itself) {
    result = was_ended(end);
  } else if (WIFSIGNALED(status)) {
    result = ended(Ending::crashed,
                   "it was ended by the signal " + std::string(strsignal(WTERMSIG(status))));
  } else if (meanings.speech == Speech::arguments) {
    result = by_description(end, WEXITSTATUS(status), mode, meanings);
  } else {
    result = by_contract(end, WEXITSTATUS(status), mode, meanings.program);
  }
  result.printed = end.output + "\n" + end.errors;
  return result;
}

}  // namespace startle::subject
