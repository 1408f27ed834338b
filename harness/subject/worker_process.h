#pragma once
// A worker: a program that does one task after the other, told and answering in JSON lines
// (contract.h). Between two tasks it belongs to no world.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/net/world.h"
#include "harness/subject/contract.h"
#include "harness/subject/launcher.h"

namespace startle::subject {

// What came of one task.
struct WorkerResult {
  std::optional<WorkerAnswer> answer{};  // nullopt: it died, or had to be ended
  bool hung = false;
  bool greeted = false;  // it has said what a worker begins with
  bool flooded = false;
  std::string printed{};  // what it wrote to stderr meanwhile, and its answer
};

// At a time, on this machine: each is a runtime of its own that stays, and a JVM has a hundred MiB
// and more.
std::size_t most_workers();

class WorkerProcess {
 public:
  // `name`: as complaints have it. `started`: what was run. `folder`: its HOME. `hosts`: the file
  // that stands at its /etc/hosts.
  WorkerProcess(std::string name, std::string started, std::filesystem::path folder,
                std::string hosts, const LaunchedProgram& launched);
  ~WorkerProcess();  // ends it
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // Throws Error(Fault::input, "NAME:LINE: ..") for what is no answer, and Error(Fault::system)
  // where the program could not be started. Behind any of these, and where no answer came, it is of
  // no more use.
  // `waits`: as ExchangeRequest has it.
  net::Task<WorkerResult> perform(net::RealWorld& world,
                                  const std::vector<ContractVariable>& variables,
                                  net::Instant deadline, std::function<void()> waits);
  // From its next task on `host` leads to `address`.
  void make_known(const std::string& host, const std::string& address);
  // No task is to be given to it any more.
  bool has_ended() const;
  // It goes with the process, however that ends.
  const std::filesystem::path& folder() const { return folder_; }

 private:
  struct Connected;
  // `waits` is called, and forgotten, where it does not come soon.
  net::Task<std::optional<std::string>> next_line(Connected& with, net::Instant deadline,
                                                  std::function<void()>& waits);

  std::string name_;
  std::string started_;
  std::filesystem::path folder_;
  std::string hosts_;
  std::set<std::string> known_{};
  LaunchedProgram fds_;
  std::string unread_{};   // of stdout
  std::size_t lines_ = 0;  // of stdout, taken
  unsigned tasks_ = 0;
};

}  // namespace startle::subject
