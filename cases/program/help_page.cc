#include "cases/program/help_page.h"

#include <CLI/CLI.hpp>
#include <sstream>
#include <string>

namespace startle::program {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kText = 26;  // the column in which what an option does begins

// The words of `text` in lines that end before kWidth; all but the first begin with `indent`
// blanks. `column`: where the first word stands.
std::string wrapped(const std::string& text, std::size_t column, std::size_t indent) {
  std::istringstream words(text);
  std::string lines;
  bool first = true;
  for (std::string word; words >> word; first = false) {
    if (!first && column + 1 + word.size() > kWidth) {
      lines += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
  }
  return lines;
}

// `  --name VALUE`, and beside or below it what that is.
std::string entry(const std::string& name, const std::string& text) {
  std::string line = "  " + name;
  if (line.size() + 2 > kText) {
    line += "\n" + std::string(kText, ' ');
  } else {
    line.append(kText - line.size(), ' ');
  }
  return line + wrapped(text, kText, kText) + "\n";
}

// Lines that are too long are parted between words, but for those of commands, which are indented.
std::string within_the_width(const std::string& text) {
  std::istringstream lines(text);
  std::string page;
  for (std::string line; std::getline(lines, line);) {
    const bool as_it_is = line.size() <= kWidth || line.front() == ' ';
    page += (as_it_is ? line : wrapped(line, 0, 2)) + "\n";
  }
  return page;
}

class HelpPage final : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    const std::string name = make_option_name(option, is_positional) + make_option_opts(option);
    return entry(name, make_option_desc(option) + shown_default(*option));
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0 || option->get_type_name().empty()) return "";
    const bool many = option->get_expected_max() == CLI::detail::expected_max_vector_size;
    return " " + option->get_type_name() + (many ? " ..." : "");
  }
  std::string make_subcommand(const CLI::App* command) const override {
    return entry(command->get_display_name(true), command->get_description());
  }
  std::string make_description(const CLI::App* app) const override {
    return within_the_width(app->get_description());
  }
  std::string make_footer(const CLI::App* app) const override {
    return within_the_width(app->get_footer());
  }

 private:
  static std::string shown_default(const CLI::Option& option) {
    if (option.get_type_size() == 0 || option.get_default_str().empty()) return "";
    return " [" + option.get_default_str() + "]";
  }
};

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_page() {
  return std::make_shared<HelpPage>();
}

}  // namespace startle::program
