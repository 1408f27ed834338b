// What a server shows against what the store of its host holds.

#include <gtest/gtest.h>

#include <map>

#include "harness/customer/home.h"
#include "harness/tls/certificate_for_test.h"

namespace startle::customer {
namespace {

constexpr const char* kHost = "mail.example.com";

// Made once each: an ECDSA signature is never the same twice.
std::string made(const tls::CertificateForTest& certificate) {
  static std::map<std::string, std::string> all;
  std::string& der = all[certificate.common_name + "/" + certificate.issuer_common_name +
                         (certificate.second_key ? "/2/" : "/1/") +
                         std::to_string(certificate.until.time_since_epoch().count())];
  if (der.empty()) der = tls::self_signed(certificate);
  return der;
}

std::string root() {
  return made({.common_name = "Root"});
}
// Issued by root().
std::string leaf(int until = 2031) {
  return made({.common_name = kHost,
               .until = std::chrono::year{until} / 1 / 1,
               .second_key = true,
               .issuer_common_name = "Root"});
}
std::string lonely(bool second_key = false, const std::string& name = kHost, int until = 2031) {
  return made(
      {.common_name = name, .until = std::chrono::year{until} / 1 / 1, .second_key = second_key});
}

struct ShownRow {
  const char* name;
  std::vector<StoreEntry> held;
  std::vector<std::string> shown;
  std::optional<StoreProblem> problem{};
  std::string sentence{};
  std::string remedy{};
  std::string axis = "host-jks";
};

void PrintTo(const ShownRow& row, std::ostream* out) {
  *out << row.name;
}

class ShownTest : public testing::TestWithParam<ShownRow> {};

TEST_P(ShownTest, IsComparedWithTheStore) {
  const ShownRow& row = GetParam();
  FoundStore found{.file = "/opt/keystore/mail.example.com.ks",
                   .store = Store{.format = StoreFormat::jks, .entries = row.held}};
  const auto said = compare_with_shown(found, row.shown, kHost);
  ASSERT_EQ(said.size(), row.problem ? 1U : 0U) << (said.empty() ? "" : said.front().sentence);
  if (row.problem) {
    EXPECT_EQ(word(said[0].problem), word(*row.problem));
    EXPECT_EQ(said[0].file, found.file);
    EXPECT_EQ(said[0].sentence, "/opt/keystore/mail.example.com.ks " + row.sentence);
    EXPECT_EQ(said[0].remedy,
              "openssl s_client -connect mail.example.com:465 -showcerts </dev/null "
              ">mail.example.com.pem && " +
                  row.remedy + " -file mail.example.com.pem -keystore " + found.file.string());
  }
  found.diagnoses = said;
  EXPECT_EQ(axis_value(found), row.axis);
}

const std::string kImport = "keytool -importcert -noprompt -trustcacerts -alias ";
std::string replace(const std::string& alias) {
  return "keytool -delete -alias " + alias + " -keystore /opt/keystore/mail.example.com.ks && " +
         kImport + alias;
}

const ShownRow kRows[] = {
    {"Itself", {{"mykey", lonely(), true}}, {lonely()}},
    {"ItsIssuer", {{"ca", root(), true}}, {leaf()}},
    {"ItsIssuerIsShownToo", {{"ca", root(), true}}, {leaf(), root()}},
    {"NoIssuerButAStranger",
     {{"ca", root(), true}},
     {lonely(true), root()},
     StoreProblem::other_certificate,
     "holds 1 trusted certificate, which is neither the server's nor that of its issuer",
     kImport + "mail.example.com",
     "host-other-certificate"},
    {"ItselfAmongOthers", {{"a", root(), true}, {"b", lonely(true), true}}, {lonely(true)}},
    {"NothingShown", {{"ca", root(), true}}, {}},
    {"NothingTrusted", {{"key", lonely(true), false}}, {lonely()}},
    {"RenewedWithANewKey",
     {{"ca", lonely(false, "another"), true}, {"my key", lonely(), true}},
     {lonely(true)},
     StoreProblem::renewed,
     "holds, as 'my key', another certificate of the subject that the server's has: it was "
     "renewed with a new key, or somebody stands between: ask its operator for the fingerprint",
     replace("'my key'"),
     "host-renewed-certificate"},
    {"RenewedWithTheSameKey",
     {{"mykey", leaf(2031), true}},
     {leaf(2032)},
     StoreProblem::renewed,
     "holds, as mykey, another certificate of the subject that the server's has: it was renewed "
     "with the same key",
     replace("mykey"),
     "host-renewed-certificate"},
    // A key that is trusted has signed it.
    {"SelfSignedRenewedWithTheSameKey", {{"mykey", lonely(), true}}, {lonely(false, kHost, 2032)}},
    {"IssuerOfTheSameNameAndAnotherKey",
     {{"ca", lonely(true, "Root"), true}},
     {leaf()},
     StoreProblem::other_certificate,
     "holds 1 trusted certificate, which is neither the server's nor that of its issuer",
     kImport + "mail.example.com",
     "host-other-certificate"},
    {"Others",
     {{"mail.example.com", lonely(false, "a"), true},
      {"MAIL.example.com-2", lonely(true, "b"), true}},
     {lonely()},
     StoreProblem::other_certificate,
     "holds 2 trusted certificates, of which none is the server's or that of its issuer",
     kImport + "mail.example.com-3",
     "host-other-certificate"},
    {"HeldButNotTrusted",
     {{"a", lonely(false, "a"), true}, {"mail.example.com", lonely(true), false}},
     {lonely(true)},
     StoreProblem::not_trusted,
     "holds the certificate that the server shows, as mail.example.com, but not as a trusted one: "
     "Java does not take it",
     kImport + "mail.example.com-2",
     "host-no-password"},
    {"ShownCannotBeRead",
     {{"a", lonely(), true}},
     {"no certificate"},
     StoreProblem::other_certificate,
     "holds 1 trusted certificate, which is neither the server's nor that of its issuer",
     kImport + "mail.example.com",
     "host-other-certificate"},
    {"HeldCannotBeRead",
     {{"a", "no certificate", true}},
     {lonely()},
     StoreProblem::other_certificate,
     "holds 1 trusted certificate, which is neither the server's nor that of its issuer",
     kImport + "mail.example.com",
     "host-other-certificate"},
};
INSTANTIATE_TEST_SUITE_P(All, ShownTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Shown, WithoutAStoreNothingIsCompared) {
  EXPECT_TRUE(compare_with_shown(FoundStore{}, {lonely()}, kHost).empty());
}

}  // namespace
}  // namespace startle::customer
