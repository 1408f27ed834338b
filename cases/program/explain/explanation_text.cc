// An explanation as a page of text.

#include <iomanip>
#include <ostream>
#include <sstream>

#include "cases/program/explain/explanation.h"

namespace startle::program {
namespace {

constexpr std::size_t kWidth = 100;

// `text` in lines of kWidth, each behind `indent`; the first behind `first`, which is as long.
void wrap(std::ostream& out, const std::string& first, const std::string& indent,
          const std::string& text) {
  std::istringstream words(text);
  std::string line = first;
  bool begun = false;
  for (std::string word; words >> word; begun = true) {
    if (begun && line.size() + 1 + word.size() > kWidth) {
      out << line << '\n';
      line = indent;
      begun = false;
    }
    line += (begun ? " " : "") + word;
  }
  out << line << '\n';
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

class Page {
 public:
  explicit Page(std::ostream& out) : out_(out) {}

  void print(const Explanation& e) {
    wrap(out_, padded(e.kind, kLabel), std::string(kLabel, ' '), e.id);
    if (!e.title.empty()) wrap(out_, std::string(kLabel, ' '), std::string(kLabel, ' '), e.title);
    if (!e.what.empty() || !e.picture.empty()) heading("What it is");
    for (const std::string& sentence : e.what) paragraph(sentence);
    for (const std::string& line : e.picture) out_ << (line.empty() ? "" : "  ") << line << '\n';
    print_dialogue(e);
    print_why(e);
    if (!e.safe.empty()) heading("What a safe client does");
    for (const std::string& sentence : e.safe) paragraph(sentence);
    if (!e.reproduce.empty()) heading("By hand");
    for (const Reproduction& one : e.reproduce) {
      wrap(out_, "  # ", "  # ", one.tool + ": " + one.shows);
      for (const std::string& line : one.lines) out_ << line << '\n';
    }
    print_fixes(e);
    if (!e.see.empty()) heading("See also");
    for (const std::string& one : e.see) out_ << "  startle explain " << one << '\n';
  }

 private:
  static constexpr std::size_t kLabel = 14;

  void heading(const std::string& text) { out_ << '\n' << text << '\n'; }
  void paragraph(const std::string& text) { wrap(out_, "  ", "  ", text); }

  void print_dialogue(const Explanation& e) {
    if (e.dialogue.empty() && e.endings.empty()) return;
    if (!e.dialogue.empty()) {
      heading(e.drawn_of.empty() ? "What the server does (!)"
                                 : "What the server does (!), in " + e.drawn_of);
    }
    std::string place;
    for (const DrawnLine& line : e.dialogue) {
      const std::string now = line.in_tls ? "inside TLS" : "in clear";
      if (now != place && line.who != DrawnLine::Who::remark) out_ << "  " << now << '\n';
      if (line.who != DrawnLine::Who::remark) place = now;
      const char* who = line.who == DrawnLine::Who::server   ? "S: "
                        : line.who == DrawnLine::Who::client ? "C: "
                                                             : "-- ";
      out_ << (line.deviates ? "  ! " : "    ") << who << line.text << '\n';
    }
    if (e.endings.empty()) return;
    if (e.dialogue.empty()) heading("How it ends");
    std::string endings;
    for (const words::Ending one : e.endings) {
      endings += (endings.empty() ? "" : " or ") + std::string(word(one));
    }
    paragraph("right is " + endings + (e.reason.empty() ? "" : ": " + e.reason));
  }

  void print_why(const Explanation& e) {
    const bool any = !e.why.empty() || !e.clauses.empty() || !e.clause.empty() || !e.bugs.empty();
    if (any) heading("Why it matters");
    for (const std::string& sentence : e.why) paragraph(sentence);
    if (!e.clause.empty()) paragraph(e.clause);
    for (const cases::Requirement* one : e.clauses) {
      wrap(out_, "  ", "    ",
           one->clause + " (" + one->id + ", " + std::string(word(one->level)) + "): " + one->rule);
    }
    if (!e.bugs.empty()) out_ << "  Clients have had this bug:\n";
    for (const KnownBug* bug : e.bugs) {
      wrap(out_, "    ", "      ", bug->id + " " + bug->product + ": " + bug->what);
      out_ << "      " << bug->source << '\n';
    }
  }

  void print_fixes(const Explanation& e) {
    if (e.fix.empty() && e.remedy == nullptr) return;
    heading("How such bugs are fixed");
    if (!e.fix.empty()) paragraph(e.fix);
    if (e.remedy == nullptr) return;
    for (const auto& [language, text] : e.remedy->in) {
      wrap(out_, "  " + padded(std::string(title_of(language)), 9), std::string(11, ' '), text);
    }
  }

  std::ostream& out_;
};

}  // namespace

void write_text(std::ostream& out, const std::vector<Explanation>& all) {
  bool first = true;
  for (const Explanation& e : all) {
    if (!first) out << '\n' << std::string(kWidth, '-') << "\n\n";
    first = false;
    Page(out).print(e);
  }
}

}  // namespace startle::program
