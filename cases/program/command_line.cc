#include "cases/program/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/words.h"

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

Option& Option::between(int least, int most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

Option& Option::between(std::size_t least, std::size_t most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

Option& Option::between(double least, double most) {
  option_->check(CLI::Range(least, most));
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
  return Option(*app_->add_option(names, into, help));
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

namespace {

// The first word is a command, and that of `certs` another; CLI11 would only say that one is
// required.
void check_command(const CLI::App& app, int argc, char** argv, int at = 1) {
  if (argc <= at || argv[at][0] == '-') return;
  std::vector<std::string> names;
  const std::string given = argv[at];
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == given) return check_command(*command, argc, argv, at + 1);
    if (!command->get_group().empty()) names.push_back(command->get_name());
  }
  if (names.empty()) return;
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view near = nearest(given, known);
  const std::string of = at == 1 ? "" : " of `" + app.get_name() + "`";
  throw Error(Fault::usage, "`" + given + "` is no command" + of + ": " +
                                (near.empty() ? "there are " + comma_separated(known)
                                              : "did you mean `" + std::string(near) + "`?"));
}

}  // namespace

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
  app().set_version_flag("--version", name + " " + version);
}

Program::~Program() = default;

int Program::run(int argc, char** argv) {
  try {
    check_command(app(), argc, argv);
    app().parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app().exit(e);  // --help, --version
    throw Error(Fault::usage, std::string(e.what()) + " (`startle --help` shows what there is)");
  }
  return state_->chosen();
}

}  // namespace startle::program
