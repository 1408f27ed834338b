#pragma once
// What can be put under test: the built-in client, or one of its defective variants.

#include <memory>
#include <string>
#include <vector>

#include "harness/client/outcome.h"
#include "harness/client/settings.h"
#include "harness/net/connect.h"
#include "harness/net/world.h"

namespace startle::subject {

class Subject {
 public:
  Subject() = default;
  virtual ~Subject() = default;
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  virtual std::string name() const = 0;
  virtual std::string version() const = 0;
  virtual std::string tls_library() const = 0;
  // Goes by the machine's clock, not by the run's.
  virtual bool has_own_clock() const { return false; }
  // Can be given certificate revocation lists (RFC 5280, 6.3).
  virtual bool takes_revocation_lists() const { return true; }
  // One exchange. May be called from several threads, each with its own world.
  virtual net::Task<client::Outcome> exchange(net::World& world, net::Connector& connector,
                                              const client::Settings& settings) const = 0;
};

// "builtin" or "defect:NAME". Throws Error(Fault::usage) with the names there are.
std::unique_ptr<Subject> make_subject(const std::string& name);

}  // namespace startle::subject
