#include "cases/program/command_line.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <sstream>
#include <type_traits>

#include "cases/program/help_page.h"
#include "cases/program/usage_check.h"
#include "harness/base/error.h"

namespace startle::program {

Option& Option::value(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Option& Option::shows_default() {
  option_->capture_default_str();
  return *this;
}

Option& Option::required() {
  option_->required();
  return *this;
}

Option& Option::each_time() {
  option_->take_all()->allow_extra_args(false);
  return *this;
}

namespace {

// "0.1", not "0.100000".
std::string shown(double number) {
  std::ostringstream out;
  out << number;
  return out.str();
}

std::string shown(std::size_t number) {
  return std::to_string(number);
}

bool read_number(const std::string& text, double& into) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into);
  return failed == std::errc{} && end == text.data() + text.size();
}

bool read_number(const std::string& text, std::size_t& into) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into);
  return failed == std::errc{} && end == text.data() + text.size();
}

// A complaint that begins with what the user has written; CLI11 adds the option's name before it.
// `which`: of its kind, what may be written.
template <class Number>
void check_range(CLI::Option& option, Number least, Number most, const std::string& which) {
  const std::string kind = std::is_integral_v<Number> ? "a whole number" : "a number";
  const std::string name = option.get_name();
  const auto complaint = [=](const std::string& given) -> std::string {
    Number number{};
    if (!read_number(given, number)) {
      return name + " " + given + " is not " + kind + ": write one" + which;
    }
    if (number >= least && number <= most) return "";
    return name + " " + given + " is out of range: write " + kind + which;
  };
  option.check(complaint, "");
}

template <class Number>
void check_between(CLI::Option& option, Number least, Number most) {
  check_range(option, least, most, " from " + shown(least) + " to " + shown(most));
}

// A number of which there may be any.
CLI::Option& whole(CLI::Option& option) {
  check_range<std::size_t>(option, 0, SIZE_MAX,
                           " of 64 bits, for example " + option.get_name() + " 1");
  return option;
}

}  // namespace

Option& Option::between(std::size_t least, std::size_t most) {
  check_between(*option_, least, most);
  return *this;
}

Option& Option::between(double least, double most) {
  check_between(*option_, least, most);
  return *this;
}

Option& Option::excludes(const std::string& other) {
  option_->excludes(other);
  return *this;
}

Option CommandLine::option(const std::string& names, std::string& into, const std::string& help) {
  return Option(*app_->add_option(names, into, help));
}

Option CommandLine::option(const std::string& names, std::vector<std::string>& into,
                           const std::string& help) {
  return Option(*app_->add_option(names, into, help));
}

Option CommandLine::option(const std::string& names, std::optional<std::string>& into,
                           const std::string& help) {
  return Option(*app_->add_option(names, into, help));
}

Option CommandLine::option(const std::string& names, std::optional<std::size_t>& into,
                           const std::string& help) {
  return Option(*app_->add_option(names, into, help));
}

Option CommandLine::option(const std::string& names, unsigned& into, const std::string& help) {
  return Option(*app_->add_option(names, into, help));
}

Option CommandLine::option(const std::string& names, std::uint64_t& into, const std::string& help) {
  return Option(whole(*app_->add_option(names, into, help)));
}

Option CommandLine::option(const std::string& names, double& into, const std::string& help) {
  return Option(*app_->add_option(names, into, help));
}

Option CommandLine::flag(const std::string& names, bool& into, const std::string& help) {
  return Option(*app_->add_flag(names, into, help));
}

CommandLine CommandLine::command(const std::string& name, const std::string& description) {
  return {*app_->add_subcommand(name, description), *chosen_};
}

void CommandLine::needs_command() {
  app_->require_subcommand(1);
}

void CommandLine::hide() {
  app_->group("");
}

void CommandLine::footer(const std::string& text) {
  app_->footer(text);
}

void CommandLine::runs(std::function<int()> what) {
  app_->callback([chosen = chosen_, what = std::move(what)] { *chosen = what; });
}

struct Program::State {
  explicit State(const std::string& description) : app(description) {}
  CLI::App app;
  Chosen chosen{};
};

Program::Program(std::unique_ptr<State> state)
    : CommandLine(state->app, state->chosen), state_(std::move(state)) {}

Program::Program(const std::string& name, const std::string& version,
                 const std::string& description)
    : Program(std::make_unique<State>(description)) {
  app().name(name);
  app().formatter(help_page());
  app().set_version_flag("--version", name + " " + version);
}

Program::~Program() = default;

int Program::run(int argc, char** argv) {
  const std::vector<std::string> words = plain_words({argv + 1, argv + argc});
  check_usage(app(), words);
  try {
    app().parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ValidationError& e) {
    // "--jobs: " and our own sentence, which has the name too.
    const std::string sentence = e.what();
    const std::size_t colon = sentence.find(": ");
    throw Error(Fault::usage, sentence.substr(colon == std::string::npos ? 0 : colon + 2));
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app().exit(e);  // --help, --version
    throw Error(Fault::usage, std::string(e.what()) + " (" + pointer_to_help(app(), words) + ")");
  }
  return state_->chosen();
}

}  // namespace startle::program
