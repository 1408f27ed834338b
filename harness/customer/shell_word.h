#pragma once
// Text as one word of a shell's command line, for commands that people copy from a terminal.

#include <filesystem>
#include <string>
#include <string_view>

namespace startle::customer {

// As it is where it means itself, else in single quotes. Text that is not fit to be shown stands
// in $'..' with every such byte escaped: what a terminal prints is always what bash will read.
std::string shell_word(std::string_view text);

// A path, which no program takes for an option: `-x` becomes `./-x`.
std::string shell_path(const std::filesystem::path& path);

}  // namespace startle::customer
