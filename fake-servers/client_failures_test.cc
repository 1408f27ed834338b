// Every certificate of the catalogue is answered with the alert that fits, and a configuration that
// cannot work with no connection at all.

#include <gtest/gtest.h>

#include "fake-servers/chain_for_test.h"
#include "fake-servers/submission_for_test.h"

namespace startle::fake {
namespace {

using namespace std::chrono_literals;
using words::Ending;
using words::TrustModel;

TEST(ClientFailures, AMessageAcceptedTooLateIsATimeOut) {
  const Submitted got = submit(submission_for_test(
      {.deviations = {{.at = Point::message, .steps = {Pause{11min}, Usual{}}}}}));
  EXPECT_EQ(word(got.outcome.ending), word(Ending::timeout));
  EXPECT_EQ(got.outcome.sentence, "the server did not answer in time (message)");
  EXPECT_EQ(got.took, 10min);
}

struct CertificateRow {
  const char* recipe;
  Ending documented;
  Ending pkix;
};

constexpr Ending deli = Ending::delivered;
constexpr Ending name = Ending::certificate_host_mismatch;
constexpr Ending expi = Ending::certificate_expired;
constexpr Ending early = Ending::certificate_not_yet_valid;
constexpr Ending trus = Ending::certificate_not_trusted;
constexpr Ending purp = Ending::certificate_wrong_purpose;
constexpr Ending vali = Ending::validation_failure;

// harness/oracle/README.md, "Certificate", columns D and P.
constexpr CertificateRow kCertificates[] = {{"valid", deli, deli},
                                            {"valid-wildcard", deli, deli},
                                            {"valid-direct", deli, deli},
                                            {"self-signed", deli, trus},
                                            {"self-signed-mismatched", name, trus},
                                            {"mismatched", name, name},
                                            {"expired", expi, expi},
                                            {"self-signed-expired", expi, expi},
                                            {"not-yet-valid", early, early},
                                            {"unknown-ca", deli, trus},
                                            {"cn-only", name, name},
                                            {"cn-match-san-mismatch", name, name},
                                            {"ip-san", name, name},
                                            {"ip-in-dns-san", name, name},
                                            {"missing-intermediate", deli, trus},
                                            {"reversed-chain", deli, deli},
                                            {"expired-intermediate", deli, expi},
                                            {"intermediate-not-ca", deli, vali},
                                            {"path-length-exceeded", deli, vali},
                                            {"client-auth-only", purp, purp},
                                            {"name-constraint-violated", deli, vali},
                                            {"wildcard-two-labels", name, name},
                                            {"nul-in-name", name, name},
                                            {"bad-signature", vali, vali},
                                            {"weak-key", vali, vali},
                                            {"sha1-signature", vali, vali}};

// RFC 8446, 6.2.
std::string alert_of(Ending ending) {
  switch (ending) {
    case Ending::delivered:
      return "close_notify";
    case Ending::certificate_host_mismatch:
      return "certificate_unknown";
    case Ending::certificate_expired:
    case Ending::certificate_not_yet_valid:
      return "certificate_expired";
    case Ending::certificate_not_trusted:
      return "unknown_ca";
    case Ending::certificate_wrong_purpose:
      return "unsupported_certificate";
    default:
      return "bad_certificate";
  }
}

TEST(ClientFailures, TheServerSeesTheAlertThatFitsTheEnding) {
  for (const CertificateRow& row : kCertificates) {
    for (const TrustModel model : {TrustModel::documented, TrustModel::pkix}) {
      SCOPED_TRACE(std::string(row.recipe) + ", " + std::string(word(model)));
      Submission submission = submission_for_test({}, row.recipe);
      submission.settings.trust_model = model;
      const Submitted got = submit(submission);
      const Ending expected = model == TrustModel::pkix ? row.pkix : row.documented;
      EXPECT_EQ(word(got.outcome.ending), word(expected)) << got.outcome.sentence;
      EXPECT_EQ(got.seen.alert, alert_of(expected));
      EXPECT_EQ(got.outcome.alert_sent, alert_of(expected));
      EXPECT_EQ(got.seen.handshakes, 1U);
      if (expected == Ending::delivered) continue;
      // Nothing was said inside TLS, and nothing in clear after the go-ahead.
      EXPECT_EQ(got.seen.bytes_in_tls, "");
      EXPECT_EQ(got.seen.clear_commands,
                (std::vector<std::string>{"EHLO client.example.test", "STARTTLS"}));
    }
  }
}

struct ConfigurationRow {
  const char* name;
  void (*change)(client::Settings&);
  const char* sentence;
};

TEST(ClientFailures, AWrongConfigurationConnectsToNobody) {
  for (const ConfigurationRow& row :
       {ConfigurationRow{"no user", [](client::Settings& s) { s.username.reset(); },
                         "starttls=\"true\" needs a username"},
        ConfigurationRow{"no password", [](client::Settings& s) { s.password.reset(); },
                         "starttls=\"true\" needs a password"},
        ConfigurationRow{"an empty password", [](client::Settings& s) { s.password = ""; },
                         "the password is empty"},
        ConfigurationRow{"no trust",
                         [](client::Settings& s) {
                           s.trust.reset();
                           s.trust_model = TrustModel::documented;
                         },
                         "starttls=\"true\" needs trust: the hosts to trust, or *"}}) {
    SCOPED_TRACE(row.name);
    Submission submission = submission_for_test();
    row.change(submission.settings);
    const Submitted got = submit(submission);
    EXPECT_EQ(word(got.outcome.ending), word(Ending::configuration_error));
    EXPECT_EQ(got.outcome.phase, client::Phase::configuration);
    EXPECT_EQ(got.outcome.sentence, row.sentence);
    EXPECT_EQ(got.seen.connections, 0U);
  }
}

}  // namespace
}  // namespace startle::fake
