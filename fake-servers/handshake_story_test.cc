// Why a handshake came to nothing is told in words that its client's owner can use.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "certs/catalogue_for_test.h"
#include "fake-servers/raw_client_for_test.h"
#include "fake-servers/submission_for_test.h"
#include "harness/tls/alert.h"

namespace startle::fake {
namespace {

std::string story_of(const std::vector<std::string>& says,
                     words::Mode mode = words::Mode::smtp_starttls) {
  Server server = server_for_test();
  server.mode = mode;
  return talk(server, says).seen.handshake_failure;
}

TEST(HandshakeStory, OfARefusedCertificateNamesTheAlertAndWhatItMeans) {
  struct Row {
    const char* recipe;
    words::TrustModel model;
    const char* story;
  };
  for (const Row& row : {
           Row{"self-signed", words::TrustModel::pkix,
               "the client refused the certificate: alert 48, unknown_ca (it does not trust who "
               "issued it)"},
           Row{"expired", words::TrustModel::pkix,
               "the client refused the certificate: alert 45, certificate_expired (it takes it for "
               "expired, or for not valid yet)"},
           Row{"mismatched", words::TrustModel::pkix,
               "the client refused the certificate: alert 46, certificate_unknown (for a reason of "
               "its own, such as the name; Java says so of an unknown authority too)"},
           Row{"client-auth-only", words::TrustModel::pkix,
               "the client refused the certificate: alert 43, unsupported_certificate (its kind or "
               "its purpose does not suit)"},
           Row{"bad-signature", words::TrustModel::documented,
               "the client refused the certificate: alert 42, bad_certificate (it cannot use it: a "
               "signature, the encoding, a date, the key's strength or, to some clients, the name "
               "is "
               "wrong)"},
           Row{"valid", words::TrustModel::pkix, ""},
       }) {
    Submission submission = submission_for_test({}, row.recipe);
    submission.settings.trust_model = row.model;
    submission.settings.trust = certs::kTestHost;
    EXPECT_EQ(submit(submission).seen.handshake_failure, row.story) << row.recipe;
  }
}

// RFC 5246, E.1: a server that speaks older versions only answers with its newest, and the client
// that does not take it says so.
TEST(HandshakeStory, OfAServerTooOldForItsClient) {
  for (const tls::Versions versions : {tls::Versions::tls_1_0, tls::Versions::tls_1_1}) {
    Submission submission = submission_for_test({}, "valid");
    submission.server.script.tls = versions;
    const Submitted got = submit(submission);
    EXPECT_EQ(got.outcome.alert_sent, "protocol_version");
    EXPECT_EQ(got.seen.handshake_failure,
              "the client ended the handshake: alert 70, protocol_version (it does not speak the "
              "versions of TLS that are offered)");
    EXPECT_EQ(got.seen.alert_sent, "");
  }
}

// A ClientHello of a client that speaks TLS 1.1 and nothing newer (RFC 4346, 7.4.1.2), with
// TLS_RSA_WITH_AES_128_CBC_SHA.
std::string client_hello_of_tls_1_1() {
  using namespace std::string_literals;
  const std::string body = "\x03\x02"s + std::string(32, 'r') + "\0\0\x02\0\x2f\x01\0"s;
  const std::string message = "\x01\0\0"s + static_cast<char>(body.size()) + body;
  return "\x16\x03\x01\0"s + static_cast<char>(message.size()) + message;
}

TEST(HandshakeStory, OfAClientTooOldForItsServer) {
  const Talk got =
      talk(server_for_test(), {"EHLO x\r\n", "STARTTLS\r\n", client_hello_of_tls_1_1()});
  // A record of one alert: fatal, protocol_version (RFC 5246, 7.2).
  EXPECT_TRUE(got.heard.ends_with(std::string("\0\x02\x02\x46", 4))) << got.transcript;
  EXPECT_TRUE(got.seen.handshake_failure.starts_with(
      "the server ended the handshake: alert 70, protocol_version ("))
      << got.seen.handshake_failure;
  EXPECT_EQ(got.seen.alert_sent, "protocol_version");
  EXPECT_EQ(got.seen.server_failure, "");
}

TEST(HandshakeStory, OfAClientThatSpeaksInClearOrLeaves) {
  const std::string in_clear =
      "the client spoke in clear where its TLS handshake belongs: is it told to use TLS, and in "
      "the "
      "way of this server, STARTTLS or TLS from the first byte?";
  EXPECT_EQ(story_of({"EHLO x\r\n", "STARTTLS\r\n", "EHLO x\r\n"}), in_clear);
  EXPECT_EQ(story_of({"EHLO x\r\n"}, words::Mode::smtps), in_clear);
  EXPECT_EQ(story_of({"EHLO x\r\n", "QUIT\r\n"}), "") << "no TLS was to be";
  EXPECT_EQ(story_of({"EHLO x\r\n", "STARTTLS\r\n"}),
            "the client closed the connection before it began a TLS handshake");
  EXPECT_EQ(
      story_of({"EHLO x\r\n", "STARTTLS\r\n", std::string("\x16\x03\x01\x02\x00\x01", 6)}),
      "the client closed the connection in the middle of the handshake, without an alert that "
      "would say why");
}

TEST(HandshakeStory, EveryAlertHasANumberAndItsNameBack) {
  for (unsigned number = 0; number < 256; ++number) {
    EXPECT_EQ(tls::alert_number(tls::alert_name(number)), number);
  }
  EXPECT_EQ(tls::alert_number("alert_"), std::nullopt);
  EXPECT_EQ(tls::alert_number("alert_x"), std::nullopt);
  EXPECT_EQ(tls::alert_number("unknown"), std::nullopt);
}

}  // namespace
}  // namespace startle::fake
