#include "cases/program/usage_check.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <string_view>

#include "cases/program/usage_advice.h"
#include "harness/base/error.h"
#include "harness/base/words.h"

namespace startle::program {
namespace {

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(Fault::usage, sentence);
}

// "startle certs show"
std::string path_of(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return (parent == nullptr ? "" : path_of(*parent) + " ") + app.get_name();
}

std::string quoted(const std::string& text) {
  return "`" + text + "`";
}

std::string help_hint(const CLI::App& app) {
  return " (" + quoted(path_of(app) + " --help") + " says more)";
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> shown_commands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(app)) {
    if (!command->get_group().empty()) names.push_back(command->get_name());
  }
  return names;
}

const CLI::App* command_named(const CLI::App& app, const std::string& name) {
  for (const CLI::App* command : commands_of(app)) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

std::string joined(const std::vector<std::string>& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  return comma_separated(views);
}

[[noreturn]] void refuse_command(const CLI::App& app, const std::string& given) {
  const std::vector<std::string> names = shown_commands(app);
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view near = nearest(given, known);
  const std::string of = app.get_parent() == nullptr ? "" : " of " + quoted(app.get_name());
  refuse(quoted(given) + " is no command" + of + ": " +
         (near.empty() ? "there are " + joined(names)
                       : "did you mean " + quoted(std::string(near)) + "?"));
}

[[noreturn]] void refuse_without_command(const CLI::App& app) {
  refuse(quoted(path_of(app)) + " needs a command, one of " + joined(shown_commands(app)) +
         ": for example " + quoted(std::string(example_of(path_of(app)))) + help_hint(app));
}

// ---- options -----------------------------------------------------------------------------------

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

const CLI::Option* option_named(const CLI::App& app, const std::string& name) {
  if (!name.starts_with('-')) return nullptr;
  for (const CLI::Option* option : app.get_options({})) {
    if (option->nonpositional() && option->check_name(name)) return option;
  }
  return nullptr;
}

std::vector<std::string> long_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options({})) {
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  }
  return names;
}

// The first command, from `app` on, that has the option; the program itself counts.
const CLI::App* owner_of(const CLI::App& app, const std::string& name) {
  if (option_named(app, name) != nullptr) return &app;
  for (const CLI::App* command : commands_of(app)) {
    if (command->get_group().empty()) continue;
    if (const CLI::App* owner = owner_of(*command, name)) return owner;
  }
  return nullptr;
}

