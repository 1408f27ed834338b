#pragma once
// The one exception type of the code base. It means "the harness itself cannot go on" (a bad
// file, no free port, a library call that must not fail). What the client under test does is never
// an exception but a value.

#include <stdexcept>
#include <string>
#include <string_view>

namespace startle {

enum class Fault {
  usage,        // the command line
  input,        // a file the user gave: configuration, case, recipe
  system,       // the operating system
  tls_library,  // a GnuTLS call that must not fail
  internal,     // a promise of our own code
};

class Error : public std::runtime_error {
 public:
  Error(Fault fault, const std::string& what) : std::runtime_error(what), fault_(fault) {}
  Fault fault() const noexcept { return fault_; }

 private:
  Fault fault_;
};

// Throws Error(Fault::input, "file:line: complaint"), the form editors and CI understand.
[[noreturn]] void fail_at(std::string_view file, long line, std::string_view complaint);

// Returns `rc` if it is not negative; otherwise throws Fault::system with errno's text.
int check_errno(int rc, std::string_view attempt);

}  // namespace startle
