#pragma once
// What `startle serve` is asked to serve, by its options or by a line of --control, and what comes
// of it: an exchange, the chain its server shows, the certificate its client is given.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/exchange.h"
#include "cases/engine/judge.h"
#include "certs/mint.h"

namespace startle::program {

// Empty: not stated.
struct ServeRequest {
  struct Reply {
    std::string point{};
    std::string says{};        // TEXT or CODE
    bool is_a_number = false;  // a CODE for certain
  };
  std::string what{};  // smtp, ldap, the id of a case, a file
  std::string certificate{};
  std::string certificate_file{};  // in its place: one of the user's own, and ..
  std::string key_file{};          // .. its private key
  std::vector<Reply> replies{};    // of those for one point the last one counts
  std::optional<std::string> name{};
  std::string mode{};
  std::string persona{};
  std::string trust_model{};
  std::string tls_policy{};
  std::optional<std::string> mechanisms{};
  std::string sasl_lie{};
  bool as_told = false;    // the client was told what the ready event says: its crl, its mechanism
  bool by_options = true;  // complaints name `--mode`; else `mode`
};

struct ServeOffer {
  cases::Exchange exchange{};
  // So, as its client is asked for it: name, password and sender are what the client is told. Those
  // of a single case are its own, else they are what the server takes.
  cases::Exchange asked{};
  cases::ServerExpectation expected{};
  std::shared_ptr<const certs::Chain> chain{};
  // What is shown to the next connection: `chain`, or one made anew where its dates are near.
  std::function<std::shared_ptr<const certs::Chain>()> shown{};
  std::shared_ptr<const certs::ClientIdentity> client{};  // null: none
};

// The catalogue, the user's own files, the certificates made so far.
class Offers {
 public:
  // Validity is relative to `clock`, which goes on from here: dates count from each offer.
  // `machine`: what the machine's clock says.
  using Clock = std::function<std::chrono::sys_seconds()>;
  Offers(std::chrono::sys_seconds clock, const certs::MintOptions& options, Clock machine);

  // Throws Error(Fault::usage or Fault::input). *this has to outlive what it has offered.
  ServeOffer offer(const ServeRequest& request);

 private:
  ServeOffer offer_own(const ServeRequest& request);
  cases::Exchange exchange_for(const ServeRequest& request);
  // As the request has it, in place of what the case states.
  void change(cases::Exchange& exchange, const ServeRequest& request) const;
  cases::Exchange selected(const ServeRequest& request, const std::string& id,
                           const std::string& host, std::uint64_t seed) const;
  // What a file of the user's own has brought; each is read once.
  struct Brought {
    std::string id{};
    bool certificate = false;  // else a case or a matrix
  };
  const Brought& read(const std::string& file);

  std::chrono::sys_seconds clock() const;

  cases::Catalogue catalogue_;
  Clock machine_;
  std::chrono::sys_seconds began_;  // by the machine's clock
  certs::Mint mint_;
  std::map<std::string, Brought> files_{};  // by name
};

}  // namespace startle::program
