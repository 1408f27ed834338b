// Files of the user's own that state what people meet: old TLS, key usages of home-made
// certificates, weak and odd links of a company's CA, a domain controller.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cases/program/served_for_test.h"
#include "harness/base/file.h"

namespace startle::cases {
namespace {

class OwnFile : public testing::Test {
 protected:
  std::string written(const std::string& content) const {
    const auto file = folder_.path() / "own.xml";
    write_file(file, content);
    return file.string();
  }
  TemporaryFolder folder_{};
};

TEST_F(OwnFile, OfAServerOfOldTlsAloneEndsInARefusalAndNeverInClear) {
  for (const char* versions : {"1.0", "1.1"}) {
    for (const char* mode : {"smtp-starttls", "smtps", "ldap-starttls", "ldaps"}) {
      const std::string file =
          written("<case summary=\"old TLS\"><server tls=\"" + std::string(versions) +
                  "\" in-clear=\"accept\"/><client mode=\"" + mode +
                  "\"/><expect endings=\"handshake-failure\" reason=\"RFC 8996\"/></case>");
      const ProcessEnd end = startle({"run", "--jobs", "1", "--trust-model", "all", file});
      EXPECT_EQ(end.status, 0) << versions << " " << mode << end.output << end.errors;
      EXPECT_NE(end.output.find(" 0 failed, 0 skipped"), std::string::npos) << end.output;
      const ProcessEnd old =
          startle({"run", "--jobs", "1", "--client", "defect:offers-old-versions", file});
      EXPECT_EQ(old.status, 1) << versions << " " << mode << old.output << old.errors;
    }
  }
}

struct ShownRow {
  const char* elements;
  const char* flaw;                  // as the facts have it; empty: none
  std::vector<std::string> endings;  // of pkix, documented, angus, javamail
};

// What a recipe file says: its own expectations are the reader's business, the oracle's are shown.
TEST_F(OwnFile, OfACertificateShowsWhatAClientOfEachModelMakesOfIt) {
  const std::string refused = "validation-failure";
  const std::string delivered = "delivered";
  const ShownRow rows[] = {
      {"<leaf key=\"rsa-2048\" key-usage=\"key-encipherment\"/>",
       "signing-not-allowed",
       {refused, refused, refused, refused}},
      {"<leaf issuer=\"self\" key=\"rsa-2048\" key-usage=\"cert-sign\"/>",
       "signing-not-allowed",
       {refused, refused, "certificate-not-trusted", "certificate-not-trusted"}},
      {"<intermediate digest=\"sha1\"/>",
       "sha1-signature",
       {refused, delivered, delivered, delivered}},
      {"<intermediate key=\"rsa-1024\"/>", "weak-key", {refused, delivered, delivered, delivered}},
      {"<root key=\"rsa-1024\"/>", "weak-anchor-key", {refused, delivered, delivered, delivered}},
      {"<root key=\"brainpoolP256r1\"/>",
       "unknown-curve",
       {delivered, delivered, refused, refused}},
      {"<leaf key=\"rsa-8192\"/>", "", {delivered, delivered, delivered, delivered}},
      {"<leaf purposes=\"client-auth server-auth smartcard-logon\"/>",
       "",
       {delivered, delivered, delivered, delivered}},
      {"<leaf><dns>{host}</dns><other oid=\"1.3.6.1.4.1.311.25.1\">x</other></leaf>",
       "",
       {delivered, delivered, delivered, delivered}},
  };
  for (const ShownRow& row : rows) {
    const std::string file = written("<recipes><recipe id=\"own\" reason=\"r\" clause=\"c\">" +
                                     std::string(row.elements) + "</recipe></recipes>");
    const ProcessEnd end = startle({"certs", "show", "--json", file});
    ASSERT_EQ(end.status, 0) << row.elements << end.errors;
    const Json shown = Json::parse(end.output).at("certificates").at(0);
    const Json& facts = shown.at("facts");
    if (*row.flaw == '\0') {
      EXPECT_EQ(facts.at("end_entity_flaw"), "none") << row.elements;
      EXPECT_EQ(facts.at("authority_flaw"), "none") << row.elements;
    } else {
      EXPECT_TRUE(facts.at("end_entity_flaw") == row.flaw || facts.at("authority_flaw") == row.flaw)
          << facts;
    }
    const char* models[] = {"pkix", "documented", "angus", "javamail"};
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(shown.at("endings").at(models[i]).at("endings").at(0), row.endings[i])
          << row.elements << " " << models[i];
    }
  }
}

TEST_F(OwnFile, OfAnEndEntityOnABrainpoolCurveSaysWhyItCannotBeServed) {
  const std::string file = written(
      "<recipes><recipe id=\"own\" reason=\"r\" clause=\"c\"><leaf key=\"brainpoolP256r1\"/>"
      "<expect pkix=\"delivered\"/></recipe></recipes>");
  const ProcessEnd end = startle({"certs", "show", file});
  EXPECT_EQ(end.status, 2);
  EXPECT_EQ(
      end.errors,
      "startle: " + file +
          ":1: GnuTLS has no Brainpool curve, so that no server here signs a handshake on one: "
          "such a key is of an intermediate or the root\n");
}

}  // namespace
}  // namespace startle::cases
