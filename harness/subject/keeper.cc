#include "harness/subject/keeper.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "harness/subject/launch_order.h"
#include "harness/subject/process_tree.h"

namespace startle::subject {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// ---- the client's side, between fork() and exec() ----------------------------------------------

bool written(const char* file, const std::string& text) {
  const int fd = open(file, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const ssize_t put = write(fd, text.data(), text.size());
  close(fd);
  return put == static_cast<ssize_t>(text.size());
}

// A mount of its own over /etc/hosts. Who is not root becomes, in a user namespace, who may.
bool give_hosts(const char* hosts) {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (user != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    const auto same = [](auto id) { return std::to_string(id) + " " + std::to_string(id) + " 1"; };
    if (!written("/proc/self/setgroups", "deny") || !written("/proc/self/uid_map", same(user)) ||
        !written("/proc/self/gid_map", same(group))) {
      return false;
    }
  } else if (unshare(CLONE_NEWNS) != 0) {
    return false;
  }
  return mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount(hosts, "/etc/hosts", nullptr, MS_BIND, nullptr) == 0;
}

// One of a runtime that reserves much and uses little is to live: so not of the address space.
void set_limits() {
  constexpr rlim_t kMiB = 1 << 20;
  struct Limit {
    __rlimit_resource of;
    rlim_t most;
  };
  constexpr std::array kLimits{
      Limit{RLIMIT_CORE, 0},           Limit{RLIMIT_FSIZE, 256 * kMiB}, Limit{RLIMIT_NOFILE, 1024},
      Limit{RLIMIT_DATA, 4096 * kMiB}, Limit{RLIMIT_NPROC, 4096},
  };
  for (const Limit& limit : kLimits) {
    rlimit now{};
    getrlimit(limit.of, &now);
    const rlim_t most = std::min(limit.most, now.rlim_max);
    const rlimit wanted{most, most};
    setrlimit(limit.of, &wanted);
  }
}

// What wakes it does not stand back for it in the middle of what it does: a server that sends has
// said all it has to the system before its client goes on.
void give_way() {
  const sched_param none{};
  sched_setscheduler(0, SCHED_BATCH, &none);
}

void reset_signals() {
  for (int number = 1; number < NSIG; ++number) std::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void fail_to_start(int tell, int why) {
  const ssize_t ignored = write(tell, &why, sizeof why);
  static_cast<void>(ignored);
  _exit(127);
}

// `tell` gets errno where it does not come to the program.
[[noreturn]] void become_client(const LaunchOrder& order, const KeeperChannels& channels,
                                int tell) {
  setsid();
  give_way();
  reset_signals();
  dup2(channels.input, STDIN_FILENO);
  dup2(channels.output, STDOUT_FILENO);
  dup2(channels.errors, STDERR_FILENO);
  if (!order.hosts.empty() && !give_hosts(order.hosts.c_str())) fail_to_start(tell, errno);
  if (order.group && (setgroups(0, nullptr) != 0 || setgid(*order.group) != 0)) {
    fail_to_start(tell, errno);
  }
  if (order.user && setuid(*order.user) != 0) fail_to_start(tell, errno);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  umask(S_IRWXG | S_IRWXO);
  if (chdir(order.folder.c_str()) != 0) fail_to_start(tell, errno);
  std::vector<char*> arguments;
  for (const std::string& one : order.arguments)
    arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  for (const std::string& one : order.environment) {
    environment.push_back(const_cast<char*>(one.c_str()));
    if (one.starts_with("PATH=")) setenv("PATH", one.c_str() + 5, 1);  // for the look-up
  }
  environment.push_back(nullptr);
  // By its path it is what it says it is, and not perhaps a script of the shell's.
  const bool by_path = order.arguments.front().find('/') != std::string::npos;
  const auto run = by_path ? execve : execvpe;
  set_limits();  // last: what AddressSanitizer has mapped leaves no room for anything of ours
  run(arguments.front(), arguments.data(), environment.data());
  fail_to_start(tell, errno);
}

// ---- the keeper's side -------------------------------------------------------------------------

void report(int to, const KeeperReport& what) {
  const ssize_t ignored = send(to, &what, sizeof what, MSG_NOSIGNAL);
  static_cast<void>(ignored);
}

// False: whoever asked is gone.
bool receive(int from, LaunchOrder& order) {
  std::string bytes;
  std::array<char, 65536> some{};
  while (true) {
    const ssize_t got = recv(from, some.data(), some.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes.append(some.data(), static_cast<std::size_t>(got));
    if (auto whole = unpacked(bytes)) {
      order = std::move(*whole);
      return true;
    }
  }
}

std::uint64_t bytes_under(const std::string& folder) {
  std::uint64_t bytes = 0;
  std::error_code failed;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied,
                                      failed);
  for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
    struct stat found {};
    if (lstat(at->path().c_str(), &found) == 0) {
      constexpr std::uint64_t kBlock = 512;  // stat(2)
      bytes += static_cast<std::uint64_t>(found.st_blocks) * kBlock;
    }
  }
  return bytes;
}

// What the client has made unreadable is no obstacle.
void remove_folder(const std::string& folder) {
  std::error_code failed;
  fs::remove_all(folder, failed);
  if (!failed) return;
  std::error_code ignored;
  fs::permissions(folder, fs::perms::owner_all, ignored);
  for (fs::recursive_directory_iterator at(folder, ignored), end; !ignored && at != end;
       at.increment(ignored)) {
    if (!at->is_symlink() && at->is_directory()) {
      std::error_code unchanged;
      fs::permissions(at->path(), fs::perms::owner_all, unchanged);
    }
  }
  fs::remove_all(folder, ignored);
}

// Finds out when the client does nothing but wait.
class IdleWatch {
 public:
  // Ask no more often than every kPause.
  bool is_idle() {
    const Activity now = activity_of(descendants_of(getpid()));
    quiet_ = now.running || now.ticks != ticks_ ? 0 : quiet_ + 1;
    ticks_ = now.ticks;
    constexpr int kEnough = 2;
    return quiet_ >= kEnough;
  }
  static constexpr milliseconds kPause{50};

 private:
  std::uint64_t ticks_ = ~std::uint64_t{0};
  int quiet_ = 0;
};

int left_until(Clock::time_point then) {
  const auto left = std::chrono::ceil<milliseconds>(then - Clock::now()).count();
  return static_cast<int>(std::max<milliseconds::rep>(left, 0));
}

// Until the client ends, or has to.
EndCause watch(const LaunchOrder& order, int asked_by, int client) {
  const bool has_deadline = order.deadline != milliseconds(0);
  const auto deadline = Clock::now() + order.deadline;
  IdleWatch idle;
  bool told_idle = !has_deadline;  // one without is used again and again
  while (true) {
    std::array<pollfd, 2> on{pollfd{client, POLLIN, 0}, pollfd{asked_by, POLLIN, 0}};
    const int pause = static_cast<int>(IdleWatch::kPause.count());
    const int wait = has_deadline ? std::min(pause, left_until(deadline)) : 4 * pause;
    const int ready = poll(on.data(), on.size(), wait);
    if (ready < 0 && errno != EINTR) return EndCause::closed;
    if (on[0].revents != 0) return EndCause::itself;
    if (on[1].revents != 0) return EndCause::closed;
    if (ready > 0) continue;
    if (has_deadline && Clock::now() >= deadline) return EndCause::deadline;
    if (order.most_on_disk != 0 && bytes_under(order.folder) > order.most_on_disk) {
      return EndCause::disk;
    }
    if (!told_idle && idle.is_idle()) {
      told_idle = true;
      report(asked_by, {.event = KeeperEvent::idle});
    }
  }
}

// What the client told about its start: errno; 0: it runs.
int heard(int told) {
  int why = 0;
  ssize_t got = 0;
  do {
    got = read(told, &why, sizeof why);
  } while (got < 0 && errno == EINTR);
  return got == sizeof why ? why : 0;
}

KeeperReport run_client(const LaunchOrder& order, const KeeperChannels& channels) {
  std::array<int, 2> told{};
  if (pipe2(told.data(), O_CLOEXEC) != 0) return {KeeperEvent::not_started, errno};
  const pid_t client = fork();
  if (client < 0) return {KeeperEvent::not_started, errno};
  if (client == 0) become_client(order, channels, told[1]);
  for (const int fd : {told[1], channels.input, channels.output, channels.errors}) close(fd);
  if (const int why = heard(told[0]); why != 0) {
    waitpid(client, nullptr, 0);
    return {KeeperEvent::not_started, why};
  }
  close(told[0]);
  const auto watched = static_cast<int>(syscall(SYS_pidfd_open, client, 0));
  if (watched < 0) return {KeeperEvent::not_started, errno};
  KeeperReport ended{.cause = watch(order, channels.order, watched)};
  if (ended.cause != EndCause::itself) kill(client, SIGKILL);
  waitpid(client, &ended.value, 0);
  return ended;
}

}  // namespace

void keep_client(const KeeperChannels& channels) {
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  std::signal(SIGCHLD, SIG_DFL);
  LaunchOrder order;
  if (!receive(channels.order, order)) _exit(0);
  const KeeperReport ended = run_client(order, channels);
  end_all_children();
  remove_folder(order.folder);
  report(channels.order, ended);
  _exit(0);
}

bool can_give_hosts() {
  const pid_t tried = fork();
  if (tried < 0) return false;
  if (tried == 0) _exit(give_hosts("/etc/hosts") ? 0 : 1);
  int status = 0;
  while (waitpid(tried, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace startle::subject
