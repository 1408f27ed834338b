#pragma once
// Somebody else's client in a run: what is found out about it before the first case, and whether
// it can be relied on behind the last.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/probe.h"
#include "cases/engine/run.h"
#include "harness/report/verdict.h"
#include "harness/subject/subject.h"

namespace startle::program {

class ForeignClient {
 public:
  ForeignClient(const cases::Catalogue& catalogue, subject::Subject& client,
                const cases::RunOptions& how, std::string host);

  // Tries it in `modes`, and as root where nobody cannot run it; teaches it what it can do. Throws
  // Error(Fault::input) where what it answers is nonsense.
  void get_to_know(const std::vector<words::Mode>& modes);
  // So, in the modes that were usable.
  void try_again();

  // Every mode that it speaks was usable, first and last.
  bool is_sane() const { return sane_; }
  const std::vector<report::Warning>& warnings() const { return warnings_; }

 private:
  void warn(const std::string& text);
  cases::Sanity sane_in(const std::vector<words::Mode>& modes) const;

  const cases::Catalogue& catalogue_;
  subject::Subject& client_;
  const cases::RunOptions& how_;
  cases::ProbeSettings settings_;
  std::vector<words::Mode> usable_{};
  std::vector<report::Warning> warnings_{};
  bool sane_ = true;
};

// Counts the cases that its client said it cannot do when it had met the server already.
class LateInability final : public report::Report {
 public:
  void begin(const report::RunInfo& info) override;
  void add(const report::Verdict& verdict) override;
  void end(const report::RunEnd& /*end*/) override {}
  // nullopt: there are none.
  std::optional<report::Warning> warning() const;

 private:
  std::string client_{};
  std::size_t cases_ = 0;
};

// Those with TLS that the cases of `plan` are in.
std::vector<words::Mode> modes_of(const cases::Plan& plan);

}  // namespace startle::program
