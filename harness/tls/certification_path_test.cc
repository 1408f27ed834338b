// Path building and validation on small authorities made here: what GnuTLS does not do, or does not
// say. The recipes of certs/ are held against the whole client in fake-servers/.

#include "harness/tls/certification_path.h"

#include <gtest/gtest.h>

#include <optional>

#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"
#include "harness/tls/issuance.h"

namespace startle::tls {
namespace {

using std::chrono::year;

struct Made {
  std::string der{};
  std::string subject{};
  PrivateKey key{};
};

struct Ask {
  std::string subject{};
  std::optional<int> path_length{};
  bool ca = true;
  int version = 3;
  std::chrono::sys_days until = year{2031} / 1 / 1;
  std::string permitted{};  // dNSName
  bool unknown_extension = false;
};

PrivateKey fresh_key() {
  auto key = make<PrivateKey>(gnutls_x509_privkey_init, "gnutls_x509_privkey_init");
  check(gnutls_x509_privkey_generate(key.get(), GNUTLS_PK_ECDSA,
                                     GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
        "gnutls_x509_privkey_generate");
  return key;
}

// Issued by `issuer`; null: by itself. `key`: the subject's; null: a fresh one.
Made issued(const Ask& ask, const Made* issuer, PrivateKey key = nullptr) {
  if (!key) key = fresh_key();
  const auto owned = make<Certificate>(gnutls_x509_crt_init, "gnutls_x509_crt_init");
  gnutls_x509_crt_t crt = owned.get();
  const auto time = [](std::chrono::sys_days day) {
    return std::chrono::system_clock::to_time_t(day);
  };
  check(gnutls_x509_crt_set_version(crt, static_cast<unsigned>(ask.version)), "version");
  check(gnutls_x509_crt_set_serial(crt, "\1", 1), "serial");
  check(gnutls_x509_crt_set_activation_time(crt, time(year{2030} / 1 / 1)), "from");
  check(gnutls_x509_crt_set_expiration_time(crt, time(ask.until)), "until");
  check(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, ask.subject.data(),
                                      static_cast<unsigned>(ask.subject.size())),
        "subject");
  check(gnutls_x509_crt_set_key(crt, key.get()), "key");
  if (ask.version == 3) {
    check(gnutls_x509_crt_set_basic_constraints(crt, ask.ca ? 1 : 0, ask.path_length.value_or(-1)),
          "basic constraints");
  }
  if (!ask.permitted.empty()) {
    gnutls_x509_name_constraints_t names = nullptr;
    check(gnutls_x509_name_constraints_init(&names), "names");
    const gnutls_datum_t domain{
        .data = reinterpret_cast<unsigned char*>(const_cast<char*>(ask.permitted.data())),
        .size = static_cast<unsigned>(ask.permitted.size())};
    check(gnutls_x509_name_constraints_add_permitted(names, GNUTLS_SAN_DNSNAME, &domain), "names");
    check(gnutls_x509_crt_set_name_constraints(crt, names, 1), "names");
    gnutls_x509_name_constraints_deinit(names);
  }
  if (ask.unknown_extension) {
    check(gnutls_x509_crt_set_extension_by_oid(crt, "1.3.6.1.4.1.99999.1", "\5\0", 2, 1), "own");
  }
  if (!ask.ca) {
    check(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, ask.subject.data(),
                                               static_cast<unsigned>(ask.subject.size()), 0),
          "names");
  }
  const Certificate above = issuer == nullptr ? nullptr : certificate_from_der(issuer->der);
  check(gnutls_x509_crt_sign2(crt, above ? above.get() : crt,
                              issuer == nullptr ? key.get() : issuer->key.get(), GNUTLS_DIG_SHA256,
                              0),
        "sign");
  gnutls_datum_t der{};
  check(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der), "export");
  Made made{.der = {reinterpret_cast<const char*>(der.data), der.size},
            .subject = ask.subject,
            .key = std::move(key)};
  gnutls_free(der.data);
  return made;
}