// "--config", or "--client or --config": what the user may have meant.
std::string meant_by(const CLI::App& app, const std::string& given) {
  const std::size_t first = given.find_first_not_of('-');
  if (first == std::string::npos) return "";
  std::string bare = given.substr(first);
  std::transform(bare.begin(), bare.end(), bare.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  const std::vector<std::string> names = long_names(app);
  const std::vector<std::string_view> known(names.begin(), names.end());
  std::string meant;
  for (const std::string& name : names) {
    if (name == bare) return "--" + name;
    if (name.starts_with(bare)) meant += (meant.empty() ? "--" : " or --") + name;
  }
  if (!meant.empty()) return meant;
  const std::string_view near = nearest(bare, known);
  return near.empty() ? "" : "--" + std::string(near);
}

const CLI::App& root_of(const CLI::App& app) {
  return app.get_parent() == nullptr ? app : root_of(*app.get_parent());
}

[[noreturn]] void refuse_option(const CLI::App& app, const std::string& given,
                                const std::string& value) {
  const std::string lacks = quoted(path_of(app)) + " has no option " + given;
  if (const std::string advice = advice_on(path_of(app), given, value); !advice.empty()) {
    refuse(lacks + ": " + advice);
  }
  const CLI::App* below = owner_of(app, given);
  if (const CLI::App* owner = below != nullptr ? below : owner_of(root_of(app), given)) {
    refuse(lacks + ": it is one of " + quoted(path_of(*owner)) + help_hint(app));
  }
  const std::string meant = meant_by(app, given);
  refuse(lacks + (meant.empty() ? help_hint(app) : ": did you mean " + meant + "?"));
}

[[noreturn]] void refuse_without_value(const CLI::App& app, const CLI::Option& option,
                                       const std::string& name) {
  const std::string value = option.get_type_name();
  const std::string_view example = example_of_value(name, value);
  refuse(name + " needs " + value + " behind it" +
         (example.empty() ? "" : ": for example " + quoted(name + " " + std::string(example))) +
         help_hint(app));
}

// ---- the walk ----------------------------------------------------------------------------------

// What one command was given.
class Walk {
 public:
  explicit Walk(const CLI::App& app) : app_(app) {}

  // Takes words from `at` on.
  void take(const std::vector<std::string>& words, std::size_t at) {
    for (bool options = true; at < words.size(); ++at) {
      const std::string& word = words[at];
      if (options && word == "--") {
        options = false;
      } else if (options && word.size() > 1 && word.front() == '-') {
        at += option(words, at);
      } else {
        positionals_.push_back(word);
      }
    }
  }

  void check() const {
    if (asks_for_help_) return;
    for (const CLI::Option* option : given_) {
      for (const CLI::Option* other : option->get_excludes()) {
        if (std::find(given_.begin(), given_.end(), other) == given_.end()) continue;
        const std::string one = option->get_name();
        refuse(one + " and " + other->get_name() +
               " do not go together: " + std::string(reason_apart(one, other->get_name())));
      }
    }
    check_positionals();
    for (const CLI::Option* option : app_.get_options({})) {
      if (!option->nonpositional() || !option->get_required()) continue;
      if (std::find(given_.begin(), given_.end(), option) != given_.end()) continue;
      refuse(quoted(path_of(app_)) + " needs " + option->get_name() + " " +
             option->get_type_name() + help_hint(app_));
    }
  }

 private:
  // Returns how many words behind the option are its own.
  std::size_t option(const std::vector<std::string>& words, std::size_t at) {
    const std::string& word = words[at];
    const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string::npos;
    const std::string name = word.substr(0, equals);
    const std::string next = at + 1 < words.size() ? words[at + 1] : "";
    const std::string value = equals == std::string::npos ? next : word.substr(equals + 1);
    const CLI::Option* found = option_named(app_, name);
    if (found == nullptr) refuse_option(app_, name, value);
    asks_for_help_ = asks_for_help_ || found == app_.get_help_ptr() || name == "--version";
    const bool before = std::find(given_.begin(), given_.end(), found) != given_.end();
    given_.push_back(found);
    if (!takes_value(*found)) return 0;
    if (before && found->get_multi_option_policy() != CLI::MultiOptionPolicy::TakeAll) {
      refuse(name + " is given twice: give it once");
    }
    if (equals != std::string::npos) return 0;
    if (at + 1 == words.size() || option_named(app_, next) != nullptr) {
      refuse_without_value(app_, *found, name);
    }
    return 1;
  }

  void check_positionals() const {
    std::size_t required = 0;
    std::size_t most = 0;
    std::string names;
    std::string missing;
    for (const CLI::Option* option : app_.get_options({})) {
      if (!option->get_positional()) continue;
      const bool many = option->get_items_expected_max() > 1;
      most = many ? positionals_.size() : most + 1;
      if (option->get_required()) ++required;
      if (option->get_required() && required > positionals_.size() && missing.empty()) {
        missing = option->get_type_name();
      }
      names += (names.empty() ? "" : " ") + option->get_type_name();
    }
    if (!missing.empty()) {
      refuse(quoted(path_of(app_)) + " needs " + missing + ": for example " +
             quoted(std::string(example_of(path_of(app_)))) + help_hint(app_));
    }
    if (positionals_.size() <= most) return;
    refuse(quoted(path_of(app_)) + " takes " + (names.empty() ? "options only" : "one " + names) +
           ": leave out " + quoted(positionals_[most]) + help_hint(app_));
  }

  const CLI::App& app_;
  std::vector<const CLI::Option*> given_{};
  std::vector<std::string> positionals_{};
  bool asks_for_help_ = false;
};

// The command that the words name, and how many of them do.
std::pair<const CLI::App*, std::size_t> command_of(const CLI::App& app,
                                                   const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  std::size_t at = 0;
  while (at < words.size() && !words[at].starts_with('-')) {
    const CLI::App* inner = command_named(*command, words[at]);
    if (inner == nullptr) break;
    command = inner;
    ++at;
  }
  return {command, at};
}

}  // namespace

std::vector<std::string> plain_words(std::vector<std::string> words) {
  if (words.empty()) return words;
  if (words.front() == "version") {
    words.front() = "--version";
  } else if (words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  return words;
}

void check_usage(const CLI::App& app, const std::vector<std::string>& words) {
  const auto [command, at] = command_of(app, words);
  if (!commands_of(*command).empty()) {
    if (at == words.size()) refuse_without_command(*command);
    if (!words[at].starts_with('-')) refuse_command(*command, words[at]);
    // No command's options stand before it.
    if (option_named(*command, words[at]) == nullptr) {
      const std::string name = words[at].substr(0, words[at].find('='));
      refuse_option(*command, name, at + 1 < words.size() ? words[at + 1] : "");
    }
  }
  Walk walk(*command);
  walk.take(words, at);
  walk.check();
}

std::string pointer_to_help(const CLI::App& app, const std::vector<std::string>& words) {
  return quoted(path_of(*command_of(app, words).first) + " --help") + " says more";
}

}  // namespace startle::program
