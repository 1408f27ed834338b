#pragma once
// Whole small files. Everything a user gives is read through here, so that a huge file, a
// directory or a device is refused at once and in the same words.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace startle {

// Throws Error(Fault::input, "FILE: why") when it cannot be read or is longer than `limit` bytes.
std::string read_file(const std::filesystem::path& file, std::size_t limit);

// Creates or replaces `file`, readable by its owner alone when `secret`. Throws Fault::system.
void write_file(const std::filesystem::path& file, std::string_view content, bool secret = false);

// A folder of its own under $TMPDIR (mode 0700) that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace startle
