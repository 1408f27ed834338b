#pragma once
// --store-password-file, --cacerts-password-file: a password as an editor has saved it.

#include <optional>
#include <string>

namespace startle::program {

struct PasswordFile {
  std::string password{};
  std::string note{};  // what was left out of it; "": nothing but a line end
  // Without the blanks at its end and the quotes around it, which `echo PASSWORD >FILE` of cmd.exe
  // leaves there; nullopt: it has none.
  std::optional<std::string> bare{};
};

// Throws Error(Fault::input) where it cannot be read, holds no text or more than one line.
PasswordFile read_password_file(const std::string& file);

}  // namespace startle::program
