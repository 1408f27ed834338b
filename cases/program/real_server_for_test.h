#pragma once
// What the servers that others wrote have in common as fixtures: a folder of their own, two free
// ports of 127.0.0.1 (one with STARTTLS or StartTLS, one with implicit TLS), and one user. They end
// with their object and leave nothing behind.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cases/program/daemon_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {

class RealServer {
 public:
  static constexpr const char* kUser = "alice";
  static constexpr const char* kPassword = "the password of alice";

  // Whether TLS is to be had where a connection begins in clear.
  enum class Starttls { offered, not_offered };

  virtual ~RealServer() = default;
  RealServer(const RealServer&) = delete;
  RealServer& operator=(const RealServer&) = delete;

  std::uint16_t starttls_port() const { return ports_.starttls; }
  std::uint16_t tls_port() const { return ports_.tls; }
  Daemon& daemon() { return *daemon_; }

 protected:
  struct Ports {
    std::uint16_t starttls = 0;
    std::uint16_t tls = 0;
  };
  RealServer() = default;

  const std::filesystem::path& folder() const { return folder_.path(); }
  // Starts the command that `prepare` makes for two free ports, `arguments[0]` a path, and waits
  // until both are listened on; with two others when it ends before (somebody took one of them).
  // Throws Error(Fault::system) with its log when it does not start.
  void start(const std::function<std::vector<std::string>(Ports)>& prepare,
             const std::vector<std::string>& environment);

 private:
  TemporaryFolder folder_{};
  Ports ports_{};
  std::unique_ptr<Daemon> daemon_{};  // ends before its folder goes
};

// "127.0.0.1:25"
std::string on_loopback(std::uint16_t port);

}  // namespace startle::cases
