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

// Whose command line somebody has: a POSIX shell's, or that of Windows' cmd.exe.
enum class Shell { posix, cmd };

// cmd for a path with a drive letter (C:\dir, C:/dir) or a backslash.
Shell shell_for(std::string_view path);

// One word for that shell. cmd.exe knows double quotes alone, which no name of a file has in it
// there; what stands between percent signs it would replace even so, in a batch file.
std::string word_for(Shell shell, std::string_view text);
// A path, with the separators that the shell's own commands take.
std::string path_for(Shell shell, const std::filesystem::path& path);

}  // namespace startle
