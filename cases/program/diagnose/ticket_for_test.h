#pragma once
// The tickets of cases/tickets, as tests work on them.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cases/engine/startle_for_test.h"
#include "cases/program/served_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {

std::vector<std::string> ticket_names();

// A copy of one, which commands may write into, with its server where it has one.
class Ticket {
 public:
  explicit Ticket(const std::string& name);

  const std::filesystem::path& folder() const { return folder_.path(); }
  // `startle diagnose`, as the ticket's arguments have it.
  ProgramRun diagnose(const std::vector<std::string>& more = {}) const;
  std::string first_cause() const { return first_cause_; }
  int status() const { return status_; }
  // As it was sent, after commands have changed it.
  void restore() const;
  bool has(const std::string& file) const;
  std::string read(const std::string& file) const;
  // What the machine trusts.
  std::string authorities() const;

 private:
  std::string name_{};
  TemporaryFolder folder_{};
  std::unique_ptr<Served> server_{};
  std::string first_cause_{};
  int status_ = -1;
};

// Raw, in hexadecimal, and what base64 makes of it wherever it stands (RFC 4648, 4).
std::vector<std::string> traces_of(const std::string& secret);

}  // namespace startle::cases
