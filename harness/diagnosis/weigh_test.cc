// Which cause comes first, how sure it is, and what contradicts what: from evidence alone.

#include "harness/diagnosis/weigh.h"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <set>

#include "harness/diagnosis/advice.h"
#include "harness/diagnosis/causes.h"
#include "harness/diagnosis/evidence_for_test.h"
#include "harness/diagnosis/judgement.h"

namespace startle::diagnosis {
namespace {

using oracle::Path;
using words::Ending;
using words::Mode;
using words::TrustModel;

struct Row {
  const char* name;
  std::function<Evidence()> evidence;
  const char* cause;
  Confidence confidence;
  Health health;
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

Evidence with_log(Evidence evidence, const std::string& text, Ending ending) {
  evidence.log = logged(text, ending);
  return evidence;
}

Evidence with_shown(Evidence evidence, Path path, std::vector<Reading> readings) {
  evidence.shown = shown(path);
  evidence.readings = std::move(readings);
  return evidence;
}

Evidence with_store(Evidence evidence, customer::StoreProblem problem, bool is_javas = false) {
  evidence.has_store = true;
  evidence.stores.push_back({problem, is_javas, "x.ks is not as it should be", {"keytool -list"}});
  return evidence;
}

Evidence with_look(Evidence evidence, Ending ending, const std::string& step) {
  evidence.seen = Seen{.ending = ending, .sentence = "it was so", .failed_step = step};
  return evidence;
}

Evidence with_mistake(customer::Weight weight) {
  Evidence evidence = configured();
  evidence.mistakes.push_back({"schedule.xml:4: it is so: write it so", weight});
  return evidence;
}

const Row kRows[] = {
    {"NothingIsKnown", [] { return configured(); }, "cannot-tell", Confidence::possible,
     Health::unknown},
    {"AllIsWell",
     [] {
       return with_shown(configured(), Path::anchored,
                         {reading(TrustModel::documented, Ending::delivered, true)});
     },
     "no-fault", Confidence::likely, Health::healthy},
    {"TheFileIsRefused",
     [] {
       Evidence evidence = configured();
       evidence.refusals = {"schedule.xml:4: <smtp> needs `email`"};
       return evidence;
     },
     "configuration-refused", Confidence::certain, Health::fails},
    // With `trust`, JavaMail skips checkServerTrusted (MailSSLSocketFactory).
    {"TrustWasNotInForce",
     [] { return with_log(configured(), kPathMessage, Ending::certificate_not_trusted); },
     "trust-not-in-force", Confidence::certain, Health::fails},
    {"WithoutTrustJavaValidates",
     [] {
       return with_log(configured(std::nullopt), kPathMessage, Ending::certificate_not_trusted);
     },
     "certificate-not-trusted", Confidence::likely, Health::fails},
    {"TheHostIsNotListed",
     [] {
       return with_log(configured("smtp.example.test"), "Server is not trusted: mail.example.test",
                       Ending::certificate_not_trusted);
     },
     "host-not-listed", Confidence::certain, Health::fails},
    {"TheHostIsNotListedInItsLetterCase",
     [] {
       return with_log(configured("Mail.Example.Test"), "Server is not trusted: mail.example.test",
                       Ending::certificate_not_trusted);
     },
     "host-not-listed", Confidence::certain, Health::fails},
    {"SelfSigned",
     [] {
       return with_shown(
           with_log(configured(std::nullopt), kPathMessage, Ending::certificate_not_trusted),
           Path::self_signed,
           {reading(TrustModel::documented, Ending::configuration_error, true),
            reading(TrustModel::angus, Ending::certificate_not_trusted)});
     },
     "self-signed", Confidence::certain, Health::fails},
    {"TrustIsAbsentAndTheCertificateIsGood",
     [] {
       return with_shown(configured(std::nullopt), Path::anchored,
                         {reading(TrustModel::documented, Ending::configuration_error, true),
                          reading(TrustModel::angus, Ending::delivered)});
     },
     "trust-absent", Confidence::likely, Health::fails},
    {"TheStoreIsOfBeforeTheRenewal",
     [] {
       return with_store(
           with_shown(named(Mode::smtps), Path::self_signed,
                      {reading(TrustModel::angus, Ending::certificate_not_trusted, true)}),
           customer::StoreProblem::renewed);
     },
     "store-renewed", Confidence::certain, Health::fails},
    {"NobodyNeedsTheStore",
     [] {
       return with_store(with_shown(named(Mode::smtps), Path::anchored,
                                    {reading(TrustModel::angus, Ending::delivered, true)}),
                         customer::StoreProblem::misnamed);
     },
     "no-fault", Confidence::likely, Health::healthy},
    {"TheStoreDoesNotOpen",
     [] { return with_store(named(Mode::smtps), customer::StoreProblem::empty); }, "store-empty",
     Confidence::certain, Health::fails},
    // A certificate is validated once the store was opened.
    {"TheStoreOfTheLogWasOpened",
     [] {
       return with_store(
           with_log(named(Mode::smtps), kPathMessage, Ending::certificate_not_trusted),
           customer::StoreProblem::empty);
     },
     "certificate-not-trusted", Confidence::likely, Health::fails},
    {"TheStoreIsNotReadWithStarttls",
     [] {
       return with_store(
           with_log(named(Mode::smtp_starttls), kPathMessage, Ending::certificate_not_trusted),
           customer::StoreProblem::unread);
     },
     "store-unread", Confidence::likely, Health::fails},
    {"TheLogIsOfAnotherProtocol",
     [] {
       Evidence evidence = configured();
       evidence.log = logged(kPathMessage, Ending::certificate_not_trusted, words::Protocol::ldap);
       return evidence;
     },
     "log-of-another-protocol", Confidence::certain, Health::unknown},
    {"TheLogIsOfAnotherHost",
     [] {
       Evidence evidence = with_log(configured(), "Server is not trusted: old.example.test",
                                    Ending::certificate_not_trusted);
       evidence.log->hosts = {"old.example.test"};
       return evidence;
     },
     "log-of-another-host", Confidence::certain, Health::unknown},
    {"AForeignLogCoversNoFault",
     [] {
       Evidence evidence = with_look(configured(), Ending::starttls_not_supported, "capabilities");
       evidence.log = logged(kPathMessage, Ending::certificate_not_trusted, words::Protocol::ldap);
       return evidence;
     },
     "starttls-not-offered", Confidence::certain, Health::fails},
    {"TheClockIsAhead",
     [] {
       return with_shown(
           with_log(configured(std::nullopt), "NotAfter: Tue Jun 01 00:00:00 UTC 2027",
                    Ending::certificate_expired),
           Path::anchored, {reading(TrustModel::angus, Ending::delivered)});
     },
     "clock-is-wrong", Confidence::certain, Health::fails},
    {"ItWasRenewedSince",
     [] {
       return with_shown(
           with_log(configured(std::nullopt), "NotAfter: Fri May 01 00:00:00 CEST 2026",
                    Ending::certificate_expired),
           Path::anchored, {reading(TrustModel::angus, Ending::delivered)});
     },
     "renewed-since-the-log", Confidence::likely, Health::fails},
    {"TheClientReadsAnotherStore",
     [] {
       return with_shown(
           with_log(configured(std::nullopt), kPathMessage, Ending::certificate_not_trusted),
           Path::anchored, {reading(TrustModel::angus, Ending::delivered)});
     },
     "another-store", Confidence::likely, Health::fails},
    // The customer's network is not this one.
    {"AServerOutOfReachIsNoAnswerToALog",
     [] {
       Evidence evidence = with_look(configured(std::nullopt), Ending::not_connected, "resolution");
       evidence.log = logged("535 5.7.8 authentication failed", Ending::auth_rejected);
       return evidence;
     },
     "auth-rejected", Confidence::likely, Health::fails},
    {"NobodyKnowsTheName",
     [] { return with_look(configured(), Ending::not_connected, "resolution"); }, "host-unknown",
     Confidence::likely, Health::fails},
    {"StarttlsIsMasked",
     [] {
       Evidence evidence = with_look(configured(), Ending::starttls_not_supported, "capabilities");
       evidence.seen->offers_tls_masked = true;
       return evidence;
     },
     "starttls-masked", Confidence::certain, Health::fails},
    {"ThePortBeginsWithTls",
     [] {
       Evidence evidence = with_log(configured(), "Read timed out", Ending::timeout);
       evidence.server.port = 465;
       return evidence;
     },
     "wrong-port", Confidence::likely, Health::fails},
    {"WhatNeverComesAbout", [] { return with_mistake(customer::Weight::fails); }, "mistake",
     Confidence::likely, Health::fails},
    {"WhatMayBe", [] { return with_mistake(customer::Weight::doubtful); }, "doubtful",
     Confidence::possible, Health::unknown},
    {"InClear",
     [] {
       Evidence evidence = configured();
       evidence.server.mode = Mode::smtp_plain;
       return evidence;
     },
     "in-clear", Confidence::possible, Health::unknown},
    {"TheLogOfTlsInClear",
     [] {
       Evidence evidence =
           with_log(configured(std::nullopt), kPathMessage, Ending::certificate_not_trusted);
       evidence.server.mode = Mode::smtp_plain;
       return evidence;
     },
     "log-of-tls-in-clear", Confidence::certain, Health::unknown},
    {"TheChainIsOfAnotherTime",
     [] {
       Evidence evidence = with_shown(named(Mode::smtps), Path::anchored,
                                      {reading(TrustModel::angus, Ending::delivered, true)});
       evidence.shown->file.clear();
       evidence.seen = Seen{.ending = Ending::delivered};
       evidence.given = evidence.shown->chain.front();
       evidence.given->fingerprint = "SHA-256 CC";
       evidence.given_file = "old.pem";
       return evidence;
     },
     "no-fault", Confidence::certain, Health::healthy},
};

class WeighTest : public testing::TestWithParam<Row> {};

TEST_P(WeighTest, PutsTheLikeliestFirst) {
  const Diagnosis diagnosis = weigh(GetParam().evidence());
  ASSERT_FALSE(diagnosis.claims.empty());
  const Claim& first = diagnosis.claims.front();
  EXPECT_EQ(first.cause, GetParam().cause) << first.answer;
  EXPECT_EQ(word(first.confidence), word(GetParam().confidence));
  EXPECT_EQ(word(diagnosis.health), word(GetParam().health));
}

TEST_P(WeighTest, SaysAllFourPartsOfEachCause) {
  for (const Claim& claim : weigh(GetParam().evidence()).claims) {
    EXPECT_FALSE(claim.answer.empty()) << claim.cause;
    EXPECT_FALSE(claim.answer.ends_with('.')) << claim.answer;
    EXPECT_EQ(claim.answer.find('{'), std::string::npos) << claim.answer;
    EXPECT_FALSE(claim.rests_on.empty()) << claim.cause;
    EXPECT_FALSE(claim.change.empty()) << claim.cause;
    for (std::size_t i = 0; i < claim.change.size(); ++i) {
      EXPECT_EQ(claim.change[i].text.find('{'), std::string::npos) << claim.change[i].text;
      // What hides the problem stands last.
      EXPECT_TRUE(!claim.change[i].hides || i + 1 == claim.change.size()) << claim.cause;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, WeighTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return row.param.name; });

TEST(Weigh, NamesAContradictionBesideABetterCause) {
  Evidence evidence = with_look(configured(), Ending::starttls_not_supported, "capabilities");
  evidence.log = logged(kPathMessage, Ending::certificate_not_trusted, words::Protocol::ldap);
  EXPECT_EQ(
      weigh(evidence).contradictions,
      std::vector<std::string>{"this stack trace is of an LDAP client, the file configures SMTP"});
}

TEST(Weigh, NamesThePortsOfTheServersOwnProtocol) {
  const std::pair<Mode, std::vector<std::string>> rows[] = {
      {Mode::ldap_starttls, {"587", "465", ":25"}}, {Mode::smtp_starttls, {"389", "636"}}};
  for (const auto& [mode, of_the_other] : rows) {
    for (const Ending ending : {Ending::starttls_not_supported, Ending::auth_unavailable}) {
      std::string change;
      for (const Claim& claim : weigh(with_look(named(mode), ending, "capabilities")).claims) {
        for (const Advice& advice : claim.change) change += advice.text + '\n';
      }
      const std::string own = mode == Mode::ldap_starttls ? "389" : "587";
      EXPECT_NE(change.find(own), std::string::npos) << change;
      for (const std::string& port : of_the_other) {
        EXPECT_EQ(change.find(port), std::string::npos) << change;
      }
    }
  }
}

TEST(Weigh, HasEachCauseOnce) {
  std::set<std::string_view> words;
  for (const CauseRow& row : causes()) EXPECT_TRUE(words.insert(row.word).second) << row.word;
}

TEST(Advice, KeepsTheNamesThatTrustHasAndWritesThemApartByBlanks) {
  EXPECT_EQ(trust_to_write(configured("a.example.test,b.example.test;*"), false),
            "a.example.test b.example.test mail.example.test");
  EXPECT_EQ(trust_to_write(configured("Mail.Example.Test"), false),
            "Mail.Example.Test mail.example.test");
  EXPECT_EQ(trust_to_write(configured(std::nullopt), false), "mail.example.test");
}

TEST(Advice, ListsTheNameOfTheCertificateUnlessItIsAWildcard) {
  Evidence evidence = configured();
  evidence.shown = shown();
  evidence.shown->chain.front().names = {"*.example.test", "mx1.example.test"};
  EXPECT_EQ(trust_to_write(evidence, true), "mail.example.test mx1.example.test");
  evidence.shown->chain.front().names = {"*.example.test"};
  EXPECT_EQ(trust_to_write(evidence, true), "mail.example.test");
}

TEST(Advice, FetchesWithTheProtocolsOwnStarttls) {
  EXPECT_EQ(fetch_command(configured(), "x.pem"),
            "openssl s_client -starttls smtp -connect mail.example.test:587 -showcerts </dev/null "
            ">x.pem");
  EXPECT_EQ(fetch_command(named(Mode::ldaps), ""),
            "openssl s_client -connect mail.example.test:636 -showcerts </dev/null");
  Evidence ipv6 = named(Mode::ldap_starttls);
  ipv6.server.host = "2001:db8::1";
  EXPECT_EQ(fetch_command(ipv6, ""),
            "openssl s_client -starttls ldap -connect '[2001:db8::1]:389' -showcerts </dev/null");
}

// Of several messages of one failure that which says most counts (java-trust: JavaMail prints
// `Server is not trusted` behind a handshake that was finished).
TEST(Judgement, KnowsWhatJavaGivesAway) {
  const auto says = [](const std::string& text) {
    return java_says(logged(text, Ending::certificate_not_trusted));
  };
  EXPECT_EQ(says(kPathMessage), JavaSays::validated);
  EXPECT_EQ(says("java.io.IOException: Server is not trusted: mail.example.test"),
            JavaSays::unlisted);
  EXPECT_EQ(says("the trustAnchors parameter must be non-empty"), JavaSays::no_anchors);
  EXPECT_EQ(says("KeyStoreException: problem accessing trust store"), JavaSays::closed);
  EXPECT_EQ(says("No subject alternative DNS name matching mail.example.test found."),
            JavaSays::name);
  EXPECT_EQ(says("Could not convert socket to TLS"), JavaSays::nothing);
}

}  // namespace
}  // namespace startle::diagnosis
