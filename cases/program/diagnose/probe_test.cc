#include "cases/program/diagnose/probe.h"

#include <gtest/gtest.h>

#include "cases/program/diagnose/probe_for_test.h"
#include "certs/catalogue_for_test.h"
#include "fake-servers/chain_for_test.h"
#include "fake-servers/dialogue/secret.h"
#include "fake-servers/raw_client_for_test.h"

namespace startle::program {
namespace {

using client::StopAfter;
using fake::Point;
using words::Ending;
using words::Mode;

client::Settings user(Mode mode, StopAfter stop = StopAfter::tls) {
  client::Settings made = user_for_test(mode);
  made.stop_after = stop;
  return made;
}

void expect_no_secret(const Probe& probe) {
  const auto expect_none = [](const std::string& text) {
    EXPECT_FALSE(fake::holds_secret(text, fake::kCanary)) << text;
  };
  for (const StepResult& one : probe.steps) {
    expect_none(one.said);
    for (const std::string& line : one.details) expect_none(line);
  }
  expect_none(probe.sentence);
}

// ---- a server that is in order -----------------------------------------------------------------

struct Order {
  Mode mode{};
  const char* looked_at = "";  // up to TLS, and what is offered
};
const std::string kJudged =
    "path not reached, identity not reached, purpose not reached, status not reached, ";
const Order kOrders[] = {
    {Mode::smtp_starttls,
     "resolution ok, connection ok, greeting ok, capabilities ok, go-ahead ok, behind-go-ahead ok, "
     "tls ok, certificates ok, JUDGEDmechanisms ok, "},
    {Mode::smtps,
     "resolution ok, connection ok, tls ok, certificates ok, JUDGEDgreeting ok, capabilities ok, "
     "mechanisms ok, "},
    {Mode::ldap_starttls,
     "resolution ok, connection ok, capabilities ok, go-ahead ok, behind-go-ahead ok, tls ok, "
     "certificates ok, JUDGEDmechanisms ok, "},
    {Mode::ldaps,
     "resolution ok, connection ok, tls ok, certificates ok, JUDGEDcapabilities ok, mechanisms "
     "ok, "},
    {Mode::smtp_plain,
     "resolution ok, connection ok, greeting ok, capabilities ok, mechanisms ok, "},
    {Mode::ldap_plain, "resolution ok, connection ok, capabilities ok, mechanisms ok, "},
};

std::string looked_at(const Order& order) {
  std::string text = order.looked_at;
  if (const auto at = text.find("JUDGED"); at != std::string::npos) text.replace(at, 6, kJudged);
  return text;
}

TEST(Probe, GoesThroughTheStepsOfEachMode) {
  for (const Order& order : kOrders) {
    SCOPED_TRACE(word(order.mode));
    const Probe probe = probe_of(server_of(order.mode), user(order.mode)).probe;
    const bool mail = words::row_of(words::protocol_of(order.mode)).is_mail;
    EXPECT_EQ(states_of(probe), looked_at(order) + "authentication not reached, " +
                                    (mail ? "sender not reached, " : "") + "message not reached");
    EXPECT_TRUE(words::is_success(probe.ending)) << word(probe.ending) << probe.sentence;
    EXPECT_EQ(said(probe, Step::authentication), "it was not asked for: --stop-after auth does");
  }
}

TEST(Probe, HoldsWhatTheServerShowed) {
  for (const Mode mode : {Mode::smtp_starttls, Mode::smtps, Mode::ldap_starttls, Mode::ldaps}) {
    SCOPED_TRACE(word(mode));
    const fake::Script script{.sasl = {.mechanisms = "PLAIN SCRAM-SHA-256"}};
    const Probe probe = probe_of(server_of(mode, script), user(mode)).probe;
    EXPECT_EQ(probe.chain_der, fake::chain_called("valid").sent_der);
    EXPECT_EQ(probe.tls_version, "TLS1.3");
    EXPECT_EQ(probe.cipher, "TLS_AES_256_GCM_SHA384");
    EXPECT_EQ(said(probe, Step::tls),
              "TLS1.3 with TLS_AES_256_GCM_SHA384, key exchange by " + probe.group);
    EXPECT_FALSE(probe.capabilities_in_tls.empty());
    EXPECT_EQ(probe.mechanisms, (std::vector<std::string>{"PLAIN", "SCRAM-SHA-256"}));
    EXPECT_EQ(probe.capabilities.empty(), words::is_implicit_tls(mode));
    EXPECT_FALSE(probe.staple);
  }
}

TEST(Probe, DrawsEachCertificate) {
  const Probed got = probe_of(server_of(Mode::smtps, {}, "self-signed"), user(Mode::smtps));
  const StepResult& shown = got.probe.steps[3];
  ASSERT_EQ(shown.step, Step::certificates);
  EXPECT_EQ(shown.said, "1 certificate was sent, of CN=smtp.example.test");
  ASSERT_EQ(shown.details.size(), 7U);
  EXPECT_EQ(shown.details[0], "1. subject: CN=smtp.example.test");
  EXPECT_EQ(shown.details[3], "   issuer: CN=smtp.example.test (itself: self-signed)");
  EXPECT_TRUE(shown.details[6].starts_with("   fingerprint: ")) << shown.details[6];
}

TEST(Probe, TakesTheStapleAlong) {
  client::Settings java = user(Mode::smtps);
  java.trust_model = words::TrustModel::angus;  // which does not read it
  EXPECT_TRUE(probe_of(server_of(Mode::smtps, {}, "staple-revoked"), java).probe.staple);
}

// ---- the user ----------------------------------------------------------------------------------

TEST(Probe, GoesToTheMessageWhereItIsAskedFor) {
  for (const Mode mode : {Mode::smtp_starttls, Mode::smtps, Mode::ldap_starttls, Mode::ldaps}) {
    SCOPED_TRACE(word(mode));
    const Probed got = probe_of(server_of(mode), user(mode, StopAfter::message));
    EXPECT_EQ(failed_step(got.probe), "");
    EXPECT_TRUE(states_of(got.probe).ends_with("message ok")) << states_of(got.probe);
    EXPECT_EQ(got.probe.ending, words::row_of(words::protocol_of(mode)).success);
    expect_no_secret(got.probe);
  }
}

TEST(Probe, StopsBehindTheSender) {
  const Probed got =
      probe_of(server_of(Mode::smtp_starttls), user(Mode::smtp_starttls, StopAfter::sender));
  EXPECT_TRUE(states_of(got.probe).ends_with("authentication ok, sender ok, message not reached"))
      << states_of(got.probe);
  EXPECT_EQ(got.seen.delivered, 0U);
  ASSERT_GE(got.seen.tls_commands.size(), 2U);
  EXPECT_EQ(got.seen.tls_commands[got.seen.tls_commands.size() - 2], "RSET");
}

TEST(Probe, GivesNoCredentialToWhomTheTrustRefuses) {
  for (const char* recipe : {"mismatched", "expired", "unknown-ca", "self-signed"}) {
    SCOPED_TRACE(recipe);
    const Probed got = probe_of(server_of(Mode::smtp_starttls, {}, recipe),
                                user(Mode::smtp_starttls, StopAfter::message));
    EXPECT_EQ(got.connections, 1U);
    EXPECT_EQ(failed_step(got.probe), "");
    EXPECT_EQ(got.probe.chain_der, fake::chain_called(recipe).sent_der);
    EXPECT_TRUE(said(got.probe, Step::authentication)
                    .starts_with("no credential is given to a server that the configured trust "
                                 "refuses: "))
        << said(got.probe, Step::authentication);
    for (const std::string& command : got.seen.tls_commands) {
      EXPECT_FALSE(command.starts_with("AUTH")) << command;
    }
    expect_no_secret(got.probe);
  }
}

TEST(Probe, GivesNoneWhereNobodySaysWhomToTrust) {
  client::Settings unsaid = user(Mode::smtps, StopAfter::auth);
  unsaid.trust.reset();
  unsaid.trust_model = words::TrustModel::documented;
  const Probed got = probe_of(server_of(Mode::smtps), unsaid);
  EXPECT_EQ(got.connections, 1U);
  EXPECT_EQ(failed_step(got.probe), "");
  EXPECT_TRUE(said(got.probe, Step::authentication).starts_with("no credential is given"));
}

TEST(Probe, SaysThatTheCredentialIsRefused) {
  for (const Mode mode : {Mode::smtp_starttls, Mode::ldaps}) {
    SCOPED_TRACE(word(mode));
    client::Settings wrong = user(mode, StopAfter::message);
    wrong.password = "another-password-than-that";
    const Probed got = probe_of(server_of(mode), wrong);
    EXPECT_EQ(failed_step(got.probe), "authentication");
    EXPECT_EQ(got.probe.ending, Ending::auth_rejected);
    EXPECT_EQ(said(got.probe, Step::authentication), got.probe.sentence);
  }
}

TEST(Probe, BlotsOutAPasswordThatTheServerSaysAgain) {
  const fake::Script script{
      .deviations = {
          {.at = Point::auth,
           .steps = {fake::Send{.bytes = "535 5.7.8 not with " + fake::kCanary + "\r\n"}}}}};
  const Probed got = probe_of(server_of(Mode::smtps, script), user(Mode::smtps, StopAfter::auth));
  EXPECT_EQ(failed_step(got.probe), "authentication");
  EXPECT_NE(said(got.probe, Step::authentication).find("not with <secret>"), std::string::npos)
      << said(got.probe, Step::authentication);
  expect_no_secret(got.probe);
}

TEST(Probe, SaysThatTheSenderIsRefused) {
  client::Settings other = user(Mode::smtps, StopAfter::sender);
  other.sender = "other@example.test";
  const Probed got = probe_of(server_of(Mode::smtps), other);
  EXPECT_EQ(failed_step(got.probe), "sender");
  EXPECT_EQ(got.probe.ending, Ending::sender_not_authorized);
}

TEST(Probe, SaysThatThereIsNoAuth) {
  const fake::Script script{.sasl = {.mechanisms = ""}};
  const Probed got = probe_of(server_of(Mode::smtp_starttls, script), user(Mode::smtp_starttls));
  EXPECT_EQ(failed_step(got.probe), "mechanisms");
  EXPECT_EQ(said(got.probe, Step::mechanisms), "the server offers no AUTH inside TLS");
  EXPECT_EQ(got.probe.ending, Ending::auth_unavailable);
}

}  // namespace
}  // namespace startle::program
