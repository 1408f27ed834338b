#include "harness/subject/launcher.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include "harness/base/error.h"
#include "harness/subject/keeper.h"
#include "harness/subject/process_tree.h"

namespace startle::subject {
namespace {

constexpr std::size_t kChannels = 4;  // of KeeperChannels, in their order
using Passed = std::array<int, kChannels>;

// Closes what it holds.
class Descriptors {
 public:
  explicit Descriptors(const Passed& fds) : fds_(fds) {}
  ~Descriptors() {
    for (const int fd : fds_) {
      if (fd >= 0) close(fd);
    }
  }
  Descriptors(const Descriptors&) = delete;
  Descriptors& operator=(const Descriptors&) = delete;
  const Passed& all() const { return fds_; }
  int& operator[](std::size_t which) { return fds_[which]; }

 private:
  Passed fds_{};
};

union Ancillary {
  std::array<char, CMSG_SPACE(sizeof(Passed))> bytes;
  cmsghdr aligned;
};

msghdr message_of(iovec& body, Ancillary& ancillary) {
  msghdr message{};
  message.msg_iov = &body;
  message.msg_iovlen = 1;
  message.msg_control = ancillary.bytes.data();
  message.msg_controllen = sizeof ancillary.bytes;
  return message;
}

void pass(int channel, const Passed& fds) {
  char mark = 'L';
  iovec body{&mark, 1};
  Ancillary ancillary{};
  msghdr message = message_of(body, ancillary);
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof fds);
  std::memcpy(CMSG_DATA(header), fds.data(), sizeof fds);
  ssize_t sent = 0;
  do {
    sent = sendmsg(channel, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  check_errno(static_cast<int>(sent), "to start a program: its launcher is gone");
}

enum class Got { order, nothing, end };

Got take(int channel, Passed& fds) {
  char mark = 0;
  iovec body{&mark, 1};
  Ancillary ancillary{};
  msghdr message = message_of(body, ancillary);
  const ssize_t got = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
  if (got < 0 && errno == EINTR) return Got::nothing;
  if (got <= 0) return Got::end;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_len != CMSG_LEN(sizeof fds)) return Got::nothing;
  std::memcpy(fds.data(), CMSG_DATA(header), sizeof fds);
  return Got::order;
}

// Those that still are: whoever has ended is reaped by the system.
void forget_ended(std::vector<pid_t>& keepers) {
  keepers.erase(std::remove_if(keepers.begin(), keepers.end(),
                               [](pid_t keeper) { return kill(keeper, 0) != 0; }),
                keepers.end());
}

// Where nothing but this process's own end tells that ours has come.
[[noreturn]] void launch_until_closed(int channel) {
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  std::signal(SIGCHLD, SIG_IGN);  // keepers are nobody's to wait for
  for (const int stops : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(stops, SIG_IGN);
  setsid();  // no terminal's signals
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, fd);
  std::vector<pid_t> keepers;
  while (true) {
    Passed fds{};
    const Got got = take(channel, fds);
    if (got == Got::end) break;
    if (got == Got::nothing) continue;
    const pid_t keeper = fork();
    if (keeper == 0) {
      close(channel);
      keep_client({fds[0], fds[1], fds[2], fds[3]});
    }
    for (const int fd : fds) close(fd);
    forget_ended(keepers);
    if (keeper > 0) keepers.push_back(keeper);
  }
  close(channel);
  // Each keeper has seen its own channel close, and is about to end.
  for (const pid_t keeper : keepers) {
    while (waitpid(keeper, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  std::signal(SIGCHLD, SIG_DFL);
  end_all_children();  // what one leaves behind that was killed
  _exit(0);
}

// Of a forked process: whatever else was open here is none of its business.
void close_all_but(int channel) {
  if (channel > STDERR_FILENO + 1) close_range(STDERR_FILENO + 1, channel - 1, 0);
  close_range(channel + 1, ~0U, 0);
}

void add_pipe(Descriptors& ours, Descriptors& theirs, std::size_t which, bool to_them) {
  std::array<int, 2> ends{};
  check_errno(pipe2(ends.data(), O_CLOEXEC), "to make a pipe for a program");
  ours[which] = to_them ? ends[1] : ends[0];
  theirs[which] = to_them ? ends[0] : ends[1];
}

}  // namespace

Launcher::Launcher() {
  std::array<int, 2> ends{};
  check_errno(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()),
              "to make a socket for the launcher of programs");
  process_ = fork();
  if (process_ == 0) {
    close(ends[0]);
    close_all_but(ends[1]);
    launch_until_closed(ends[1]);
  }
  close(ends[1]);
  channel_ = ends[0];
  check_errno(process_, "to fork the launcher of programs");
}

Launcher::~Launcher() {
  close(channel_);
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

LaunchedProgram Launcher::launch(const LaunchOrder& order) const {
  Descriptors ours({-1, -1, -1, -1});
  Descriptors theirs({-1, -1, -1, -1});
  std::array<int, 2> ends{};
  check_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()),
              "to make a socket for a program's keeper");
  ours[0] = ends[0];
  theirs[0] = ends[1];
  constexpr std::size_t kInput = 1;
  for (std::size_t which = kInput; which < kChannels; ++which) {
    add_pipe(ours, theirs, which, which == kInput);
  }
  pass(channel_, theirs.all());
  const std::string bytes = packed(order);
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t put = send(ours[0], bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    check_errno(static_cast<int>(put), "to tell a program's keeper what to start");
    sent += static_cast<std::size_t>(put);
  }
  LaunchedProgram launched{ours[0], ours[1], ours[2], ours[3]};
  for (std::size_t which = 0; which < kChannels; ++which) ours[which] = -1;
  return launched;
}

}  // namespace startle::subject
