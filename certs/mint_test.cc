#include "certs/mint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <set>
#include <thread>

#include "certs/catalogue_for_test.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

std::string serial_of(const std::string& der) {
  const tls::Certificate certificate = tls::certificate_from_der(der);
  std::array<char, 64> serial{};
  std::size_t size = serial.size();
  tls::check(gnutls_x509_crt_get_serial(certificate.get(), serial.data(), &size), "get_serial");
  return {serial.data(), size};
}

std::string issuer_of(const std::string& der) {
  const tls::Certificate certificate = tls::certificate_from_der(der);
  std::array<char, 128> name{};
  std::size_t size = name.size();
  tls::check(gnutls_x509_crt_get_issuer_dn(certificate.get(), name.data(), &size), "get_issuer_dn");
  return {name.data(), size};
}

// Recipes that cost little: no key of theirs takes long to make.
std::vector<Recipe> quick_recipes() {
  std::vector<Recipe> quick;
  const auto is_quick = [](const CertificateRecipe& one) {
    return rsa_bits(one.key) == 0 && one.key != KeyKind::dsa_2048;
  };
  for (const Recipe& recipe : all_recipes()) {
    if (is_quick(recipe.root) && is_quick(recipe.leaf) &&
        std::all_of(recipe.intermediates.begin(), recipe.intermediates.end(), is_quick)) {
      quick.push_back(recipe);
    }
  }
  return quick;
}

TEST(Mint, TheSameArgumentsGiveTheSameChain) {
  Mint mint(kTestClock);
  const auto chain = mint.chain(valid_recipe(), kTestHost);
  EXPECT_EQ(mint.chain(recipe_called("valid"), kTestHost), chain);
  EXPECT_NE(mint.chain(valid_recipe(), "other.example.test"), chain);
  Recipe changed = valid_recipe();
  changed.leaf.validity.until = std::chrono::days{1};
  EXPECT_NE(mint.chain(changed, kTestHost), chain) << "a recipe is more than its id";
}

// ---- clients with a clock of their own

using Times = std::pair<std::time_t, std::time_t>;

Times validity_of(const std::string& der, std::chrono::sys_seconds since) {
  const tls::Certificate certificate = tls::certificate_from_der(der);
  const std::time_t at = std::chrono::system_clock::to_time_t(since);
  return {gnutls_x509_crt_get_activation_time(certificate.get()) - at,
          gnutls_x509_crt_get_expiration_time(certificate.get()) - at};
}

TEST(Mint, WhatIsNearItsEdgeIsMadeAnewForALaterTime) {
  using namespace std::chrono_literals;
  Mint mint(kTestClock);
  Recipe recipe = valid_recipe();
  recipe.leaf.validity.until = 1h;
  recipe.intermediates.back().validity.from = -2h;
  const auto first = mint.chain(recipe, kTestHost);
  for (const auto later : {std::chrono::seconds(1s), std::chrono::seconds(5h)}) {
    const auto now = kTestClock + later;
    const auto made = mint.chain_at(recipe, kTestHost, {.given = kTestClock, .now = now});
    EXPECT_EQ(made->anchors_der, first->anchors_der);
    EXPECT_EQ(made->anchors, first->anchors);
    EXPECT_EQ(made->sent_der.size(), first->sent_der.size());
    EXPECT_EQ(validity_of(made->sent_der[0], now), validity_of(first->sent_der[0], kTestClock));
    EXPECT_EQ(validity_of(made->sent_der[1], now), validity_of(first->sent_der[1], kTestClock));
  }
  EXPECT_EQ(mint.chain(recipe, kTestHost), first) << "what is made anew is not kept";
}

TEST(Mint, WhatIsFarFromItsEdgeStays) {
  using namespace std::chrono_literals;
  Mint mint(kTestClock);
  const auto valid = mint.chain(valid_recipe(), kTestHost);
  EXPECT_EQ(mint.chain_at(valid_recipe(), kTestHost, {kTestClock, kTestClock + 48h}), valid);
  // Not valid for two days yet: in one it is nearer than a day.
  Recipe recipe = valid_recipe();
  recipe.leaf.validity.from = 48h;
  const auto first = mint.chain(recipe, kTestHost);
  EXPECT_EQ(mint.chain_at(recipe, kTestHost, {kTestClock, kTestClock + 1h}), first);
  EXPECT_NE(mint.chain_at(recipe, kTestHost, {kTestClock, kTestClock + 30h}), first);
}

