#pragma once
// Makes chains from recipes. Keys are made once and kept, because making an RSA key costs as much
// as a hundred handshakes; chains are built once per (recipe, host) and shared, read-only, by every
// worker. Recipes that state nothing about their root share one, so that one CA file serves them
// all.

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "certs/client_identity.h"
#include "certs/key_cache.h"
#include "certs/recipe.h"
#include "harness/oracle/facts.h"
#include "harness/tls/credentials.h"
#include "harness/tls/handle.h"
#include "harness/tls/priority.h"

namespace startle::certs {

// A built chain. Immutable once made; safe to share between threads.
struct Chain {
  std::string recipe_id{};
  std::vector<std::string> sent_der{};     // as the server sends them, end entity first
  std::vector<std::string> all_der{};      // end entity, its issuer, .. root (where there is one)
  std::vector<std::string> anchors_der{};  // what a client of the "system store" holds
  oracle::Facts facts{};
  std::shared_ptr<const tls::ServerCredentials> server{};  // with the staple, where there is one
  tls::Versions versions = tls::Versions::all;             // what the server is to speak
  std::string revocation_list_der{};                       // empty: none; `anchors` holds it too
  std::string staple_der{};                                // an OCSP response; empty: none
  std::shared_ptr<const tls::TrustStore> anchors{};
  std::string leaf_key_pem{};  // PKCS#8, not encrypted
};

struct MintOptions {
  // Where keys that cost much are kept between runs, see key_cache.h; empty: nowhere.
  std::filesystem::path key_cache{};
  Tell tell{};  // what is wrong with it
};

class Mint {
 public:
  // All validity is relative to `clock`.
  explicit Mint(std::chrono::sys_seconds clock, const MintOptions& options = {});
  ~Mint();
  Mint(const Mint&) = delete;
  Mint& operator=(const Mint&) = delete;

  std::chrono::sys_seconds clock() const { return clock_; }

  // The chain of `recipe` for `host`; the same object for the same arguments. Safe to call from
  // any thread. Throws Error(Fault::input) when the recipe cannot be made, Fault::tls_library when
  // GnuTLS fails.
  std::shared_ptr<const Chain> chain(const Recipe& recipe, const std::string& host);

  // For a client with a clock of its own, which goes on. Where `now` has come near an edge of a
  // validity (a day, and what has passed since the mint's clock), the chain is made anew with dates
  // relative to `now`, and is not kept; its anchors, which the client has been given, have theirs
  // from `given`, and so has everything where a revocation list was given to it.
  struct Dates {
    std::chrono::sys_seconds given{};
    std::chrono::sys_seconds now{};
  };
  std::shared_ptr<const Chain> chain_at(const Recipe& recipe, const std::string& host, Dates dates);

  // The end entity's certificate as it was before the server's key was renewed, DER: the same names
  // and the same issuer, another key, and without the damage the recipe may do to its successor.
  std::string former_certificate(const Recipe& recipe, const std::string& host);

  // The certificate of the client named `user`, under the same rules; null for none.
  std::shared_ptr<const ClientIdentity> client(ClientCertificate kind, const std::string& user);

 private:
  struct Authority;
  struct Keys;
  struct Subject;
  struct Made {
    Recipe recipe{};
    std::shared_ptr<const Chain> chain{};
  };
  struct Place {
    const std::string& host;
    Dates dates{};
  };
  Place here(const std::string& host) const { return {host, {clock_, clock_}}; }
  const Authority& authority(Subject subject, const Place& place);
  const Authority& root(const Recipe& recipe, const Place& place);
  const Authority& extra(const Recipe& recipe, std::size_t number,
                         const std::vector<const Authority*>& path, const Place& place);
  std::vector<const Authority*> path(const Recipe& recipe, const Place& place);
  std::shared_ptr<const tls::TrustStore> trust_store(const std::string& anchor,
                                                     const std::string& revocation_list);
  std::shared_ptr<const Chain> make(const Recipe& recipe, const Place& place);

  std::chrono::sys_seconds clock_;
  std::mutex mutex_{};  // guards all below
  std::unique_ptr<Keys> keys_;
  // By id and host: mostly one, but two recipes may have the same id.
  std::map<std::pair<std::string, std::string>, std::vector<Made>> chains_{};
  std::map<std::pair<ClientCertificate, std::string>, std::shared_ptr<const ClientIdentity>>
      clients_{};
};

// PEM of DER certificates, one after the other.
std::string to_pem(const std::vector<std::string>& der);

}  // namespace startle::certs
