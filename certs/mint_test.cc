#include "certs/mint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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

struct RefusalRow {
  const char* complaint;
  void (*contradict)(Recipe& valid);
};

const RefusalRow kRefusals[] = {
    {"a path length is 0 or more", [](Recipe& r) { r.intermediates[0].path_length = -1; }},
    {"a path length says nothing unless the certificate is a CA (RFC 5280, 4.2.1.9)",
     [](Recipe& r) {
       r.intermediates[0].basic_constraints = BasicConstraints::end_entity;
       r.intermediates[0].path_length = 0;
     }},
    {"a CA needs a subject (RFC 5280, 4.1.2.6)",
     [](Recipe& r) { r.intermediates[0].common_name = ""; }},
    {"alternative names and must-staple are of the end entity alone",
     [](Recipe& r) { r.intermediates[0].must_staple = true; }},
    {"a weak key is of the end entity alone", [](Recipe& r) { r.root.key = KeyKind::rsa_1024; }},
    {"a root states its name, key, digest, from and until alone: clients differ on the rest",
     [](Recipe& r) { r.root.path_length = 0; }},
    {"an untrusted root needs a name of its own", [](Recipe& r) { r.root_trusted = false; }},
    {"path length and name constraints are of an intermediate",
     [](Recipe& r) { r.leaf.name_constraints = {{.value = "x.test"}}; }},
    {"the end entity has neither a common name nor an alternative name",
     [](Recipe& r) {
       r.leaf.names.clear();
       r.leaf.common_name = "";
     }},
    {"an issuer, so a self-signed end entity too, has a subject (RFC 5280, 4.1.2.4)",
     [](Recipe& r) {
       r.leaf.common_name = "";
       r.leaf_issuer = LeafIssuer::self;
       r.intermediates.clear();
     }},
    {"the end entity is issued by an intermediate, but there is none",
     [](Recipe& r) { r.intermediates.clear(); }},
    {"the end entity is issued by the root: an intermediate has no place",
     [](Recipe& r) { r.leaf_issuer = LeafIssuer::root; }},
    {"the end entity, 0, is sent first: TLS signs with its key",
     [](Recipe& r) {
       r.sent = {1, 0};
     }},
    {"certificate 3 is sent, but the chain ends with 2",
     [](Recipe& r) {
       r.sent = {0, 3};
     }},
    {"until-date is no moment of the calendar",
     [](Recipe& r) { r.leaf.validity.until_date = "2051-02-30T00:00:00Z"; }},
    {"until-date is in 2050 or later: an earlier one is a matter of the clock, so write until",
     [](Recipe& r) { r.leaf.validity.until_date = "2049-12-31T23:59:59Z"; }},
    {"until-date with two digits of the year, which mean 2003, is a matter of the clock",
     [](Recipe& r) {
       r.leaf.validity.until_date = "2103-01-01T00:00:00Z";
       r.leaf.validity.until_type = TimeType::utc_time;
     }},
    {"a certificate of version 1 has no extensions (RFC 5280, 4.1.2.9)",
     [](Recipe& r) { r.leaf.version = 1; }},
    {"purposes-critical=\"true\" says nothing without purposes",
     [](Recipe& r) { r.intermediates[0].purposes_critical = true; }},
    {"there is one key of exponent 3, and it is the end entity's",
     [](Recipe& r) { r.intermediates[0].key = KeyKind::rsa_exponent_3; }},
    {"the end entity has two flaws, trailing-bytes and zero-serial: a recipe is wrong in one way",
     [](Recipe& r) {
       r.leaf.damage = Damage::trailing_bytes;
       r.leaf.serial = Serial::zero;
     }},
    {"an intermediate has two flaws, wrong-signature and not-ca: a recipe is wrong in one way",
     [](Recipe& r) {
       r.intermediates[0].damage = Damage::broken_signature;
       r.intermediates[0].basic_constraints = BasicConstraints::end_entity;
     }},
    {"unreadable is of the end entity alone",
     [](Recipe& r) { r.intermediates[0].damage = Damage::truncated; }},
    {"a weak digest and an RSASSA-PSS signature are of the end entity alone",
     [](Recipe& r) { r.intermediates[0].digest = policy::Digest::sha1; }},
    {"a leading dot is of a permitted domain: nobody defines an excluded one",
     [](Recipe& r) {
       r.intermediates[0].name_constraints = {{.permitted = false, .value = ".x.test"}};
     }},
    {"damage=\"empty-names\" and names contradict each other",
     [](Recipe& r) { r.leaf.damage = Damage::empty_names; }},
    {"names-critical says nothing without alternative names",
     [](Recipe& r) {
       r.leaf.names.clear();
       r.leaf.names_critical = false;
     }},
    {"the end entity's key signs handshakes: key-usage has digital-signature, or is none",
     [](Recipe& r) { r.leaf.key_usage = std::vector{KeyUsage::cert_sign}; }},
    {"only RSA with PKCS #1 v1.5 signs an MD5 digest: its issuer's key is ecdsa-p256",
     [](Recipe& r) { r.leaf.digest = policy::Digest::md5; }},
    {"pss-signature needs an issuer with an RSA key, not ecdsa-p256",
     [](Recipe& r) { r.leaf.pss_signature = true; }},
    {"a DSA key issues the end entity alone", [](Recipe& r) { r.root.key = KeyKind::dsa_2048; }},
    {"a list that is expired and revokes is wrong in two ways: revokes=\"nothing\"",
     [](Recipe& r) {
       r.revocation_list = RevocationList{.validity = {.until = -std::chrono::hours{1}}};
     }},
    {"a staple is revoked, of another or expired: one of them",
     [](Recipe& r) { r.staple = StapleRecipe{.revoked = true, .of_another = true}; }},
    {"the extra certificate a is not sent: <sent order=\"..\"/> names it",
     [](Recipe& r) { r.extras = {{.certificate = {.common_name = "x"}}}; }},
};

