#pragma once
// The command line of `startle`: commands, their options, and what is carried out. CLI11 stands
// behind it, in command_line.cc, usage_check.cc and help_page.cc alone: to include that costs
// seconds in every file that does.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace startle::program {

// An option that was added: how --help shows it and what it takes.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  // What its value is called in --help: "HOST".
  Option& value(const std::string& name);
  // --help shows what the variable holds now.
  Option& shows_default();
  Option& required();
  // May be given again, with one value each time: a word behind the value is none.
  Option& each_time();
  Option& between(std::size_t least, std::size_t most);
  Option& between(double least, double most);
  // Not together with the option of this name.
  Option& excludes(const std::string& other);

 private:
  CLI::Option* option_;
};

// A command, or the program itself.
class CommandLine {
 public:
  // `names`: "--report", or "what" for the words that belong to no option. The variable keeps its
  // value when the option is not given, and must outlive the parsing.
  Option option(const std::string& names, std::string& into, const std::string& help);
  Option option(const std::string& names, std::vector<std::string>& into, const std::string& help);
  Option option(const std::string& names, std::optional<std::string>& into,
                const std::string& help);
  Option option(const std::string& names, std::optional<std::size_t>& into,
                const std::string& help);
  Option option(const std::string& names, unsigned& into, const std::string& help);
  Option option(const std::string& names, std::uint64_t& into, const std::string& help);
  Option option(const std::string& names, double& into, const std::string& help);
  Option flag(const std::string& names, bool& into, const std::string& help);

  CommandLine command(const std::string& name, const std::string& description);
  // Nothing is done without one of its commands.
  void needs_command();
  // It stands in no --help, and no complaint names it.
  void hide();
  // Behind the options in --help: examples, environment, exit codes.
  void footer(const std::string& text);
  // What is carried out when this command was given; returns the exit code.
  void runs(std::function<int()> what);

 protected:
  using Chosen = std::function<int()>;
  CommandLine(CLI::App& app, Chosen& chosen) : app_(&app), chosen_(&chosen) {}
  CLI::App& app() { return *app_; }

 private:
  CLI::App* app_;
  Chosen* chosen_;
};

// The whole of it.
class Program final : public CommandLine {
 public:
  Program(const std::string& name, const std::string& version, const std::string& description);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Carries out what the command line asks for, --help and --version included, and returns the exit
  // code. Throws Error(Fault::usage) with one sentence when it is not understood.
  int run(int argc, char** argv);

 private:
  struct State;
  explicit Program(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace startle::program
