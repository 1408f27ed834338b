#pragma once
// RAII over GNU SASL. Only the .cc files of this folder include it.

#include <gsasl.h>

#include <memory>

namespace startle::sasl {

// The library's table of mechanisms, one for each thread: what it calls back for belongs to a
// session (gsasl_session_hook_set).
Gsasl* gsasl_of_this_thread();

struct GsaslSessionEnd {
  void operator()(Gsasl_session* session) const { gsasl_finish(session); }
};
using GsaslSession = std::unique_ptr<Gsasl_session, GsaslSessionEnd>;

struct GsaslFree {
  void operator()(char* memory) const { gsasl_free(memory); }
};
using GsaslString = std::unique_ptr<char, GsaslFree>;

}  // namespace startle::sasl