// The client was given it, and the serial number that it names is that of the certificate.
TEST(Mint, WhatARevocationListNamesStays) {
  using namespace std::chrono_literals;
  Mint mint(kTestClock);
  const Recipe& recipe = recipe_called("revoked-by-crl");
  const auto first = mint.chain(recipe, kTestHost);
  EXPECT_EQ(mint.chain_at(recipe, kTestHost, {kTestClock, kTestClock + 5h}), first);
}

TEST(Mint, AnchorsAreAsOldAsTheOfferTheyAreGivenIn) {
  using namespace std::chrono_literals;
  Mint mint(kTestClock);
  Recipe recipe = valid_recipe();
  recipe.root.validity.from = -1h;
  const auto given = kTestClock + 5h;
  const auto made = mint.chain_at(recipe, kTestHost, {given, given});
  EXPECT_EQ(validity_of(made->anchors_der[0], given).first, -3600);
  const auto later = mint.chain_at(recipe, kTestHost, {given, given + 1h});
  EXPECT_EQ(later->anchors_der, made->anchors_der);
}

TEST(Mint, ThreadsThatAskAtOnceGetTheSameChain) {
  Mint mint(kTestClock);
  std::array<std::vector<std::shared_ptr<const Chain>>, 2> got{};
  {
    std::array<std::jthread, 2> threads{};
    for (std::size_t i = 0; i < threads.size(); ++i) {
      threads[i] = std::jthread([&mint, &mine = got[i]] {
        for (const Recipe& recipe : quick_recipes()) mine.push_back(mint.chain(recipe, kTestHost));
      });
    }
  }
  EXPECT_EQ(got[0].size(), quick_recipes().size());
  EXPECT_EQ(got[0], got[1]);
}

TEST(Mint, OneTrustAnchorServesEveryRecipeThatStatesNoOther) {
  Mint mint(kTestClock);
  const auto valid = mint.chain(valid_recipe(), kTestHost);
  for (const Recipe& recipe : quick_recipes()) {
    const auto chain = mint.chain(recipe, kTestHost);
    const bool own = recipe.root_trusted && !(recipe.root == default_root());
    EXPECT_EQ(chain->anchors_der != valid->anchors_der, own) << recipe.id;
    EXPECT_EQ(chain->anchors != valid->anchors, own || recipe.revocation_list) << recipe.id;
  }
}

TEST(Mint, AHostsChainPresentsThatHost) {
  Mint mint(kTestClock);
  for (const char* host : {"smtp.example.test", "mail.other.test", "127.0.0.1"}) {
    const auto chain = mint.chain(valid_recipe(), host);
    const tls::Certificate leaf = tls::certificate_from_der(chain->sent_der.front());
    EXPECT_NE(gnutls_x509_crt_check_hostname(leaf.get(), host), 0U) << host;
    EXPECT_EQ(gnutls_x509_crt_check_hostname(leaf.get(), "x.test"), 0U) << host;
  }
}

TEST(Mint, SerialNumbersAreUniquePerIssuerAndTheSameInEveryRun) {
  Mint mint(kTestClock);
  Mint second_run(kTestClock);
  std::set<std::string> certificates;
  std::set<std::pair<std::string, std::string>> names;
  for (const Recipe& recipe : quick_recipes()) {
    const bool readable = std::all_of(
        recipe.intermediates.begin(), recipe.intermediates.end(),
        [](const CertificateRecipe& one) { return one.damage != Damage::duplicate_extension; });
    if (!readable || recipe.leaf.serial != Serial::digest || recipe.leaf.damage != Damage::none) {
      continue;
    }
    for (const char* host : {"smtp.example.test", "mail.other.test"}) {
      const auto chain = mint.chain(recipe, host);
      const auto again = second_run.chain(recipe, host);
      for (std::size_t i = 0; i < chain->sent_der.size(); ++i) {
        const std::string& der = chain->sent_der[i];
        certificates.insert(der);
        names.insert({issuer_of(der), serial_of(der)});
        EXPECT_EQ(serial_of(der), serial_of(again->sent_der[i]));
        EXPECT_EQ(serial_of(der).size(), 16U);
      }
    }
  }
  EXPECT_EQ(names.size(), certificates.size());
}

