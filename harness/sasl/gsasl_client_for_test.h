#pragma once
// The client's half of GNU SASL, for tests of the server's: another hand than ours.

#include <optional>
#include <string>

#include "harness/sasl/gsasl.h"
#include "harness/sasl/mechanism.h"

namespace startle::sasl {

struct GsaslCredentials {
  std::string name = "user";
  std::string password = "pencil";
  std::string authorization{};
  std::optional<ChannelBinding> binding{};
};

class GsaslClient {
 public:
  GsaslClient(Mechanism mechanism, GsaslCredentials credentials);
  // What it says to a challenge ("": at the start). Nothing: it refuses.
  std::optional<std::string> step(const std::string& challenge);
  // It has said and heard all that it needs.
  bool is_done() const { return status_ == GSASL_OK; }
  std::string complaint() const { return gsasl_strerror(status_); }

 private:
  GsaslCredentials credentials_;
  GsaslSession session_{};
  int status_ = GSASL_NEEDS_MORE;
};

}  // namespace startle::sasl
