#include "harness/base/output_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <streambuf>
#include <string>
#include <system_error>

#include "harness/base/error.h"

namespace startle {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAside = ".startle-";

// Writes to a descriptor, which it closes, and remembers why that failed first.
class DescriptorBuffer final : public std::streambuf {
 public:
  explicit DescriptorBuffer(int fd) : fd_(fd) {
    setp(bytes_.data(), bytes_.data() + bytes_.size());
  }
  ~DescriptorBuffer() override {
    if (fd_ >= 0) ::close(fd_);
  }
  DescriptorBuffer(const DescriptorBuffer&) = delete;
  DescriptorBuffer& operator=(const DescriptorBuffer&) = delete;
  int fd() const { return fd_; }
  int failure() const { return failure_; }
  void move_to(int fd) {
    ::close(fd_);
    fd_ = fd;
  }

 protected:
  int sync() override {
    const char* at = pbase();
    while (at < pptr() && failure_ == 0) {
      const ssize_t count = ::write(fd_, at, static_cast<std::size_t>(pptr() - at));
      if (count >= 0) {
        at += count;
      } else if (errno != EINTR) {
        failure_ = errno;
      }
    }
    setp(bytes_.data(), bytes_.data() + bytes_.size());
    return failure_ == 0 ? 0 : -1;
  }
  int_type overflow(int_type c) override {
    if (sync() != 0) return traits_type::eof();
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    return sputc(traits_type::to_char_type(c));
  }

 private:
  static constexpr std::size_t kBuffer = std::size_t{64} << 10;
  int fd_;
  int failure_ = 0;
  std::array<char, kBuffer> bytes_{};
};

[[noreturn]] void refuse(const fs::path& file, int number) {
  throw Error(Fault::system,
              file.string() + ": cannot be written: " + std::generic_category().message(number));
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// "/dev/fd/3", "/proc/self/fd/3"; -1: it is none.
int descriptor_named(const fs::path& file) {
  std::error_code none;
  const fs::path folder = fs::canonical(folder_of(file), none);
  if (none || folder != "/proc/" + std::to_string(::getpid()) + "/fd") return -1;
  const std::string name = file.filename().string();
  int number = -1;
  const auto end = std::from_chars(name.data(), name.data() + name.size(), number);
  return end.ec == std::errc() && end.ptr == name.data() + name.size() ? number : -1;
}

// Behind all symbolic links, and whether that is a descriptor of our own.
struct Place {
  fs::path file{};
  int descriptor = -1;
};

Place place_of(fs::path file) {
  constexpr int kMostLinks = 40;
  for (int i = 0; i < kMostLinks; ++i) {
    const int descriptor = descriptor_named(file);
    std::error_code none;
    if (descriptor >= 0 || !fs::is_symlink(file, none)) return {std::move(file), descriptor};
    const fs::path target = fs::read_symlink(file, none);
    file = target.is_absolute() ? target : folder_of(file) / target;
  }
  refuse(file, ELOOP);
}

// Those whose writer has ended: it held a lock.
void remove_left_behind(const fs::path& folder, const std::string& begins) {
  std::error_code none;
  for (fs::directory_iterator at(folder, none); !none && at != fs::directory_iterator();
       at.increment(none)) {
    if (!at->path().filename().string().starts_with(begins)) continue;
    const int fd = ::open(at->path().c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) continue;
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) ::unlink(at->path().c_str());
    ::close(fd);
  }
}

std::string name_aside(const fs::path& target) {
  constexpr std::size_t kMostOfName = 180;  // of 255 bytes
  return target.filename().string().substr(0, kMostOfName) + std::string(kAside);
}

struct Aside {
  int fd = -1;
  fs::path file{};
};

Aside made_aside(const fs::path& target, mode_t mode) {
  const std::string begins = name_aside(target);
  for (unsigned n = 1;; ++n) {
    Aside made{.file = folder_of(target) /
                       (begins + std::to_string(::getpid()) + "-" + std::to_string(n))};
    made.fd = ::open(made.file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (made.fd < 0 && errno == EEXIST) continue;
    if (made.fd < 0) return made;
    ::flock(made.fd, LOCK_EX | LOCK_NB);
    struct stat about {};
    if (::fstat(made.fd, &about) == 0 && about.st_nlink > 0) return made;
    ::close(made.fd);  // taken for one that was left behind
  }
}

// Without a name, elsewhere: -1 where there is no room for it.
int made_elsewhere() {
  std::error_code none;
  std::string pattern = (fs::temp_directory_path(none) / "startle-XXXXXX").string();
  const int fd = ::mkostemp(pattern.data(), O_CLOEXEC);
  if (fd >= 0) ::unlink(pattern.c_str());
  return fd;
}

bool copied(int from, int to) {
  std::array<char, 1 << 16> bytes{};
  off_t at = 0;
  while (true) {
    const ssize_t count = ::pread(from, bytes.data(), bytes.size(), at);
    if (count <= 0) return count == 0;
    at += count;
    for (ssize_t done = 0; done < count;) {
      const ssize_t put = ::write(to, bytes.data() + done, static_cast<std::size_t>(count - done));
      if (put < 0 && errno != EINTR) return false;
      done += std::max<ssize_t>(put, 0);
    }
  }
}

}  // namespace

struct OutputFile::State {
  fs::path said{};  // as the user wrote it
  Place place{};
  fs::path aside{};      // empty: there is no such name
  bool in_place = true;  // what is written stands where it is to
  bool is_file = false;  // and no device
  bool is_secret = false;
  std::optional<DescriptorBuffer> buffer{};
  std::optional<std::ostream> stream{};

