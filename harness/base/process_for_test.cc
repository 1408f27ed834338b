#include "harness/base/process_for_test.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <sstream>

#include "harness/base/error.h"

namespace startle {
namespace {

constexpr int kLife = 3;  // the descriptor that lives as long as the program

// The pointers that exec wants, into `texts`.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// What runs the tests may run them in parts; a `startle` that they start is to do all of its work.
bool says_shard(std::string_view variable) {
  constexpr std::string_view kStarts[] = {
      "GTEST_SHARD_", "GTEST_TOTAL_SHARDS=", "TEST_SHARD_",          "TEST_TOTAL_SHARDS=",
      "CI_NODE_",     "STARTLE_SHARDS=",     "JOB_COMPLETION_INDEX", "SLURM_ARRAY_TASK_"};
  return std::any_of(std::begin(kStarts), std::end(kStarts),
                     [&](std::string_view start) { return variable.starts_with(start); });
}

struct FileActions {
  FileActions() { posix_spawn_file_actions_init(&actions); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t actions{};
};

}  // namespace

Process::Process(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& variables, Input input) {
  FileActions redirect;
  int their_input = -1;
  if (input == Input::none) {
    posix_spawn_file_actions_addopen(&redirect.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  } else {
    std::array<int, 2> ends{};
    check_errno(::pipe2(ends.data(), O_CLOEXEC), "pipe2");
    their_input = ends[0];
    input_ = ends[1];
    posix_spawn_file_actions_adddup2(&redirect.actions, their_input, STDIN_FILENO);
  }
  std::array<int, 3> theirs{};
  const std::array<Pipe*, 3> ours{&output_, &errors_, &life_};
  for (std::size_t i = 0; i < ours.size(); ++i) {
    std::array<int, 2> ends{};
    check_errno(::pipe2(ends.data(), O_CLOEXEC), "pipe2");
    ours[i]->fd = ends[0];
    theirs[i] = ends[1];
    posix_spawn_file_actions_adddup2(&redirect.actions, ends[1],
                                     STDOUT_FILENO + static_cast<int>(i));
  }
  static_assert(kLife == STDOUT_FILENO + 2);

  std::vector<std::string> words = arguments;
  std::vector<std::string> environment = variables;
  environment.emplace_back("XDG_CACHE_HOME=" STARTLE_TEST_CACHE);  // never the user's own
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!says_shard(*variable)) environment.emplace_back(*variable);
  }
  const int failed = ::posix_spawnp(&pid_, arguments.front().c_str(), &redirect.actions, nullptr,
                                    pointers(words).data(), pointers(environment).data());
  for (const int fd : theirs) ::close(fd);
  if (their_input >= 0) ::close(their_input);
  if (failed != 0) {
    pid_ = -1;
    errno = failed;
    check_errno(-1, arguments.front());
  }
}

Process::~Process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  close_input();
  for (const Pipe* pipe : {&output_, &errors_, &life_}) {
    if (pipe->fd >= 0) ::close(pipe->fd);
  }
}

bool Process::read_more(Instant until) {
  const std::array<Pipe*, 3> pipes{&output_, &errors_, &life_};
  std::array<pollfd, 3> waiting{};
  bool open = false;
  for (std::size_t i = 0; i < pipes.size(); ++i) {
    waiting[i] = {.fd = pipes[i]->fd, .events = POLLIN, .revents = 0};
    open = open || pipes[i]->fd >= 0;
  }
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - std::chrono::steady_clock::now());
  if (!open || left.count() <= 0) return false;
  if (::poll(waiting.data(), waiting.size(), static_cast<int>(left.count())) < 0) {
    return errno == EINTR;
  }
  for (std::size_t i = 0; i < pipes.size(); ++i) {
    if (waiting[i].revents == 0) continue;
    std::array<char, 4096> part{};
    const ssize_t count = ::read(pipes[i]->fd, part.data(), part.size());
    if (count > 0) {
      pipes[i]->bytes.append(part.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      ::close(pipes[i]->fd);
      pipes[i]->fd = -1;
    }
  }
  return true;
}

std::optional<std::string> Process::read_line() {
  const Instant until = std::chrono::steady_clock::now() + kPatience;
  while (true) {
    const std::size_t end = output_.bytes.find('\n');
    if (end != std::string::npos) {
      std::string line = output_.bytes.substr(0, end);
      output_.bytes.erase(0, end + 1);
      return line;
    }
    if (output_.fd < 0 || !read_more(until)) return std::nullopt;
  }
}

void Process::write_line(const std::string& line) const {
  const std::string bytes = line + "\n";
  check_errno(static_cast<int>(::write(input_, bytes.data(), bytes.size())), "write to stdin");
}

void Process::close_input() {
  if (input_ >= 0) ::close(input_);
  input_ = -1;
}

void Process::send_signal(int number) const {
  ::kill(pid_, number);
}

ProcessEnd Process::wait() {
  const Instant until = std::chrono::steady_clock::now() + kPatience;
  while (read_more(until)) {
  }
  // Only what has ended closes its `life`, unless it has left children behind: they do not count.
  if (life_.fd >= 0) ::kill(pid_, SIGKILL);
  int how = 0;
  ::waitpid(pid_, &how, 0);
  pid_ = -1;
  return {.status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how),
          .output = std::move(output_.bytes),
          .errors = std::move(errors_.bytes)};
}

}  // namespace startle
