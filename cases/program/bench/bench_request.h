#pragma once
// What `startle bench` was asked for, checked.

#include <optional>
#include <string>
#include <vector>

#include "cases/program/bench/limits.h"
#include "cases/program/bench/plan.h"
#include "cases/program/given_url.h"

namespace startle::program {

// As the words of the command line have it.
struct BenchOptions {
  std::string url{};
  std::string mode{};
  std::string transport{};
  std::optional<std::size_t> connections{};
  unsigned threads = 1;
  double rate = 0;
  double duration = 0;  // 0: not stated
  std::optional<std::size_t> handshakes{};
  std::string resume = "off";
  std::string tls{};
  std::string key{};
  std::string group{};
  std::string stop_after{};
  std::optional<std::string> trust{};
  std::string username{};
  std::string password_file{};
  std::string sender{};
  std::string recipient{};
  std::string client{};
  double deadline = 10;
  std::vector<std::string> fail_if{};
  std::vector<std::string> reports{};
  bool matrix = false;
  bool self_check = false;
  bool allow_remote = false;
  bool no_cache = false;
};

struct BenchRequest {
  std::optional<GivenUrl> url{};
  std::optional<words::Mode> mode{};  // stated
  std::optional<cases::Transport> transport{};
  std::vector<certs::KeyKind> keys{};  // stated
  std::optional<tls::Version> version{};
  BenchTls tls{};
  client::StopAfter stop_after = client::StopAfter::tls;
  std::vector<BenchLimit> limits{};

  // The rows, without mode, key and version of the server.
  std::vector<RowPlan> plans(const BenchOptions& options) const;
};

// Throws Error(Fault::usage).
BenchRequest checked(const BenchOptions& options);

}  // namespace startle::program
