#include "harness/tls/session.h"

#include <gnutls/ocsp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/tls/certificate_message.h"
#include "harness/tls/handshake_end.h"
#include "harness/tls/server_name.h"

namespace startle::tls {
namespace {

using net::IoResult;
using net::IoStatus;
using net::Task;

// Those of a client without a certificate hold nothing: anchors are the verifier's business.
gnutls_certificate_credentials_t empty_credentials() {
  static const auto empty = make<CredentialsHandle>(gnutls_certificate_allocate_credentials,
                                                    "gnutls_certificate_allocate_credentials");
  return empty.get();
}

}  // namespace

Session::Session(net::Stream& inner, unsigned role, gnutls_priority_t priority, bool tickets)
    : inner_(inner),
      is_client_(role == GNUTLS_CLIENT),
      takes_tickets_(tickets),
      session_(make<SessionHandle>(gnutls_init, "gnutls_init",
                                   role | GNUTLS_NONBLOCK | (tickets ? 0 : GNUTLS_NO_TICKETS) |
                                       (role == GNUTLS_CLIENT ? GNUTLS_FORCE_CLIENT_CERT : 0))) {
  gnutls_session_t s = session_.get();
  check(gnutls_priority_set(s, priority), "gnutls_priority_set");
  gnutls_session_set_ptr(s, this);
  gnutls_transport_set_ptr(s, this);
  gnutls_transport_set_pull_function(s, pull);
  gnutls_transport_set_push_function(s, push);
  gnutls_handshake_set_timeout(s, 0);  // deadlines are the stream's
}

std::unique_ptr<Session> Session::client(net::Stream& inner, const std::string& server_name,
                                         Verifier verifier, Strength strength,
                                         std::shared_ptr<const ClientCredentials> certificate,
                                         bool asks_for_staple, bool takes_tickets) {
  std::unique_ptr<Session> made(
      new Session(inner, GNUTLS_CLIENT, cached_priority(strength), takes_tickets));
  gnutls_session_t s = made->session_.get();
  made->verifier_ = std::move(verifier);
  gnutls_dh_set_prime_bits(s, kLeastDhBits);  // whatever certificates it takes
  check(gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE,
                               certificate ? certificate->get() : empty_credentials()),
        "gnutls_credentials_set");
  made->keep_alive_ = std::move(certificate);
  if (made->verifier_) gnutls_session_set_verify_function(s, verify);
  gnutls_handshake_set_hook_function(s, GNUTLS_HANDSHAKE_CERTIFICATE_PKT, GNUTLS_HOOK_PRE,
                                     see_certificates);
  if (asks_for_staple) {
    check(gnutls_ocsp_status_request_enable_client(s, nullptr, 0, nullptr),
          "gnutls_ocsp_status_request_enable_client");
  }
  // What is no host name is not sent: servers, ours among them, end the handshake at it.
  if (const std::string name = ascii_server_name(server_name); is_host_name(name)) {
    // RFC 6066, 3: without a final dot.
    const std::size_t size = name.size() - (name.ends_with('.') ? 1 : 0);
    check(gnutls_server_name_set(s, GNUTLS_NAME_DNS, name.data(), size), "gnutls_server_name_set");
  }
  return made;
}

std::unique_ptr<Session> Session::server(net::Stream& inner,
                                         std::shared_ptr<const ServerCredentials> credentials,
                                         const ServerOptions& options) {
  const ServerProfile* profile = options.profile;
  const bool early = profile != nullptr && profile->lie == ServerLie::reply_in_first_flight;
  const unsigned role = GNUTLS_SERVER | (early ? unsigned{GNUTLS_ENABLE_EARLY_START} : 0U);
  std::unique_ptr<Session> made(new Session(
      inner, role,
      profile == nullptr ? server_priority(options.versions) : profile->priority(options.versions),
      options.tickets != nullptr));
  if (options.tickets != nullptr) {
    const std::string& key = options.tickets->bytes();
    const gnutls_datum_t sealed{
        reinterpret_cast<unsigned char*>(const_cast<char*>(key.data())),  // NOLINT: is copied
        static_cast<unsigned>(key.size())};
    check(gnutls_session_ticket_enable_server(made->session_.get(), &sealed),
          "gnutls_session_ticket_enable_server");
  }
  check(gnutls_credentials_set(made->session_.get(), GNUTLS_CRD_CERTIFICATE, credentials->get()),
        "gnutls_credentials_set");
  gnutls_handshake_set_hook_function(made->session_.get(), GNUTLS_HANDSHAKE_CLIENT_HELLO,
                                     GNUTLS_HOOK_PRE, see_client_hello);
  if (options.asks_for_certificate) {
    gnutls_certificate_server_set_request(made->session_.get(), GNUTLS_CERT_REQUEST);
  }
  made->keep_alive_ = std::move(credentials);
  if (options.key_log) made->tell_secrets(options.key_log);
  if (profile != nullptr) made->lie(*profile);
  return made;
}

