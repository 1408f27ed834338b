#pragma once
// The words of a command line, before CLI11 reads them: what is wrong is told with the command it
// belongs to and what to write instead. Includes CLI11, as command_line.cc does, in its .cc alone.

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace startle::program {

// `help run` as `run --help`, `version` as `--version`; other words as they are.
std::vector<std::string> plain_words(std::vector<std::string> words);

// Throws Error(Fault::usage) with one sentence unless `words` are commands, options and values that
// `app` has, and none is missing. What the values mean is not looked at.
void check_usage(const CLI::App& app, const std::vector<std::string>& words);

// "`startle run --help` says more", of the command that `words` begin with.
std::string pointer_to_help(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace startle::program
