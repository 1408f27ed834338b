// What a server shows against what the store of its host holds.

#include <gtest/gtest.h>

#include <map>

#include "harness/customer/home/home.h"
#include "harness/customer/store/certificate_text.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"

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
  Commands remedy{};
  std::string axis = "host-jks";
};

void PrintTo(const ShownRow& row, std::ostream* out) {
  *out << row.name;
}

class ShownTest : public testing::TestWithParam<ShownRow> {};

const std::string kStore = "/opt/keystore/mail.example.com.ks";

TEST_P(ShownTest, IsComparedWithTheStore) {
  tls::set_run_clock(std::chrono::sys_days(std::chrono::year{2030} / 6 / 1));
  const ShownRow& row = GetParam();
  FoundStore found{.file = kStore, .store = Store{.format = StoreFormat::jks, .entries = row.held}};
  if (!row.shown.empty()) found.use.shown = anchor_of(row.shown, "shown.pem", true);
  const auto said = compare_with_shown(found, row.shown, kHost);
  ASSERT_EQ(said.size(), row.problem ? 1U : 0U) << (said.empty() ? "" : said.front().sentence);
  if (row.problem) {
    EXPECT_EQ(word(said[0].problem), word(*row.problem));
    EXPECT_EQ(said[0].file, found.file);
    EXPECT_EQ(said[0].sentence, kStore + " " + row.sentence);
    EXPECT_EQ(said[0].remedy, row.remedy);
  }
  found.diagnoses = said;
  EXPECT_EQ(axis_value(found), row.axis);
}

Commands into(const std::string& file, const std::string& alias, const std::string& der,
              const std::string& remark, const Commands& before = {}) {
  Commands all{remark};
  all.insert(all.end(), before.begin(), before.end());
  all.push_back("# go on only where its operator has told this fingerprint: " +
                fingerprint_text(der));
  all.push_back("keytool -importcert -alias " + alias + " -file " + file + " -keystore " + kStore);
  return all;
}
// Of a certificate that has signed itself.
Commands itself(const std::string& alias, const std::string& der) {
  return into("shown.pem", alias, der,
              "# the server's certificate has signed itself: there is no issuer to trust in its "
              "place");
}
// Of one whose issuer nobody shows.
Commands without_issuer(const std::string& alias, const std::string& der) {
  return into("shown.pem", alias, der,
              "# its issuer is not shown: the issuer's certificate from its operator is better "
              "than the server's own, which the next renewal replaces");
}
// Of the `number`th that is shown.
Commands issuer(const std::string& alias, const std::string& der, const std::string& subject,
                const std::string& number) {
  return into("mail.example.com-issuer.pem", alias, der,
              "# its issuer " + subject +
                  ", and not the server's own certificate, which the next renewal replaces",
              {"awk '/-----BEGIN CERTIFICATE-----/ {n++} n == " + number +
               "' shown.pem >mail.example.com-issuer.pem"});
}

