#pragma once
// What a session of either protocol stands on: a configuration that is complete, a connection, TLS
// with the verdict on the server's certificate, and the ending of whatever fails on the way.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/client/certificate_check.h"
#include "harness/client/channel.h"
#include "harness/client/decisions.h"
#include "harness/client/outcome.h"
#include "harness/client/phase_recorder.h"
#include "harness/client/process_state.h"
#include "harness/client/settings.h"
#include "harness/client/trust.h"
#include "harness/net/connect.h"
#include "harness/net/world.h"
#include "harness/tls/session.h"

namespace startle::client {

// Each step returns false once the ending is known, and stands in outcome_.
class SecureConnection {
 public:
  // All of them must outlive the connection. `state`: what is kept for later goes there; null:
  // nothing is.
  SecureConnection(net::World& world, const Settings& settings, const Decisions& decisions,
                   ProcessState* state = nullptr)
      : world_(world), settings_(settings), decisions_(decisions), state_(state), phases_(world) {}
  SecureConnection(const SecureConnection&) = delete;
  SecureConnection& operator=(const SecureConnection&) = delete;

 protected:
  ~SecureConnection() = default;

  bool wants_tls() const { return decisions_.demands_tls(settings_); }
  // The client's certificate is its credential (RFC 4422, A).
  bool wants_external() const { return settings_.mechanism == "EXTERNAL"; }
  bool uses_java() const;
  bool inside_tls() const { return tls_ != nullptr; }
  bool looks_on() const { return decisions_.reads_offers_before_stopping(); }

  void enter(Phase phase);
  // Always false.
  bool end(words::Ending ending, std::string sentence);
  bool end_without(const NoReply& no_reply);

  // EXTERNAL needs TLS and a certificate.
  bool can_use_external();
  // Reads `trust` where TLS is demanded.
  bool can_trust();
  net::Task<bool> connect(net::Connector& connector);
  // What stands behind the go-ahead in the same segment.
  bool accepts_left_behind(std::string_view go_ahead);
  // On success channel() speaks inside TLS from here on.
  net::Task<bool> handshake();
  // The exchange goes no further than this step, which has been taken: the ending is known.
  bool stops_after(StopAfter step);
  // Once nothing more will happen.
  Outcome finished();

  virtual Channel& channel() = 0;

  net::World& world_;
  const Settings& settings_;
  const Decisions& decisions_;
  ProcessState* state_;
  PhaseRecorder phases_;
  Outcome outcome_{};
  bool may_quit_ = true;  // the server listens for a last word
  std::unique_ptr<net::Stream> clear_{};
  std::unique_ptr<tls::Session> tls_{};  // after clear_: it writes through that

 private:
  void keep_ticket();

  Trust trust_{};
  std::optional<Refusal> refusal_{};
};

}  // namespace startle::client
