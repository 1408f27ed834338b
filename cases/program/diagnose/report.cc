#include "cases/program/diagnose/report.h"

#include <algorithm>

#include "harness/base/printable.h"
#include "harness/diagnosis/advice.h"

namespace startle::program {
namespace {

using diagnosis::Advice;
using diagnosis::Claim;

std::string padded(std::string_view text, std::size_t width) {
  std::string made(text);
  made.resize(std::max(width, made.size() + 1), ' ');
  return made;
}

std::string verdict_of(const diagnosis::Reading& reading) {
  std::string endings;
  for (const words::Ending ending : reading.endings) {
    endings += (endings.empty() ? "" : " or ") + std::string(word(ending));
  }
  return endings;
}

// How one report puts what all have in common.
struct Form {
  std::string (*heading)(const std::string&);
  std::string_view item;         // before each line of a list
  std::string_view indentation;  // of what belongs to a line above
  std::string_view command;      // before each line of a command
  std::string_view begin_commands;
  std::string_view end_commands;
};
const Form kText{
    [](const std::string& text) { return text + "\n"; }, "  ", "      ", "      ", "", ""};
const Form kMarkdown{[](const std::string& text) { return "### " + text + "\n\n"; },
                     "* ",
                     "  ",
                     "  ",
                     "  ```sh\n",
                     "  ```\n"};

void add_advice(const Form& form, const std::vector<Advice>& all, std::string& text) {
  int number = 0;
  for (const Advice& advice : all) {
    const std::string mark =
        advice.hides ? std::string("last, and it only hides the problem: ")
                     : (form.begin_commands.empty() ? std::to_string(++number) + ". " : "");
    text += std::string(form.item) + mark + printable(advice.text) + "\n";
    if (advice.commands.empty()) continue;
    text += form.begin_commands;
    for (const std::string& command : advice.commands) {
      text += std::string(form.command) + printable(command) + "\n";
    }
    text += form.end_commands;
  }
}

void add_confidence(const Form& form, const diagnosis::Diagnosis& diagnosis, std::string& text) {
  const Claim& first = diagnosis.claims.front();
  text += std::string(form.item) + std::string(word(first.confidence)) + "; it rests on\n";
  for (const std::string& source : first.rests_on) {
    text += std::string(form.indentation) + "* " + printable(source) + "\n";
  }
  for (const std::string& contradiction : diagnosis.contradictions) {
    if (contradiction == first.answer) continue;
    text += std::string(form.item) + "a contradiction: " + printable(contradiction) + "\n";
  }
  for (std::size_t i = 1; i < diagnosis.claims.size(); ++i) {
    const Claim& claim = diagnosis.claims[i];
    if (std::ranges::find(diagnosis.contradictions, claim.answer) !=
        diagnosis.contradictions.end()) {
      continue;
    }
    text += std::string(form.item) + "besides, " + std::string(word(claim.confidence)) + ": " +
            printable(claim.answer) + "\n";
  }
}

void add_parts(const Form& form, const Diagnosed& one, std::string& text) {
  const Claim& first = one.diagnosis.claims.front();
  text += "\n" + form.heading("ANSWER") + std::string(form.item) + printable(first.answer) + "\n";
  text += "\n" + form.heading("CONFIDENCE");
  add_confidence(form, one.diagnosis, text);
  text += "\n" + form.heading("CHANGE");
  add_advice(form, first.change, text);
  text += "\n" + form.heading("ASK");
  if (first.ask.empty()) text += std::string(form.item) + "nothing: this is enough\n";
  add_advice(form, first.ask, text);
}

void add_steps(const Diagnosed& one, std::string& text) {
  if (one.gathered.steps.empty()) return;
  text += "\nSTEPS\n";
  for (const StepResult& step : one.gathered.steps) {
    text += "  " + padded(word(step.step), 17) + padded(word(step.state), 13) +
            printable(step.said) + "\n";
    for (const std::string& detail : step.details) text += "      " + printable(detail) + "\n";
  }
}

void add_verdict(const Diagnosed& one, std::string& text) {
  const auto& readings = one.gathered.evidence.readings;
  if (readings.empty()) return;
  text += "\nVERDICT\n";
  std::size_t width = 0;
  for (const diagnosis::Reading& reading : readings) {
    width = std::max(width, reading_of(reading).size());
  }
  for (const diagnosis::Reading& reading : readings) {
    text += std::string(reading.is_stated ? "> " : "  ") + padded(reading_of(reading), width + 2) +
            padded(reading.accepted() ? "accepted" : "refused", 10) + verdict_of(reading) + ": " +
            printable(reading.reason) + "\n";
  }
}

bool steps_have_certificates(const Diagnosed& one) {
  return std::ranges::any_of(one.gathered.steps, [](const StepResult& step) {
    return step.step == Step::certificates && !step.details.empty();
  });
}

}  // namespace

std::string title_of(const Diagnosed& one) {
  const diagnosis::Server& server = one.gathered.evidence.server;
  if (!one.gathered.evidence.refusals.empty()) return server.where;
  std::string title = diagnosis::name_of(server);
  if (server.host.empty()) return title;
  if (!server.mode_is_guess) title += ", " + std::string(word(server.mode));
  if (!server.where.empty()) title += " (" + server.where + ")";
  if (server.host_is_guess) title += ", as the evidence names it";
  return title;
}

std::string reading_of(const diagnosis::Reading& reading) {
  std::string text(word(reading.model));
  if (reading.has_store) text += ", " + std::string(word(reading.store)) + " store";
  return text;
}

std::string text_report(const std::vector<Diagnosed>& all) {
  std::string text;
  for (const Diagnosed& one : all) {
    text += (text.empty() ? "" : "\n") + printable(title_of(one)) + "\n";
    add_steps(one, text);
    if (!one.gathered.chain.empty() && !steps_have_certificates(one)) {
      text += "\nCERTIFICATES\n";
      for (const std::string& line : one.gathered.chain) text += "  " + printable(line) + "\n";
    }
    add_verdict(one, text);
    add_parts(kText, one, text);
  }
  return text;
}

std::string markdown_report(const std::vector<Diagnosed>& all) {
  const auto cell = [](std::string text) {
    for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
      text.insert(at, "\\");
    }
    return text;
  };
  std::string text;
  for (const Diagnosed& one : all) {
    text += (text.empty() ? "## " : "\n## ") + printable(title_of(one)) + "\n";
    if (!one.gathered.steps.empty()) text += "\n| step | state | |\n|---|---|---|\n";
    for (const StepResult& step : one.gathered.steps) {
      text += "| " + std::string(word(step.step)) + " | " + std::string(word(step.state)) + " | " +
              cell(printable(step.said)) + " |\n";
    }
    const auto& readings = one.gathered.evidence.readings;
    if (!readings.empty()) text += "\n| read as | verdict | why |\n|---|---|---|\n";
    for (const diagnosis::Reading& reading : readings) {
      text +=
          "| " +
          std::string(reading.is_stated ? "**" + reading_of(reading) + "**" : reading_of(reading)) +
          " | " + verdict_of(reading) + " | " + cell(printable(reading.reason)) + " |\n";
    }
    add_parts(kMarkdown, one, text);
  }
  return text;
}

}  // namespace startle::program
