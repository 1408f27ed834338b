// An explanation as Markdown, for a ticket or a wiki.

#include <ostream>

#include "cases/program/explain/explanation.h"

namespace startle::program {
namespace {

// Text that stands for itself.
std::string plain(const std::string& text) {
  std::string made;
  for (const char c : text) {
    if (std::string_view("\\*_[]<>#|~").find(c) != std::string_view::npos) made += '\\';
    made += c;
  }
  return made;
}

// A fence that is longer than any in it.
void fenced(std::ostream& out, const char* language, const std::vector<std::string>& lines) {
  std::string fence = "```";
  for (const std::string& line : lines) {
    while (line.find(fence) != std::string::npos) fence += '`';
  }
  out << fence << language << '\n';
  for (const std::string& line : lines) out << line << '\n';
  out << fence << "\n\n";
}

void paragraphs(std::ostream& out, const char* title, const std::vector<std::string>& all) {
  if (all.empty()) return;
  out << "## " << title << "\n\n";
  for (const std::string& one : all) out << plain(one) << "\n\n";
}

void write_dialogue(std::ostream& out, const Explanation& e) {
  if (!e.dialogue.empty()) {
    out << "## What the server does (!)" << (e.drawn_of.empty() ? "" : ", in " + e.drawn_of)
        << "\n\n";
    std::vector<std::string> lines;
    for (const DrawnLine& line : e.dialogue) {
      const char* who = line.who == DrawnLine::Who::server   ? "S"
                        : line.who == DrawnLine::Who::client ? "C"
                                                             : "--";
      lines.push_back((line.deviates ? "! " : "  ") + std::string(who) +
                      (line.in_tls ? " (tls): " : ": ") + line.text);
    }
    fenced(out, "text", lines);
  }
  if (e.endings.empty()) return;
  std::string endings;
  for (const words::Ending one : e.endings) {
    endings += (endings.empty() ? "" : " or ") + std::string(word(one));
  }
  out << "Right is **" << endings << "**" << (e.reason.empty() ? "" : ": " + plain(e.reason))
      << "\n\n";
}

void write_why(std::ostream& out, const Explanation& e) {
  if (e.why.empty() && e.clauses.empty() && e.clause.empty() && e.bugs.empty()) return;
  out << "## Why it matters\n\n";
  for (const std::string& one : e.why) out << plain(one) << "\n\n";
  if (!e.clause.empty()) out << plain(e.clause) << "\n\n";
  for (const cases::Requirement* one : e.clauses) {
    out << "- **" << one->clause << "** (" << one->id << ", " << word(one->level)
        << "): " << plain(one->rule) << '\n';
  }
  for (const KnownBug* bug : e.bugs) {
    out << "- **" << plain(bug->id) << "** " << plain(bug->product) << ": " << plain(bug->what)
        << " (" << plain(bug->source) << ")\n";
  }
  out << '\n';
}

void write_one(std::ostream& out, const Explanation& e) {
  out << "# " << e.kind << ": " << plain(e.id) << "\n\n";
  if (!e.title.empty()) out << plain(e.title) << "\n\n";
  paragraphs(out, "What it is", e.what);
  if (!e.picture.empty()) fenced(out, "text", e.picture);
  write_dialogue(out, e);
  write_why(out, e);
  paragraphs(out, "What a safe client does", e.safe);
  if (!e.reproduce.empty()) out << "## By hand\n\n";
  for (const Reproduction& one : e.reproduce) {
    out << plain(one.tool + ": " + one.shows) << "\n\n";
    fenced(out, "sh", one.lines);
  }
  if (!e.fix.empty() || e.remedy != nullptr) out << "## How such bugs are fixed\n\n";
  if (!e.fix.empty()) out << plain(e.fix) << "\n\n";
  if (e.remedy != nullptr) {
    for (const auto& [language, text] : e.remedy->in) {
      // Names stand between backquotes there.
      out << "- **" << title_of(language) << "**: " << text << '\n';
    }
    out << '\n';
  }
  if (e.see.empty()) return;
  out << "## See also\n\n";
  for (const std::string& one : e.see) out << "- `startle explain " << one << "`\n";
}

}  // namespace

void write_markdown(std::ostream& out, const std::vector<Explanation>& all) {
  bool first = true;
  for (const Explanation& e : all) {
    if (!first) out << "\n---\n\n";
    first = false;
    write_one(out, e);
  }
}

}  // namespace startle::program
