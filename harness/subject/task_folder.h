#pragma once
// The folder that a program has for one task, or for all of its life: its HOME and its working
// directory, with what it is given by name.

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "harness/subject/subject.h"

namespace startle::subject {

// Whom programs are run as where we are root: "nobody".
struct Unprivileged {
  uid_t user{};
  gid_t group{};
};
// nullopt: we are not root, or there is nobody.
std::optional<Unprivileged> unprivileged();

class TaskFolder {
 public:
  // `owner`: whose it becomes. `within`: the folder of somebody who outlives the task, and with
  // whom it goes at the latest; empty: where temporary files are. Throws Error(Fault::system).
  explicit TaskFolder(const std::optional<Unprivileged>& owner,
                      const std::filesystem::path& within = {});
  ~TaskFolder();  // removes it, unless it was handed over
  TaskFolder(const TaskFolder&) = delete;
  TaskFolder& operator=(const TaskFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Its path; `name` may name folders that are not there yet. Mode 0600.
  std::string write(const std::string& name, const std::string& content) const;
  // To whoever removes it from now on.
  void hand_over() { handed_over_ = true; }

 private:
  void give(const std::filesystem::path& what) const;
  std::filesystem::path path_{};
  std::optional<Unprivileged> owner_{};
  bool handed_over_ = false;
};

// What of a task stands in files.
struct TaskFiles {
  std::string hosts{};  // that name the server's address
  std::string password{};
  std::string message{};
  TrustFiles trust{};  // whatever it is told to make of them
};
// Lines of /etc/hosts: whatever form of `host` a client looks up leads to `address` (RFC 1123, 2.1;
// RFC 5890, 2.3.2.3).
std::string hosts_lines(const std::string& host, const std::string& address);
// The machine's own name, which a client that asks for it would otherwise look up in the DNS.
std::string own_host_line(const std::string& address);
TaskFiles write_task_files(const TaskFolder& folder, const ExchangeRequest& request);

}  // namespace startle::subject
