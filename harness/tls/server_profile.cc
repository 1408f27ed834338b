#include "harness/tls/server_profile.h"

#include <gnutls/crypto.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>

#include "harness/base/bytes.h"
#include "harness/tls/client_hello.h"
#include "harness/tls/session.h"

namespace startle::tls {
namespace {

using net::IoResult;
using net::Task;

constexpr unsigned kUnrecognizedName = 112;
constexpr std::size_t kHeader = 4;  // of a handshake message: type, length (3)

unsigned char number_of(Message message) {
  switch (message) {
    case Message::hello_request:
      break;
    case Message::server_hello:
      return 2;
    case Message::encrypted_extensions:
      return 8;
    case Message::certificate:
      return 11;
    case Message::server_key_exchange:
      return 12;
    case Message::certificate_request:
      return 13;
    case Message::server_hello_done:
      return 14;
    case Message::certificate_verify:
      return 15;
    case Message::finished:
      return 20;
    case Message::key_update:
      return 24;
  }
  return 0;
}

// ":-GROUP-ALL:+GROUP-X448"; "": there are none.
std::string instead(const std::string& prefix, const std::vector<std::string>& words) {
  if (words.empty()) return "";
  std::string text = ":-" + prefix + "ALL";
  for (const std::string& one : words) text += ":+" + prefix + one;
  return text;
}

gnutls_anon_server_credentials_t anonymous_server() {
  using Owner = Handle<gnutls_anon_server_credentials_t, gnutls_anon_free_server_credentials>;
  static const auto made = make<Owner>(gnutls_anon_allocate_server_credentials,
                                       "gnutls_anon_allocate_server_credentials");
  return made.get();
}

gnutls_anon_client_credentials_t anonymous_client() {
  using Owner = Handle<gnutls_anon_client_credentials_t, gnutls_anon_free_client_credentials>;
  static const auto made = make<Owner>(gnutls_anon_allocate_client_credentials,
                                       "gnutls_anon_allocate_client_credentials");
  return made.get();
}

// Of a stranger; of the kind that the certificate has, or the client would not come to the
// signature.
gnutls_x509_privkey_t another_key(gnutls_pk_algorithm_t kind) {
  const auto generated = [](gnutls_pk_algorithm_t of, unsigned bits) {
    auto key = make<PrivateKey>(gnutls_x509_privkey_init, "gnutls_x509_privkey_init");
    check(gnutls_x509_privkey_generate(key.get(), of, bits, 0), "gnutls_x509_privkey_generate");
    return key;
  };
  if (kind != GNUTLS_PK_RSA) {
    static const PrivateKey ecdsa =
        generated(GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1));
    return ecdsa.get();
  }
  static const PrivateKey rsa = generated(GNUTLS_PK_RSA, 2048);
  return rsa.get();
}

std::vector<std::string> chain_of(gnutls_certificate_credentials_t credentials) {
  std::vector<std::string> chain;
  gnutls_datum_t der{};
  for (unsigned i = 0; gnutls_certificate_get_crt_raw(credentials, 0, i, &der) >= 0; ++i) {
    chain.emplace_back(reinterpret_cast<const char*>(der.data), der.size);
  }
  return chain;
}

std::shared_ptr<const ServerCredentials> with_another_key(gnutls_session_t session) {
  void* raw = nullptr;
  check(gnutls_credentials_get(session, GNUTLS_CRD_CERTIFICATE, &raw), "gnutls_credentials_get");
  const auto chain = chain_of(static_cast<gnutls_certificate_credentials_t>(raw));
  const Certificate leaf = certificate_from_der(chain.at(0));
  const auto kind = gnutls_x509_crt_get_pk_algorithm(leaf.get(), nullptr);
  return std::make_shared<ServerCredentials>(chain,
                                             another_key(static_cast<gnutls_pk_algorithm_t>(kind)));
}

// The second Oakley group (RFC 2409, 6.2): a safe prime of 1024 bits.
gnutls_dh_params_t weak_group() {
  using Owner = Handle<gnutls_dh_params_t, gnutls_dh_params_deinit>;
  static const Owner group = [] {
    const std::string prime = *from_hex(
        "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e"
        "34"
        "04ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5c"
        "b6"
        "f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff");
    const std::string two(1, '\2');
    const auto datum = [](const std::string& bytes) {
      return gnutls_datum_t{
          .data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data())),  // only read
          .size = static_cast<unsigned>(bytes.size())};
    };
    const gnutls_datum_t p = datum(prime);
    const gnutls_datum_t g = datum(two);
    auto made = make<Owner>(gnutls_dh_params_init, "gnutls_dh_params_init");
    check(gnutls_dh_params_import_raw(made.get(), &p, &g), "gnutls_dh_params_import_raw");
    return made;
  }();
  return group.get();
}

