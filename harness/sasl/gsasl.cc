#include "harness/sasl/gsasl.h"

#include "harness/base/error.h"

namespace startle::sasl {
namespace {

struct GsaslDone {
  void operator()(Gsasl* library) const { gsasl_done(library); }
};

std::unique_ptr<Gsasl, GsaslDone> started() {
  Gsasl* library = nullptr;
  const int status = gsasl_init(&library);
  if (status != GSASL_OK) {
    throw Error(Fault::system, std::string("GNU SASL does not start: ") + gsasl_strerror(status));
  }
  return std::unique_ptr<Gsasl, GsaslDone>(library);
}

}  // namespace

Gsasl* gsasl_of_this_thread() {
  thread_local const auto library = started();
  return library.get();
}

}  // namespace startle::sasl
