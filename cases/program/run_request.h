#pragma once
// What `startle run` was asked for: plain data, which can say itself again as a command line. The
// command that reproduces a finding and what shards of one run have in common come from it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/program/command_line.h"
#include "cases/program/customer_stores.h"
#include "cases/program/wire_request.h"
#include "harness/report/verdict.h"

namespace startle::program {

struct RunRequest {
  std::vector<std::string> what{};
  std::string suite = "default";
  std::string client = "builtin";
  std::string config{};
  HomeOptions home{};
  std::string mode{};
  std::string name = "smtp.example.test";
  std::string trust_model{};  // empty: the client's own; with --host pkix
  std::string store_model{};  // empty: documented; with --host jsse
  std::string tls_policy{};   // empty: as each case has it
  std::string transport = "memory";
  unsigned jobs = 0;
  std::string at{};
  std::uint64_t seed = 1;
  std::optional<std::string> shard{};
  std::optional<std::size_t> sample{};
  double deadline = 0;
  std::vector<std::string> reports{};
  std::string resume{};  // a report; empty: all is run
  std::string expected_failures{};
  std::string write_expected{};
  WireRequest wire{};
  std::string fail_on = "wrong-reason";
  bool dialogue = false;
  bool verbose = false;
  bool no_cache = false;

  bool operator==(const RunRequest&) const = default;

  // A customer's servers are met, of their file or named by --host.
  bool is_of_customer() const { return !config.empty() || !home.hosts.empty(); }

  using Names = std::span<const std::string_view>;
  // The command line behind `startle`, unquoted: what is not as it is by default and, as it stands,
  // each option of `stated` ("--seed").
  std::vector<std::string> words(Names stated = {}) const;
  // The same as one line for bash, from `startle` on.
  std::string command(Names stated = {}) const;
  // What of it says which cases are run, unquoted.
  std::vector<std::string> selection() const;
};

// Options that commands which run cases have in common. `request` must outlive the parsing.
void add_suite(CommandLine& run, RunRequest& request);
void add_mode(CommandLine& run, RunRequest& request);
void add_circumstances(CommandLine& run,
                       RunRequest& request);  // transport, clock, time and threads
// Adds the options of `startle run`, which must outlive the parsing.
void add_run_options(CommandLine& run, RunRequest& request);

// How a run ended. Where `threads_abandoned`, a client blocks a thread: leave by std::_Exit once
// all is written.
struct RunCode {
  int code = 0;
  bool threads_abandoned = false;
};
// Runs the request as `startle run` does, but into this report alone. It is not begun
// where nothing is selected, which stderr then says.
RunCode run_instead(const RunRequest& request, report::Report& report);

// What an exchange of a request depends on, and no more: how it is reproduced.
struct Reproduced {
  std::vector<std::string> what{};  // its id, and files without which there is no such case
  std::string trust_model{};
  std::optional<std::string> store_model{};  // nullopt: there is no store to be read
};
std::string reproducing_command(const RunRequest& request, const Reproduced& exchange);

}  // namespace startle::program