// GnuTLS's gnutls_params_function.
int give_weak_group(gnutls_session_t /*session*/, gnutls_params_type_t type,
                    gnutls_params_st* into) noexcept {
  try {
    *into = {.type = type, .params = {.dh = weak_group()}, .deinit = 0};
  } catch (...) {
    return GNUTLS_E_INTERNAL_ERROR;
  }
  return type == GNUTLS_PARAMS_DH ? 0 : GNUTLS_E_INVALID_REQUEST;
}

std::shared_ptr<const ServerCredentials> with_weak_group(gnutls_session_t session) {
  void* raw = nullptr;
  check(gnutls_credentials_get(session, GNUTLS_CRD_CERTIFICATE, &raw), "gnutls_credentials_get");
  auto* own = static_cast<gnutls_certificate_credentials_t>(raw);
  gnutls_x509_privkey_t key = nullptr;
  check(gnutls_certificate_get_x509_key(own, 0, &key), "gnutls_certificate_get_x509_key");
  const PrivateKey owned(key);
  auto made = std::make_shared<ServerCredentials>(chain_of(own), key);
  // One that is set once and for all GnuTLS takes for a wish of so many bits.
  gnutls_certificate_set_params_function(made->get(), give_weak_group);
  return made;
}

// The last eight octets (RFC 8446, 4.1.3).
std::string downgrade_mark(bool to_tls_1_2) {
  return std::string("DOWNGRD") + (to_tls_1_2 ? '\1' : '\0');
}

void mark_random(gnutls_session_t session, const std::string& mark) {
  std::array<unsigned char, 32> random{};  // RFC 8446, 4.1.3
  check(gnutls_rnd(GNUTLS_RND_NONCE, random.data(), random.size() - mark.size()), "gnutls_rnd");
  std::copy(mark.begin(), mark.end(), random.end() - static_cast<std::ptrdiff_t>(mark.size()));
  const gnutls_datum_t all{.data = random.data(), .size = static_cast<unsigned>(random.size())};
  check(gnutls_handshake_set_random(session, &all), "gnutls_handshake_set_random");
}

// An empty list takes the place of what `body` is, a Certificate message; the octets behind it
// become a message of their own, which nobody will come to. GnuTLS has the header before the body.
void empty_list(const gnutls_datum_t& body, bool tls_1_3) {
  const std::size_t list = tls_1_3 ? 4 : 3;  // the length of the list, in 1.3 of a context too
  if (body.size < list + kHeader) return;
  const auto put = [](unsigned char* at, std::size_t value) {
    const std::string octets = big_endian(value, 3);
    std::copy(octets.begin(), octets.end(), at);
  };
  put(body.data - 3, list);
  std::fill_n(body.data, list + 1, static_cast<unsigned char>(0));
  put(body.data + list + 1, body.size - list - kHeader);
}

void apply(const MessageChange& change, const gnutls_datum_t& body) {
  const auto size = static_cast<long>(body.size);
  const long at = change.octet < 0 ? size + change.octet : change.octet - 1;
  if (at < 0 || at + std::max<long>(1, static_cast<long>(change.bytes.size())) > size) return;
  if (change.bytes.empty()) body.data[at] = static_cast<unsigned char>(body.data[at] ^ 1U);
  std::copy(change.bytes.begin(), change.bytes.end(), body.data + at);
}

