#pragma once
// What surrounds a program under test: the variables that it has whatever its task, and how it
// finds the server's name.

#include <map>
#include <string>
#include <vector>

#include "harness/subject/description.h"

namespace startle::subject {

// How the name of the server is made to lead here, found out once.
enum class NameService {
  hosts_file,   // an /etc/hosts of the client's own (a mount namespace)
  nss_wrapper,  // libnss-wrapper, for whoever asks the C library
  none,
};

class ClientEnvironment {
 public:
  // While this process has one thread.
  ClientEnvironment();

  // Why a client that finds addresses in that way cannot reach `host`, with what helps; empty: it
  // can.
  std::string unreachable(Resolver resolver, const std::string& host) const;
  // Whether the hosts file is to stand at /etc/hosts.
  bool mounts_hosts() const { return service_ == NameService::hosts_file; }

  // "NAME=value" for a client in `folder`, with `hosts` for those who need it told; the client's
  // own variables go before.
  std::vector<std::string> variables(const std::string& folder, const std::string& hosts,
                                     const std::map<std::string, std::string>& own) const;
  // Where what is no package of Debian's, or excludes others, was put ($STARTLE_CLIENT_CACHE).
  const std::string& client_cache() const { return cache_; }

 private:
  NameService service_ = NameService::none;
  std::string wrapper_{};
  std::string cache_{};
};

}  // namespace startle::subject