// Another authority, and the certificate that it has issued to root().
std::string old_root() {
  return made({.common_name = "Old Root"});
}
std::string cross_certificate(int until) {
  return made({.common_name = "Root",
               .until = std::chrono::year{until} / 1 / 1,
               .issuer_common_name = "Old Root"});
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
     itself("mail.example.com", lonely(true)),
     "host-other-certificate"},
    {"ItselfAmongOthers", {{"a", root(), true}, {"b", lonely(true), true}}, {lonely(true)}},
    {"NothingShown", {{"ca", root(), true}}, {}},
    {"NothingTrusted", {{"key", lonely(true), false}}, {lonely()}},
    // Nothing goes: what is held stays beside the new one.
    {"RenewedWithANewKey",
     {{"ca", lonely(false, "another"), true}, {"my key", lonely(), true}},
     {lonely(true)},
     StoreProblem::renewed,
     "holds, as 'my key', another certificate of the subject that the server's has: it was "
     "renewed with a new key, or somebody stands between: ask its operator for the fingerprint",
     itself("mail.example.com", lonely(true)),
     "host-renewed-certificate"},
    {"RenewedWithTheSameKey",
     {{"mykey", leaf(2031), true}},
     {leaf(2032)},
     StoreProblem::renewed,
     "holds, as mykey, another certificate of the subject that the server's has: it was renewed "
     "with the same key",
     without_issuer("mail.example.com", leaf(2032)),
     "host-renewed-certificate"},
    {"RenewedAndTheIssuerIsShown",
     {{"mail.example.com", leaf(2031), true}},
     {leaf(2032), root()},
     StoreProblem::renewed,
     "holds, as mail.example.com, another certificate of the subject that the server's has: it was "
     "renewed with the same key",
     issuer("mail.example.com-2", root(), "CN=Root", "2"),
     "host-renewed-certificate"},
    // A key that is trusted has signed it.
    {"SelfSignedRenewedWithTheSameKey", {{"mykey", lonely(), true}}, {lonely(false, kHost, 2032)}},
    {"IssuerOfTheSameNameAndAnotherKey",
     {{"ca", lonely(true, "Root"), true}},
     {leaf()},
     StoreProblem::other_certificate,
     "holds 1 trusted certificate, which is neither the server's nor that of its issuer",
     without_issuer("mail.example.com", leaf()),
     "host-other-certificate"},
    {"Others",
     {{"mail.example.com", lonely(false, "a"), true},
      {"MAIL.example.com-2", lonely(true, "b"), true}},
     {lonely()},
     StoreProblem::other_certificate,
     "holds 2 trusted certificates, of which none is the server's or that of its issuer",
     itself("mail.example.com-3", lonely()),
     "host-other-certificate"},
    {"OthersAndTheIssuerIsShown",
     {{"a", lonely(false, "a"), true}},
     {leaf(), root()},
     StoreProblem::other_certificate,
     "holds 1 trusted certificate, which is neither the server's nor that of its issuer",
     issuer("mail.example.com", root(), "CN=Root", "2"),
     "host-other-certificate"},
    {"HeldButNotTrusted",
     {{"a", lonely(false, "a"), true}, {"mail.example.com", lonely(true), false}},
     {lonely(true)},
     StoreProblem::not_trusted,
     "holds the certificate that the server shows, as mail.example.com, but not as a trusted one: "
     "Java does not take it",
     itself("mail.example.com-2", lonely(true)),
     "host-no-password"},
    // As Java's TLS has it.
    {"HeldOfAPrivateKey", {{"key", lonely(true), false, true}}, {lonely(true)}},
    {"HeldOfAPrivateKeyBesideOthers",
     {{"a", lonely(false, "a"), true}, {"key", lonely(true), false, true}},
     {lonely(true)}},
    {"AnotherBesideAPrivateKey",
     {{"a", lonely(false, "a"), true}, {"key", lonely(false, "b"), false, true}},
     {lonely(true)},
     StoreProblem::other_certificate,
     "holds 1 trusted certificate, which is neither the server's nor that of its issuer",
     itself("mail.example.com", lonely(true)),
     "host-other-certificate"},
    {"CrossCertificateIsCurrent", {{"old", old_root(), true}}, {leaf(), cross_certificate(2031)}},
    {"CrossCertificateHasExpired",
     {{"old", old_root(), true}},
     {leaf(), cross_certificate(2029)},
     StoreProblem::expired_path,
     "holds what the server's certificate leads to, but only through the certificate 2 that it "
     "shows, which expired on 2029-01-01: Java refuses that",
     without_issuer("mail.example.com", leaf()),
     "host-jks"},
    {"CrossCertificateHasExpiredAndIsNotNeeded",
     {{"old", old_root(), true}, {"new", root(), true}},
     {leaf(), cross_certificate(2029)}},
    {"ShownCannotBeRead",
     {{"a", lonely(), true}},
     {"no certificate"},
     StoreProblem::other_certificate,
     "holds 1 trusted certificate, which is neither the server's nor that of its issuer",
     without_issuer("mail.example.com", "no certificate"),
     "host-other-certificate"},
    {"HeldCannotBeRead",
     {{"a", "no certificate", true}},
     {lonely()},
     StoreProblem::other_certificate,
     "holds 1 trusted certificate, which is neither the server's nor that of its issuer",
     itself("mail.example.com", lonely()),
     "host-other-certificate"},
};
INSTANTIATE_TEST_SUITE_P(All, ShownTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Shown, WithoutAStoreNothingIsCompared) {
  EXPECT_TRUE(compare_with_shown(FoundStore{}, {lonely()}, kHost).empty());
}

}  // namespace
}  // namespace startle::customer