TEST(Mint, TheServerHoldsWhatIsSentInThatOrder) {
  Mint mint(kTestClock);
  for (const Recipe& recipe : quick_recipes()) {
    const auto chain = mint.chain(recipe, kTestHost);
    const std::vector<std::size_t> order = sent_order(recipe);
    ASSERT_EQ(chain->sent_der.size(), order.size()) << recipe.id;
    for (unsigned i = 0; i < order.size(); ++i) {
      gnutls_datum_t held{};
      ASSERT_EQ(gnutls_certificate_get_crt_raw(chain->server->get(), 0, i, &held), 0) << recipe.id;
      const std::string der(reinterpret_cast<const char*>(held.data), held.size);
      EXPECT_EQ(der, chain->sent_der[i]) << recipe.id << " " << i;
      if (order[i] < chain->all_der.size()) {
        EXPECT_EQ(der, chain->all_der[order[i]]) << recipe.id << " " << i;
      }
    }
    gnutls_datum_t beyond{};
    EXPECT_LT(gnutls_certificate_get_crt_raw(chain->server->get(), 0,
                                             static_cast<unsigned>(order.size()), &beyond),
              0);
  }
  const auto reversed = mint.chain(recipe_called("reversed-chain"), kTestHost);
  EXPECT_EQ(reversed->sent_der[2], reversed->all_der[1]);
}

TEST(Mint, WhatIsDeclaredOversizedIs) {
  Mint mint(kTestClock);
  for (const Recipe& recipe : quick_recipes()) {
    const auto chain = mint.chain(recipe, kTestHost);
    std::size_t bytes = 0;
    for (const std::string& der : chain->sent_der) bytes += der.size();
    EXPECT_EQ(chain->facts.oversized, bytes > 32 * 1024) << recipe.id;
  }
}

TEST(Mint, ACrossCertificateHasTheKeyAndAnImpostorHasNot) {
  Mint mint(kTestClock);
  for (const bool same_key : {true, false}) {
    Recipe recipe = valid_recipe();
    recipe.extras = {{.issuer = ExtraCertificate::Issuer::unknown_root,
                      .subject_of = 1,
                      .same_key = same_key,
                      .certificate = {.basic_constraints = BasicConstraints::ca}}};
    recipe.sent = {0, 1, 3};
    const auto chain = mint.chain(recipe, kTestHost);
    const auto key_id = [](const std::string& der) {
      std::array<unsigned char, 20> id{};
      std::size_t size = id.size();
      tls::check(
          gnutls_x509_crt_get_key_id(tls::certificate_from_der(der).get(), 0, id.data(), &size),
          "key_id");
      return id;
    };
    EXPECT_EQ(key_id(chain->sent_der[2]) == key_id(chain->sent_der[1]), same_key);
    EXPECT_EQ(issuer_of(chain->sent_der[2]), "CN=Startle Unknown Root CA");
    EXPECT_NE(chain->sent_der[2], chain->sent_der[1]);
  }
}

TEST(Mint, TheKeyBelongsToTheEndEntity) {
  Mint mint(kTestClock);
  for (std::size_t i = 0; i < kKeyKinds.size(); ++i) {
    const auto kind = static_cast<KeyKind>(i);
    if (kind == KeyKind::rsa_3072 || kind == KeyKind::rsa_4096) continue;  // seconds to make
    if (kind == KeyKind::brainpool_p256) continue;                         // of authorities alone
    Recipe recipe = valid_recipe();
    recipe.leaf.key = kind;
    const auto chain = mint.chain(recipe, kTestHost);
    auto key = tls::make<tls::PrivateKey>(gnutls_x509_privkey_init, "init");
    const gnutls_datum_t pem{
        .data = reinterpret_cast<unsigned char*>(const_cast<char*>(chain->leaf_key_pem.data())),
        .size = static_cast<unsigned>(chain->leaf_key_pem.size())};
    tls::check(gnutls_x509_privkey_import2(key.get(), &pem, GNUTLS_X509_FMT_PEM, nullptr, 0),
               "import2");
    const auto leaf = tls::certificate_from_der(chain->all_der.front());
    std::array<std::array<unsigned char, 20>, 2> ids{};
    std::size_t size = 20;
    tls::check(gnutls_x509_privkey_get_key_id(key.get(), 0, ids[0].data(), &size), "key_id");
    tls::check(gnutls_x509_crt_get_key_id(leaf.get(), 0, ids[1].data(), &size), "key_id");
    EXPECT_EQ(ids[0], ids[1]) << word(kind);
  }
}

