// How a server lies in TLS, as the records on the wire and a client's GnuTLS show it.

#include "harness/tls/server_profile.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "harness/net/memory.h"
#include "harness/net/tap.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/session.h"

namespace startle::tls {
namespace {

using namespace std::chrono_literals;
using net::Task;

struct Met {
  HandshakeResult at_client{.end = HandshakeEnd::broken};
  HandshakeResult at_server{.end = HandshakeEnd::broken};
  std::string version{};
  std::string alert_sent{};           // by the client
  std::string alert_received{};       // by the client
  std::string from_server{};          // what went over the wire
  std::size_t before_last_write = 0;  // octets of it
  std::string heard{};                // inside TLS, by the client
};

using Speech = std::function<Task<void>(Session&)>;

Task<void> serve(Session& server, Met& met, const Speech& speech) {
  met.at_server = co_await server.handshake();
  if (met.at_server.end != HandshakeEnd::established) co_return;
  if (speech) co_await speech(server);
  co_await server.write("hello");
  std::array<char, 64> chunk{};
  net::IoResult got = co_await server.read_some(chunk);  // what the client says to all that
  while (got.status == net::IoStatus::ok) got = co_await server.read_some(chunk);
  server.close();
}

Task<void> use(Session& client, Met& met) {
  met.at_client = co_await client.handshake();
  if (met.at_client.end == HandshakeEnd::established) {
    std::array<char, 64> chunk{};
    const net::IoResult got = co_await client.read_some(chunk);
    met.heard.assign(chunk.data(), got.count);
  }
  met.version = client.version();
  met.alert_sent = client.alert_sent();
  met.alert_received = client.alert_received();
  client.close();
}

Met meet(const ServerProfile& profile, const Speech& speech = nullptr, Offer offer = Offer::nothing,
         const std::string& name = "smtp.example.test",
         std::shared_ptr<const ServerCredentials> credentials = credentials_for_test()) {
  net::MemoryWorld world;
  net::StreamPair wire = net::make_memory_pair(world);
  Met met;
  const auto seen = net::tapped(std::move(wire.server), [&met](std::string_view bytes) {
    if (!bytes.empty()) met.before_last_write = met.from_server.size();
    met.from_server += bytes;
    return std::nullopt;
  });
  const auto client = Session::client(*wire.client, name, nullptr);
  const auto server = Session::server(*seen, std::move(credentials), {.profile = &profile});
  if (offer != Offer::nothing) client->offer_also(offer);
  for (Session* session : {client.get(), server.get()}) session->set_deadline(60s);
  world.spawn(serve(*server, met, speech));
  world.spawn(use(*client, met));
  EXPECT_TRUE(world.run());
  return met;
}

// "22 20 23": the types of the records.
std::string types_of(std::string_view records) {
  std::string types;
  while (records.size() >= 5) {
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(records[i]); };
    types += (types.empty() ? "" : " ") + std::to_string(octet(0));
    records.remove_prefix(std::min(records.size(), std::size_t{5} + octet(3) * 256U + octet(4)));
  }
  return types;
}

TEST(ServerProfile, RecordsHaveTheNumbersThatTapsCountOn) {
  EXPECT_EQ(types_of(meet({.versions = {Version::tls_1_2}}).from_server), "22 22 22 22 20 22 23");
  EXPECT_EQ(types_of(meet({.versions = {Version::tls_1_3}}).from_server), "22 20 23 23 23 23 23");
}

struct Refused {
  const char* name;
  ServerProfile profile;
  std::string alert;  // that the client sends
};

TEST(ServerProfile, EachLieIsRefusedForWhatItIs) {
  const Refused rows[] = {
      {"1.0", {.versions = {Version::tls_1_0}}, "protocol_version"},
      {"1.1", {.versions = {Version::tls_1_1}}, "protocol_version"},
      {"another key", {.lie = ServerLie::another_key}, "decrypt_error"},
      {"another key, 1.2",
       {.versions = {Version::tls_1_2}, .lie = ServerLie::another_key},
       "decrypt_error"},
      {"no certificates", {.lie = ServerLie::no_certificates}, "decode_error"},
      {"no certificates, 1.2",
       {.versions = {Version::tls_1_2}, .lie = ServerLie::no_certificates},
       "decode_error"},
      {"mark of 1.1",
       {.versions = {Version::tls_1_2}, .lie = ServerLie::downgrade_mark_tls_1_1},
       "illegal_parameter"},
      {"mark of 1.2",
       {.versions = {Version::tls_1_2}, .lie = ServerLie::downgrade_mark_tls_1_2},
       "illegal_parameter"},
      {"Finished", {.changes = {{.message = Message::finished}}}, "decrypt_error"},
      {"Finished, 1.2",
       {.versions = {Version::tls_1_2}, .changes = {{.message = Message::finished}}},
       "decrypt_error"},
  };
  for (const Refused& row : rows) {
    const Met met = meet(row.profile);
    EXPECT_EQ(met.at_client.end, HandshakeEnd::failed) << row.name << met.at_client.text;
    EXPECT_EQ(met.alert_sent, row.alert) << row.name;
  }
}

TEST(ServerProfile, WhatWeDoNotOfferIsThereForWhoDoes) {
  const std::pair<ServerProfile, Offer> rows[] = {
      {{.versions = {Version::tls_1_0}}, Offer::old_versions},
      {{.versions = {Version::tls_1_1}}, Offer::old_versions},
      {{.versions = {Version::tls_1_2}, .ciphers = {"NULL"}}, Offer::null_cipher},
      {{.versions = {Version::tls_1_2}, .ciphers = {"ARCFOUR-128"}}, Offer::rc4},
      {{.versions = {Version::tls_1_2}, .signatures = {"ECDSA-SHA1"}}, Offer::sha_1},
      {{.versions = {Version::tls_1_2}, .lie = ServerLie::anonymous}, Offer::anonymous},
  };
  for (const auto& [profile, offer] : rows) {
    EXPECT_NE(meet(profile).at_client.end, HandshakeEnd::established) << static_cast<int>(offer);
    const Met met = meet(profile, nullptr, offer);
    EXPECT_EQ(met.at_client.end, HandshakeEnd::established)
        << static_cast<int>(offer) << met.at_client.text;
    EXPECT_EQ(met.heard, "hello");
  }
}

// Under a key that its group can be signed with.
std::shared_ptr<const ServerCredentials> rsa_credentials() {
  auto key = make<PrivateKey>(gnutls_x509_privkey_init, "gnutls_x509_privkey_init");
  check(gnutls_x509_privkey_generate(key.get(), GNUTLS_PK_RSA, 2048, 0), "generate");
  const auto certificate = make<Certificate>(gnutls_x509_crt_init, "gnutls_x509_crt_init");
  check(gnutls_x509_crt_set_version(certificate.get(), 3), "set_version");
  check(gnutls_x509_crt_set_serial(certificate.get(), "\1", 1), "set_serial");
  check(gnutls_x509_crt_set_key(certificate.get(), key.get()), "set_key");
  check(gnutls_x509_crt_set_activation_time(certificate.get(), 0), "set_activation_time");
  check(gnutls_x509_crt_set_expiration_time(certificate.get(), -1), "set_expiration_time");
  check(
      gnutls_x509_crt_sign2(certificate.get(), certificate.get(), key.get(), GNUTLS_DIG_SHA256, 0),
      "sign2");
  gnutls_datum_t der{};
  check(gnutls_x509_crt_export2(certificate.get(), GNUTLS_X509_FMT_DER, &der), "export2");
  const std::string bytes(reinterpret_cast<const char*>(der.data), der.size);
  gnutls_free(der.data);
  return std::make_shared<const ServerCredentials>(std::vector{bytes}, key.get());
}

// RFC 9325, 4.5. GnuTLS would take the group that the client names (RFC 7919, 4).
TEST(ServerProfile, GivesAGroupOfFiniteFieldsThatIsTooSmall) {
  const auto credentials = rsa_credentials();
  const ServerProfile profile{.lie = ServerLie::weak_dh};
  const Met refused = meet(profile, nullptr, Offer::nothing, "smtp.example.test", credentials);
  EXPECT_EQ(refused.at_client.end, HandshakeEnd::failed);
  EXPECT_EQ(refused.alert_sent, "insufficient_security") << refused.at_client.text;
  const Met taken = meet(profile, nullptr, Offer::weak_dh, "smtp.example.test", credentials);
  EXPECT_EQ(taken.at_client.end, HandshakeEnd::established) << taken.at_client.text;
  EXPECT_EQ(taken.heard, "hello");
  const Met odd_name = meet(profile, nullptr, Offer::weak_dh, "smtp_1", credentials);
  EXPECT_EQ(odd_name.at_client.end, HandshakeEnd::established) << odd_name.at_client.text;
}

// What says so is the extension renegotiation_info in the ServerHello, ff01 0001 00 (RFC
// 5746, 3.2).
TEST(ServerProfile, KnowsNothingOfSecureRenegotiation) {
  const std::string info("\xff\x01\0\1\0", 5);
  const Met usual = meet({.versions = {Version::tls_1_2}});
  EXPECT_NE(usual.from_server.find(info), std::string::npos);
  const Met without = meet({.lie = ServerLie::no_secure_renegotiation});
  EXPECT_EQ(without.at_client.end, HandshakeEnd::established) << without.at_client.text;
  EXPECT_EQ(without.from_server.find(info), std::string::npos);
}

TEST(ServerProfile, SaysAnAlertBeforeAMessage) {
  for (const Version version : {Version::tls_1_2, Version::tls_1_3}) {
    for (const Message before : {Message::server_hello, Message::finished}) {
      const Met met = meet({.versions = {version},
                            .alert = AlertBefore{.before = before, .alert = {.number = 255}}});
      EXPECT_EQ(met.at_client.end, HandshakeEnd::alert_received) << met.at_client.text;
      EXPECT_EQ(met.alert_received, "alert_255");
    }
  }
}

TEST(ServerProfile, DemandsItsNameOfSni) {
  const ServerProfile profile{.lie = ServerLie::demands_server_name};
  EXPECT_EQ(meet(profile).heard, "hello");
  const Met met = meet(profile, nullptr, Offer::nothing, "");
  EXPECT_EQ(met.alert_received, "unrecognized_name");
}

TEST(ServerProfile, SpeaksInItsFirstFlight) {
  const Met met = meet({.lie = ServerLie::reply_in_first_flight});
  EXPECT_EQ(met.heard, "hello");
  EXPECT_EQ(types_of(met.from_server), "22 20 23 23 23 23 23");
}

// In one segment with what is said next: whether a client reads that before it has answered the
// request is no matter of chance.
TEST(ServerProfile, ClientsPassOverAHelloRequest) {
  const Met met = meet({.versions = {Version::tls_1_2}}, [](Session& server) -> Task<void> {
    server.say_message(Message::hello_request);
    co_return;
  });
  EXPECT_EQ(met.heard, "hello");
  const std::string_view last = std::string_view(met.from_server).substr(met.before_last_write);
  EXPECT_EQ(types_of(last), "20 22 22 23") << "behind the end of the handshake";
}

TEST(ServerProfile, ARequestForACertificateInsideTlsIsUnexpected) {
  for (const Version version : {Version::tls_1_2, Version::tls_1_3}) {
    const Met met = meet({.versions = {version}}, [](Session& server) -> Task<void> {
      server.say_message(Message::certificate_request);
      co_return;
    });
    EXPECT_EQ(met.heard, "");
  }
}

TEST(ServerProfile, KeysAreChangedInTls13) {
  const Met met = meet({.versions = {Version::tls_1_3}}, [](Session& server) -> Task<void> {
    server.say_message(Message::key_update);
    co_return;
  });
  EXPECT_EQ(met.heard, "hello");
}

}  // namespace
}  // namespace startle::tls