// Certificates beside a chain that is sent with them.
struct ExtraRow {
  const char* complaint;
  ExtraCertificate extra;
};

TEST(Mint, RefusesExtraCertificatesThatCannotBeMade) {
  using Issuer = ExtraCertificate::Issuer;
  const CertificateRecipe named{.common_name = "x"};
  const CertificateRecipe nameless{};
  Mint mint(kTestClock);
  for (const ExtraRow& row : {
           ExtraRow{"is its own issuer, by a loop: same subject, same key; write issuer=\"self\"",
                    {Issuer::leafs_issuer, 1, true, nameless}},
           {"is its own issuer, by a loop: same subject, same key; write issuer=\"self\"",
            {Issuer::root, 2, true, nameless}},
           {"has the subject of place 3, but the chain ends with 2",
            {Issuer::root, 3, true, nameless}},
           {"has the same key as which place? State subject-of",
            {Issuer::root, std::nullopt, true, named}},
           {"has the key of a place: it states no key of its own",
            {Issuer::unknown_root, 1, true, {.key = KeyKind::ed25519}}},
           {"is the trust anchor itself: nothing more to state",
            {Issuer::anchor_itself, std::nullopt, false, named}},
           {"has no subject", {Issuer::self, std::nullopt, false, nameless}},
           {"is encoded otherwise than it should be: that is of the chain",
            {Issuer::self, 1, false, {.serial = Serial::zero}}},
           {"has a weak key or signature: that is of the end entity alone",
            {Issuer::self, 1, false, {.key = KeyKind::rsa_1024}}},
       }) {
    Recipe recipe = valid_recipe();
    recipe.extras = {row.extra};
    recipe.sent = {0, 1, 3};
    EXPECT_EQ(contradiction(recipe), "the extra certificate a " + std::string(row.complaint));
    EXPECT_THROW(mint.chain(recipe, kTestHost), Error);
  }
}

TEST(Mint, RefusesARecipeThatContradictsItself) {
  Mint mint(kTestClock);
  for (const RefusalRow& row : kRefusals) {
    Recipe recipe = valid_recipe();
    row.contradict(recipe);
    try {
      mint.chain(recipe, kTestHost);
      ADD_FAILURE() << "no complaint, but expected: " << row.complaint;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::input);
      EXPECT_EQ(e.what(), "recipe valid: " + std::string(row.complaint));
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
