#pragma once
// A TLS session (1.2 or 1.3) over a Stream, itself a Stream. GnuTLS never waits: it reads from and
// writes to buffers, and the coroutine moves those.

#include <array>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/net/stream.h"
#include "harness/sasl/mechanism.h"
#include "harness/tls/alert.h"
#include "harness/tls/credentials.h"
#include "harness/tls/handle.h"
#include "harness/tls/key_log.h"
#include "harness/tls/peer_chain.h"
#include "harness/tls/priority.h"
#include "harness/tls/server_profile.h"

namespace startle::tls {

enum class HandshakeEnd {
  established,
  refused,         // by our own verifier
  alert_received,  // the peer refused
  not_tls,         // the peer's first bytes are no TLS record
  failed,          // anything else within TLS: no common version, a malformed message, ..
  own_failure,     // a server's TLS library could not go on, whatever the client is like
  closed,          // the peer closed
  timed_out,
  broken,
};

struct HandshakeResult {
  HandshakeEnd end = HandshakeEnd::established;
  std::string text{};  // for a person, unless established
};

// Looks at the peer's certificates in the middle of the handshake; an alert refuses them.
using Verifier = std::function<std::optional<Alert>(const PeerChain&)>;

// What a server seals its tickets with (RFC 5077, 4). Shared by those that take each other's.
class TicketKey {
 public:
  TicketKey();  // another each time
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

struct ServerOptions {
  // Asks the client for a certificate and takes whatever it shows, also none: what that is worth is
  // asked of peer_chain() afterwards (RFC 8446, 4.3.2).
  bool asks_for_certificate = false;
  Versions versions = Versions::all;
  const ServerProfile* profile = nullptr;  // must outlive the session; null: a sound server
  const TicketKey* tickets = nullptr;      // null: it issues none, and takes none
  KeyLog key_log{};                        // none: as tell_secrets() was not called
};

class Session final : public net::Stream {
 public:
  // `server_name`: for SNI, where it is a host name (RFC 6066, 3), with A-labels for U-labels.
  // Without a verifier the peer is not verified. `certificate` is shown to a server that asks for
  // one, whichever authorities it names: what comes of it is what a user wants to know (RFC 8446,
  // 4.4.2.3 only says SHOULD). With `asks_for_staple` the verifier's chain holds the OCSP response
  // that the server staples (RFC 6066, 8). The inner stream must outlive the session.
  static std::unique_ptr<Session> client(
      net::Stream& inner, const std::string& server_name, Verifier verifier,
      Strength strength = Strength::medium,
      std::shared_ptr<const ClientCredentials> certificate = nullptr, bool asks_for_staple = false,
      bool takes_tickets = false);
  static std::unique_ptr<Session> server(net::Stream& inner,
                                         std::shared_ptr<const ServerCredentials> credentials,
                                         const ServerOptions& options = {});

  // Before the handshake: each secret is told as soon as there is one, and so before anything that
  // it protects is sent, or handed on. What $SSLKEYLOGFILE names, GnuTLS writes besides.
  void tell_secrets(KeyLog log);

  // A client's, before the handshake, where it is to have a defect: what it offers beside, and that
  // it does not look for the mark of a downgrade.
  void offer_also(Offer offer);
  // So, in place of what it would offer; `priority` outlives it.
  void offer_alone(gnutls_priority_t priority);
  void overlook_downgrade_mark() { minds_downgrade_mark_ = false; }

  // Until the inner stream's deadline. Sends the alert that fits when it does not succeed; when it
  // does, our last flight may go only with the next read, write or close_notify.
  net::Task<HandshakeResult> handshake();

  std::optional<net::IoResult> read_now(std::span<char> into) override;
  net::Task<bool> readable() override { return inner_.readable(); }
  std::optional<net::IoResult> write_now(std::string_view bytes) override;
  net::Task<net::IoResult> written() override { return inner_.written(); }
  void set_deadline(net::Instant deadline) override { inner_.set_deadline(deadline); }
  void close() override { inner_.close(); }
  void reset() override { inner_.reset(); }

  // What is written from here on waits, to travel in one segment with close_notify().
  void hold_until_close() { holding_ = true; }
  // Tells the peer that nothing more will come (close_notify).
  net::Task<net::IoResult> close_notify();

  // A server's, inside TLS: what none sends there. CertificateRequest and HelloRequest are without
  // a body, and TLS 1.2 knows no KeyUpdate.
  net::Task<net::IoResult> say_alert(SaidAlert alert);
  // Goes with what is written next, in one segment, or before the next wait.
  void say_message(Message message);

