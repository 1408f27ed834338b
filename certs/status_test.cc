// What an issuer says of the end entity, as GnuTLS reads it.

#include "certs/status.h"

#include <gnutls/ocsp.h>
#include <gtest/gtest.h>

#include "certs/catalogue_for_test.h"
#include "certs/mint.h"
#include "harness/tls/clock.h"

namespace startle::certs {
namespace {

using Crl = tls::Handle<gnutls_x509_crl_t, gnutls_x509_crl_deinit>;
using Ocsp = tls::Handle<gnutls_ocsp_resp_t, gnutls_ocsp_resp_deinit>;

gnutls_datum_t datum(const std::string& bytes) {
  return {.data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data())),
          .size = static_cast<unsigned>(bytes.size())};
}

std::time_t from_clock(std::chrono::seconds offset) {
  return (kTestClock + offset).time_since_epoch().count();
}

constexpr KeyKind kIssuers[] = {KeyKind::ecdsa_p256, KeyKind::ed25519, KeyKind::ed448,
                                KeyKind::rsa_2048};

Recipe issued_by(KeyKind key) {
  Recipe recipe = valid_recipe();
  recipe.intermediates[0].key = key;
  return recipe;
}

TEST(RevocationList, IsTheIssuersAndNamesTheEndEntityWhereItRevokes) {
  tls::use_run_clock();
  tls::set_run_clock(kTestClock);
  for (const KeyKind issuer : kIssuers) {
    for (const bool revokes : {true, false}) {
      SCOPED_TRACE(word(issuer));
      Mint mint(kTestClock);
      Recipe recipe = issued_by(issuer);
      recipe.revocation_list = RevocationListRecipe{.revokes_leaf = revokes};
      const auto chain = mint.chain(recipe, kTestHost);
      const auto crl = tls::make<Crl>(gnutls_x509_crl_init, "gnutls_x509_crl_init");
      const gnutls_datum_t der = datum(chain->revocation_list_der);
      ASSERT_EQ(gnutls_x509_crl_import(crl.get(), &der, GNUTLS_X509_FMT_DER), 0);
      EXPECT_EQ(gnutls_x509_crl_get_this_update(crl.get()), from_clock(-std::chrono::days{1}));
      EXPECT_EQ(gnutls_x509_crl_get_next_update(crl.get()), from_clock(std::chrono::days{7}));
      const tls::Certificate leaf = tls::certificate_from_der(chain->all_der[0]);
      const tls::Certificate by = tls::certificate_from_der(chain->all_der[1]);
      gnutls_x509_crt_t issuer_certificate = by.get();
      unsigned status = 1;
      tls::check(gnutls_x509_crl_verify(crl.get(), &issuer_certificate, 1, 0, &status),
                 "gnutls_x509_crl_verify");
      EXPECT_EQ(status, 0U);
      gnutls_x509_crl_t list = crl.get();
      EXPECT_EQ(gnutls_x509_crt_check_revocation(leaf.get(), &list, 1), revokes ? 1 : 0);
    }
  }
}

struct StapleRow {
  const char* name;
  StapleRecipe staple;
  unsigned status;  // what GnuTLS finds
  bool of_end_entity = true;
};

TEST(Staple, IsTheIssuersAndSaysWhatTheRecipeStates) {
  tls::use_run_clock();
  tls::set_run_clock(kTestClock);
  for (const KeyKind issuer : kIssuers) {
    for (const StapleRow& row :
         {StapleRow{"good", {}, GNUTLS_OCSP_CERT_GOOD},
          {"revoked", {.revoked = true}, GNUTLS_OCSP_CERT_REVOKED},
          {"of another", {.of_another = true}, GNUTLS_OCSP_CERT_GOOD, false},
          {"expired",
           {.validity = {.from = -std::chrono::days{9}, .until = -std::chrono::days{2}}},
           GNUTLS_OCSP_CERT_GOOD}}) {
      SCOPED_TRACE(std::string(row.name) + ", " + std::string(word(issuer)));
      Mint mint(kTestClock);
      Recipe recipe = issued_by(issuer);
      recipe.staple = row.staple;
      const auto chain = mint.chain(recipe, kTestHost);
      const auto response = tls::make<Ocsp>(gnutls_ocsp_resp_init, "gnutls_ocsp_resp_init");
      const gnutls_datum_t der = datum(chain->staple_der);
      ASSERT_EQ(gnutls_ocsp_resp_import(response.get(), &der), 0);
      const tls::Certificate leaf = tls::certificate_from_der(chain->all_der[0]);
      const tls::Certificate by = tls::certificate_from_der(chain->all_der[1]);
      unsigned verify = 1;
      tls::check(gnutls_ocsp_resp_verify_direct(response.get(), by.get(), &verify, 0),
                 "gnutls_ocsp_resp_verify_direct");
      EXPECT_EQ(verify, 0U);
      EXPECT_EQ(gnutls_ocsp_resp_check_crt(response.get(), 0, leaf.get()) == 0, row.of_end_entity);
      unsigned status = 99;
      std::time_t since = 0;
      std::time_t until = 0;
      tls::check(gnutls_ocsp_resp_get_single(response.get(), 0, nullptr, nullptr, nullptr, nullptr,
                                             &status, &since, &until, nullptr, nullptr),
                 "gnutls_ocsp_resp_get_single");
      EXPECT_EQ(status, row.status);
      EXPECT_EQ(since, from_clock(row.staple.validity.from));
      EXPECT_EQ(until, from_clock(row.staple.validity.until));
    }
  }
}

}  // namespace
}  // namespace startle::certs
