#include "cases/program/password_file.h"

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/customer/home/written_text.h"

namespace startle::program {
namespace {

constexpr std::size_t kLongestPassword = 4096;

std::optional<std::string> bare(const std::string& password) {
  const std::size_t last = password.find_last_not_of(" \t");
  if (last == std::string::npos) return std::nullopt;
  std::string made = password.substr(0, last + 1);
  const bool quoted = made.size() > 2 && made.front() == made.back() &&
                      (made.front() == '"' || made.front() == '\'');
  if (quoted) made = made.substr(1, made.size() - 2);
  if (made == password) return std::nullopt;
  return made;
}

}  // namespace

PasswordFile read_password_file(const std::string& file) {
  using enum customer::WrittenText::Form;
  auto written = customer::read_text(read_file(file, kLongestPassword));
  if (!written) {
    throw Error(Fault::input, file + ": is UTF-16 that is cut off: write the password in UTF-8");
  }
  PasswordFile read{.password = std::move(written->text)};
  if (written->form == marked_utf_8) {
    read.note =
        "begins with a byte order mark, which is no part of the password: it is read "
        "without";
  } else if (written->form == utf_16) {
    read.note = "is UTF-16, as PowerShell writes it: the password is read as the text that it is";
  }
  while (read.password.ends_with('\n') || read.password.ends_with('\r')) read.password.pop_back();
  if (read.password.find('\n') != std::string::npos) {
    throw Error(Fault::input, file + ": holds several lines: leave the password's alone in it");
  }
  read.bare = bare(read.password);
  return read;
}

}  // namespace startle::program
