#include "cases/startle_for_test.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

constexpr std::size_t kLongestOutput = 64 << 20;

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> made;
  for (std::string& s : strings) made.push_back(s.data());
  made.push_back(nullptr);
  return made;
}

// Only what POSIX allows between fork and exec.
[[noreturn]] void become(char** argv, char** envp, const char* out, const char* err) {
  const int in_fd = ::open("/dev/null", O_RDONLY);
  const int out_fd = ::open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err_fd = ::open(err, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (::dup2(in_fd, 0) == 0 && ::dup2(out_fd, 1) == 1 && ::dup2(err_fd, 2) == 2) {
    ::alarm(kPatience);  // outlives exec
    ::execve(argv[0], argv, envp);
  }
  ::_exit(127);
}

}  // namespace

ProgramRun run_startle(const std::vector<std::string>& arguments,
                       const std::vector<std::pair<std::string, std::string>>& environment) {
  std::vector<std::string> words{STARTLE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> settings;
  for (const auto& [name, value] : environment) settings.push_back(name + "=" + value);
  for (char** setting = environ; *setting != nullptr; ++setting) settings.push_back(*setting);
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(settings);
  const TemporaryFolder folder;
  const std::string out = folder.path() / "out";
  const std::string err = folder.path() / "err";

  const pid_t child = check_errno(::fork(), "fork");
  if (child == 0) {
    become(const_cast<char**>(argv.data()), const_cast<char**>(envp.data()), out.c_str(),
           err.c_str());
  }
  int status = 0;
  check_errno(::waitpid(child, &status, 0), "waitpid");
  return {.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
          .out = read_file(out, kLongestOutput),
          .err = read_file(err, kLongestOutput)};
}

}  // namespace startle::cases
