// What a recipe may not state: nothing is made of it.

#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"
#include "certs/recipe.h"
#include "harness/base/error.h"

namespace startle::certs {
namespace {

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
    {"a root states its name, key, digest, path-length, from and until alone: clients differ on "
     "the "
     "rest",
     [](Recipe& r) { r.root.serial = Serial::zero; }},
    {"a weak key and a path length say nothing of a root that nobody trusts",
     [](Recipe& r) {
       r.root_trusted = false;
       r.root.common_name = "x";
       r.root.path_length = 3;
     }},
    {"a weak key and a path length say nothing of a root that nobody trusts",
     [](Recipe& r) {
       r.root_trusted = false;
       r.root.common_name = "x";
       r.root.key = KeyKind::rsa_1024;
     }},
    {"the root has two flaws, weak-anchor-key and anchor-path-length-exceeded: a recipe is wrong "
     "in "
     "one way",
     [](Recipe& r) {
       r.root.key = KeyKind::rsa_1024;
       r.root.path_length = 0;
     }},
    {"the root has the flaw weak-anchor-key and an intermediate sha1-signature: a recipe is wrong "
     "in one way",
     [](Recipe& r) {
       r.root.key = KeyKind::rsa_1024;
       r.intermediates[0].digest = oracle::Digest::sha1;
     }},
    {"an intermediate has two flaws, weak-key and md5-signature: a recipe is wrong in one way",
     [](Recipe& r) {
       r.root.key = KeyKind::rsa_2048;
       r.intermediates[0].key = KeyKind::rsa_1024;
       r.intermediates[0].digest = oracle::Digest::md5;
     }},
    {"an EdDSA key signs over a digest of its own, not sha1",
     [](Recipe& r) {
       r.root.key = KeyKind::ed25519;
       r.intermediates[0].digest = oracle::Digest::sha1;
     }},
    {"there is one Brainpool key, and one authority that has it",
     [](Recipe& r) {
       r.root.key = KeyKind::brainpool_p256;
       r.intermediates[0].key = KeyKind::brainpool_p256;
     }},
    {"GnuTLS has no Brainpool curve, so that no server here signs a handshake on one: such a key "
     "is "
     "of an intermediate or the root",
     [](Recipe& r) { r.leaf.key = KeyKind::brainpool_p256; }},
    {"there is one key of 8192 bits, and it is the end entity's",
     [](Recipe& r) { r.intermediates[0].key = KeyKind::rsa_8192; }},
    {"a template and timestamps are of the end entity alone",
     [](Recipe& r) { r.intermediates[0].timestamps = 1; }},
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
    {"a chain has at most 98 intermediates",
     [](Recipe& r) { r.intermediates.resize(99, default_intermediate(1)); }},
    {"the alternative names are longer than 1 MiB",
     [](Recipe& r) {
       r.leaf.names = {{.value = std::string(100, 'x'), .count = 10'000},
                       {.value = std::string(100, 'x'), .count = 1'000}};
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
    {"an RSASSA-PSS signature is of the end entity alone",
     [](Recipe& r) {
       r.root.key = KeyKind::rsa_2048;
       r.intermediates[0].pss_signature = true;
     }},
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
    {"the end entity has two flaws, zero-serial and signing-not-allowed: a recipe is wrong in one "
     "way",
     [](Recipe& r) {
       r.leaf.serial = Serial::zero;
       r.leaf.key_usage = std::vector{KeyUsage::cert_sign};
     }},
    {"only RSA with PKCS #1 v1.5 signs an MD5 digest: its issuer's key is ecdsa-p256",
     [](Recipe& r) { r.leaf.digest = oracle::Digest::md5; }},
    {"pss-signature needs an issuer with an RSA key, not ecdsa-p256",
     [](Recipe& r) { r.leaf.pss_signature = true; }},
    {"a DSA key issues the end entity alone", [](Recipe& r) { r.root.key = KeyKind::dsa_2048; }},
    {"a list that is out of date and revokes is wrong in two ways: revokes=\"nothing\"",
     [](Recipe& r) {
       r.revocation_list = RevocationListRecipe{.validity = {.until = -std::chrono::hours{1}}};
     }},
    {"a list is out of date or a stranger's: one of them",
     [](Recipe& r) {
       r.revocation_list = RevocationListRecipe{
           .revokes_leaf = false,
           .by_a_stranger = true,
           .validity = {.from = -std::chrono::hours{2}, .until = -std::chrono::hours{1}}};
     }},
    {"a staple is revoked, of another, a stranger's or out of date: one of them",
     [](Recipe& r) { r.staple = StapleRecipe{.of_another = true, .by_a_stranger = true}; }},
    {"a staple is revoked, of another, a stranger's or out of date: one of them",
     [](Recipe& r) { r.staple = StapleRecipe{.revoked = true, .of_another = true}; }},
    {"the extra certificate a is not sent: <sent order=\"..\"/> names it",
     [](Recipe& r) { r.extras = {{.certificate = {.common_name = "x"}}}; }},
};

// Certificates beside a chain that is sent with them.
struct ExtraRow {
  const char* complaint;
  ExtraCertificate extra;
};

TEST(Contradiction, RefusesExtraCertificatesThatCannotBeMade) {
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
           {"has an odd or weak key or signature: that is of the chain",
            {Issuer::self, 1, false, {.key = KeyKind::rsa_1024}}},
       }) {
    Recipe recipe = valid_recipe();
    recipe.extras = {row.extra};
    recipe.sent = {0, 1, 3};
    EXPECT_EQ(contradiction(recipe), "the extra certificate a " + std::string(row.complaint));
    EXPECT_THROW(mint.chain(recipe, kTestHost), Error);
  }
}

TEST(Contradiction, RefusesARecipeThatContradictsItself) {
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

}  // namespace
}  // namespace startle::certs
