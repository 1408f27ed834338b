#pragma once
// Text as one word of a shell's command line, for commands that people copy from a terminal.

#include <filesystem>
#include <string>
#include <string_view>

namespace startle {

enum class Quotes {
  where_needed,  // text that means itself stands without
  always,
};

// In single quotes. Text that is not fit to be shown stands in $'..' with every such byte escaped:
// what a terminal prints is always what bash will read.
std::string shell_word(std::string_view text, Quotes quotes = Quotes::where_needed);

// A path, which no program takes for an option: `-x` becomes `./-x`.
std::string shell_path(const std::filesystem::path& path, Quotes quotes = Quotes::where_needed);

}  // namespace startle
