#pragma once
// What a customer's configuration comes to, server by server: whether it accepts any certificate,
// and the one that its server shows. From the verdicts alone, so that a merged report says the
// same.

#include <map>
#include <string>
#include <vector>

#include "harness/report/verdict.h"

namespace startle::report {

// Whether every certificate was met with each server of a configuration: no glob and no sample, and
// no shard of a run, chose among them.
bool is_of_whole_configuration(const RunInfo& info);

class Configurations {
 public:
  // What is of no configuration, or was not judged, is ignored.
  void add(const Verdict& verdict);
  // In the order of the verdicts.
  std::vector<ConfiguredServer> servers() const;

 private:
  struct Refusal {
    std::string certificate{};
    std::vector<words::Ending> endings{};
    std::string reason{};
  };
  struct Server {
    std::map<std::string, bool> accepted{};  // by certificate: under one reading at least
    std::vector<Refusal> refusals{};         // the first, and the first for another reason
    bool in_clear = false;                   // no certificate is looked at
    std::optional<bool> shown_accepted{};
    Refusal of_shown{};
  };
  static std::string why_none(const std::vector<Refusal>& refusals);
  static ConfiguredServer judged(const std::string& server, const Server& met);

  std::vector<std::string> order_{};
  std::map<std::string, Server> servers_{};
};

}  // namespace startle::report
