#pragma once
// --home DIR: the key stores that a customer's product finds for the hosts of their configuration.

#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cases/engine/customer_host.h"
#include "harness/customer/home.h"
#include "harness/customer/schedule.h"
#include "harness/report/verdict.h"

namespace startle::program {

struct HomeOptions {
  std::string home{};                // DIR of DIR/keystore/HOST.ks; empty: none is looked for
  std::string password_file{};       // empty: $STARTLE_STORE_PASSWORD, or none is given
  std::vector<std::string> shown{};  // HOST=FILE: what its server shows, PEM, end entity first
  bool operator==(const HomeOptions&) const = default;
};

// Throws Error(Fault::usage) for options that lack one another, with `config` that of --config, and
// for a folder that is not there.
void check_home(const HomeOptions& options, const std::string& config);

class CustomerStores {
 public:
  // Throws Error(Fault::input) when the file of the password, or of what a server shows, cannot be
  // read, Error(Fault::usage) for a host that the configuration has not.
  CustomerStores(const HomeOptions& options, const customer::Schedule& schedule);

  // nullopt without --home and without TLS.
  std::optional<customer::FoundStore> of(const customer::Entry& entry) const;
  // The same for a run.
  std::shared_ptr<const cases::CustomerHost> host(const customer::Entry& entry) const;
  // Each diagnosis with the command that mends it, in two lines; one that has been told, never
  // again. Returns those that are warnings.
  std::vector<report::Warning> warn(const customer::Entry& entry, std::ostream& out);

 private:
  std::string home_;
  std::optional<std::string> password_{};
  std::vector<std::string> hosts_{};
  std::map<std::string, cases::ShownChain> shown_{};      // by host
  std::shared_ptr<const cases::NamedAnchors> machine_{};  // read where something is shown
  std::set<std::string> told_{};
};

}  // namespace startle::program