PrivateKey copy_of(const PrivateKey& key) {
  auto copy = make<PrivateKey>(gnutls_x509_privkey_init, "gnutls_x509_privkey_init");
  check(gnutls_x509_privkey_cpy(copy.get(), key.get()), "gnutls_x509_privkey_cpy");
  return copy;
}

PathReport best_of(const std::vector<const Made*>& sent, const Made& anchor) {
  set_run_clock(std::chrono::sys_days{year{2030} / 6 / 15});
  std::vector<Certificate> certificates;
  for (const Made* one : sent) certificates.push_back(certificate_from_der(one->der));
  return best_path(certificates, TrustStore({anchor.der}), false);
}

const Ask kLeaf{.subject = "smtp.example.test", .ca = false};

class BestPath : public testing::Test {
 protected:
  Made root = issued({.subject = "root"}, nullptr);
  Made stranger = issued({.subject = "stranger"}, nullptr);
};

void expect_good(const PathReport& report) {
  EXPECT_TRUE(report.anchored);
  EXPECT_TRUE(report.signature_valid);
  EXPECT_TRUE(report.extensions_known);
  EXPECT_EQ(report.broken_rule, Rule::none);
  EXPECT_EQ(report.authority_dates, Dates::current);
}

TEST_F(BestPath, IsFoundInAnyOrderAmongStrangersAndDoubles) {
  const Made one = issued({.subject = "one"}, &root);
  const Made two = issued({.subject = "two"}, &one);
  const Made leaf = issued(kLeaf, &two);
  expect_good(best_of({&leaf, &two, &one}, root));
  expect_good(best_of({&leaf, &stranger, &one, &one, &leaf, &root, &two}, root));
  EXPECT_FALSE(best_of({&leaf, &one}, root).anchored);
  EXPECT_FALSE(best_of({&leaf, &two, &one}, stranger).anchored);
  EXPECT_FALSE(best_of({&leaf, &two, &one, &stranger}, stranger).anchored);
}

TEST_F(BestPath, GoesTheWayThatLeadsToAnAnchor) {
  const Made good = issued({.subject = "one"}, &root);
  const Made crossed = issued({.subject = "one"}, &stranger, copy_of(good.key));
  const Made expired =
      issued({.subject = "one", .until = year{2030} / 2 / 1}, &root, copy_of(good.key));
  const Made leaf = issued(kLeaf, &good);
  expect_good(best_of({&leaf, &crossed, &expired, &good}, root));
  expect_good(best_of({&leaf, &good, &expired, &crossed}, root));
  EXPECT_EQ(best_of({&leaf, &crossed, &expired}, root).authority_dates, Dates::expired);
  EXPECT_FALSE(best_of({&leaf, &crossed}, root).anchored);
}

TEST_F(BestPath, EndsWhereAuthoritiesCertifyEachOther) {
  const Made one = issued({.subject = "one"}, &stranger);
  const Made two = issued({.subject = "two"}, &one);
  const Made one_again = issued({.subject = "one"}, &two, copy_of(one.key));
  const Made leaf = issued(kLeaf, &two);
  EXPECT_FALSE(best_of({&leaf, &two, &one_again}, root).anchored);
}

TEST_F(BestPath, IsBoundedWhereThereAreVeryMany) {
  // Each of twelve authorities has certified every other: more paths than could be walked.
  std::vector<Made> mesh;
  for (int i = 0; i < 12; ++i) mesh.push_back(issued({.subject = std::to_string(i)}, &stranger));
  std::vector<Made> crossed;
  for (const Made& subject : mesh) {
    for (const Made& issuer : mesh) {
      if (&issuer == &subject) continue;
      crossed.push_back(issued({.subject = subject.subject}, &issuer, copy_of(subject.key)));
    }
  }
  const Made leaf = issued(kLeaf, &mesh.front());
  std::vector<const Made*> sent{&leaf};
  for (const Made& one : crossed) sent.push_back(&one);
  EXPECT_FALSE(best_of(sent, root).anchored);
}

