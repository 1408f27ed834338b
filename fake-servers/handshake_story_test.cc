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
               "signature, the encoding or a date is wrong)"},
           Row{"valid", words::TrustModel::pkix, ""},
       }) {
    Submission submission = submission_for_test({}, row.recipe);
    submission.settings.trust_model = row.model;
    submission.settings.trust = certs::kTestHost;
    EXPECT_EQ(submit(submission).seen.handshake_failure, row.story) << row.recipe;
  }
}

TEST(HandshakeStory, OfAServerThatNobodyCanTalkTo) {
  Submission submission = submission_for_test({}, "valid");
  submission.server.script.tls = tls::Versions::tls_1_0;
  const Submitted got = submit(submission);
  EXPECT_TRUE(
      got.seen.handshake_failure.starts_with("the server ended the handshake: alert 70, "
                                             "protocol_version ("))
      << got.seen.handshake_failure;
  EXPECT_EQ(got.seen.alert_sent, "protocol_version");
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