ssize_t Session::pull(gnutls_transport_ptr_t self, void* into, size_t size) noexcept {
  auto& s = *static_cast<Session*>(self);
  const std::size_t count = std::min(size, s.have_ - s.taken_);
  if (count == 0) {
    gnutls_transport_set_errno(s.session_.get(), EAGAIN);
    return -1;
  }
  std::memcpy(into, s.received_.data() + s.taken_, count);
  s.taken_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t Session::push(gnutls_transport_ptr_t self, const void* from, size_t size) noexcept {
  auto& s = *static_cast<Session*>(self);
  s.to_send_.append(static_cast<const char*>(from), size);
  return static_cast<ssize_t>(size);
}

int Session::verify(gnutls_session_t session) noexcept {
  auto& s = *static_cast<Session*>(gnutls_session_get_ptr(session));
  try {
    s.refusal_ = s.verifier_(s.chain_with(std::move(s.end_entity_)));
  } catch (...) {
    s.parked_ = std::current_exception();
    s.refusal_ = Alert::internal_error;
  }
  return s.refusal_ ? GNUTLS_E_CERTIFICATE_ERROR : 0;
}

int Session::see_certificates(gnutls_session_t session, unsigned /*type*/, unsigned /*when*/,
                              unsigned incoming, const gnutls_datum_t* body) noexcept {
  auto& s = *static_cast<Session*>(gnutls_session_get_ptr(session));
  if (incoming == 0) return 0;
  if (s.minds_downgrade_mark_ && s.has_downgrade_mark()) return GNUTLS_E_RECEIVED_ILLEGAL_PARAMETER;
  try {
    s.shown_chain_ = certificates_of({reinterpret_cast<const char*>(body->data), body->size},
                                     gnutls_protocol_get_version(session) == GNUTLS_TLS1_3);
    // GnuTLS ends a handshake that is signed with a key whose key usage forbids it. Where there is
    // a verifier that is its decision: Java asks only where it validates.
    if (!s.verifier_ || s.shown_chain_.empty()) return 0;
    const std::string& der = s.shown_chain_.front();
    s.end_entity_ = read_certificate(
        {.data = reinterpret_cast<unsigned char*>(const_cast<char*>(der.data())),  // only read
         .size = static_cast<unsigned>(der.size())});
    if (s.end_entity_ && !may_sign(s.end_entity_.get())) {
      gnutls_session_enable_compatibility_mode(session);
    }
  } catch (...) {
    s.parked_ = std::current_exception();
    return GNUTLS_E_INTERNAL_ERROR;
  }
  return 0;
}

IoStatus Session::flush() {
  if (to_send_.empty()) return IoStatus::ok;
  const std::optional<IoResult> sent = inner_.write_now(to_send_);
  to_send_.clear();
  return sent ? sent->status : IoStatus::ok;
}

void Session::take_in(const IoResult& read) {
  have_ = read.count;
  taken_ = 0;
  if (!is_client_ && !established_ && handshake_bytes_.size() < kMostHandshakeBytes) {
    handshake_bytes_.append(received_.data(), have_);
  }
}

void Session::note_received_alert() {
  alert_received_ = alert_name(static_cast<unsigned>(gnutls_alert_get(session_.get())));
}

HandshakeResult Session::give_up(HandshakeEnd end, std::string text, std::optional<Alert> alert) {
  if (alert) {
    const auto description = static_cast<gnutls_alert_description_t>(*alert);
    if (gnutls_alert_send(session_.get(), GNUTLS_AL_FATAL, description) >= 0) {
      alert_sent_ = alert_name(*alert);
    }
    flush();
  }
  return {.end = end, .text = std::move(text)};
}

Task<HandshakeResult> Session::handshake() {
  gnutls_session_t s = session_.get();
  while (true) {
    const int rc = gnutls_handshake(s);
    if (key_log_) tell_resumed_secret();
    if (parked_) std::rethrow_exception(std::exchange(parked_, nullptr));
    if (rc == GNUTLS_E_SUCCESS) {
      // The last flight travels with the first data: every wait flushes before it begins.
      established_ = true;
      handshake_bytes_ = {};
      co_return HandshakeResult{};
    }
    const IoStatus sent = flush();
    if (rc == GNUTLS_E_WARNING_ALERT_RECEIVED) {
      note_received_alert();
      continue;
    }
    if (gnutls_error_is_fatal(rc) != 0) {
      if (gave_up_) {
        co_return HandshakeResult{.end = HandshakeEnd::failed, .text = "ended by an alert"};
      }
      if (refusal_) co_return give_up(HandshakeEnd::refused, "refused", refusal_);
      if (rc == GNUTLS_E_FATAL_ALERT_RECEIVED) {
        note_received_alert();
        co_return HandshakeResult{.end = HandshakeEnd::alert_received,
                                  .text = "the peer sent the alert " + alert_received_};
      }
      if (const auto alert = plain_alert(handshake_bytes_)) {
        alert_received_ = alert_name(*alert);
        co_return HandshakeResult{.end = HandshakeEnd::alert_received,
                                  .text = "the peer sent the alert " + alert_received_};
      }
      int level = 0;
      const int description = gnutls_error_to_alert(rc, &level);
      const bool own = !is_client_ && is_own_failure(rc);
      co_return give_up(own ? HandshakeEnd::own_failure : HandshakeEnd::failed, text_of_error(rc),
                        static_cast<Alert>(description < 0 ? 80 : description));
    }
    if (sent != IoStatus::ok && sent != IoStatus::broken) {
      co_return HandshakeResult{.end = end_of(sent), .text = text_of(sent)};
    }
    if (taken_ < have_) continue;
    // A peer that is gone may have said why: what it sent is read even when our write failed.
    std::optional<IoResult> read = inner_.read_now(received_);
    while (!read) {
      const bool in_time = co_await inner_.readable();
      read = in_time ? inner_.read_now(received_) : IoResult{.status = IoStatus::timed_out};
    }
    const IoResult got = *read;
    take_in(got);
    if (got.status != IoStatus::ok) {
      co_return HandshakeResult{.end = end_of(got.status), .text = text_of(got.status)};
    }
    if (!std::exchange(anything_received_, true) && !opens_record(received_.front())) {
      co_return give_up(HandshakeEnd::not_tls,
                        "the peer sent plain text where a TLS handshake belongs",
                        is_client_ ? std::optional(Alert::unexpected_message) : std::nullopt);
    }
  }
}

std::optional<IoResult> Session::read_now(std::span<char> into) {
  // GnuTLS is only asked for what there is: each question costs it as much as a short record.
  bool asks = renegotiates_ || taken_ < have_ || gnutls_record_check_pending(session_.get()) > 0;
  while (true) {
    const ssize_t rc = std::exchange(asks, true) ? receive(into) : ssize_t{GNUTLS_E_AGAIN};
    if (rc > 0) return IoResult{.count = static_cast<std::size_t>(rc)};
    if (rc == 0) {
      alert_received_ = alert_name(Alert::close_notify);
      return IoResult{.status = IoStatus::closed};
    }
    const int error = static_cast<int>(rc);
    if (error == GNUTLS_E_FATAL_ALERT_RECEIVED || error == GNUTLS_E_WARNING_ALERT_RECEIVED) {
      note_received_alert();
    }
    if (gnutls_error_is_fatal(error) != 0) return IoResult{.status = IoStatus::broken};
    if (error != GNUTLS_E_AGAIN) continue;
    const IoStatus flushed = flush();
    if (flushed != IoStatus::ok) return IoResult{.status = flushed};
    // GnuTLS also says "again" behind a record without data (a ticket, a key update).
    if (taken_ < have_) continue;
    const std::optional<IoResult> got = inner_.read_now(received_);
    if (!got) return std::nullopt;
    take_in(*got);
    if (got->status != IoStatus::ok) return got;
  }
}

std::optional<IoResult> Session::write_now(std::string_view bytes) {
  std::string_view left = bytes;
  while (!left.empty()) {
    const ssize_t rc = gnutls_record_send(session_.get(), left.data(), left.size());
    if (rc < 0) return IoResult{.status = IoStatus::broken};
    left.remove_prefix(static_cast<std::size_t>(rc));
  }
  if (holding_) return IoResult{.count = bytes.size()};
  std::optional<IoResult> sent = inner_.write_now(to_send_);
  to_send_.clear();
  if (sent) sent->count = sent->status == IoStatus::ok ? bytes.size() : 0;
  return sent;
}

Task<IoResult> Session::close_notify() {
  gnutls_bye(session_.get(), GNUTLS_SHUT_WR);
  if (alert_sent_.empty()) alert_sent_ = alert_name(Alert::close_notify);
  holding_ = false;
  co_return co_await write({});
}

std::string Session::version() const {
  if (!established_) return "";
  return gnutls_protocol_get_name(gnutls_protocol_get_version(session_.get()));
}

std::string Session::cipher() const {
  const char* name = established_ ? gnutls_ciphersuite_get(session_.get()) : nullptr;
  return name == nullptr ? "" : name;
}

std::string Session::group() const {
  const auto group = established_ ? gnutls_group_get(session_.get()) : GNUTLS_GROUP_INVALID;
  const char* name = group == GNUTLS_GROUP_INVALID ? nullptr : gnutls_group_get_name(group);
  return name == nullptr ? "" : name;
}

void Session::offer_alone(gnutls_priority_t priority) {
  check(gnutls_priority_set(session_.get(), priority), "gnutls_priority_set");
}

std::optional<sasl::ChannelBinding> Session::channel_binding() const {
  if (!established_) return std::nullopt;
  const bool exporter = gnutls_protocol_get_version(session_.get()) == GNUTLS_TLS1_3;
  if (!exporter && gnutls_session_ext_master_secret_status(session_.get()) == 0)
    return std::nullopt;
  gnutls_datum_t data{};
  const auto type = exporter ? GNUTLS_CB_TLS_EXPORTER : GNUTLS_CB_TLS_UNIQUE;
  if (gnutls_session_channel_binding(session_.get(), type, &data) != GNUTLS_E_SUCCESS) {
    return std::nullopt;
  }
  sasl::ChannelBinding made{.type = exporter ? "tls-exporter" : "tls-unique",
                            .data = {reinterpret_cast<const char*>(data.data), data.size}};
  gnutls_free(data.data);
  return made;
}

void Session::resume(const std::string& data) {
  if (data.empty()) return;
  check(gnutls_session_set_data(session_.get(), data.data(), data.size()),
        "gnutls_session_set_data");
}

std::string Session::resumption_data() const {
  if (!established_ || !takes_tickets_) return {};
  // Where there is none yet, GnuTLS would wait for one.
  if ((gnutls_session_get_flags(session_.get()) & GNUTLS_SFLAGS_SESSION_TICKET) == 0) return {};
  gnutls_datum_t data{};
  if (gnutls_session_get_data2(session_.get(), &data) != GNUTLS_E_SUCCESS) return {};
  std::string made(reinterpret_cast<const char*>(data.data), data.size);
  gnutls_free(data.data);
  return made;
}

bool Session::is_resumed() const {
  return established_ && gnutls_session_is_resumed(session_.get()) != 0;
}

TicketKey::TicketKey() {
  gnutls_datum_t key{};
  check(gnutls_session_ticket_key_generate(&key), "gnutls_session_ticket_key_generate");
  bytes_.assign(reinterpret_cast<const char*>(key.data), key.size);
  gnutls_free(key.data);
}

std::string Session::server_name() const {
  if (!odd_server_name_.empty()) return odd_server_name_;
  std::array<char, 256> name{};
  std::size_t size = name.size();
  unsigned type = 0;
  if (gnutls_server_name_get(session_.get(), name.data(), &size, &type, 0) < 0) return "";
  return {name.data(), size};
}

PeerChain Session::peer_chain() const {
  return chain_with(nullptr);
}

PeerChain Session::chain_with(Certificate end_entity) const {
  unsigned count = 0;
  const gnutls_datum_t* list = gnutls_certificate_get_peers(session_.get(), &count);
  gnutls_datum_t staple{};  // of the end entity; it stays GnuTLS's
  if (!is_client_ || gnutls_ocsp_status_request_get2(session_.get(), 0, &staple) < 0) staple = {};
  const bool transports = gnutls_kx_get(session_.get()) == GNUTLS_KX_RSA;
  return PeerChain({list, list == nullptr ? 0 : count},
                   {reinterpret_cast<const char*>(staple.data), staple.size},
                   transports ? PeerChain::KeyUse::transport : PeerChain::KeyUse::signature,
                   std::move(end_entity));
}

std::string library_version() {
  return std::string("GnuTLS ") + gnutls_check_version(nullptr);
}

}  // namespace startle::tls
