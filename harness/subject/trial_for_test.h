#pragma once
// A client of a test's own, run as any program under test is: a script in a folder, a bound on its
// time, and what it has left behind.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/net/connect.h"
#include "harness/subject/description.h"
#include "harness/subject/launcher.h"
#include "harness/subject/running_program.h"
#include "harness/subject/subject.h"

namespace startle::subject {

// Within kPatience, which is a test's and not a client's.
bool comes_true(const std::function<bool()>& claim);
// Those of this machine whose arguments or environment hold `mark`.
std::vector<pid_t> processes_with(const std::string& mark);
// Waits until there is none; false when kPatience has passed.
bool all_end_with(const std::string& mark);
// Open ones of this process.
std::size_t open_descriptors();

// A program has sockets of its own: nobody asks this one.
class NoConnector final : public net::Connector {
 public:
  net::Task<net::ConnectResult> connect(std::string host, std::uint16_t port,
                                        net::Instant deadline) override;
};

class Trial {
 public:
  // Takes $TMPDIR for as long as it lives, so that what is left there shows.
  Trial();
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  // Stands in the environment of every client of this trial.
  const std::string& mark() const { return mark_; }
  // An executable file, whoever runs it; "#!/bin/sh" and `body`, or `body` as it stands.
  std::string shell(const std::string& body) const;
  std::string file(const std::string& name, const std::string& body) const;

  // By the contract.
  ExchangeResult run(const std::string& program, std::chrono::milliseconds deadline = kLong);
  // As many tasks of one worker, each in a world of its own.
  std::vector<ExchangeResult> tell(const std::string& worker, unsigned tasks,
                                   std::chrono::milliseconds deadline = kLong);
  // As it stands, but for the folder, which is made.
  ProgramEnd launch(const Launcher& launcher, LaunchOrder order);
  // What one of these took, how often it was said to wait, and what the password was.
  std::chrono::milliseconds took() const { return took_; }
  unsigned waited() const { return waited_; }
  const std::string& secret() const { return secret_; }

  // No process that has the mark, and no file; empty: so it is. Waits for it.
  std::string left_behind() const;

  static constexpr std::chrono::milliseconds kLong{30'000};

 private:
  ExchangeResult exchange(const Subject& subject, std::chrono::milliseconds deadline);

  TemporaryFolder folder_{};
  std::filesystem::path temporary_{};
  std::string saved_{};  // $TMPDIR
  std::string mark_{};
  std::string secret_{};
  std::chrono::milliseconds took_{};
  unsigned waited_ = 0;
};

}  // namespace startle::subject