// Few signatures, and more ways through them than could be walked.
TEST_F(BestPath, IsBoundedWhereOneKeyHasManyCertificates) {
  const Made one = issued({.subject = "one"}, &stranger);
  std::vector<Made> again;
  for (int i = 0; i < 9; ++i) again.push_back(issued({.subject = "one"}, &one, copy_of(one.key)));
  const Made leaf = issued(kLeaf, &one);
  std::vector<const Made*> sent{&leaf};
  for (const Made& each : again) sent.push_back(&each);
  EXPECT_FALSE(best_of(sent, root).anchored);
}

TEST_F(BestPath, AnotherKeyUnderTheIssuersNameMakesAWrongSignature) {
  const Made good = issued({.subject = "one"}, &root);
  const Made impostor = issued({.subject = "one"}, &root);
  const Made leaf = issued(kLeaf, &good);
  const PathReport report = best_of({&leaf, &impostor}, root);
  EXPECT_TRUE(report.anchored);
  EXPECT_FALSE(report.signature_valid);
  expect_good(best_of({&leaf, &impostor, &good}, root));
}

TEST_F(BestPath, AnAuthorityThatIssuedItselfIsNotCounted) {
  const Made old_key = issued({.subject = "one", .path_length = 0}, &root);
  const Made new_key = issued({.subject = "one"}, &old_key);
  const Made leaf = issued(kLeaf, &new_key);
  expect_good(best_of({&leaf, &new_key, &old_key}, root));
  const Made other = issued({.subject = "two"}, &old_key);
  const Made below = issued(kLeaf, &other);
  EXPECT_EQ(best_of({&below, &other, &old_key}, root).broken_rule, Rule::path_length);
}

struct RuleRow {
  const char* name;
  Ask authority;
  Rule broken;
};

TEST_F(BestPath, SaysWhichRuleAnAuthorityBreaks) {
  for (const RuleRow& row :
       {RuleRow{"none", {.subject = "one"}, Rule::none},
        {"path length 0 above an end entity", {.subject = "one", .path_length = 0}, Rule::none},
        {"a constraint that is kept", {.subject = "one", .permitted = "example.test"}, Rule::none},
        {"no CA", {.subject = "one", .ca = false}, Rule::ca_flag},
        {"version 1", {.subject = "one", .version = 1}, Rule::version},
        {"a constraint that is not",
         {.subject = "one", .permitted = "other.test"},
         Rule::name_constraints},
        {"an extension of its own",
         {.subject = "one", .unknown_extension = true},
         Rule::critical_extension}}) {
    const Made one = issued(row.authority, &root);
    const Made leaf = issued(kLeaf, &one);
    EXPECT_EQ(best_of({&leaf, &one}, root).broken_rule, row.broken) << row.name;
  }
}

TEST_F(BestPath, LooksAtTheEndEntitysExtensions) {
  Ask ask = kLeaf;
  ask.unknown_extension = true;
  const Made leaf = issued(ask, &root);
  EXPECT_FALSE(best_of({&leaf}, root).extensions_known);
}

TEST_F(BestPath, BrokenSignaturesAreFoundWhereTheyAre) {
  Made one = issued({.subject = "one"}, &root);
  Made leaf = issued(kLeaf, &one);
  leaf.der.back() = static_cast<char>(leaf.der.back() ^ 1);
  EXPECT_FALSE(best_of({&leaf, &one}, root).signature_valid);
  leaf.der.back() = static_cast<char>(leaf.der.back() ^ 1);
  one.der.back() = static_cast<char>(one.der.back() ^ 1);
  const PathReport report = best_of({&leaf, &one}, root);
  EXPECT_TRUE(report.signature_valid);
  EXPECT_EQ(report.broken_rule, Rule::signature);
}

TEST_F(BestPath, AnAnchorThatIsShownIsAnchoredWhateverItsDates) {
  const Made old_root = issued({.subject = "old root", .until = year{2030} / 2 / 1}, nullptr);
  const Made leaf = issued(kLeaf, &old_root);
  expect_good(best_of({&old_root}, old_root));
  expect_good(best_of({&leaf, &old_root}, old_root));
}

}  // namespace
}  // namespace startle::tls