  // "TLS1.3"; empty before the handshake is done.
  std::string version() const;
  // Its name in the registry, "TLS_AES_256_GCM_SHA384"; empty before the handshake is done.
  std::string cipher() const;
  // Of the key exchange, "X25519"; empty: none of a named group, or not done yet.
  std::string group() const;
  // Names of the alerts that went over the wire; empty: none. close_notify is one.
  const std::string& alert_sent() const { return alert_sent_; }
  const std::string& alert_received() const { return alert_received_; }
  bool heard_anything() const { return anything_received_; }
  // After HandshakeEnd::not_tls: the plain text that came instead, as far as it was read.
  std::string plain_text() const { return {received_.data() + taken_, have_ - taken_}; }
  // The name the peer asked for by SNI (server).
  std::string server_name() const;
  // The peer's ClientHello has status_request (server; RFC 6066, 8).
  bool is_asked_for_staple() const { return asked_for_staple_; }
  // What a SASL mechanism binds to: tls-exporter inside TLS 1.3 (RFC 9266, 2), tls-unique
  // inside 1.2 (RFC 5929, 3; neither of us renegotiates, RFC 9266, 4.2). Nothing before the
  // handshake is done, and nothing inside TLS 1.2 without the extended master secret (RFC 7677, 4).
  std::optional<sasl::ChannelBinding> channel_binding() const;
  // A client's that takes tickets, before the handshake: to resume a session whose
  // resumption_data() this is, if the server agrees; what is verified then is nothing. Empty: none.
  void resume(const std::string& data);
  // What a later session resumes this one by; empty: the server has sent no ticket.
  std::string resumption_data() const;
  bool is_resumed() const;
  // What the peer has shown, end entity first; empty when that is nothing.
  PeerChain peer_chain() const;
  // The same as it was sent, once: also what GnuTLS cannot read, and where the handshake came to
  // nothing (client).
  std::vector<std::string> take_shown_chain() { return std::exchange(shown_chain_, {}); }

 private:
  Session(net::Stream& inner, unsigned role, gnutls_priority_t priority, bool tickets);
  static ssize_t pull(gnutls_transport_ptr_t self, void* into, size_t size) noexcept;
  static ssize_t push(gnutls_transport_ptr_t self, const void* from, size_t size) noexcept;
  static int verify(gnutls_session_t session) noexcept;
  static int see_client_hello(gnutls_session_t session, unsigned type, unsigned when,
                              unsigned incoming, const gnutls_datum_t* body) noexcept;
  static int hide_in_hello(gnutls_session_t session, const unsigned char* data,
                           std::size_t size) noexcept;
  static int see_message(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                         const gnutls_datum_t* body) noexcept;
  static int see_secret(gnutls_session_t session, const char* label,
                        const gnutls_datum_t* secret) noexcept;
  void tell_resumed_secret();
  void lie(const ServerProfile& profile);
  int tamper(unsigned type, unsigned incoming, const gnutls_datum_t& body);
  int send_alert(const SaidAlert& alert);
  bool has_downgrade_mark() const;
  // `end_entity`: the first of the peer's certificates, where it has been read.
  PeerChain chain_with(Certificate end_entity) const;
  ssize_t receive(std::span<char> into);
  static int see_certificates(gnutls_session_t session, unsigned type, unsigned when,
                              unsigned incoming, const gnutls_datum_t* body) noexcept;

  // Passes on what GnuTLS wants sent; what the inner stream cannot take at once it sends before the
  // next wait.
  net::IoStatus flush();
  // Takes in what the inner stream has read into received_.
  void take_in(const net::IoResult& read);
  HandshakeResult give_up(HandshakeEnd end, std::string text, std::optional<Alert> alert);
  void note_received_alert();

  net::Stream& inner_;
  bool is_client_;
  bool takes_tickets_;  // GnuTLS 3.7 hears of them in TLS 1.3 whatever it was told
  Verifier verifier_{};
  KeyLog key_log_{};
  gnutls_keylog_func usual_key_log_ = nullptr;  // GnuTLS's own, for $SSLKEYLOGFILE
  std::shared_ptr<const void> keep_alive_{};
  std::optional<Alert> refusal_{};
  std::exception_ptr parked_{};  // thrown under GnuTLS's frames, rethrown above them
  // From the peer; GnuTLS has taken all of it before more is read.
  std::array<char, 4096> received_;  // NOLINT: filled by reads
  std::size_t have_ = 0;
  std::size_t taken_ = 0;
  static constexpr std::size_t kMostHandshakeBytes = 1 << 16;
  std::string handshake_bytes_{};  // a server's: what came until the handshake was done
  std::string to_send_{};
  // A server's: the name of SNI that is no host name, and where it stands in the message.
  std::string odd_server_name_{};
  unsigned char* name_in_message_ = nullptr;
  // Of a server that gives a group of its own: the groups that the client names, there too.
  std::span<unsigned char> groups_in_message_{};
  std::vector<std::string> shown_chain_{};  // a client's
  Certificate end_entity_{};       // its first, from where it is shown to where it is judged
  bool asked_for_staple_ = false;  // a server's
  const ServerProfile* profile_ = nullptr;  // a server's
  std::optional<Message> sent_as_{};        // the type that the next message gets
  bool gave_up_ = false;                    // by an alert of its profile
  bool renegotiates_ = false;               // as the client wished
  bool minds_downgrade_mark_ = true;        // a client's
  bool anything_received_ = false;
  bool established_ = false;
  bool holding_ = false;
  bool told_resumed_ = false;  // what GnuTLS does not
  std::string alert_sent_{};
  std::string alert_received_{};
  SessionHandle session_;
};

// "GnuTLS 3.7.9"
std::string library_version();

}  // namespace startle::tls
