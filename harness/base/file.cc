#include "harness/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "harness/base/error.h"

namespace startle {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw Error(Fault::input, file.string() + ": " + why);
}

}  // namespace

std::string read_file(const std::filesystem::path& file, std::size_t limit) {
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) refuse(file, "cannot be read: " + std::generic_category().message(errno));
  struct stat about {};
  if (::fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) refuse(file, "is not a file");
  const std::string too_long = "is longer than " + std::to_string(limit) + " bytes";
  if (static_cast<std::size_t>(about.st_size) > limit) refuse(file, too_long);

  std::string content(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t have = 0;
  while (have < content.size()) {
    const ssize_t count = ::read(fd.get(), content.data() + have, content.size() - have);
    if (count < 0) refuse(file, "cannot be read: " + std::generic_category().message(errno));
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  content.resize(have);
  return content;
}

void write_file(const std::filesystem::path& file, std::string_view content, bool secret) {
  const mode_t mode = secret ? 0600 : 0644;
  const Descriptor fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  check_errno(fd.get(), file.string());
  while (!content.empty()) {
    const auto count = ::write(fd.get(), content.data(), content.size());
    if (count < 0) check_errno(-1, file.string());
    content.remove_prefix(static_cast<std::size_t>(count));
  }
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "startle-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) check_errno(-1, pattern);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace startle
