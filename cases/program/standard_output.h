#pragma once
// What a command prints has been printed, or the program says that it has not: each command ends
// through here. std::cout alone forgets why it failed.

#include <iosfwd>
#include <memory>

namespace startle::program {

class StandardOutput {
 public:
  // Watches std::cout from here on. Writing where nobody reads, or past the longest file that the
  // shell allows, fails as other writing does, rather than end the program by a signal. What is run
  // under it is `main`, once.
  StandardOutput();
  ~StandardOutput();
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;

  // The exit code of a command that ended with `code`: kNotJudged, and a sentence on stderr, where
  // not all that it printed was written.
  int end(int code);

  // Where nobody reads stdout any more (`startle list | head`), ends the process as SIGPIPE ends
  // other programs, without a word; returns where the program was started with that signal ignored.
  void end_unread() const;

 private:
  class Watched;
  std::unique_ptr<Watched> watched_;
  std::streambuf* original_ = nullptr;
  bool ends_unread_ = false;  // SIGPIPE was not ignored
};

}  // namespace startle::program
