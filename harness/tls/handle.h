#pragma once
// Ownership of GnuTLS objects. GnuTLS hides pointers behind typedefs
// (gnutls_session_t is `struct gnutls_session_int*`), so one template over the
// init and deinit functions covers every type and adds no size.

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <memory>
#include <string_view>
#include <type_traits>

#include "harness/base/error.h"

namespace startle::tls {

// Returns `rc` if it is not negative; otherwise throws naming the call.
int check(int rc, std::string_view call);

template <auto Deinit>
struct Deinitialiser {
  template <class T>
  void operator()(T* object) const noexcept {
    Deinit(object);
  }
};

template <class Raw, auto Deinit>
using Handle = std::unique_ptr<std::remove_pointer_t<Raw>, Deinitialiser<Deinit>>;

using Certificate = Handle<gnutls_x509_crt_t, gnutls_x509_crt_deinit>;
using RevocationList = Handle<gnutls_x509_crl_t, gnutls_x509_crl_deinit>;
using PrivateKey = Handle<gnutls_x509_privkey_t, gnutls_x509_privkey_deinit>;
using PublicKey = Handle<gnutls_pubkey_t, gnutls_pubkey_deinit>;
using SigningKey = Handle<gnutls_privkey_t, gnutls_privkey_deinit>;
using CredentialsHandle =
    Handle<gnutls_certificate_credentials_t, gnutls_certificate_free_credentials>;
using PriorityHandle = Handle<gnutls_priority_t, gnutls_priority_deinit>;
using SessionHandle = Handle<gnutls_session_t, gnutls_deinit>;

struct FreeTrustList {
  void operator()(gnutls_x509_trust_list_t list) const noexcept {
    gnutls_x509_trust_list_deinit(list, 1);
  }
};
using TrustListHandle =
    std::unique_ptr<std::remove_pointer_t<gnutls_x509_trust_list_t>, FreeTrustList>;

// make<Certificate>(gnutls_x509_crt_init, "gnutls_x509_crt_init")
template <class Owner, class Init, class... Args>
Owner make(Init init, std::string_view call, Args... args) {
  typename Owner::pointer raw = nullptr;
  check(init(&raw, args...), call);
  return Owner(raw);
}

}  // namespace startle::tls
