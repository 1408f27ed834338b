#pragma once
// --home DIR, --cacerts FILE: the key stores that a customer's product finds for the hosts of their
// configuration, and --shown HOST=FILE: what their servers show.

#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cases/engine/customer_host.h"
#include "harness/customer/home/home.h"
#include "harness/customer/schedule/schedule.h"
#include "harness/report/verdict.h"

namespace startle::program {

struct HomeOptions {
  std::string home{};                // DIR of DIR/keystore/HOST.ks; empty: none is looked for
  std::string password_file{};       // empty: $STARTLE_STORE_PASSWORD, or none is given
  std::vector<std::string> hosts{};  // HOST:PORT, in place of a configuration
  std::vector<std::string> shown{};  // HOST=FILE: what its server shows, end entity first
  std::string cacerts{};             // the Java runtime's own store; empty: nobody has said
  std::string cacerts_password_file{};
  // One that was sent without the folder it stood in: HOST.ks is that host's, any other is taken
  // for the Java runtime's own.
  std::string store{};
  bool operator==(const HomeOptions&) const = default;
};

// Throws Error(Fault::usage) for options that lack one another, with `config` that of --config, and
// for a folder that is not there.
void check_home(const HomeOptions& options, const std::string& config);

class CustomerStores {
 public:
  // Throws Error(Fault::input) when the file of a password, of what a server shows or of the Java
  // runtime's store cannot be read, Error(Fault::usage) for a host that the configuration has not.
  CustomerStores(const HomeOptions& options, const customer::Schedule& schedule);

  // What is found for a server: of its own store and of the Java runtime's.
  struct Found {
    std::optional<customer::FoundStore> store{};  // nullopt: without --home and without TLS
    std::vector<customer::StoreDiagnosis> of_java{};
    bool java_leads = false;  // the Java runtime's own store accepts what is shown
  };
  const Found& of(const customer::Entry& entry);
  // The same for a run.
  std::shared_ptr<const cases::CustomerHost> host(const customer::Entry& entry);
  // Each diagnosis with the commands that mend it, a line each; one that has been told, never
  // again. Returns those that are warnings.
  std::vector<report::Warning> warn(const customer::Entry& entry, std::ostream& out);

  bool is_shown(const std::string& host) const { return shown_.count(host) > 0; }
  // What the server of the host shows, in place of --shown. Before of() and host() of its entries.
  void show(const std::string& host, cases::ShownChain chain, customer::ShownAnchor anchor);
  // What a path may end in where the host has no store of its own.
  const cases::NamedAnchors& anchors();
  // The commands that put the anchor of what is shown into the store that the product reads.
  customer::Commands import_commands(const customer::Entry& entry);

 private:
  Found look(const customer::Entry& entry) const;
  customer::FoundStore host_store(const customer::Entry& entry,
                                  const customer::StoreUse& use) const;
  customer::StoreUse use_of(const customer::Entry& entry) const;
  bool is_store_of(const customer::Entry& entry) const;
  void read_java(const std::string& file, const std::optional<std::string>& password);
  void read_given(const std::string& file);
  void read_shown(const std::string& said);

  std::string home_;
  std::string store_{};  // of a host; empty: none was given
  std::optional<std::string> password_{};
  std::optional<std::string> bare_password_{};  // PasswordFile::bare
  std::string password_name_{};                 // the file's
  std::vector<std::string> hosts_{};
  struct Shown {
    cases::ShownChain chain{};
    customer::ShownAnchor anchor{};
  };
  std::map<std::string, Shown> shown_{};  // by host
  std::optional<customer::FoundStore> java_{};
  // What the machine trusts, or its Java runtime; read where something is shown.
  std::shared_ptr<const cases::NamedAnchors> machine_{};
  std::shared_ptr<const cases::NamedAnchors> java_anchors_{};  // null: nobody has said
  Shell shell_ = Shell::posix;
  std::vector<std::string> notes_{};                    // of the files of passwords
  std::map<std::pair<long, unsigned>, Found> found_{};  // by line
  std::set<std::string> told_{};
};

}  // namespace startle::program