// RFC 6066, 3: a DNS name in LDH labels (RFC 5890, 2.3.1), without the final dot. The client has
// rules of its own.
bool is_server_name(std::string_view name) {
  constexpr std::string_view kInLabels =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
  const bool written = name.find_first_not_of(kInLabels) == std::string_view::npos;
  const std::size_t last = name.find_last_of('.') + 1;
  const bool number = name.find_first_not_of("0123456789", last) == std::string_view::npos;
  return written && !number && !name.starts_with('.') && name.find("..") == std::string_view::npos;
}

// Whether a server that lies so goes on with what the ClientHello says in SNI.
bool takes_server_name(ServerLie lie, const gnutls_datum_t& hello) {
  const auto name = server_name_in({reinterpret_cast<const char*>(hello.data), hello.size});
  if (lie == ServerLie::demands_server_name) return name.has_value();
  if (lie != ServerLie::strict_server_name || !name) return true;
  return is_server_name(*name);
}

}  // namespace

gnutls_priority_t ServerProfile::priority(Versions otherwise) const {
  std::string text = server_priority_text(otherwise);
  std::vector<std::string> numbers;
  for (const Version version : versions) numbers.push_back("TLS" + std::string(word(version)));
  text += instead("VERS-", numbers) + instead("GROUP-", groups);
  if (!ciphers.empty()) {
    text += ":-CIPHER-ALL";
    for (const std::string& cipher : ciphers) text += ":+" + cipher;
  }
  text += instead("SIGN-", signatures);
  if (lie == ServerLie::anonymous) text += ":-VERS-TLS1.3:-KX-ALL:+ANON-ECDH";
  if (lie == ServerLie::weak_dh) text += ":-VERS-TLS1.3:-KX-ALL:+DHE-RSA";
  if (lie == ServerLie::no_secure_renegotiation) {
    text += ":-VERS-TLS1.3:%DISABLE_SAFE_RENEGOTIATION";
  }
  static std::mutex mutex;
  static std::map<std::string, PriorityHandle> made;
  const std::lock_guard lock(mutex);
  PriorityHandle& one = made[text];
  if (!one) one = parse_priority(text);
  return one.get();
}

void Session::lie(const ServerProfile& profile) {
  profile_ = &profile;
  gnutls_session_t s = session_.get();
  gnutls_handshake_set_hook_function(s, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_PRE, see_message);
  switch (profile.lie) {
    case ServerLie::another_key: {
      auto credentials = with_another_key(s);
      check(gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE, credentials->get()),
            "gnutls_credentials_set");
      keep_alive_ = std::move(credentials);
      break;
    }
    case ServerLie::anonymous:
      check(gnutls_credentials_set(s, GNUTLS_CRD_ANON, anonymous_server()),
            "gnutls_credentials_set");
      break;
    case ServerLie::weak_dh: {
      auto credentials = with_weak_group(s);
      check(gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE, credentials->get()),
            "gnutls_credentials_set");
      keep_alive_ = std::move(credentials);
      break;
    }
    case ServerLie::downgrade_mark_tls_1_1:
    case ServerLie::downgrade_mark_tls_1_2:
      mark_random(s, downgrade_mark(profile.lie == ServerLie::downgrade_mark_tls_1_2));
      break;
    case ServerLie::none:
    case ServerLie::no_certificates:
    case ServerLie::demands_server_name:
    case ServerLie::strict_server_name:
    case ServerLie::reply_in_first_flight:
    case ServerLie::no_secure_renegotiation:
      break;
  }
}

int Session::see_message(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                         const gnutls_datum_t* body) noexcept {
  auto& s = *static_cast<Session*>(gnutls_session_get_ptr(session));
  try {
    if (type == GNUTLS_HANDSHAKE_CLIENT_HELLO && incoming != 0) {
      const int seen = see_client_hello(session, type, when, incoming, body);
      if (seen < 0) return seen;
    }
    return s.tamper(type, incoming, *body);
  } catch (...) {
    s.parked_ = std::current_exception();
    return GNUTLS_E_INTERNAL_ERROR;
  }
}