TEST(Mint, ABrokenSignatureDiffersInOneBit) {
  for (const KeyKind issuer : {KeyKind::ecdsa_p256, KeyKind::ed25519, KeyKind::rsa_2048}) {
    Mint mint(kTestClock);
    Recipe recipe = valid_recipe();
    recipe.intermediates[0].key = issuer;
    for (const bool broken : {false, true}) {
      recipe.leaf.damage = broken ? Damage::broken_signature : Damage::none;
      const auto chain = mint.chain(recipe, kTestHost);
      const auto leaf = tls::certificate_from_der(chain->all_der[0]);
      const auto by = tls::certificate_from_der(chain->all_der[1]);
      gnutls_x509_crt_t issuer_certificate = by.get();
      unsigned found = 0;
      tls::check(
          gnutls_x509_crt_verify(
              leaf.get(), &issuer_certificate, 1,
              GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_VERIFY_ALLOW_ANY_X509_V1_CA_CRT, &found),
          "verify");
      EXPECT_EQ((found & GNUTLS_CERT_SIGNATURE_FAILURE) != 0, broken) << word(issuer);
    }
  }
}

struct ClockRow {
  int year;
  const char* recipe;
  const char* complaint;
};

TEST(Mint, RefusesAClockThatCertificatesCannotFollow) {
  for (const ClockRow& row :
       {ClockRow{1971, "valid",
                 "a certificate's validity lies between the years 1970 and 9999: move the clock"},
        {2055, "generalized-time-before-2050",
         "a time whose type is stated lies before 2050: move the clock"},
        {2055, "until-2050", "until-date is over: move the clock"}}) {
    Mint mint(std::chrono::sys_days{std::chrono::year{row.year} / 1 / 1});
    try {
      mint.chain(recipe_called(row.recipe), kTestHost);
      ADD_FAILURE() << "no complaint: " << row.complaint;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::input);
      EXPECT_STREQ(e.what(), row.complaint);
    }
  }
}

TEST(Mint, AnEmptySubjectMakesTheAlternativeNamesCritical) {
  Mint mint(kTestClock);
  Recipe recipe = valid_recipe();
  for (const char* common_name : {"", "{host}"}) {
    recipe.leaf.common_name = common_name;
    const auto leaf = tls::certificate_from_der(mint.chain(recipe, kTestHost)->all_der.front());
    std::array<char, 256> name{};
    std::size_t size = name.size();
    unsigned critical = 2;
    tls::check(gnutls_x509_crt_get_extension_by_oid(leaf.get(), "2.5.29.17", 0, name.data(), &size,
                                                    &critical),
               "get_extension_by_oid");
    EXPECT_EQ(critical, *common_name == '\0' ? 1U : 0U);
  }
}

TEST(Mint, PemHoldsEveryCertificateInOrder) {
  Mint mint(kTestClock);
  const auto chain = mint.chain(valid_recipe(), kTestHost);
  const std::string pem = to_pem(chain->all_der);
  const gnutls_datum_t text{.data = reinterpret_cast<unsigned char*>(const_cast<char*>(pem.data())),
                            .size = static_cast<unsigned>(pem.size())};
  std::array<gnutls_x509_crt_t, 8> list{};
  unsigned count = list.size();
  ASSERT_EQ(gnutls_x509_crt_list_import(list.data(), &count, &text, GNUTLS_X509_FMT_PEM, 0), 3);
  for (unsigned i = 0; i < count; ++i) {
    const tls::Certificate owned(list[i]);
    const auto expected = tls::certificate_from_der(chain->all_der[i]);
    EXPECT_NE(gnutls_x509_crt_equals(owned.get(), expected.get()), 0U);
  }
}

}  // namespace
}  // namespace startle::certs
