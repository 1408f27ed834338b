// The client against every lie that a server can tell in SASL, in both protocols: it ends as the
// clauses have it, does nothing that an invariant forbids, and gets through what is legal.

#include <gtest/gtest.h>

#include "fake-servers/binding_for_test.h"
#include "fake-servers/dialogue/secret.h"
#include "fake-servers/protocols.h"
#include "fake-servers/raw_client_for_test.h"
#include "fake-servers/submission_for_test.h"

namespace startle::fake {
namespace {

using words::Ending;
using words::Mode;
using words::Protocol;

// One cache, as a worker has it: SCRAM is to cost no more than it must.
const auto kSalted = std::make_shared<sasl::SaltedPasswords>();

// With this mechanism configured and offered.
Bound meet(Protocol protocol, const std::string& mechanism, SaslScript sasl,
           const std::string& password = kCanary) {
  if (!sasl.mechanisms) sasl.mechanisms = mechanism;
  Submission made = submission_for_test({.sasl = std::move(sasl)});
  made.settings.password = password;
  made.settings.mechanism = mechanism;
  made.settings.salted_passwords = kSalted;
  made.server.salted_passwords = kSalted;
  Bound met;
  if (protocol == Protocol::smtp) {
    const Submitted got = submit(made);
    met = {got.outcome, got.seen};
  } else {
    Binding binding = binding_for_test(Mode::ldap_starttls, made.server.script);
    binding.server.salted_passwords = kSalted;
    made.settings.mode = binding.settings.mode;
    binding.settings = made.settings;
    met = bind(binding);
  }
  EXPECT_EQ(violations(met.seen, {.mode = made.settings.mode, .secret = password}),
            std::vector<words::Invariant>{})
      << mechanism << "\n"
      << dialogue_of(met.seen);
  const std::string told = met.outcome.sentence + met.outcome.reply + dialogue_of(met.seen);
  EXPECT_FALSE(holds_secret(told, password)) << told;
  return met;
}

constexpr Ending success(Protocol protocol) {
  return protocol == Protocol::smtp ? Ending::delivered : Ending::bound;
}

bool is_among(SaslLie lie, std::initializer_list<SaslLie> lies) {
  return std::find(lies.begin(), lies.end(), lie) != lies.end();
}

// What a lie comes to, to a client with the right password.
Ending expected(Protocol protocol, sasl::Mechanism mechanism, SaslLie lie) {
  using enum SaslLie;
  const bool scram = sasl::is_scram(mechanism);
  const bool prompts = mechanism == sasl::Mechanism::login;
  const bool challenged = scram || prompts || mechanism == sasl::Mechanism::cram_md5;
  const bool smtp = protocol == Protocol::smtp;
  // RFC 4954, 4: nothing is skipped, and 12288 octets are enough; a mechanism ends where it ends.
  if (is_among(lie, {challenge_for_success, challenges_for_ever, huge_challenge})) {
    return Ending::protocol_error;
  }
  if (lie == no_base64 && smtp) return Ending::protocol_error;
  if (is_among(lie, {success_at_once, success_without_last_step}) && challenged) {
    return Ending::protocol_error;
  }
  if (lie == no_credentials && challenged && !prompts) return Ending::protocol_error;
  if (sasl::takes_token(mechanism) && lie == error_then_success) return Ending::protocol_error;
  if (!scram) return success(protocol);
  // RFC 5802, 5 and 5.1
  if (lie == binding_error) return Ending::auth_rejected;
  const bool refused = is_among(
      lie, {no_signature, wrong_signature, short_signature, signature_in_reply, unchanged_nonce,
            foreign_nonce, late_extension, mandatory_extension, missing_salt, swapped_attributes,
            swapped_salt, final_extension, error_then_success});
  return refused ? Ending::protocol_error : success(protocol);
}

class ClientMeetsLies : public testing::TestWithParam<sasl::Mechanism> {};

TEST_P(ClientMeetsLies, AndBelievesNone) {
  for (const Protocol protocol : {Protocol::smtp, Protocol::ldap}) {
    if (protocol == Protocol::ldap && GetParam() == sasl::Mechanism::login) continue;
    for (std::size_t i = 0; i < count_of<SaslLie>(); ++i) {
      const auto lie = static_cast<SaslLie>(i);
      const Bound met = meet(protocol, std::string(word(GetParam())), {.lie = lie});
      EXPECT_EQ(word(met.outcome.ending), word(expected(protocol, GetParam(), lie)))
          << word(lie) << ": " << met.outcome.sentence << "\n"
          << dialogue_of(met.seen);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sasl, ClientMeetsLies,
                         testing::Values(sasl::Mechanism::scram_sha_256_plus,
                                         sasl::Mechanism::scram_sha_1_plus,
                                         sasl::Mechanism::scram_sha_256,
                                         sasl::Mechanism::scram_sha_1, sasl::Mechanism::cram_md5,
                                         sasl::Mechanism::plain, sasl::Mechanism::login,
                                         sasl::Mechanism::oauthbearer, sasl::Mechanism::xoauth2),
                         [](const auto& row) {
                           std::string name(word(row.param));
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(ClientSasl, AWrongPasswordIsRejectedAndALiarIsNotBelieved) {
  for (const Protocol protocol : {Protocol::smtp, Protocol::ldap}) {
    for (const char* mechanism :
         {"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "OAUTHBEARER", "XOAUTH2"}) {
      const Bound met = meet(protocol, mechanism, {}, "another-canary-9876543210");
      EXPECT_EQ(word(met.outcome.ending), word(Ending::auth_rejected))
          << mechanism << ": " << met.outcome.sentence << "\n"
          << dialogue_of(met.seen);
      EXPECT_FALSE(met.seen.authenticated) << mechanism;
    }
    const Bound lied = meet(protocol, "SCRAM-SHA-256", {.lie = SaslLie::any_credentials},
                            "another-canary-9876543210");
    EXPECT_EQ(lied.outcome.ending, Ending::protocol_error) << lied.outcome.sentence;
  }
}

TEST(ClientSasl, IterationsAreBounded) {
  for (const Protocol protocol : {Protocol::smtp, Protocol::ldap}) {
    for (const char* iterations : {"0", "-1", "1000001", "2147483648", "many"}) {
      const Bound met = meet(protocol, "SCRAM-SHA-256", {.iterations = iterations});
      EXPECT_EQ(met.outcome.ending, Ending::protocol_error) << iterations;
    }
    for (const char* iterations : {"1", "4095"}) {
      const Bound met = meet(protocol, "SCRAM-SHA-1", {.iterations = iterations});
      EXPECT_EQ(met.outcome.ending, success(protocol)) << iterations;
      EXPECT_EQ(met.outcome.notes.size(), 1U) << iterations;
    }
  }
}

TEST(ClientSasl, ARefusalIsTakenAsItIs) {
  for (const char* mechanism : {"SCRAM-SHA-256", "PLAIN"}) {
    for (const auto& [reply, ending] : {std::pair{"535 5.7.8 no", Ending::auth_rejected},
                                        {"534 5.7.9 too weak", Ending::auth_unavailable},
                                        {"432 4.7.12 transition", Ending::auth_unavailable},
                                        {"454 4.7.0 later", Ending::auth_unavailable}}) {
      const Bound met =
          meet(Protocol::smtp, mechanism,
               {.mechanisms = std::string(mechanism) + " CRAM-MD5 PLAIN LOGIN", .result = reply});
      EXPECT_EQ(word(met.outcome.ending), word(ending)) << reply;
    }
    const Bound rejected = meet(Protocol::ldap, mechanism, {.result = "49"});
    EXPECT_EQ(rejected.outcome.ending, Ending::auth_rejected);
    const Bound unavailable = meet(Protocol::ldap, mechanism, {.result = "7"});
    EXPECT_EQ(unavailable.outcome.ending, Ending::auth_unavailable);
  }
}

struct BindingRow {
  tls::Versions versions;
  const char* used;
  const char* version;
};

// RFC 5929, 3; RFC 7677, 4: by the first Finished in TLS 1.2, and by nothing where that is not the
// session's own.
TEST(ClientSasl, BindsToWhatTheVersionOfTlsHas) {
  for (const BindingRow& row : {BindingRow{tls::Versions::all, "SCRAM-SHA-256-PLUS", "TLS1.3"},
                                {tls::Versions::tls_1_2, "SCRAM-SHA-256-PLUS", "TLS1.2"},
                                {tls::Versions::tls_1_2_without_ems, "SCRAM-SHA-256", "TLS1.2"}}) {
    for (const bool scripted : {true, false}) {
      SCOPED_TRACE(word(row.versions));
      Submission made =
          submission_for_test({.sasl = {.mechanisms = "SCRAM-SHA-256 SCRAM-SHA-256-PLUS"}});
      (scripted ? made.server.script.tls : made.server.versions) = row.versions;
      const Submitted got = submit(made);
      EXPECT_EQ(got.outcome.ending, Ending::delivered) << dialogue_of(got.seen);
      EXPECT_EQ(got.seen.auth_used_in_tls, std::vector<std::string>{row.used});
      EXPECT_EQ(got.seen.tls_version, row.version);
      EXPECT_FALSE(got.seen.bound_to_other_channel || got.seen.stepped_down);
    }
  }
}

TEST(ClientSasl, TakesTheNextOfTheListAfter504) {
  Submission made = submission_for_test(
      {.sasl = {.mechanisms = "SCRAM-SHA-256 CRAM-MD5 PLAIN", .unknown = "SCRAM-SHA-256"}});
  const Submitted got = submit(made);
  EXPECT_EQ(got.outcome.ending, Ending::delivered) << dialogue_of(got.seen);
  EXPECT_EQ(got.seen.auth_used_in_tls, (std::vector<std::string>{"SCRAM-SHA-256", "CRAM-MD5"}));
  EXPECT_FALSE(got.seen.stepped_down);
}

TEST(ClientSasl, TakesTheStrongestThatIsOffered) {
  const std::string all =
      "LOGIN PLAIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS XOAUTH2";
  Submission made = submission_for_test({.sasl = {.mechanisms = all}});
  const Submitted got = submit(made);
  EXPECT_EQ(got.outcome.ending, Ending::delivered) << dialogue_of(got.seen);
  EXPECT_EQ(got.seen.auth_used_in_tls, std::vector<std::string>{"SCRAM-SHA-256-PLUS"});
  EXPECT_FALSE(got.seen.bound_to_other_channel || got.seen.stepped_down);
  // Without a script: what a setup adds to the usual list.
  Submission added = submission_for_test();
  added.server.sasl_mechanisms = {"CRAM-MD5"};
  const Submitted second = submit(added);
  EXPECT_EQ(second.outcome.ending, Ending::delivered);
  EXPECT_EQ(second.seen.auth_used_in_tls, std::vector<std::string>{"CRAM-MD5"});
}

}  // namespace
}  // namespace startle::fake
