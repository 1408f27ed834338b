#pragma once
// The bare handshake of TCP: GnuTLS over a plain blocking socket at either end, connected anew for
// each handshake over 127.0.0.1; the server's end has a thread of its own. What it costs is the CPU
// time of the process: that of both ends and of the kernel beneath them.

#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "harness/load/bare_session.h"
#include "harness/load/cpu_time.h"
#include "harness/tls/credentials.h"

namespace startle {

// A descriptor that is closed with its owner.
class OwnedDescriptor {
 public:
  explicit OwnedDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~OwnedDescriptor();
  OwnedDescriptor(const OwnedDescriptor&) = delete;
  OwnedDescriptor& operator=(const OwnedDescriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

class BareTcpHandshake {
 public:
  // Throws Error(Fault::system) where no socket is to be had.
  BareTcpHandshake(std::shared_ptr<const tls::ServerCredentials> server,
                   const tls::TrustStore& anchors, std::string host);
  ~BareTcpHandshake();
  BareTcpHandshake(const BareTcpHandshake&) = delete;
  BareTcpHandshake& operator=(const BareTcpHandshake&) = delete;

  // One connection, handshake and clean-up, of both ends. False: the client refused the chain.
  // Throws Error where it comes to nothing otherwise; no wait lasts longer than ten seconds.
  bool run();
  // What the server's end has cost so far, a part of the process's CPU time. Some of it comes a
  // little later than the run that it belongs to.
  Microseconds server_cpu_time();

 private:
  void serve();
  void serve_one(int connection) const;

  std::shared_ptr<const tls::ServerCredentials> server_;
  BareServerIdentity server_identity_;
  tls::CredentialsHandle client_;
  OwnedDescriptor listener_;
  std::uint16_t port_;
  std::mutex mutex_{};
  std::exception_ptr failure_{};  // the server's, guarded by mutex_
  std::jthread thread_;
};

}  // namespace startle
