#pragma once
// A file that a user asked for, or a device, a pipe or a descriptor of that name (/dev/fd/3). A
// file is written beside its place, in the same folder as NAME.startle-PID-N, and put there whole:
// until then what was there stays, and what a crash leaves is removed by the next who writes NAME.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <ostream>

namespace startle {

class OutputFile {
 public:
  enum class How {
    replaced,   // written beside
    continued,  // a file that is there: written behind its end
  };
  enum class Readers {
    as_usual,     // as the umask has it; a file that is replaced keeps its mode
    owner_alone,  // of what is written; mode 0600 whatever was there
  };
  // Symbolic links are followed. Where nothing can be made beside a file, its content is replaced
  // at the end. Throws Error(Fault::system, "FILE: why").
  explicit OutputFile(const std::filesystem::path& file, How how = How::replaced,
                      Readers readers = Readers::as_usual);
  // What was not put in place is removed.
  ~OutputFile();
  OutputFile(OutputFile&&) noexcept;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  std::ostream& stream();
  // Throws Error(Fault::system, "FILE: why") where something could not be written.
  void check();
  // What is written by now takes its place, and what is written from now on stands behind it there.
  // Throws as check() does.
  void put_in_place();
  // All is written: it is on the disk and in its place. Throws as check() does.
  void finish();
  // Of one that is continued: all behind the first `bytes` goes. Throws as check() does.
  void cut(std::size_t bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The descriptor of this process that the name stands for (/dev/stdout is 1); -1: for none.
int named_descriptor(const std::filesystem::path& file);

// What can be replaced by mistake: both names are of one file, or one pipe, whatever links lead
// there.
bool are_one_file(const std::filesystem::path& a, const std::filesystem::path& b);
// So of what a descriptor of this process is.
bool is_file_of(int descriptor, const std::filesystem::path& file);

}  // namespace startle
