#pragma once
// A server that others wrote, run beside a test: killed when its object goes or this process dies.
// Debian's packages of such servers exclude one another, or start what they install; ci/test
// therefore unpacks them below build/unpacked, and installs none.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace startle::cases {

// Below which folder `program` ("usr/sbin/slapd") lies: "/" where it is installed, else where
// ci/test unpacks; nullopt: it is in neither.
std::optional<std::filesystem::path> root_of(const std::string& program);

// What a program below `root` needs in its environment: LD_LIBRARY_PATH, SASL_PATH ("NAME=value").
std::vector<std::string> environment_below(const std::filesystem::path& root);

// A command that ends by itself. Throws Error(Fault::system) with what it said if it fails.
void run_tool(const std::vector<std::string>& arguments,
              const std::vector<std::string>& environment);

// TCP ports of 127.0.0.1 that nobody has at this moment, no two the same.
std::vector<std::uint16_t> free_ports(std::size_t count);

class Daemon {
 public:
  // `arguments[0]` is a path, `environment` all there is; what the daemon prints goes to `log`.
  // Throws Error(Fault::system) when it cannot be started.
  Daemon(std::vector<std::string> arguments, std::vector<std::string> environment,
         std::filesystem::path log);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Waits until every one of these ports of 127.0.0.1 is listened on. False: it has ended (a port
  // was taken by somebody else, for example), or time is up.
  bool listens_on(const std::vector<std::uint16_t>& ports);
  // Waits until `text` stands in its log that many times. False: it has ended without, or time is
  // up.
  bool says(const std::string& text, std::size_t times = 1);
  // Ends it, and the processes it has started.
  void stop();
  std::string log() const;

 private:
  std::filesystem::path log_;
  int leash_ = -1;  // a pipe that nobody writes to; once it is closed, the daemon is ended
  pid_t pid_ = -1;  // of the process that sees to that, and ends with the daemon
  int life_ = -1;   // its pidfd: readable at its end
};

}  // namespace startle::cases
