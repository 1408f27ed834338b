// README.md, "Store": every value under both readings and all trust models, with six certificates.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "harness/oracle/oracle.h"
#include "harness/oracle/test_facts.h"

namespace startle::oracle {
namespace {

constexpr words::Ending ok = words::Ending::delivered;
constexpr words::Ending conf = words::Ending::configuration_error;
constexpr words::Ending name = words::Ending::certificate_host_mismatch;
constexpr words::Ending untr = words::Ending::certificate_not_trusted;
constexpr words::Ending date = words::Ending::certificate_expired;
constexpr words::Ending purp = words::Ending::certificate_wrong_purpose;
constexpr words::Ending vali = words::Ending::validation_failure;

const std::array<std::string, 7> kCertificates{"valid",
                                               "mismatched",
                                               "self-signed",
                                               "expired",
                                               "client-auth-only",
                                               "intermediate-not-ca",
                                               "missing-intermediate"};
using Endings = std::array<words::Ending, 7>;

constexpr Endings kRefused{conf, conf, conf, conf, conf, conf, conf};
constexpr Endings kNobody{untr, untr, untr, untr, untr, untr, untr};

// With the system's anchors alone.
constexpr Endings kSystemDocumented{ok, name, ok, date, purp, ok, ok};
constexpr Endings kSystemPkix{ok, name, untr, date, purp, vali, untr};
constexpr Endings kSystemJavamail{ok, ok, untr, date, purp, vali, untr};
constexpr Endings kSystemAngus{ok, name, untr, date, purp, vali, untr};
// The certificate has become an anchor: all of a path is gone, and nothing else.
constexpr Endings kAddedPkix{ok, name, ok, date, purp, ok, ok};
constexpr Endings kAddedJavamail{ok, ok, ok, date, purp, ok, ok};
constexpr Endings kAddedAngus{ok, name, ok, date, purp, ok, ok};
// It is accepted as it is, but for the name.
constexpr Endings kFound{ok, name, ok, ok, ok, ok, ok};
constexpr Endings kFoundJavamail{ok, ok, ok, ok, ok, ok, ok};
// Nobody has issued it. PKIX looks at dates first (README.md, "Order of checks"), Java at the path.
constexpr Endings kReplacedPkix{untr, untr, untr, date, untr, untr, untr};

struct ByModel {
  Endings documented, pkix, javamail, angus;
};
constexpr ByModel kSystem{kSystemDocumented, kSystemPkix, kSystemJavamail, kSystemAngus};
constexpr ByModel kAdded{kSystemDocumented, kAddedPkix, kAddedJavamail, kAddedAngus};
constexpr ByModel kAccepted{kFound, kFound, kFoundJavamail, kFound};
constexpr ByModel kReplaced{kSystemDocumented, kReplacedPkix, kNobody, kNobody};
constexpr ByModel kUnusable{kRefused, kRefused, kRefused, kRefused};

struct Row {
  words::HostStore store;
  ByModel documented;
  ByModel jsse;
};
const Row kRows[] = {
    {words::HostStore::system, kSystem, kSystem},
    {words::HostStore::host_jks, kAdded, kAccepted},
    {words::HostStore::host_pkcs12, kAdded, kAccepted},
    {words::HostStore::host_no_password, kAdded, kReplaced},
    {words::HostStore::host_wrong_password, kUnusable, kUnusable},
    {words::HostStore::host_misnamed, kSystem, kSystem},
    {words::HostStore::host_missing, kSystem, kSystem},
    {words::HostStore::host_corrupt, kUnusable, kUnusable},
    {words::HostStore::host_other_certificate, kSystem, kReplaced},
    {words::HostStore::host_renewed_certificate, kSystem, kReplaced},
    {words::HostStore::cacerts, kAdded, kAccepted},
};

class Store : public testing::TestWithParam<Row> {};

void expect_endings(const Row& row, words::StoreModel store_model, const ByModel& reading) {
  for (const auto& [model, endings] : {std::pair{words::TrustModel::documented, reading.documented},
                                       {words::TrustModel::javamail, reading.javamail},
                                       {words::TrustModel::javamail_identity, reading.angus},
                                       {words::TrustModel::angus, reading.angus},
                                       {words::TrustModel::pkix, reading.pkix}}) {
    const bool java = words::is_javas(model);
    for (std::size_t c = 0; c < kCertificates.size(); ++c) {
      const Answer answer = expect({.model = model,
                                    .host = kHost,
                                    .trust = java ? std::nullopt : std::optional(kHost),
                                    .facts = facts_of(kCertificates[c]),
                                    .store_model = store_model,
                                    .store = row.store});
      EXPECT_EQ(answer.endings, std::vector<words::Ending>{endings[c]})
          << word(store_model) << ' ' << word(model) << ' ' << kCertificates[c] << ": "
          << answer.reason;
    }
  }
}

TEST_P(Store, Documented) {
  expect_endings(GetParam(), words::StoreModel::documented, GetParam().documented);
}

TEST_P(Store, Jsse) {
  expect_endings(GetParam(), words::StoreModel::jsse, GetParam().jsse);
}

INSTANTIATE_TEST_SUITE_P(Value, Store, testing::ValuesIn(kRows), [](const auto& row) {
  std::string text(word(row.param.store));
  for (char& c : text) {
    if (c == '-') c = '_';
  }
  return text;
});

// With a value of trust, Java asks nobody who knows the store; it opens it all the same.
TEST(Store, IsNotAskedWhereJavaHasAList) {
  const auto java = [](const std::string& trust, words::HostStore store,
                       const std::string& certificate) {
    return expect({.model = words::TrustModel::javamail,
                   .host = kHost,
                   .trust = trust,
                   .facts = facts_of(certificate),
                   .store_model = words::StoreModel::jsse,
                   .store = store})
        .endings;
  };
  using List = std::vector<words::Ending>;
  EXPECT_EQ(java("*", words::HostStore::host_other_certificate, "self-signed"), List{ok});
  EXPECT_EQ(java("*", words::HostStore::host_no_password, "self-signed"), List{ok});
  EXPECT_EQ(java("*", words::HostStore::host_wrong_password, "valid"), List{conf});
  EXPECT_EQ(java("other.example.test", words::HostStore::host_jks, "valid"), List{untr});
  EXPECT_EQ(java(kHost, words::HostStore::host_other_certificate, "expired"), List{ok});
}

TEST(Store, AnImpostorMayBeLookedAtWhereNoPathIsNeeded) {
  const Facts facts = changed(facts_of("valid"), [](Facts& f) { f.path = Path::impostor; });
  for (const words::TrustModel model :
       {words::TrustModel::pkix, words::TrustModel::javamail, words::TrustModel::angus}) {
    const auto trust = model == words::TrustModel::pkix ? std::optional(kHost) : std::nullopt;
    auto endings = expect({.model = model,
                           .host = kHost,
                           .trust = trust,
                           .facts = facts,
                           .store = words::HostStore::host_jks})
                       .endings;
    std::sort(endings.begin(), endings.end());
    EXPECT_EQ(endings, (std::vector<words::Ending>{ok, vali})) << word(model);
  }
}

// A signature of 512 bits has no room for the digest, whoever trusts the key.
TEST(Store, AFoundKeyThatCannotSignEndsTheHandshake) {
  for (const auto& [bits, ending] :
       {std::pair(512U, words::Ending::handshake_failure), {528U, ok}}) {
    const Facts facts = changed(facts_of("valid"), [bits = bits](Facts& f) { f.rsa_bits = bits; });
    EXPECT_EQ(expect({.model = words::TrustModel::javamail,
                      .host = kHost,
                      .facts = facts,
                      .store_model = words::StoreModel::jsse,
                      .store = words::HostStore::host_jks})
                  .endings,
              std::vector<words::Ending>{ending})
        << bits;
  }
}

TEST(Store, IsNotReadWhereNoTlsIsSpoken) {
  const Answer answer = expect({.mode = words::Mode::smtp_plain,
                                .host = kHost,
                                .credential = {.username_present = false},
                                .store = words::HostStore::host_corrupt});
  EXPECT_EQ(answer.endings, std::vector<words::Ending>{words::Ending::delivered_in_clear});
}

// In place of a row: what a customer's own is to the certificates that are shown.
TEST(Store, OfACustomerIsAskedForWhatItIs) {
  using State = KeptStore::State;
  struct KeptRow {
    const char* name;
    KeptStore kept;
    ByModel documented;
    ByModel jsse;
  };
  const KeptRow rows[] = {
      {"absent", {.state = State::absent}, kSystem, kSystem},
      {"unusable", {.state = State::unusable, .sentence = "it is damaged"}, kUnusable, kUnusable},
      {"holds a stranger's", {.state = State::opened}, kSystem, kReplaced},
      {"holds the issuer", {.state = State::opened, .is_in_path = true}, kSystem, kSystem},
      {"holds it", {.state = State::opened, .holds_shown = true}, kAdded, kAccepted},
  };
  for (const KeptRow& row : rows) {
    for (const auto& [store_model, reading] :
         {std::pair{words::StoreModel::documented, row.documented},
          {words::StoreModel::jsse, row.jsse}}) {
      for (std::size_t c = 0; c < kCertificates.size(); ++c) {
        const auto ask = [&, model = store_model](words::TrustModel trust_model) {
          return expect({.model = trust_model,
                         .host = kHost,
                         .facts = facts_of(kCertificates[c]),
                         .store_model = model,
                         .store = words::HostStore::host_corrupt,  // which is not looked at
                         .kept = row.kept})
              .endings;
        };
        EXPECT_EQ(ask(words::TrustModel::pkix), std::vector{reading.pkix[c]})
            << row.name << ' ' << word(store_model) << ' ' << kCertificates[c];
        EXPECT_EQ(ask(words::TrustModel::angus), std::vector{reading.angus[c]})
            << row.name << ' ' << word(store_model) << ' ' << kCertificates[c];
      }
    }
  }
  EXPECT_EQ(expect({.host = kHost,
                    .trust = kHost,
                    .facts = facts_of("valid"),
                    .kept = KeptStore{.sentence = "the host has no key store"}})
                .reason,
            "the certificate is issued to `smtp.example.test`, trust lists `smtp.example.test`; "
            "the host has no key store");
}

// A list takes the place of the trust manager that knows the store.
TEST(Store, OfAHostThatTrustListsTakesNothingAwayOfJavasConstraints) {
  Question question{.model = words::TrustModel::javamail,
                    .host = kHost,
                    .trust = kHost,
                    .facts = facts_of("valid"),
                    .store = words::HostStore::host_jks};
  EXPECT_EQ(expect(question).endings, std::vector{ok});
  for (const Flaw flaw : {Flaw::md5_signature, Flaw::very_weak_key}) {
    question.facts.authority_flaw = flaw;
    EXPECT_EQ(expect(question).endings, std::vector{vali}) << word(flaw);
  }
}

TEST(Store, IsGivenAsTheReason) {
  EXPECT_EQ(expect({.host = kHost, .trust = kHost, .store = words::HostStore::host_wrong_password})
                .reason,
            "the password configured for the host's key store is wrong");
  EXPECT_EQ(expect({.model = words::TrustModel::pkix,
                    .host = kHost,
                    .facts = facts_of("valid"),
                    .store_model = words::StoreModel::jsse,
                    .store = words::HostStore::host_renewed_certificate})
                .reason,
            "the chain ends in a certification authority that the client does not hold; the host's "
            "key store holds the server's former certificate, of the same name and with another "
            "key");
}

}  // namespace
}  // namespace startle::oracle