int Session::tamper(unsigned type, unsigned incoming, const gnutls_datum_t& body) {
  const auto is = [type](Message message) { return type == number_of(message); };
  const bool tls_1_3 = gnutls_protocol_get_version(session_.get()) == GNUTLS_TLS1_3;
  if (incoming != 0) {
    if (type == GNUTLS_HANDSHAKE_CLIENT_HELLO && !takes_server_name(profile_->lie, body)) {
      return send_alert({.number = kUnrecognizedName});
    }
    // Before TLS 1.3 the server's own Finished stands behind its ChangeCipherSpec, which an alert
    // would overtake.
    if (profile_->alert && profile_->alert->before == Message::finished && !tls_1_3 &&
        is(Message::finished)) {
      return send_alert(profile_->alert->alert);
    }
    return 0;
  }
  if (profile_->alert && is(profile_->alert->before) && (tls_1_3 || !is(Message::finished))) {
    const int sent = send_alert(profile_->alert->alert);
    if (sent < 0) return sent;
  }
  for (const MessageChange& one : profile_->changes) {
    if (is(one.message)) apply(one, body);
  }
  if (is(Message::certificate) && profile_->lie == ServerLie::no_certificates) {
    empty_list(body, tls_1_3);
  }
  if (sent_as_) *(body.data - kHeader) = number_of(*sent_as_);
  return 0;
}

int Session::send_alert(const SaidAlert& alert) {
  const bool warning = alert.level == AlertLevel::warning;
  gnutls_alert_send(session_.get(), warning ? GNUTLS_AL_WARNING : GNUTLS_AL_FATAL,
                    static_cast<gnutls_alert_description_t>(alert.number));
  alert_sent_ = alert_name(alert.number);
  if (warning) return 0;
  gave_up_ = true;
  return GNUTLS_E_APPLICATION_ERROR_MIN;
}

Task<IoResult> Session::say_alert(SaidAlert alert) {
  send_alert(alert);
  co_return co_await write({});
}

void Session::say_message(Message message) {
  gnutls_session_t s = session_.get();
  const bool tls_1_3 = gnutls_protocol_get_version(s) == GNUTLS_TLS1_3;
  if (profile_ == nullptr) {
    static const ServerProfile sound{};
    profile_ = &sound;
    gnutls_handshake_set_hook_function(s, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_PRE, see_message);
  }
  // Each version has one message that a server of GnuTLS sends inside TLS; its type is ours.
  sent_as_ = message;
  const int said = tls_1_3 ? gnutls_session_key_update(s, GNUTLS_KU_PEER) : gnutls_rehandshake(s);
  sent_as_.reset();
  check(said, tls_1_3 ? "gnutls_session_key_update" : "gnutls_rehandshake");
}

// A client may renegotiate when asked to (RFC 5246, 7.4.1.1), and then has to be answered.
ssize_t Session::receive(std::span<char> into) {
  gnutls_session_t s = session_.get();
  if (renegotiates_) {
    const int rc = gnutls_handshake(s);
    if (rc == GNUTLS_E_GOT_APPLICATION_DATA) return GNUTLS_E_UNEXPECTED_PACKET;
    if (rc < 0) return rc;
    renegotiates_ = false;
  }
  const ssize_t rc = gnutls_record_recv(s, into.data(), into.size());
  if (rc != GNUTLS_E_REHANDSHAKE || is_client_) return rc;
  renegotiates_ = true;
  return receive(into);
}

// ---- a client's --------------------------------------------------------------------------------

void Session::offer_also(Offer offer) {
  check(gnutls_priority_set(session_.get(), cached_priority(offer)), "gnutls_priority_set");
  if (offer == Offer::weak_dh) gnutls_dh_set_prime_bits(session_.get(), kWeakDhBits);
  if (offer != Offer::anonymous) return;
  check(gnutls_credentials_set(session_.get(), GNUTLS_CRD_ANON, anonymous_client()),
        "gnutls_credentials_set");
}

// RFC 8446, 4.1.3. GnuTLS looks for one of the two.
bool Session::has_downgrade_mark() const {
  if (gnutls_protocol_get_version(session_.get()) == GNUTLS_TLS1_3) return false;
  gnutls_datum_t server{};
  gnutls_session_get_random(session_.get(), nullptr, &server);
  const std::string_view random(reinterpret_cast<const char*>(server.data), server.size);
  return random.ends_with(downgrade_mark(false)) || random.ends_with(downgrade_mark(true));
}

}  // namespace startle::tls