  ~State() {
    if (!aside.empty()) ::unlink(aside.c_str());
  }

  void open(How how) {
    struct stat about {};
    const bool is_there = ::stat(place.file.c_str(), &about) == 0;
    is_file = place.descriptor < 0 && (!is_there || S_ISREG(about.st_mode));
    if (is_file) remove_left_behind(folder_of(place.file), name_aside(place.file));
    if (place.descriptor >= 0) {
      take(::fcntl(place.descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    } else if (!is_file || how == How::continued) {
      const int flags = how == How::continued ? O_APPEND : 0;
      take(::open(place.file.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | flags));
    } else {
      if (is_there && ::access(place.file.c_str(), W_OK) != 0) refuse(said, errno);
      open_aside(is_there ? &about : nullptr);
    }
  }
  void open_aside(const struct stat* replaced) {
    constexpr mode_t kForAll = 0666;  // but what the umask takes
    constexpr mode_t kForOwner = 0600;
    const bool for_owner = is_secret || replaced != nullptr;
    Aside made = made_aside(place.file, for_owner ? kForOwner : kForAll);
    if (made.fd < 0) {
      const int why = errno;
      const bool may_not = why == EACCES || why == EPERM || why == EROFS;
      if (replaced == nullptr || !may_not) refuse(said, why);
      made = {.fd = made_elsewhere()};
    }
    aside = made.file;
    if (replaced != nullptr && made.fd >= 0) {
      // Who may not give it away leaves it theirs.
      if (::fchown(made.fd, replaced->st_uid, replaced->st_gid) != 0) errno = 0;
      if (!is_secret) ::fchmod(made.fd, replaced->st_mode & 07777U);
    }
    take(made.fd);
    in_place = false;
  }
  void take(int fd) {
    if (fd < 0) refuse(said, errno);
    buffer.emplace(fd);
    stream.emplace(&*buffer);
  }
  void check() {
    stream->flush();
    if (!*stream) refuse(said, buffer->failure() != 0 ? buffer->failure() : EIO);
  }
  void sync_folder() const {
    const int folder = ::open(folder_of(place.file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    ::fsync(folder);
    ::close(folder);
  }
  void put() {
    check();
    if (is_file && ::fsync(buffer->fd()) != 0 && errno != EINVAL && errno != EROFS) {
      refuse(said, errno);
    }
    if (in_place) return;
    if (!aside.empty() && ::rename(aside.c_str(), place.file.c_str()) == 0) {
      aside.clear();
      ::flock(buffer->fd(), LOCK_UN);
      sync_folder();
    } else {
      copy();  // it is mounted there, or the folder is not ours
    }
    in_place = true;
  }
  void copy() {
    const mode_t mode = is_secret ? 0600 : 0666;
    const int to =
        ::open(place.file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, mode);
    if (to < 0) refuse(said, errno);
    if (is_secret && ::fchmod(to, mode) != 0) errno = 0;  // it is another's
    if (!copied(buffer->fd(), to) || ::fsync(to) != 0) {
      const int why = errno;
      ::close(to);
      refuse(said, why);
    }
    buffer->move_to(to);
  }
};

OutputFile::OutputFile(const fs::path& file, How how, Readers readers)
    : state_(std::make_unique<State>()) {
  state_->is_secret = readers == Readers::owner_alone;
  state_->said = file;
  state_->place = place_of(file);
  if (!state_->place.file.has_filename()) refuse(file, file.empty() ? ENOENT : EISDIR);
  state_->open(how);
}

OutputFile::OutputFile(OutputFile&&) noexcept = default;
OutputFile::~OutputFile() = default;

std::ostream& OutputFile::stream() {
  return *state_->stream;
}

void OutputFile::check() {
  state_->check();
}

void OutputFile::put_in_place() {
  state_->put();
}

void OutputFile::finish() {
  state_->put();
}

void OutputFile::cut(std::size_t bytes) {
  state_->check();
  if (::ftruncate(state_->buffer->fd(), static_cast<off_t>(bytes)) != 0) {
    refuse(state_->said, errno);
  }
}

int named_descriptor(const fs::path& file) {
  return place_of(file).descriptor;
}

bool are_one_file(const fs::path& a, const fs::path& b) {
  struct stat first {};
  struct stat second {};
  if (::stat(a.c_str(), &first) != 0 || ::stat(b.c_str(), &second) != 0) return false;
  const bool can_be_lost = S_ISREG(first.st_mode) || S_ISFIFO(first.st_mode);
  return can_be_lost && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

bool is_file_of(int descriptor, const fs::path& file) {
  return are_one_file(file, "/proc/self/fd/" + std::to_string(descriptor));
}

}  // namespace startle
