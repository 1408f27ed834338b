#include "cases/program/daemon_for_test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process_for_test.h"

namespace startle::cases {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto kBetweenTries = 10ms;
constexpr auto kGracePeriod = 10s;  // between SIGTERM and SIGKILL
constexpr std::size_t kLongestLog = 16 << 20;

struct Socket {
  Socket() : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) { check_errno(fd, "socket"); }
  ~Socket() { ::close(fd); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  const int fd;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

// From the kernel's table (proc(5)): a connection made to find out would stand in the server's log.
bool is_listened_on(std::uint16_t port) {
  std::ostringstream row;
  row << ':' << std::hex << std::uppercase << std::setw(4) << std::setfill('0') << port
      << " 00000000:0000 0A";
  std::ifstream table("/proc/net/tcp");
  for (std::string line; std::getline(table, line);) {
    if (line.find(row.str()) != std::string::npos) return true;
  }
  return false;
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + what.size())) {
    ++found;
  }
  return found;
}

// The pointers that exec wants, into `texts`.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// What a new process is given: all async-signal-safe from here on.
struct Start {
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  int log = -1;
};

// Daemons close every descriptor that they might have, one by one: with a limit of a million that
// takes seconds.
[[noreturn]] void become(const Start& start) {
  const rlimit few{.rlim_cur = 1024, .rlim_max = 1024};
  ::setrlimit(RLIMIT_NOFILE, &few);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (::setsid() >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 &&
      ::dup2(start.log, STDOUT_FILENO) >= 0 && ::dup2(start.log, STDERR_FILENO) >= 0 &&
      ::close_range(STDERR_FILENO + 1, ~0U, 0) == 0) {
    ::execve(start.arguments[0], start.arguments, start.environment);
  }
  ::_exit(127);
}

int pidfd(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));  // glibc 2.36 declares it for C only
}

bool readable(int fd, std::chrono::milliseconds within) {
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, static_cast<int>(within.count())) > 0;
}

// The process between the test and the daemon: waits until the test lets go of `leash`, be it in
// its last breath, or the daemon ends; then leaves nothing of the daemon behind. (A parent-death
// signal would not do: Postfix changes its user, which cancels it.)
[[noreturn]] void supervise(Start start, int leash) {
  ::setsid();  // an interrupt from the terminal is for the test
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  constexpr int kAside = 100;
  leash = ::fcntl(leash, F_DUPFD, kAside);
  start.log = ::fcntl(start.log, F_DUPFD, kAside);
  ::close_range(STDERR_FILENO + 1, kAside - 1, 0);  // the leashes of other daemons among them
  const pid_t pid = ::fork();
  if (pid == 0) become(start);
  const int life = pidfd(pid);
  if (pid > 0 && life >= 0) {
    std::array<pollfd, 2> waiting{{{.fd = leash, .events = POLLIN, .revents = 0},
                                   {.fd = life, .events = POLLIN, .revents = 0}}};
    while (::poll(waiting.data(), waiting.size(), -1) < 0 && errno == EINTR) {
    }
    ::kill(pid, SIGTERM);
    readable(life, kGracePeriod);
    ::kill(-pid, SIGKILL);
    ::kill(pid, SIGKILL);
    while (::waitpid(-1, nullptr, 0) > 0) {
    }
  }
  ::_exit(0);
}

// The folders below usr/lib in which a multiarch Debian has its libraries ("x86_64-linux-gnu").
std::vector<fs::path> library_folders(const fs::path& root) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(root / "usr/lib")) {
    if (entry.path().filename().string().find("-linux-") != std::string::npos) {
      found.push_back(entry.path());
    }
  }
  return found;
}

}  // namespace

std::optional<fs::path> root_of(const std::string& program) {
  for (const fs::path root : {"/", STARTLE_TREE "/build/unpacked"}) {
    if (::access((root / program).c_str(), X_OK) == 0) return root;
  }
  return std::nullopt;
}

std::vector<std::string> environment_below(const fs::path& root) {
  std::vector<std::string> made{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"};
  if (root == "/") return made;
  std::string libraries;
  for (const char* own : {"postfix", "dovecot", "dovecot/modules/old-stats"}) {
    libraries += (root / "usr/lib" / own).string() + ":";
  }
  std::string plugins;
  for (const fs::path& folder : library_folders(root)) {
    libraries += folder.string() + ":";
    // The installed ones too: SASL_PATH replaces them.
    plugins += (folder / "sasl2").string() + ":" +
               ("/usr/lib" / folder.filename() / "sasl2").string() + ":";
  }
  libraries.pop_back();
  made.push_back("LD_LIBRARY_PATH=" + libraries);
  made.push_back("SASL_PATH=" + plugins.substr(0, plugins.size() - 1));
  return made;
}

void run_tool(const std::vector<std::string>& arguments,
              const std::vector<std::string>& environment) {
  const ProcessEnd end = Process(arguments, environment).wait();
  if (end.status == 0) return;
  throw Error(Fault::system, arguments.front() + " ended with " + std::to_string(end.status) +
                                 ": " + end.output + end.errors);
}

std::vector<std::uint16_t> free_ports(std::size_t count) {
  const std::vector<Socket> sockets(count);  // all at once, so that no two are the same
  std::vector<std::uint16_t> ports;
  for (const Socket& socket : sockets) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    check_errno(::bind(socket.fd, generic, size), "bind");
    check_errno(::getsockname(socket.fd, generic, &size), "getsockname");
    ports.push_back(ntohs(address.sin_port));
  }
  return ports;
}

Daemon::Daemon(std::vector<std::string> arguments, std::vector<std::string> environment,
               fs::path log)
    : log_(std::move(log)) {
  const auto words = pointers(arguments);
  const auto variables = pointers(environment);
  std::array<int, 2> ends{};
  check_errno(::pipe2(ends.data(), O_CLOEXEC), "pipe2");
  leash_ = ends[1];
  const int out = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  pid_ = ::fork();
  if (pid_ == 0) supervise({words.data(), variables.data(), out}, ends[0]);
  ::close(ends[0]);
  ::close(out);
  life_ = pidfd(pid_);
  if (life_ >= 0) return;
  stop();
  throw Error(Fault::system, arguments.front() + " cannot be started");
}

Daemon::~Daemon() {
  stop();
}

bool Daemon::listens_on(const std::vector<std::uint16_t>& ports) {
  const auto until = Clock::now() + kPatience;
  while (!std::all_of(ports.begin(), ports.end(), is_listened_on)) {
    if (readable(life_, kBetweenTries) || Clock::now() > until) return false;
  }
  return !readable(life_, 0ms);
}

bool Daemon::says(const std::string& text, std::size_t times) {
  const auto until = Clock::now() + kPatience;
  while (count(log(), text) < times) {
    if (readable(life_, kBetweenTries) || Clock::now() > until) return false;
  }
  return true;
}

void Daemon::stop() {
  if (leash_ < 0) return;
  ::close(leash_);
  leash_ = -1;
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  if (life_ >= 0) ::close(life_);
}

std::string Daemon::log() const {
  return read_file(log_, kLongestLog);
}

}  // namespace startle::cases
