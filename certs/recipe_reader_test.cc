#include "certs/recipe_reader.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace startle::certs {
namespace {

using std::chrono::days;

// The element's own line is 2.
std::string in_file(const std::string& inside) {
  return "<recipes>\n<recipe id='x' reason='r' clause='c'>" + inside + "</recipe></recipes>";
}

// What the reader takes the grammar takes too.
Recipe read(const std::string& inside) {
  static const xml::Schema grammar = xml::Schema::read(STARTLE_TREE "/certs/recipes.rng");
  const xml::Document document = xml::Document::parse("x.xml", in_file(inside));
  EXPECT_NO_THROW(grammar.check(document)) << inside;
  return read_recipes(document).at(0);
}

TEST(RecipeReader, WhatIsNotStatedIsAsInValid) {
  Recipe expected = valid_recipe();
  expected.id = "x";
  expected.reason = "r";
  expected.clause = "c";
  expected.expected = {};
  EXPECT_EQ(read(""), expected);
  EXPECT_EQ(read("<root/><intermediate/><leaf/>"), expected);
}

TEST(RecipeReader, ReadsEveryWord) {
  const Recipe recipe = read(
      "<root trusted='false' common-name='R' key='rsa-4096' from='-2y' until='2y'/>"
      "<intermediate common-name='I' key='ed25519' path-length='1' from='-12h' until='90s'>"
      "<permitted dns='a.test'/><excluded dns='b.test'/></intermediate>"
      "<intermediate basic-constraints='end-entity'/>"
      "<leaf issuer='intermediate' common-name='L' key='rsa-2048' digest='sha512'"
      " purposes='client-auth any' damage='broken-signature' basic-constraints='ca' from='0s' "
      "until='5min'>"
      "<dns>{host}</dns><ip>::1</ip></leaf>"
      "<sent order='0 2 1 3'/>");
  EXPECT_FALSE(recipe.root_trusted);
  EXPECT_EQ(recipe.root, (CertificateRecipe{.common_name = "R",
                                            .validity = {.from = -days{730}, .until = days{730}},
                                            .key = KeyKind::rsa_4096,
                                            .basic_constraints = BasicConstraints::ca}));
  ASSERT_EQ(recipe.intermediates.size(), 2U);
  EXPECT_EQ(
      recipe.intermediates[0],
      (CertificateRecipe{
          .common_name = "I",
          .validity = {.from = -std::chrono::hours{12}, .until = std::chrono::seconds{90}},
          .key = KeyKind::ed25519,
          .basic_constraints = BasicConstraints::ca,
          .path_length = 1,
          .name_constraints = {{.value = "a.test"}, {.permitted = false, .value = "b.test"}}}));
  CertificateRecipe second = default_intermediate(2);
  second.basic_constraints = BasicConstraints::end_entity;
  second.common_name += " of x";
  EXPECT_EQ(recipe.intermediates[1], second);
  EXPECT_EQ(recipe.leaf,
            (CertificateRecipe{.common_name = "L",
                               .names = {{NameKind::dns, "{host}"}, {NameKind::ip, "::1"}},
                               .validity = {.from = days{0}, .until = std::chrono::minutes{5}},
                               .key = KeyKind::rsa_2048,
                               .digest = oracle::Digest::sha512,
                               .purposes = {Purpose::client_auth, Purpose::any},
                               .basic_constraints = BasicConstraints::ca,
                               .damage = Damage::broken_signature}));
  EXPECT_EQ(recipe.sent, (std::vector<std::size_t>{0, 2, 1, 3}));
}

TEST(RecipeReader, ReadsTheWordsOfEveryCertificate) {
  const Recipe recipe = read(
      "<leaf until-date='9999-12-31T23:59:59Z' from-type='utc-time' until-type='generalized-time'"
      " serial='negative' purposes='server-auth' purposes-critical='true'"
      " key-usage='digital-signature cert-sign' basic-constraints='absent' pss-signature='true'"
      " unknown-extension='non-critical' must-staple='true' names-critical='false'"
      " template='DomainController' timestamps='2'>"
      "<dns count='999'>h{number}.{host}</dns><email>a@{host}</email><uri>smtp://{host}</uri>"
      "<srv>_smtp.{host}</srv><other oid='1.3.6.1'>{hex:00}</other>"
      "<other oid='2.5.4' form='utf8-string'>u</other></leaf>"
      "<intermediate key='rsa-2048' key-usage='none'>"
      "<permitted ip='192.0.2.0/24'/><excluded email='.a.test'/><permitted dns='.{parent}'/>"
      "</intermediate>");
  CertificateRecipe leaf = valid_recipe().leaf;
  leaf.common_name = kServerName;
  leaf.validity.until_date = "9999-12-31T23:59:59Z";
  leaf.validity.from_type = TimeType::utc_time;
  leaf.validity.until_type = TimeType::generalized_time;
  leaf.serial = Serial::negative;
  leaf.purposes_critical = true;
  leaf.key_usage = std::vector{KeyUsage::digital_signature, KeyUsage::cert_sign};
  leaf.basic_constraints = BasicConstraints::absent;
  leaf.pss_signature = true;
  leaf.unknown_extension = UnknownExtension{.critical = false};
  leaf.must_staple = true;
  leaf.names_critical = false;
  leaf.names = {
      {.kind = NameKind::dns, .value = "h{number}.{host}", .count = 999},
      {.kind = NameKind::email, .value = "a@{host}"},
      {.kind = NameKind::uri, .value = "smtp://{host}"},
      {.kind = NameKind::srv, .value = "_smtp.{host}"},
      {.kind = NameKind::other, .value = "{hex:00}", .oid = "1.3.6.1"},
      {.kind = NameKind::other, .value = "u", .oid = "2.5.4", .form = OtherNameForm::utf8_string}};
  leaf.template_name = "DomainController";
  leaf.timestamps = 2;
  EXPECT_EQ(recipe.leaf, leaf);
  EXPECT_EQ(recipe.intermediates[0].key_usage, std::vector<KeyUsage>{});
  EXPECT_EQ(recipe.intermediates[0].name_constraints,
            (std::vector<NameConstraint>{
                {.permitted = true, .kind = NameKind::ip, .value = "192.0.2.0/24"},
                {.permitted = false, .kind = NameKind::email, .value = ".a.test"},
                {.permitted = true, .kind = NameKind::dns, .value = ".{parent}"}}));
}

TEST(RecipeReader, ReadsWhatStandsBesideTheChain) {
  const Recipe recipe = read(
      "<intermediate count='3'/>"
      "<extra/><extra issuer='unknown-root' subject-of='1' same-key='true' until='-1d'/>"
      "<extra issuer='anchor-itself'/>"
      "<sent order='0 1 2 3 a b c 0' tls='1.2'/><crl revokes='nothing' from='-2d' until='-1d'/>"
      "<staple status='revoked' from='-3d' until='3d'/>"
      "<expect pkix='delivered validation-failure' angus='delivered' javamail='refused'"
      " why='both are legal'/>"
      "<disagreement library='openssl' says='accepts' why='w'/>"
      "<disagreement library='jsse' says='refuses' why='v'/>");
  ASSERT_EQ(recipe.intermediates.size(), 3U);
  EXPECT_EQ(recipe.intermediates[1], default_intermediate(2));
  EXPECT_EQ(recipe.intermediates[2].common_name, intermediate_name(3) + " of x")
      << "it has a rival";
  ASSERT_EQ(recipe.extras.size(), 3U);
  EXPECT_EQ(recipe.extras[0].certificate.common_name, "Startle Extra CA a of x");
  EXPECT_EQ(recipe.extras[1].issuer, ExtraCertificate::Issuer::unknown_root);
  EXPECT_EQ(recipe.extras[1].subject_of, std::size_t{1});
  EXPECT_TRUE(recipe.extras[1].same_key);
  EXPECT_EQ(recipe.extras[1].certificate.validity.until, -days{1});
  EXPECT_EQ(certificate_of(recipe.extras[1], recipe).common_name,
            recipe.intermediates[2].common_name);
  EXPECT_EQ(recipe.extras[2], ExtraCertificate{.issuer = ExtraCertificate::Issuer::anchor_itself});
  EXPECT_EQ(recipe.sent, (std::vector<std::size_t>{0, 1, 2, 3, 5, 6, 7, 0}));
  EXPECT_TRUE(recipe.tls_1_2_only);
  EXPECT_EQ(recipe.revocation_list,
            (RevocationListRecipe{.revokes_leaf = false,
                                  .validity = {.from = -days{2}, .until = -days{1}}}));
  EXPECT_EQ(recipe.staple,
            (StapleRecipe{.revoked = true, .validity = {.from = -days{3}, .until = days{3}}}));
  using words::Ending;
  using words::TrustModel;
  const std::vector<Ending> either{Ending::delivered, Ending::validation_failure};
  EXPECT_EQ(recipe.expected, (ExpectedEndings{.stated = {{TrustModel::pkix, either},
                                                         {TrustModel::angus, {Ending::delivered}},
                                                         {TrustModel::javamail, {Ending::refused}}},
                                              .why = "both are legal"}));
  EXPECT_EQ(recipe.expected.of(TrustModel::documented), either);
  EXPECT_EQ(recipe.expected.of(TrustModel::javamail), std::vector{Ending::refused});
  EXPECT_TRUE(ExpectedEndings{}.of(TrustModel::angus).empty());
  EXPECT_EQ(recipe.disagreements, (std::vector<Disagreement>{{Library::openssl, "accepts", "w"},
                                                             {Library::jsse, "refuses", "v"}}));
}

TEST(RecipeReader, AVersionWithoutExtensionsHasNoneByDefault) {
  const CertificateRecipe leaf = read("<leaf version='1' common-name='{host}'/>").leaf;
  EXPECT_EQ(leaf, (CertificateRecipe{.common_name = "{host}",
                                     .version = 1,
                                     .basic_constraints = BasicConstraints::absent}));
}

TEST(RecipeReader, AnEndEntityMayHaveNoNamesAndNoPurposes) {
  const Recipe recipe = read("<leaf issuer='root' purposes='none'><no-names/></leaf>");
  EXPECT_TRUE(recipe.leaf.names.empty());
  EXPECT_TRUE(recipe.leaf.purposes.empty());
  EXPECT_TRUE(recipe.intermediates.empty());
}

TEST(RecipeReader, AnAuthorityThatDiffersHasANameOfItsOwn) {
  const std::string first = intermediate_name(1);
  const std::string second = intermediate_name(2);
  EXPECT_EQ(read("<intermediate/><intermediate path-length='0'/>").intermediates[0].common_name,
            first);
  EXPECT_EQ(read("<intermediate/><intermediate path-length='0'/>").intermediates[1].common_name,
            second + " of x");
  const Recipe below = read("<intermediate path-length='1'/><intermediate/>");
  EXPECT_EQ(below.intermediates[0].common_name, first + " of x");
  EXPECT_EQ(below.intermediates[1].common_name, second + " of x");
  EXPECT_EQ(read("<root trusted='false'/>").root.common_name, kUntrustedRootName);
  EXPECT_EQ(read("<root trusted='false'/>").intermediates[0].common_name, first + " of x");
  EXPECT_EQ(read("<root key='rsa-2048'/>").root.common_name, std::string(kRootName) + " of x");
}

}  // namespace
}  // namespace startle::certs
